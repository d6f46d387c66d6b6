"""A field of a query, with all that is selected under it, as a selection of the reading room.

Aliases, fragments and ``@include``/``@skip`` are gone afterwards; what is left says which attributes and relations are
read, under which names. The arguments of lists are looked at separately (``Site``), since they change with every
request while the shape stays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_directive_values,
)

from django_prodev.graphql import types
from django_prodev.graphql.connections import wrap_of
from django_prodev.graphql.resolving import ENTITY_KEY, UUID_KEY
from django_prodev.reading.catalog import ENTITIES, LISTED
from django_prodev.reading.entities import Attribute, Entity, Many, One
from django_prodev.reading.listing import Listing
from django_prodev.reading.selection import Branch, Constant, Group, Leaf, Selection, Wrap

Fields = dict[str, list[FieldNode]]


class NotPlannable(Exception):
    """A plan cannot serve this field: it is a host's own."""


@dataclass(slots=True)
class Site:
    """A list in a query: whose, with which arguments. ``name`` sets its slots apart."""

    entity: Entity
    definition: GraphQLField
    node: FieldNode
    name: str
    counted: bool


@dataclass(slots=True)
class Lowering:
    """Lowers the fields of one operation.

    ``exact`` makes the answer as it is written out: enums by their names, and nothing that was not asked for. Without
    it the values are those that graphql-core completes itself, and a host's own fields are passed over.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    exact: bool
    sites: list[Site] = field(default_factory=list)

    def again(self) -> "Lowering":
        """The same, with no sites noted."""
        return Lowering(self.schema, self.fragments, self.variables, self.exact)

    def collect(self, kind: str, selections: Sequence[SelectionSetNode]) -> Fields:
        """The fields that apply to an object of type ``kind``, by the name they are answered under."""
        found: Fields = {}
        spread: set[str] = set()
        for selection in selections:
            self._collect(kind, selection, found, spread)
        return found

    def _collect(self, kind: str, selection: SelectionSetNode, found: Fields, spread: set[str]) -> None:
        for node in selection.selections:
            if node.directives and not self._wanted(node):
                continue
            if isinstance(node, FieldNode):
                found.setdefault((node.alias or node.name).value, []).append(node)
            elif isinstance(node, InlineFragmentNode):
                if node.type_condition is None or self._applies(node.type_condition.name.value, kind):
                    self._collect(kind, node.selection_set, found, spread)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if self._applies(fragment.type_condition.name.value, kind):
                    self._collect(kind, fragment.selection_set, found, spread)

    def _wanted(self, node: Any) -> bool:
        skip = get_directive_values(GraphQLSkipDirective, node, dict(self.variables))
        include = get_directive_values(GraphQLIncludeDirective, node, dict(self.variables))
        return not (skip and skip["if"]) and not (include and not include["if"])

    def _applies(self, condition: str, kind: str) -> bool:
        return condition in (kind, "Node")

    def row(self, entity: Entity, nodes: Sequence[FieldNode], listings: Iterator[Listing] | None) -> Selection:
        """What is selected of rows of ``entity`` under these fields.

        With no ``listings``, the lists that are met are noted in ``sites``; with them, each list is given the next.
        """
        return self.picks(entity, self.fields_under(entity, nodes), listings)

    def fields_under(self, entity: Entity, nodes: Sequence[FieldNode]) -> Fields:
        """The fields that are selected of rows of ``entity`` under these."""
        return self.collect(types.type_name(entity), [node.selection_set for node in nodes if node.selection_set])

    def picks(self, entity: Entity, fields: Fields, listings: Iterator[Listing] | None) -> Selection:
        """The selection that these fields of an entity come to."""
        kind = types.type_name(entity)
        picks: list[Leaf | Constant | Branch | Group] = []
        for key, nodes in fields.items():
            name = nodes[0].name.value
            if name == "__typename":
                picks.append(Constant(key, kind))
            elif name == "id" and entity in LISTED:
                picks.append(Leaf(key, _identifier(entity), _global_id_of(entity)))
            else:
                part = types.PART_OF_FIELD[kind].get(name)
                if part is not None:
                    picks.append(self._pick(entity, key, part, nodes, listings))
                elif self.exact:
                    raise NotPlannable(name)
        if not self.exact:
            picks.append(Constant(ENTITY_KEY, entity.name))
            if "uuid" in entity.by_name:
                picks.append(Leaf(UUID_KEY, _identifier(entity)))
        return Selection(entity, tuple(picks))

    def _pick(
        self,
        entity: Entity,
        key: str,
        part: Attribute | One | Many,
        nodes: list[FieldNode],
        listings: Iterator[Listing] | None,
    ) -> Leaf | Branch:
        if isinstance(part, Attribute):
            return Leaf(key, part, self._convert(part))
        target = ENTITIES[part.target]
        if isinstance(part, One) or not part.paged:
            return Branch(key, part, self.row(target, nodes, listings))
        definition = self._definition(types.type_name(entity), nodes[0].name.value)
        listing, selection, wrap = self.connection(target, nodes, definition, listings)
        return Branch(key, part, selection, listing, wrap)

    def connection(
        self, entity: Entity, nodes: list[FieldNode], definition: GraphQLField, listings: Iterator[Listing] | None
    ) -> tuple[Listing, Selection, Wrap]:
        """A page of a list: its listing, the selection of its rows, and what makes the connection of them."""
        kind = f"{types.type_name(entity)}Connection"
        fields = self.collect(kind, [node.selection_set for node in nodes if node.selection_set])
        counted = any(found[0].name.value == "totalCount" for found in fields.values())
        if listings is None:
            self.sites.append(Site(entity, definition, nodes[0], f"{len(self.sites)}.", counted))
            listing = Listing(entity.default_order)
        else:
            listing = next(listings)
        shapes: list[Selection] = []

        def shape(of: Sequence[FieldNode]) -> int:
            shapes.append(self.row(entity, of, listings))
            return len(shapes) - 1

        wrap = wrap_of(kind, fields, self.collect, shape)
        if len(shapes) == 1:
            return listing, shapes[0], wrap(grouped=False)
        groups = tuple(Group(str(number), each) for number, each in enumerate(shapes))
        return listing, Selection(entity, groups), wrap(grouped=True)

    def _convert(self, attribute: Attribute) -> Callable[[Any], Any] | None:
        return _name_of_choice(attribute) if self.exact and attribute.choices is not None else None

    def _definition(self, kind: str, name: str) -> GraphQLField:
        parent: Any = self.schema.get_type(kind)
        definition: GraphQLField = parent.fields[name]
        return definition


@cache
def _global_id_of(entity: Entity) -> Callable[[Any], str]:
    """One function for each entity: plans are kept by the functions in them."""
    return partial(types.global_id, entity)


@cache
def _name_of_choice(attribute: Attribute) -> Callable[[Any], str]:
    assert attribute.choices is not None
    return {member.value: member.name for member in attribute.choices}.__getitem__


def _identifier(entity: Entity) -> Attribute:
    attribute = entity.by_name["uuid"]
    assert isinstance(attribute, Attribute)
    return attribute
