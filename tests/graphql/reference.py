"""The answer as the ORM gives it, row by row and field by field: the slow, plain way that the fast ones are held to.

It executes the printed schema, so nothing of how the package reads (plans, lowering, connections) has a part in it.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from graphql import (
    ExecutionResult,
    GraphQLResolveInfo,
    build_schema,
    execute_sync,
    parse,
    print_schema,
)

from django_prodev.graphql.schema import schema
from django_prodev.graphql.types import ENTITY_OF_TYPE, from_global_id, global_id, type_name
from django_prodev.reading import cursors
from django_prodev.reading.catalog import ENTITIES, LISTED
from django_prodev.reading.entities import Attribute, Entity, Many, One, Order, Reach
from tests.graphql.asking import camel

PRINTED = build_schema(print_schema(schema.graphql_schema))

LISTS = {camel(entity.plural): entity for entity in LISTED}


@dataclass
class Row:
    """A row, and whether it was reached by an address of its own (which opens unlisted programs)."""

    entity: Entity
    instance: Any
    addressed: bool


@dataclass
class Shown:
    """A page of rows in an order."""

    rows: list[Row]
    order: Order
    before: bool
    after: bool
    total: int

    def cursor(self, row: Row) -> str:
        return cursors.encode(self.order, getattr(row.instance, self.order.column), row.instance.uuid)


def answer(viewer: Any, text: str, variables: dict[str, Any]) -> ExecutionResult:
    """What ``viewer`` (a user or ``None``) is shown."""
    reference = _Reference(viewer)
    return execute_sync(
        PRINTED,
        parse(text),
        variable_values=variables,
        field_resolver=reference.resolve,
        type_resolver=lambda row, *_: type_name(row.entity),
    )


class _Reference:
    def __init__(self, viewer: Any) -> None:
        self.viewer = viewer

    def resolve(self, source: Any, info: GraphQLResolveInfo, **arguments: Any) -> Any:
        if source is None:
            return self.root(info.field_name, arguments)
        if isinstance(source, Row):
            return self.field(source, info.field_name, arguments)
        if isinstance(source, Shown):
            return _of_page(source, info.field_name)
        return source[info.field_name]

    def root(self, name: str, arguments: dict[str, Any]) -> Any:
        if name in LISTS:
            entity = LISTS[name]
            return self.page(entity, self.visible(entity, addressed=False), arguments, addressed=False)
        kind, identifier = from_global_id(arguments["id"]) or ("", None)
        entity = ENTITY_OF_TYPE[kind]
        if name not in {"node", camel(entity.name)}:
            return None
        found = self.visible(entity, addressed=True).filter(uuid=identifier).first()
        return found and Row(entity, found, addressed=True)

    def visible(self, entity: Entity, *, addressed: bool) -> Any:
        manager: Any = entity.model._default_manager
        return manager.visible_to(self.viewer, addressed=addressed) if entity.name != "person" else manager.all()

    def field(self, row: Row, name: str, arguments: dict[str, Any]) -> Any:
        if name == "id":
            return global_id(row.entity, row.instance.uuid)
        part = next(part for part in row.entity.by_name.values() if camel(part.name) == name)
        if isinstance(part, Attribute):
            return _value(row.instance, part)
        return self.one(row, part) if isinstance(part, One) else self.many(row, part, arguments)

    def one(self, row: Row, relation: One) -> Row | None:
        target = ENTITIES[relation.target]
        if relation.reach is Reach.REVERSE:
            lookup = Q(**{relation.path: row.instance})
        else:
            lookup = Q(pk=getattr(row.instance, f"{relation.path}_id"))
        rows = self.visible(target, addressed=row.addressed).filter(lookup, relation.where or Q())
        found = rows.first()
        return found and Row(target, found, row.addressed)

    def many(self, row: Row, relation: Many, arguments: dict[str, Any]) -> Any:
        target = ENTITIES[relation.target]
        addressed = row.addressed and not relation.beside
        if relation.path:
            between = relation.model._default_manager.filter(**{relation.link: row.instance}).order_by(*relation.order)
            return [Row(target, getattr(each, relation.path), row.addressed) for each in between]
        rows = self.visible(target, addressed=addressed)
        rows = rows.filter(relation.where or Q(), **{relation.link: row.instance})
        if relation.paged:
            return self.page(target, rows, arguments, addressed=row.addressed)
        return [Row(target, each, row.addressed) for each in rows.order_by(*relation.order)]

    def page(self, entity: Entity, rows: Any, arguments: dict[str, Any], *, addressed: bool) -> Shown:
        order = _order(entity, arguments.get("orderBy"))
        for each in entity.filters:
            if each.choices is not None and arguments.get(camel(each.name)) is not None:
                names = arguments[camel(each.name)]
                rows = rows.filter(**{f"{each.column}__in": [each.choices[name].value for name in names]})
        if arguments.get("search"):
            found = Q()
            for path in entity.search:
                found |= Q(**{f"{path}__icontains": arguments["search"]})
            rows = rows.filter(found)
        total = rows.count()
        after, before = arguments.get("after"), arguments.get("before")
        if after is not None:
            rows = rows.filter(_beyond(entity, order, after, descending=order.descending))
        if before is not None:
            rows = rows.filter(_beyond(entity, order, before, descending=not order.descending))
        sign = "-" if order.descending else ""
        ordered = [Row(entity, each, addressed) for each in rows.order_by(f"{sign}{order.column}", f"{sign}uuid")]
        last = arguments.get("last")
        if last is not None:
            return Shown(ordered[-last:], order, len(ordered) > last, before is not None, total)
        size = arguments.get("first") or 20
        return Shown(ordered[:size], order, after is not None, len(ordered) > size, total)


def _order(entity: Entity, name: str | None) -> Order:
    names = {each.column.upper() + ("_DESC" if each.descending else ""): each for each in entity.orders}
    return names[name] if name else entity.default_order


def _beyond(entity: Entity, order: Order, cursor: str, *, descending: bool) -> Q:
    value, identifier = cursors.decode(entity, order, cursor)
    side = "lt" if descending else "gt"
    return Q(**{f"{order.column}__{side}": value}) | Q(**{order.column: value, f"uuid__{side}": identifier})


def _of_page(page: Shown, name: str) -> Any:
    match name:
        case "nodes":
            return page.rows
        case "edges":
            return [{"node": row, "cursor": page.cursor(row)} for row in page.rows]
        case "totalCount":
            return page.total
    return {
        "hasPreviousPage": page.before,
        "hasNextPage": page.after,
        "startCursor": page.cursor(page.rows[0]) if page.rows else None,
        "endCursor": page.cursor(page.rows[-1]) if page.rows else None,
    }


def _value(instance: models.Model, attribute: Attribute) -> Any:
    if attribute.derive is not None:
        return attribute.derive(*(getattr(instance, name) for name in attribute.of))
    if attribute.build is not None and not hasattr(instance, attribute.name):
        user: Any = instance
        return user.get_full_name() or ("" if "@" in user.get_username() else user.get_username())
    value = getattr(instance, attribute.name)
    if attribute.choices is not None and value is not None:
        return attribute.choices(value).name
    return float(value) if isinstance(value, Decimal) else value
