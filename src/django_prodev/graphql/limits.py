"""What a GraphQL document may ask for, checked before anything else looks at it.

Every check follows fragments once and stops at the first limit that is passed, so a document costs little whatever it
says. Cost is counted in rows: the product of the page sizes on the way to a field.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from django_prodev.conf import prodev_settings

_SAME_NAME = 5
"""How often a selection may answer under the same name: each further one makes validation dearer by the square."""

_FRAGMENTS = 30
_DIRECTIVES = 5

LIST_ROWS = 10
"""The rows that a list without pages is taken to have."""


class LimitPassed(GraphQLError):
    """A document asks for more than is allowed."""

    def __init__(self, what: str) -> None:
        super().__init__(what, extensions={"code": "LIMIT"})


@dataclass(frozen=True, slots=True)
class _Size:
    depth: int
    fields: int
    aliases: int


def check_document(document: DocumentNode) -> None:
    """Refuse a document that is too deep, too long, or repeats itself.

    Raises:
        LimitPassed: at the first limit that is passed.
    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    if len(fragments) > _FRAGMENTS:
        raise LimitPassed(f"A document may define at most {_FRAGMENTS} fragments.")
    measure = _Measure(fragments)
    for each in document.definitions:
        if not isinstance(each, OperationDefinitionNode):
            continue
        _directives(each)
        size = measure.selection(each.selection_set, 1)
        most = prodev_settings.GRAPHQL_MAX_ROOT_FIELDS
        if measure.width(each.selection_set) > most:
            raise LimitPassed(f"An operation may have at most {most} root fields.")
        measure.compare(size)
    for fragment in fragments.values():
        measure.compare(measure.fragment(fragment.name.value, 1))


def _directives(node: Any) -> None:
    if len(node.directives or ()) > _DIRECTIVES:
        raise LimitPassed(f"A field may have at most {_DIRECTIVES} directives.")


class _Measure:
    """Sizes of selections, each fragment measured once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.fragments = fragments
        self.known: dict[str, _Size | None] = {}

    def compare(self, size: _Size) -> None:
        limits = (
            (size.depth, prodev_settings.GRAPHQL_MAX_DEPTH, "levels of fields"),
            (size.aliases, prodev_settings.GRAPHQL_MAX_ALIASES, "aliases"),
            (size.fields, prodev_settings.GRAPHQL_MAX_FIELDS, "fields"),
        )
        for found, most, what in limits:
            if found > most:
                raise LimitPassed(f"An operation may have at most {most} {what}.")

    def selection(self, selection: SelectionSetNode, level: int) -> _Size:
        if level > prodev_settings.GRAPHQL_MAX_DEPTH * 2:
            raise LimitPassed("The document is nested too deeply.")
        depth, fields, aliases = 0, 0, 0
        names: Counter[str] = Counter()
        for node in selection.selections:
            _directives(node)
            if isinstance(node, FieldNode):
                name = (node.alias or node.name).value
                names[name] += 1
                if names[name] > _SAME_NAME:
                    raise LimitPassed(f"A selection may answer at most {_SAME_NAME} times under one name.")
                inner = self.selection(node.selection_set, level + 1) if node.selection_set else _Size(0, 0, 0)
                inner = _Size(inner.depth + 1, inner.fields + 1, inner.aliases + (node.alias is not None))
            elif isinstance(node, FragmentSpreadNode):
                names["..." + node.name.value] += 1
                if names["..." + node.name.value] > _SAME_NAME:
                    raise LimitPassed(f"A selection may spread a fragment at most {_SAME_NAME} times.")
                inner = self.fragment(node.name.value, level)
            else:
                assert isinstance(node, InlineFragmentNode)
                inner = self.selection(node.selection_set, level + 1)
            depth, fields, aliases = max(depth, inner.depth), fields + inner.fields, aliases + inner.aliases
            self.compare(_Size(depth, fields, aliases))
        return _Size(depth, fields, aliases)

    def fragment(self, name: str, level: int) -> _Size:
        if name not in self.known:
            self.known[name] = None  # being measured: a cycle, which validation refuses, counts nothing
            definition = self.fragments.get(name)
            if definition is not None:
                _directives(definition)
                self.known[name] = self.selection(definition.selection_set, level)
        return self.known[name] or _Size(0, 0, 0)

    def width(self, selection: SelectionSetNode, within: frozenset[str] = frozenset()) -> int:
        total = 0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                total += 1
            elif isinstance(node, InlineFragmentNode):
                total += self.width(node.selection_set, within)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in within:
                definition = self.fragments.get(node.name.value)
                if definition is not None:
                    total += self.width(definition.selection_set, within | {node.name.value})
        return total


def check_cost(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> None:
    """Refuse a valid operation that would read too many rows.

    Raises:
        LimitPassed: with the cost and the most that is allowed.
    """
    root = schema.get_root_type(operation.operation)
    cost = _Cost(schema, fragments, variables).selection(operation.selection_set, root)
    most = prodev_settings.GRAPHQL_MAX_COST
    if cost > most:
        raise LimitPassed(f"The operation may read {cost:,} rows; at most {most:,} are allowed. Ask for smaller pages.")


class _Cost:
    """The rows of selections, each fragment counted once for each type it is spread on."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.known: dict[str, int] = {}

    def selection(self, selection: SelectionSetNode, parent: Any) -> int:
        total = 0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                total += self.field(node, parent)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                of = self.schema.get_type(condition.name.value) if condition else parent
                total += self.selection(node.selection_set, of)
            elif isinstance(node, FragmentSpreadNode):
                total += self.fragment(node.name.value)
        return total

    def fragment(self, name: str) -> int:
        if name not in self.known:
            definition = self.fragments[name]
            of = self.schema.get_type(definition.type_condition.name.value)
            self.known[name] = self.selection(definition.selection_set, of)
        return self.known[name]

    def field(self, node: FieldNode, parent: Any) -> int:
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if node.selection_set is None or definition is None:
            return 0
        kind = get_named_type(definition.type)
        inner = self.selection(node.selection_set, kind)
        if str(kind).endswith("Connection"):
            return self.size(node) * (1 + inner)
        if str(parent).endswith(("Connection", "Edge")):
            return inner  # its rows are counted with the connection
        listed = is_list_type(get_nullable_type(definition.type))
        return LIST_ROWS * (1 + inner) if listed else 1 + inner

    def size(self, node: FieldNode) -> int:
        for argument in node.arguments:
            if argument.name.value in {"first", "last"}:
                value = argument.value
                if isinstance(value, IntValueNode):
                    return max(0, int(value.value))
                if isinstance(value, VariableNode):
                    given = self.variables.get(value.name.value)
                    if isinstance(given, int):
                        return max(0, given)
        return prodev_settings.PAGE_SIZE
