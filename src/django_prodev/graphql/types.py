"""The object types, made from the catalogue: one of each entity, with the connection and arguments of its lists.

They are registered as the types of their models, so that a host's own ``DjangoObjectType`` with a foreign key to one of
them shows it by the rules of this package.
"""

import base64
import binascii
import re
import uuid
from enum import Enum as PyEnum
from functools import cache
from typing import Any

import graphene
from django.db import models
from graphene.utils.str_converters import to_camel_case
from graphene_django import DjangoObjectType

from django_prodev.graphql.resolving import ENTITY_KEY, resolve_field
from django_prodev.graphql.scalars import UUID, Date, DateTime
from django_prodev.models.viewer import Viewer
from django_prodev.models.visibility import VisibleQuerySet
from django_prodev.reading.catalog import ENTITIES, LISTED
from django_prodev.reading.entities import Attribute, Entity, Filter, Many, One, ValueType
from django_prodev.reading.listing import COUNT_LIMIT


@cache
def type_name(entity: Entity) -> str:
    return "".join(part.capitalize() for part in entity.name.split("_"))


def global_id(entity: Entity, identifier: Any) -> str:
    """The Relay identifier of a row: its type and UUID."""
    return base64.b64encode(f"{type_name(entity)}:{identifier}".encode()).decode()


def from_global_id(text: str) -> tuple[str, uuid.UUID] | None:
    """The type's name and the UUID in a Relay identifier; ``None`` where it is not one."""
    try:
        name, _, identifier = base64.b64decode(text.encode("ascii"), validate=True).decode().partition(":")
        return name, uuid.UUID(identifier)
    except (ValueError, binascii.Error):
        return None


class Node(graphene.Interface):
    """Something with an identifier of its own."""

    id = graphene.ID(required=True, description="The identifier, for ``node``.", resolver=resolve_field)

    @classmethod
    def resolve_type(cls, instance: Any, info: Any) -> Any:
        if isinstance(instance, models.Model):
            return next(each for name, each in TYPES.items() if ENTITIES[name].model is type(instance))
        return TYPES[instance[ENTITY_KEY]]


class PageInfo(graphene.ObjectType):
    """What is around a page."""

    has_next_page = graphene.Boolean(required=True, description="Whether rows follow.", resolver=resolve_field)
    has_previous_page = graphene.Boolean(required=True, description="Whether rows go before.", resolver=resolve_field)
    start_cursor = graphene.String(description="The cursor of the first row.", resolver=resolve_field)
    end_cursor = graphene.String(description="The cursor of the last row.", resolver=resolve_field)


class ProdevType(DjangoObjectType):
    """The base of types whose rows come from plans, as dicts under the names that the query asked for."""

    class Meta:
        abstract = True

    @classmethod
    def is_type_of(cls, root: Any, info: Any) -> bool:
        return isinstance(root, dict) or super().is_type_of(root, info)

    @classmethod
    def get_queryset(cls, queryset: Any, info: Any) -> Any:
        """What a host's own types may show of this model: what the viewer may see."""
        rows = queryset.all()
        assert isinstance(rows, VisibleQuerySet)
        return rows.visible_to(Viewer.of(getattr(info.context, "user", None)))


_enums: dict[type[models.TextChoices], Any] = {}


def enum_of(choices: type[models.TextChoices]) -> Any:
    """The GraphQL enum of a set of choices: their names, with the stored values behind them."""
    if choices not in _enums:
        described = {member.name: str(member.label) for member in choices}
        _enums[choices] = graphene.Enum.from_enum(
            PyEnum(choices.__name__, [(member.name, member.value) for member in choices]),
            description=lambda member: described[member.name] if member else choices.__doc__ or _in_words(choices),
        )
    return _enums[choices]


def _in_words(choices: type[models.TextChoices]) -> str:
    """What a set of choices is, by its name: ``ProgramStatus`` is the program status."""
    return f"The {' '.join(re.findall('[A-Z][a-z]*', choices.__name__)).lower()}."


_SCALARS: dict[ValueType, Any] = {
    ValueType.STRING: graphene.String,
    ValueType.INTEGER: graphene.Int,
    ValueType.NUMBER: graphene.Float,
    ValueType.BOOLEAN: graphene.Boolean,
    ValueType.UUID: UUID,
    ValueType.DATETIME: DateTime,
    ValueType.DATE: Date,
}


def _attribute_field(attribute: Attribute) -> graphene.Field:
    match attribute.value_type:
        case ValueType.CHOICE:
            assert attribute.choices is not None
            kind = enum_of(attribute.choices)
        case ValueType.STRINGS:
            kind = graphene.List(graphene.NonNull(graphene.String))
        case other:
            kind = _SCALARS[other]
    return graphene.Field(
        kind, required=not attribute.nullable, description=attribute.description, resolver=resolve_field
    )


def _relation_field(relation: One | Many) -> graphene.Field:
    target = relation.target
    if isinstance(relation, One):
        return graphene.Field(
            lambda: TYPES[target],
            required=not relation.nullable,
            description=relation.description,
            resolver=resolve_field,
        )
    if relation.paged:
        return graphene.Field(
            lambda: CONNECTIONS[target],
            description=relation.description,
            resolver=resolve_field,
            **list_arguments(ENTITIES[target]),
        )
    return graphene.Field(
        lambda: graphene.NonNull(graphene.List(graphene.NonNull(TYPES[target]))),
        description=relation.description,
        resolver=resolve_field,
    )


def _make_type(entity: Entity) -> Any:
    has_identity = entity in LISTED
    fields: dict[str, Any] = {}
    if has_identity:
        fields["id"] = graphene.ID(required=True, description="The identifier, for ``node``.", resolver=resolve_field)
    for part in entity.by_name.values():
        fields[part.name] = _attribute_field(part) if isinstance(part, Attribute) else _relation_field(part)
    ours = isinstance(entity.rows(), VisibleQuerySet)
    meta = type(
        "Meta",
        (),
        {
            "model": entity.model,
            "name": type_name(entity),
            "description": entity.description,
            "fields": (),
            "interfaces": (Node,) if has_identity else (),
            "skip_registry": not ours,
        },
    )
    return type(type_name(entity), (ProdevType,), {**fields, "Meta": meta, "__doc__": entity.description})


def _make_connection(entity: Entity) -> Any:
    name = type_name(entity)
    node = graphene.Field(lambda: TYPES[entity.name], required=True, description="The row.", resolver=resolve_field)
    edge = type(
        f"{name}Edge",
        (graphene.ObjectType,),
        {
            "__doc__": "A row and its place in the list.",
            "node": node,
            "cursor": graphene.String(required=True, description="Its place.", resolver=resolve_field),
        },
    )
    return type(
        f"{name}Connection",
        (graphene.ObjectType,),
        {
            "__doc__": "A page of a list.",
            "edges": graphene.Field(
                graphene.NonNull(graphene.List(graphene.NonNull(edge))),
                description="The rows with their places.",
                resolver=resolve_field,
            ),
            "nodes": graphene.Field(
                lambda: graphene.NonNull(graphene.List(graphene.NonNull(TYPES[entity.name]))),
                description="The rows.",
                resolver=resolve_field,
            ),
            "page_info": graphene.Field(
                PageInfo, required=True, description="What is around the page.", resolver=resolve_field
            ),
            "total_count": graphene.Int(
                description=f"How many rows the whole list has; null where more than {COUNT_LIMIT:,}.",
                resolver=resolve_field,
            ),
        },
    )


def order_enum(entity: Entity) -> Any:
    """The orders of a list, as ``TITLE`` and ``TITLE_DESC``."""
    if entity.name not in _orders:
        names = [(order.column.upper() + ("_DESC" if order.descending else ""), order.name) for order in entity.orders]
        _orders[entity.name] = graphene.Enum.from_enum(
            PyEnum(f"{type_name(entity)}Order", names),
            description=lambda member: _direction(member.value) if member else f"The orders of {entity.plural}.",
        )
    return _orders[entity.name]


def _direction(order: str) -> str:
    column = order.removeprefix("-").replace("_", " ")
    return f"By {column}, {'descending' if order.startswith('-') else 'ascending'}."


_orders: dict[str, Any] = {}


def list_arguments(entity: Entity) -> dict[str, Any]:
    """The arguments of an entity's lists: paging, order, search and its filters."""
    arguments: dict[str, Any] = {
        "first": graphene.Int(description="Rows from the start."),
        "last": graphene.Int(description="Rows from the end."),
        "after": graphene.String(description="The cursor to start after."),
        "before": graphene.String(description="The cursor to end before."),
        "order_by": graphene.Argument(order_enum(entity), description="How to sort."),
    }
    if entity.search:
        arguments["search"] = graphene.String(description=f"Text to look for in: {', '.join(entity.search)}.")
    for each in entity.filters:
        arguments[each.name] = _filter_argument(each)
    return arguments


def _filter_argument(each: Filter) -> Any:
    if each.choices is not None:
        return graphene.Argument(
            graphene.List(graphene.NonNull(enum_of(each.choices))), description=f"{each.description} Any of these."
        )
    return graphene.Argument(_SCALARS[each.value_type], description=each.description)


TYPES: dict[str, Any] = {}
"""The object type of each entity, by the entity's name."""

CONNECTIONS: dict[str, Any] = {}
"""The connection type of each entity that has lists, by the entity's name."""

for _entity in ENTITIES.values():
    TYPES[_entity.name] = _make_type(_entity)
    if _entity.orders:
        CONNECTIONS[_entity.name] = _make_connection(_entity)

ENTITY_OF_TYPE: dict[str, Entity] = {type_name(entity): entity for entity in ENTITIES.values()}
"""The entity of each object type, by the type's name."""

PART_OF_FIELD: dict[str, dict[str, Attribute | One | Many]] = {
    type_name(entity): {to_camel_case(name): part for name, part in entity.by_name.items()}
    for entity in ENTITIES.values()
}
"""What each field of an object type reads, by the type's name and the field's."""
