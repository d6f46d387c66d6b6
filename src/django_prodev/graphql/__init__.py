"""The GraphQL interface: the only room that knows Graphene.

``types`` and ``schema`` describe what can be asked, from the same catalogue as REST. A query goes one of two ways to
the same answer: ``operations`` turns a whole operation into plans of the reading room and writes what they give;
what plans cannot serve (introspection, mutations, a host's own fields) is executed by graphql-core, whose resolvers
read through the same plans. ``documents`` parses and checks a document once, ``limits`` refuses what would cost too
much before anything else looks at it, and ``view`` speaks GraphQL over HTTP.
"""
