"""Relay connections: what is made of a page of rows, by what was asked of it.

The names are those of the Relay specification of cursor connections.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import FieldNode, SelectionSetNode

from django_prodev.reading.selection import Page, Wrap

Collect = Callable[[str, Sequence[SelectionSetNode]], dict[str, list[FieldNode]]]
Shape = Callable[[Sequence[FieldNode]], int]
OfPage = Callable[[Page], Any]
OfRow = Callable[[Page, int], Any]


class MakeWrap(Protocol):
    def __call__(self, *, grouped: bool) -> Wrap: ...


def wrap_of(kind: str, fields: dict[str, list[FieldNode]], collect: Collect, shape: Shape) -> MakeWrap:
    """What makes the answer of a connection.

    ``shape`` is told of each place that shows rows, and numbers it. Where there is one, a page's nodes are its rows;
    where there are several, each node is a group with a row for each place.
    """
    parts: list[tuple[str, Callable[[bool], OfPage]]] = []
    asked: list[tuple[Any, ...]] = []
    for key, nodes in fields.items():
        asked.append((key, nodes[0].name.value))
        selections = [node.selection_set for node in nodes if node.selection_set]
        match nodes[0].name.value:
            case "edges":
                under = collect(kind.replace("Connection", "Edge"), selections)
                asked.append(_names(under))
                parts.append((key, _edges(under, kind, shape)))
            case "nodes":
                parts.append((key, _nodes(shape(nodes))))
            case "pageInfo":
                under = collect("PageInfo", selections)
                asked.append(_names(under))
                parts.append((key, _fixed(_page_info(under))))
            case "totalCount":
                parts.append((key, _fixed(lambda page: page.total)))
            case "__typename":
                parts.append((key, _fixed(_constant(kind))))

    def make(*, grouped: bool) -> Wrap:
        return Connection([(key, part(grouped)) for key, part in parts], (kind, grouped, *asked))

    return make


@dataclass(frozen=True, slots=True)
class Connection:
    """Makes the answer of a page. Two of the same ``shape`` make the same."""

    parts: list[tuple[str, OfPage]]
    shape: tuple[Any, ...]

    def __call__(self, page: Page) -> dict[str, Any]:
        return {key: part(page) for key, part in self.parts}


def _names(fields: dict[str, list[FieldNode]]) -> tuple[Any, ...]:
    return tuple((key, nodes[0].name.value) for key, nodes in fields.items())


def _fixed(of_page: OfPage) -> Callable[[bool], OfPage]:
    return lambda grouped: of_page


def _constant(value: str) -> OfPage:
    return lambda page: value


def _nodes(number: int) -> Callable[[bool], OfPage]:
    def ready(grouped: bool) -> OfPage:
        if grouped:
            return lambda page: [node[str(number)] for node in page.nodes]
        return lambda page: page.nodes

    return ready


def _edges(fields: dict[str, list[FieldNode]], kind: str, shape: Shape) -> Callable[[bool], OfPage]:
    plans: list[tuple[str, str, int]] = []
    for key, nodes in fields.items():
        name = nodes[0].name.value
        plans.append((key, name, shape(nodes) if name == "node" else 0))
    edge = kind.replace("Connection", "Edge")

    def ready(grouped: bool) -> OfPage:
        if not grouped and [name for _, name, _ in plans] == ["node"]:
            only = plans[0][0]
            return lambda page: [{only: node} for node in page.nodes]
        makers: list[tuple[str, OfRow]] = [(key, _of_row(name, number, edge, grouped)) for key, name, number in plans]
        return lambda page: [{key: make(page, at) for key, make in makers} for at in range(len(page.nodes))]

    return ready


def _of_row(name: str, number: int, edge: str, grouped: bool) -> OfRow:
    if name == "cursor":
        return lambda page, at: page.cursors[at]
    if name == "__typename":
        return lambda page, at: edge
    if grouped:
        return lambda page, at: page.nodes[at][str(number)]
    return lambda page, at: page.nodes[at]


_PAGE_INFO: dict[str, OfPage] = {
    "hasNextPage": lambda page: page.has_next,
    "hasPreviousPage": lambda page: page.has_previous,
    "startCursor": lambda page: page.cursors[0] if page.nodes else None,
    "endCursor": lambda page: page.cursors[-1] if page.nodes else None,
    "__typename": lambda page: "PageInfo",
}


def _page_info(fields: dict[str, list[FieldNode]]) -> OfPage:
    parts = [(key, _PAGE_INFO[nodes[0].name.value]) for key, nodes in fields.items()]
    return lambda page: {key: part(page) for key, part in parts}
