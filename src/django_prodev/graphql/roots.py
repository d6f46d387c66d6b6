"""The fields at the root of a query: each is read by a plan, whichever way the query is executed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from graphene.utils.str_converters import to_camel_case
from graphql import FieldNode, GraphQLField, GraphQLResolveInfo
from graphql.execution.values import get_argument_values

from django_prodev.exceptions import Invalid, NotFound
from django_prodev.graphql import types
from django_prodev.graphql.lowering import Fields, Lowering, Site
from django_prodev.graphql.resolving import resolve_root
from django_prodev.models.viewer import Viewer
from django_prodev.reading.arguments import ListInput, ListRequest, check_list
from django_prodev.reading.catalog import LISTED
from django_prodev.reading.entities import Entity
from django_prodev.reading.listing import Listing
from django_prodev.reading.plan import Plan
from django_prodev.reading.reader import PlanCache, Reader
from django_prodev.reading.selection import Selection, Wrap

_KEPT = 64

_PAGING = ("first", "last", "after", "before", "search")

LISTS: dict[str, Entity] = {to_camel_case(entity.plural): entity for entity in LISTED}
SINGLES: dict[str, Entity] = {to_camel_case(entity.name): entity for entity in LISTED}


def is_root(name: str, definition: GraphQLField) -> bool:
    """Whether this field of ``Query`` is read by a plan. A host may have put one of its own in its place."""
    return (name in LISTS or name in SINGLES or name == "node") and definition.resolve is resolve_root


class Root:
    """A root field of one operation. Kept with the document, so that its plans are."""

    def __init__(self, lowering: Lowering, definition: GraphQLField, nodes: list[FieldNode]) -> None:
        self.lowering = lowering
        self.definition = definition
        self.nodes = nodes
        self.name = nodes[0].name.value
        self._shapes: dict[Any, _Shape] = {}

    def prepare(self) -> None:
        """Work out what is selected, for whatever type it may turn out to be.

        Raises:
            NotPlannable: where a plan cannot serve all of it.
        """
        if self.name in LISTS:
            self._list_shape()
        else:
            for entity in LISTED if self.name == "node" else (SINGLES[self.name],):
                self._one_shape(entity)

    def run(self, viewer: Viewer, variables: Mapping[str, Any]) -> Any:
        """Read what the field asks for.

        Raises:
            ProdevError: where the arguments are bad or the answer would be too large.
            GraphQLError: where an argument cannot be understood.
        """
        if self.name in LISTS:
            return self._list_shape().page(viewer, variables)
        arguments = get_argument_values(self.definition, self.nodes[0], dict(variables))
        found = self._addressed(arguments["id"])
        if found is None:
            return None
        entity, identifier = found
        return self._one_shape(entity).one(viewer, variables, identifier)

    def plans(self, viewer: Viewer, variables: Mapping[str, Any]) -> list[Plan]:
        """The plans that ``run`` would run. Raises what it would raise of the arguments."""
        if self.name in LISTS:
            return [self._list_shape().plan_of_page(viewer, variables)]
        arguments = get_argument_values(self.definition, self.nodes[0], dict(variables))
        found = self._addressed(arguments["id"])
        return [] if found is None else [self._one_shape(found[0]).plan_of_one(viewer, variables)]

    def _list_shape(self) -> "_Shape":
        entity = LISTS[self.name]
        if entity.name not in self._shapes:
            self._shapes[entity.name] = _list_shape(self.lowering.again(), entity, self.nodes, self.definition)
        return self._shapes[entity.name]

    def _one_shape(self, entity: Entity) -> "_Shape":
        if entity.name not in self._shapes:
            lowering = self.lowering.again()
            fields = lowering.fields_under(entity, self.nodes)
            self._shapes[entity.name] = _one_shape(lowering, entity, fields)
        return self._shapes[entity.name]

    def _addressed(self, text: str) -> tuple[Entity, UUID] | None:
        """The entity and UUID that an identifier means; none for one of another type."""
        named = types.from_global_id(text)
        if named is None:
            try:
                identifier = UUID(text)
            except ValueError:
                raise Invalid(fields={"id": ["This is no identifier: use one that an answer gave."]}) from None
            entity = SINGLES.get(self.name)
        else:
            identifier = named[1]
            entity = types.ENTITY_OF_TYPE.get(named[0])
            if self.name != "node" and entity is not SINGLES[self.name]:
                return None
        return (entity, identifier) if entity in LISTED and entity is not None else None


class _Shape:
    """What is selected under a root field, with the lists in it; a reader for each way they are narrowed."""

    def __init__(self, sites: list[Site], make: Callable[[list[Listing]], tuple[Reader, Wrap | None]]) -> None:
        self._sites = sites
        self._make = make
        self._readers: dict[tuple[Listing, ...], tuple[Reader, Wrap | None]] = {}

    def page(self, viewer: Viewer, variables: Mapping[str, Any]) -> Any:
        requests = self._requests(variables)
        reader, wrap = self._reader(requests)
        assert wrap is not None
        root = requests[0]
        return wrap(reader.page(viewer, ListRequest(root.listing, _merged(requests), root.size)))

    def one(self, viewer: Viewer, variables: Mapping[str, Any], identifier: UUID) -> Any:
        requests = self._requests(variables)
        reader, _ = self._reader(requests)
        return reader.one(viewer, {"uuid": identifier}, _merged(requests))

    def plan_of_page(self, viewer: Viewer, variables: Mapping[str, Any]) -> Plan:
        requests = self._requests(variables)
        root = requests[0]
        return self._reader(requests)[0].plan_of_page(viewer, ListRequest(root.listing, _merged(requests), root.size))

    def plan_of_one(self, viewer: Viewer, variables: Mapping[str, Any]) -> Plan:
        return self._reader(self._requests(variables))[0].plan_of_one(viewer, "uuid")

    def _requests(self, variables: Mapping[str, Any]) -> list[ListRequest]:
        return [_request(site, variables) for site in self._sites]

    def _reader(self, requests: Sequence[ListRequest]) -> tuple[Reader, Wrap | None]:
        key = tuple(request.listing for request in requests)
        found = self._readers.get(key)
        if found is None:
            if len(self._readers) >= _KEPT:
                self._readers.clear()
            found = self._readers[key] = self._make(list(key))
        return found


def _merged(requests: Sequence[ListRequest]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for request in requests:
        values.update(request.values)
    return values


def _reader(lowering: Lowering, selection: Selection) -> Reader:
    """A reader whose plans are kept where the document is: what graphql-core executes is lowered anew each time."""
    return Reader(selection) if lowering.exact else Reader(selection, PlanCache(1))


def _list_shape(lowering: Lowering, entity: Entity, nodes: list[FieldNode], definition: GraphQLField) -> _Shape:
    _, selection, wrap = lowering.connection(entity, nodes, definition, None)
    has_others = len(lowering.sites) > 1

    def make(listings: list[Listing]) -> tuple[Reader, Wrap | None]:
        if not has_others:  # how the list itself is narrowed changes nothing of what is selected under it
            return _reader(lowering, selection), wrap
        _, narrowed, wrap_narrowed = lowering.connection(entity, nodes, definition, iter(listings))
        return _reader(lowering, narrowed), wrap_narrowed

    return _Shape(lowering.sites, make)


def _one_shape(lowering: Lowering, entity: Entity, fields: Fields) -> _Shape:
    selection = lowering.picks(entity, fields, None)

    def make(listings: list[Listing]) -> tuple[Reader, Wrap | None]:
        narrowed = lowering.picks(entity, fields, iter(listings)) if listings else selection
        return _reader(lowering, narrowed), None

    return _Shape(lowering.sites, make)


def instance_field(lowering: Lowering, instance: Any, info: GraphQLResolveInfo, viewer: Viewer) -> Any:
    """One field of a model instance that a host's resolver gave, read as the viewer may see it."""
    entity = types.ENTITY_OF_TYPE[info.parent_type.name]
    key = str(info.path.key)
    shape = _one_shape(lowering, entity, {key: list(info.field_nodes)})
    row = shape.one(viewer, info.variable_values, instance.uuid)
    if row is None:
        raise NotFound
    return row[key]


def read_row(
    lowering: Lowering,
    entity: Entity,
    nodes: list[FieldNode],
    variables: Mapping[str, Any],
    viewer: Viewer,
    identifier: UUID,
) -> Any:
    """The row with this UUID, with what is selected under these fields."""
    return _one_shape(lowering, entity, lowering.fields_under(entity, nodes)).one(viewer, variables, identifier)


def _request(site: Site, variables: Mapping[str, Any]) -> ListRequest:
    arguments = get_argument_values(site.definition, site.node, dict(variables))
    order = arguments.get("order_by")
    given = ListInput(
        filters={
            name: _plain(arguments[name]) for name in site.entity.filter_by_name if arguments.get(name) is not None
        },
        order=None if order is None else order.value,
        counted=site.counted,
        name=site.name,
        **{name: arguments.get(name) for name in _PAGING},
    )
    called = {"order": "orderBy", **{name: to_camel_case(name) for name in site.entity.filter_by_name}}
    return check_list(site.entity, given, names=called)


def _plain(value: Any) -> Any:
    return [each.value for each in value] if isinstance(value, list) else value
