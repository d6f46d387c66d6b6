"""What a valid operation would read, counted before any of it is read.

Cost is counted in rows: the product of the page sizes on the way to a field. Relations are counted too, since each may
be a statement to prepare and to run. What a document says apart from that is bounded in ``limits``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
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
from django_prodev.graphql.limits import LimitPassed

_RELATIONS = 60
"""The most relations that an operation may follow."""

LIST_ROWS = 10
"""The rows that a list without pages is taken to have."""


@dataclass(frozen=True, slots=True)
class _Sum:
    rows: int
    relations: int


def check_cost(
    schema: GraphQLSchema,
    operation: OperationDefinitionNode,
    fragments: Mapping[str, FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> None:
    """Refuse a valid operation that would read too many rows, or from too many places.

    Raises:
        LimitPassed: with the cost and the most that is allowed.
    """
    root = schema.get_root_type(operation.operation)
    cost = _Cost(schema, fragments, variables).selection(operation.selection_set, root)
    most = prodev_settings.GRAPHQL_MAX_COST
    if cost.rows > most:
        raise LimitPassed(
            f"The operation may read {cost.rows:,} rows; at most {most:,} are allowed. Ask for smaller pages."
        )
    if cost.relations > _RELATIONS:
        raise LimitPassed(f"The operation follows {cost.relations:,} relations; at most {_RELATIONS} are allowed.")


class _Cost:
    """The cost of selections, each fragment counted once."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], variables: Mapping[str, Any]
    ) -> None:
        self.schema = schema
        self.fragments = fragments
        self.variables = variables
        self.known: dict[str, _Sum] = {}

    def selection(self, selection: SelectionSetNode, parent: Any) -> _Sum:
        rows, relations = 0, 0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                found = self.field(node, parent)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                of = self.schema.get_type(condition.name.value) if condition else parent
                found = self.selection(node.selection_set, of)
            else:
                assert isinstance(node, FragmentSpreadNode)
                found = self.fragment(node.name.value)
            rows, relations = rows + found.rows, relations + found.relations
        return _Sum(rows, relations)

    def fragment(self, name: str) -> _Sum:
        if name not in self.known:
            definition = self.fragments[name]
            of = self.schema.get_type(definition.type_condition.name.value)
            self.known[name] = self.selection(definition.selection_set, of)
        return self.known[name]

    def field(self, node: FieldNode, parent: Any) -> _Sum:
        definition = getattr(parent, "fields", {}).get(node.name.value)
        if node.selection_set is None or definition is None:
            return _Sum(0, 0)
        kind = get_named_type(definition.type)
        inner = self.selection(node.selection_set, kind)
        if str(parent).endswith(("Connection", "Edge")):
            return inner  # its rows are counted with the connection
        each = 1
        if str(kind).endswith("Connection"):
            each = self.size(node)
        elif is_list_type(get_nullable_type(definition.type)):
            each = LIST_ROWS
        return _Sum(each * (1 + inner.rows), 1 + inner.relations)

    def size(self, node: FieldNode) -> int:
        """The rows that a page may have: what it asks for, or the usual number."""
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
