"""The queries, and the schema that is served.

A host that has a schema of its own inherits from ``Query`` and ``Mutation`` beside its own and serves that.
"""

from typing import Any

import graphene

from django_prodev.graphql import bulk, insights, publication
from django_prodev.graphql.mutations import CommandMutation
from django_prodev.graphql.resolving import resolve_root
from django_prodev.graphql.types import CONNECTIONS, TYPES, Node, list_arguments
from django_prodev.reading.catalog import LISTED


def _root_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {
        "node": graphene.Field(
            Node,
            id=graphene.ID(required=True, description="The identifier of any row."),
            description="The row with this identifier, whatever it is.",
            resolver=resolve_root,
        )
    }
    for entity in LISTED:
        fields[entity.name] = graphene.Field(
            TYPES[entity.name],
            id=graphene.ID(required=True, description="Its identifier, or its UUID."),
            description=f"One {entity.name}. {entity.description}",
            resolver=resolve_root,
        )
        fields[entity.plural] = graphene.Field(
            CONNECTIONS[entity.name],
            description=f"The {entity.plural} that you may see.",
            resolver=resolve_root,
            **list_arguments(entity),
        )
    return fields


Mutation: Any = type("Mutation", (CommandMutation,), {"__doc__": "What can be written.", "bulk_enroll": bulk.FIELD})

Query: Any = type(
    "Query",
    (graphene.ObjectType,),
    {"__doc__": "What can be read.", **_root_fields(), **insights.FIELDS, **publication.FIELDS},
)

schema = graphene.Schema(query=Query, mutation=Mutation)
