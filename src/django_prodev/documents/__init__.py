"""Documents in and out: parse a file into records, plan what they would change, execute the plan.

Nothing here knows an interface (REST, GraphQL, admin, command line): those reach this room through
``django_prodev.api``.
"""
