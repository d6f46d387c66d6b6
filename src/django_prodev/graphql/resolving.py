"""Resolvers for queries that graphql-core executes: they read through the same plans and hand out what those gave.

A row from a plan is a dict under the names that the query asked for, so a field is looked up by the name it is
answered under. A host's own resolver may return a model instance instead; its fields are then read one by one, by the
same rules.
"""

from typing import Any

from django.db import models
from graphql import GraphQLResolveInfo

from django_prodev.models.viewer import Viewer

ENTITY_KEY = "@entity"
"""Where a row says which entity it is. No GraphQL name begins with this sign."""

UUID_KEY = "@uuid"
"""Where a row has its UUID, for a host's own resolvers."""


def viewer_of(info: GraphQLResolveInfo) -> Viewer:
    return Viewer.of(getattr(info.context, "user", None))


def resolve_root(root: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """A field of ``Query``."""
    from django_prodev.graphql.lowering import Lowering
    from django_prodev.graphql.roots import Root

    lowering = Lowering(info.schema, info.fragments, info.variable_values, exact=False)
    definition = info.parent_type.fields[info.field_name]
    return Root(lowering, definition, list(info.field_nodes)).run(viewer_of(info), info.variable_values)


def resolve_field(row: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
    """A field of a row, a connection or an edge."""
    if isinstance(row, models.Model):
        return _resolve_instance(row, info)
    return row[info.path.key]


def _resolve_instance(instance: models.Model, info: GraphQLResolveInfo) -> Any:
    from django_prodev.graphql.lowering import Lowering
    from django_prodev.graphql.roots import instance_field

    lowering = Lowering(info.schema, info.fragments, info.variable_values, exact=False)
    return instance_field(lowering, instance, info, viewer_of(info))
