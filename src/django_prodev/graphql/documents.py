"""GraphQL documents, parsed and checked once.

A document that was accepted is kept by its text, so that asking the same again costs a look-up. The one that was not
asked for longest goes first, so those of everyday requests stay whatever else is asked. What was refused is not kept:
nobody can fill the memory with it.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    parse,
    specified_rules,
    validate,
)

from django_prodev.conf import prodev_settings
from django_prodev.graphql.acceptance import is_plainly_valid
from django_prodev.graphql.limits import LimitPassed, check_document

_KEPT = 150_000
"""Characters of documents that are kept, all together. Parsed and planned, each takes some 250 bytes of memory."""

_LONGEST_KEPT = 10_000


@dataclass(slots=True)
class Document:
    """An accepted document. ``memory`` is for what is worked out from it and kept with it."""

    node: DocumentNode
    operations: dict[str, OperationDefinitionNode]
    fragments: dict[str, FragmentDefinitionNode]
    memory: dict[Any, Any] = field(default_factory=dict)

    def operation(self, name: str | None) -> OperationDefinitionNode:
        """The operation to run.

        Raises:
            GraphQLError: where there is none of that name, or several and no name.
        """
        if name:
            found = self.operations.get(name)
            if found is None:
                raise GraphQLError("The document has no operation of that name.")
            return found
        if not self.operations:
            raise GraphQLError("The document has no operation.")
        if len(self.operations) > 1:
            raise GraphQLError("The document has several operations: say which in operationName.")
        return next(iter(self.operations.values()))

    def introspects(self, operation: OperationDefinitionNode) -> bool:
        """Whether the operation asks for the schema. ``__typename`` is no such question."""
        key = ("introspects", operation.name.value if operation.name else "")
        found: bool | None = self.memory.get(key)
        if found is None:
            found = self.memory[key] = self._introspects(operation)
        return found

    def _introspects(self, operation: OperationDefinitionNode) -> bool:
        waiting, seen = [operation.selection_set], set[str]()
        while waiting:
            for node in waiting.pop().selections:
                if isinstance(node, FieldNode):
                    if node.name.value in {"__schema", "__type"}:
                        return True
                    continue
                name = getattr(node, "name", None)
                if name is None:
                    waiting.append(node.selection_set)  # type: ignore[attr-defined]
                elif name.value not in seen:
                    seen.add(name.value)
                    waiting.append(self.fragments[name.value].selection_set)
        return False


class Refused(Exception):
    """A document is not valid, for these reasons."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("The document was refused")
        self.errors = errors


class Documents:
    """The documents of one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, text: str) -> Document:
        """The document of this text.

        Raises:
            Refused: where it is too large, no GraphQL, or not valid for the schema.
        """
        with self._lock:
            found = self._kept.get(text)
            if found is not None:
                self._kept.move_to_end(text)
                return found
        found = self._accept(text)
        if len(text) <= _LONGEST_KEPT:
            self._keep(text, found)
        return found

    def _keep(self, text: str, document: Document) -> None:
        with self._lock:
            if text in self._kept:
                return
            self._kept[text] = document
            self._size += len(text)
            while self._size > _KEPT:
                oldest, _ = self._kept.popitem(last=False)
                self._size -= len(oldest)

    def _accept(self, text: str) -> Document:
        try:
            node = parse(text, max_tokens=prodev_settings.GRAPHQL_MAX_TOKENS)
            check_document(node)
            errors = (
                []
                if is_plainly_valid(self.schema, node)
                else validate(self.schema, node, specified_rules, max_errors=5)
            )
        except RecursionError:
            raise Refused([LimitPassed("The document is nested too deeply.")]) from None
        except GraphQLError as error:
            raise Refused([error]) from None
        if errors:
            raise Refused([_without_cause(error) for error in errors])
        operations = {
            each.name.value if each.name else "": each
            for each in node.definitions
            if isinstance(each, OperationDefinitionNode)
        }
        if any(each.operation is OperationType.SUBSCRIPTION for each in operations.values()):
            raise Refused([GraphQLError("Subscriptions are not served.")])
        fragments = {each.name.value: each for each in node.definitions if isinstance(each, FragmentDefinitionNode)}
        return Document(node, operations, fragments)


def _without_cause(error: GraphQLError) -> GraphQLError:
    """An error of validation. Where a scalar failed to read a value, what it says is for nobody but its author."""
    if error.original_error is None or isinstance(error.original_error, GraphQLError):
        return error
    return GraphQLError("A value cannot be read as the type it should have.", error.nodes)
