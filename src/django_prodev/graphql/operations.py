"""A whole operation served by plans, where every field of it can be: the way that almost all queries go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveNode,
    FieldNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
)
from graphql.language import Visitor, visit

from django_prodev.cache.filling import Lookup
from django_prodev.exceptions import ProdevError
from django_prodev.graphql.documents import Document
from django_prodev.graphql.errors import from_refusal
from django_prodev.graphql.lowering import Lowering, NotPlannable
from django_prodev.graphql.roots import Root, is_root
from django_prodev.models.viewer import Viewer
from django_prodev.reading.plan import Plan

_KEPT = 64
"""How much is kept with one document: each switch doubles the ways it can fall."""


@dataclass(slots=True)
class Outcome:
    """What an operation came to.

    ``body`` is the whole answer where it is written already, ``tag`` its digest, and ``lookup`` how it was found.
    """

    data: dict[str, Any] | None
    errors: list[GraphQLError]
    body: bytes | None = None
    tag: str = ""
    lookup: Lookup | None = None


@dataclass(slots=True)
class Planned:
    """An operation whose root fields are all read by plans."""

    roots: list[tuple[str, Root | str]]
    memory: dict[Any, Any] = field(default_factory=dict)

    def plans(self, viewer: Viewer, variables: Mapping[str, Any]) -> list[Plan]:
        """The plans that ``run`` would run.

        Raises:
            ProdevError, GraphQLError: where arguments are bad.
        """
        return [plan for _, root in self.roots if not isinstance(root, str) for plan in root.plans(viewer, variables)]

    def run(self, viewer: Viewer, variables: Mapping[str, Any]) -> Outcome:
        """Read every root field; one that is refused is null, and its error says why."""
        data: dict[str, Any] = {}
        errors: list[GraphQLError] = []
        for key, root in self.roots:
            if isinstance(root, str):
                data[key] = root
                continue
            try:
                data[key] = root.run(viewer, variables)
            except ProdevError as error:
                data[key] = None
                errors.append(from_refusal(error, root.nodes, [key]))
            except GraphQLError as error:
                data[key] = None
                errors.append(GraphQLError(error.message, error.nodes or root.nodes, path=[key]))
            except Exception as error:  # noqa: BLE001  one field's fault must not take the others with it
                data[key] = None
                errors.append(GraphQLError(str(error), root.nodes, path=[key], original_error=error))
        return Outcome(data, errors)


def planned(
    schema: GraphQLSchema, document: Document, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Planned | None:
    """The operation as plans, or ``None`` where graphql-core has to execute it.

    It is worked out once for each way that ``@include`` and ``@skip`` fall, and kept with the document.
    """
    name = operation.name.value if operation.name else ""
    switches = document.memory.get(("switches", name))
    if switches is None:
        has_directives = document.node.loc is None or "@" in document.node.loc.source.body
        switches = document.memory[("switches", name)] = _switches(document) if has_directives else ()
    chosen = {switch: variables[switch] for switch in switches if switch in variables}
    key = ("planned", name, tuple(chosen.items()))
    if key not in document.memory:
        if len(document.memory) > _KEPT:
            document.memory.clear()
        document.memory[key] = _plan(schema, document, operation, chosen)
    found: Planned | None = document.memory.get(key)
    return found


def _plan(
    schema: GraphQLSchema, document: Document, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Planned | None:
    query = schema.query_type
    if operation.operation is not OperationType.QUERY or query is None:
        return None
    lowering = Lowering(schema, document.fragments, variables, exact=True)
    try:
        roots = [
            (key, _root(lowering, query, nodes))
            for key, nodes in lowering.collect(query.name, [operation.selection_set]).items()
        ]
    except (NotPlannable, GraphQLError):  # the latter for a null in ``@include(if: $null)``: graphql-core says so
        return None
    return Planned(roots)


def _root(lowering: Lowering, query: GraphQLObjectType, nodes: list[FieldNode]) -> Root | str:
    name = nodes[0].name.value
    if name == "__typename":
        return query.name
    if name not in query.fields or not is_root(name, query.fields[name]):
        raise NotPlannable(name)
    root = Root(lowering, query.fields[name], nodes)
    root.prepare()
    return root


def _switches(document: Document) -> tuple[str, ...]:
    """The variables that decide what is included or skipped."""
    found: dict[str, None] = {}

    class Switches(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            for argument in node.arguments:
                if isinstance(argument.value, VariableNode):
                    found[argument.value.name.value] = None

    visit(document.node, Switches())
    return tuple(found)
