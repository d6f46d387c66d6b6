"""The reading room: what every interface shows is read here, and only here.

Four steps, a file or two each:

1. ``catalog`` describes the entities: their attributes, relations, filters and orders.
2. ``selection`` is what somebody asks for: a tree of attributes and relations of an entity. A REST serializer and a
   GraphQL document both come down to one.
3. ``compiler`` makes a plan of a selection, once: one SQL statement for the rows and one more for each to-many
   relation, with the visibility of every level in it, prepared by the ORM with slots for what changes (``slots``,
   ``listing``, ``statement``), and a function that turns plain rows into plain values (``assembly``).
4. Running a ``plan`` binds the slots, fetches tuples and assembles dicts and lists that ``orjson`` writes as they
   are. The number of statements is fixed when the plan is compiled. A ``reader`` keeps the plans of a selection.

No model instance is made on the way, and nothing here knows HTTP, REST framework or Graphene.
"""
