"""What a GraphQL document may ask for, checked before anything else looks at it.

Every check follows fragments once and stops at the first limit that is passed, so a document costs little whatever it
says. What an operation would read is counted in ``costs``, once it is known to be valid.
"""

from collections import Counter
from collections.abc import Mapping
from operator import gt
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from django_prodev.conf import prodev_settings

_SAME_NAME = 5
"""How often a selection may answer under the same name: each further one makes validation dearer by the square."""

_OPERATIONS = 20
_FRAGMENTS = 30
_DIRECTIVES = 5

_LEVELS = 100
"""How deep selections may lie in each other, fragments counted. It only bounds the recursion here."""

_INTROSPECTION = "__"
"""What the names of the schema's own fields and types begin with.

How deep these go is held by validation (``MaxIntrospectionDepthRule``): tools ask for a dozen levels in one document.
"""

_INTROSPECTION_ALIASES = 10
"""How many aliases one in a question about the schema counts for: each may answer the whole schema once more."""


class LimitPassed(GraphQLError):
    """A document asks for more than is allowed."""

    def __init__(self, what: str) -> None:
        super().__init__(what, extensions={"code": "LIMIT"})


class _Size(NamedTuple):
    depth: int
    aliases: int
    fields: int


_NOTHING = _Size(0, 0, 0)
_KINDS = ("levels of fields", "aliases", "fields")
"""What the numbers of a size count."""


def check_document(document: DocumentNode) -> None:
    """Refuse a document that is too deep, too long, or repeats itself.

    Raises:
        LimitPassed: at the first limit that is passed.
    """
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    if len(fragments) > _FRAGMENTS:
        raise LimitPassed(f"A document may define at most {_FRAGMENTS} fragments.")
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    if len(operations) > _OPERATIONS:
        raise LimitPassed(f"A document may define at most {_OPERATIONS} operations.")
    measure = _Measure(fragments)
    for each in operations:
        _directives(each)
        measure.compare(measure.selection(each.selection_set, 1))
        most = prodev_settings.GRAPHQL_MAX_ROOT_FIELDS
        if measure.width(each.selection_set) > most:
            raise LimitPassed(f"An operation may have at most {most} root fields.")
    for name in fragments:
        measure.compare(measure.fragment(name, 1))


def _directives(node: Any) -> None:
    if len(node.directives or ()) > _DIRECTIVES:
        raise LimitPassed(f"A field may have at most {_DIRECTIVES} directives.")


def _of_schema(size: _Size) -> _Size:
    """The size of what is asked of the schema itself."""
    return _Size(1, size.aliases * _INTROSPECTION_ALIASES, size.fields)


class _Measure:
    """Sizes of selections, each fragment measured once."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.fragments = fragments
        self.sizes: dict[str, _Size] = {}
        self.widths: dict[str, int] = {}
        self._most = (
            prodev_settings.GRAPHQL_MAX_DEPTH,
            prodev_settings.GRAPHQL_MAX_ALIASES,
            prodev_settings.GRAPHQL_MAX_FIELDS,
        )

    def compare(self, size: _Size) -> None:
        if any(map(gt, size, self._most)):
            most, what = next(
                (most, what) for found, most, what in zip(size, self._most, _KINDS, strict=True) if found > most
            )
            raise LimitPassed(f"An operation may have at most {most} {what}.")

    def selection(self, selection: SelectionSetNode, level: int, names: Counter[str] | None = None) -> _Size:
        """The size of a selection. Inline fragments share the ``names`` of what they stand in."""
        if level > _LEVELS:
            raise LimitPassed("The document is nested too deeply.")
        names = Counter() if names is None else names
        depth = aliases = fields = 0
        for node in selection.selections:
            _directives(node)
            if isinstance(node, FieldNode):
                self._repeated(names, (node.alias or node.name).value)
                inner = self._field(node, level)
            elif isinstance(node, FragmentSpreadNode):
                self._repeated(names, f"...{node.name.value}")
                inner = self.fragment(node.name.value, level + 1)
            else:
                assert isinstance(node, InlineFragmentNode)
                inner = self.selection(node.selection_set, level + 1, names)
            depth, aliases, fields = max(depth, inner.depth), aliases + inner.aliases, fields + inner.fields
            self.compare(_Size(0, aliases, fields))
        return _Size(depth, aliases, fields)

    def _repeated(self, names: Counter[str], name: str) -> None:
        names[name] += 1
        if names[name] > _SAME_NAME:
            raise LimitPassed(f"A selection may answer at most {_SAME_NAME} times under one name.")

    def _field(self, node: FieldNode, level: int) -> _Size:
        inner = self.selection(node.selection_set, level + 1) if node.selection_set else _NOTHING
        size = _Size(inner.depth + 1, inner.aliases + (node.alias is not None), inner.fields + 1)
        return _of_schema(size) if node.selection_set and node.name.value.startswith(_INTROSPECTION) else size

    def fragment(self, name: str, level: int) -> _Size:
        if name not in self.sizes:
            self.sizes[name] = _NOTHING  # a cycle, which validation refuses, counts nothing
            definition = self.fragments.get(name)
            if definition is not None:
                _directives(definition)
                size = self.selection(definition.selection_set, level)
                of_schema = definition.type_condition.name.value.startswith(_INTROSPECTION)
                self.sizes[name] = _of_schema(size) if of_schema else size
        return self.sizes[name]

    def width(self, selection: SelectionSetNode) -> int:
        """How many fields stand at the top of a selection, its fragments followed."""
        total = 0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                total += 1
            elif isinstance(node, InlineFragmentNode):
                total += self.width(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                total += self._fragment_width(node.name.value)
        return total

    def _fragment_width(self, name: str) -> int:
        if name not in self.widths:
            self.widths[name] = 0  # as above
            definition = self.fragments.get(name)
            if definition is not None:
                self.widths[name] = self.width(definition.selection_set)
        return self.widths[name]
