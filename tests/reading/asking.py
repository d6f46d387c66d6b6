"""Selections and list requests, written the way a test reads best."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django_prodev.models.viewer import Viewer
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import ENTITIES
from django_prodev.reading.entities import Attribute, Entity, Many, One
from django_prodev.reading.reader import Reader
from django_prodev.reading.selection import Branch, Leaf, Page, Selection


def select(entity: Entity, *names: str, **nested: Selection) -> Selection:
    """Attributes by name, and relations with the selection of each."""
    picks: list[Leaf | Branch] = []
    for name in names:
        attribute = entity.by_name[name]
        assert isinstance(attribute, Attribute)
        picks.append(Leaf(name, attribute))
    for name, selection in nested.items():
        relation = entity.by_name[name]
        assert isinstance(relation, One | Many)
        picks.append(Branch(name, relation, selection))
    return Selection(entity, tuple(picks))


def whole(entity: Entity, depth: int = 2) -> Selection:
    """Every attribute, and every relation that is not paged, ``depth`` relations deep."""
    attributes = [part.name for part in entity.attributes]
    relations = [part for part in entity.relations if depth and not (isinstance(part, Many) and part.paged)]
    return select(entity, *attributes, **{part.name: whole(ENTITIES[part.target], depth - 1) for part in relations})


def pages_of(entity: Entity, name: str, selection: Selection, /, **given: Any) -> tuple[Branch, Mapping[str, Any]]:
    """A paged relation, and the values for its slots."""
    relation = entity.by_name[name]
    assert isinstance(relation, Many)
    target = ENTITIES[relation.target]
    request = check_list(target, ListInput(**{"filters": {}, "name": f"{name}."} | given))
    return Branch(name, relation, selection, request.listing, _shown), request.values


def _shown(page: Page) -> dict[str, Any]:
    return {
        "nodes": page.nodes,
        "cursors": list(page.cursors),
        "has_next": page.has_next,
        "has_previous": page.has_previous,
        "total": page.total,
    }


def page(
    selection: Selection | Reader, viewer: Any = None, *, values: Mapping[str, Any] | None = None, **given: Any
) -> Page:
    """A page of a list; ``given`` is a ``ListInput``'s, ``values`` are those of the paged lists in the selection."""
    reader = selection if isinstance(selection, Reader) else Reader(selection)
    request = check_list(reader.selection.entity, ListInput(**{"filters": {}} | given))
    return reader.page(Viewer.of(viewer), replace(request, values={**request.values, **(values or {})}))


def one(selection: Selection, viewer: Any = None, values: Mapping[str, Any] | None = None, **lookup: Any) -> Any:
    """The row with these column values."""
    return Reader(selection).one(Viewer.of(viewer), lookup, values)
