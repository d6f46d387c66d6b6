"""A plan's number of statements is fixed when it is compiled: nothing in the data changes it."""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from django_prodev.models.viewer import Viewer
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import COHORT, ENTITIES, ENTRY, LISTED, PROGRAM, PROVIDER, UNIT
from django_prodev.reading.compiler import compile_list
from django_prodev.reading.entities import Entity, Filter, Many, ValueType
from django_prodev.reading.reader import Reader
from django_prodev.reading.selection import Page, Selection
from django_prodev.testing import assert_same_statements, count_statements, make_user
from tests.reading.asking import page, pages_of, select, whole
from tests.reading.library import PERSONAL, Library

pytestmark = pytest.mark.django_db

SIZES = (1, 10, 100)

VALUES: dict[ValueType, Callable[[Filter], str]] = {
    ValueType.CHOICE: lambda each: ",".join(each.choices.values) if each.choices else "",
    ValueType.BOOLEAN: lambda each: "true",
    ValueType.UUID: lambda each: str(uuid4()),
    ValueType.STRING: lambda each: "anything",
}


@pytest.fixture
def _wide_pages(settings: Any) -> None:
    settings.DJANGO_PRODEV = {"PAGE_SIZE": 200, "MAX_PAGE_SIZE": 200}


def planned(entity: Entity, viewer: Any) -> int:
    listing = check_list(entity, ListInput({})).listing
    return compile_list(whole(entity), listing, Viewer.of(viewer).scope).statements


def counted(reader: Reader, viewer: Any = None, **asked: Any) -> tuple[int, Page]:
    """How many statements a page takes, and the page."""
    found: list[Page] = []
    return count_statements(lambda: found.append(page(reader, viewer, **asked))), found[0]


@pytest.mark.usefixtures("_wide_pages")
def test_every_list_with_its_relations_takes_as_many_statements_at_every_length() -> None:
    library = Library()
    viewers = {"anonymous": None, "user": library.reader, "superuser": make_user(is_superuser=True)}
    readers = {entity.name: Reader(whole(entity)) for entity in LISTED}
    counts: dict[tuple[str, str], set[int]] = defaultdict(set)
    for size in SIZES:
        library.grow(size)
        for who, viewer in viewers.items():
            for name, reader in readers.items():
                count, found = counted(reader, viewer)
                counts[who, name].add(count)
                if who != "anonymous" or name not in PERSONAL:
                    assert len(found.nodes) >= size
    for entity in LISTED:
        for who, viewer in viewers.items():
            (count,) = counts[who, entity.name]
            assert 1 <= count <= planned(entity, viewer)


@pytest.mark.usefixtures("_wide_pages")
def test_nested_pages_take_as_many_statements_for_a_hundred_parents_as_for_one() -> None:
    cohorts, first = pages_of(PROGRAM, "cohorts", select(COHORT, "slug"), first=2, counted=True)
    entries, second = pages_of(PROGRAM, "entries", whole(ENTRY, 1), last=2)
    selection = Selection(PROGRAM, (*select(PROGRAM, "slug").picks, cohorts, entries))

    def read() -> None:
        assert len(page(selection, values={**first, **second}).nodes) == len(library.shelves)

    library = Library()
    assert_same_statements(library.grow, read, sizes=SIZES)


@pytest.mark.usefixtures("_wide_pages")
@pytest.mark.parametrize("entity", LISTED, ids=lambda entity: entity.name)
def test_filters_search_order_cursors_and_counting_add_no_statement_but_the_count(entity: Entity) -> None:
    viewer = Library(5).reader
    reader = Reader(select(entity, "uuid"))
    assert counted(reader, viewer, first=2)[0] == 1
    assert counted(reader, viewer, first=2, counted=True)[0] == 2
    for order in entity.order_by_name:
        place = page(reader, viewer, order=order, first=2).cursors
        for asked in (
            {"after": place[0]},
            {"before": place[1]},
            {"last": 2, "before": place[1]},
            {"after": place[0], "before": place[1]},
        ):
            assert counted(reader, viewer, order=order, **asked)[0] == 1
    filters = {each.name: VALUES[each.value_type](each) for each in entity.filters}
    for name, value in filters.items():
        assert counted(reader, viewer, filters={name: value})[0] == 1
    search = "e" if entity.search else None
    assert counted(reader, viewer, filters=filters, search=search, counted=True)[0] == 2


@pytest.mark.parametrize("entity", [PROVIDER, PROGRAM, UNIT], ids=lambda entity: entity.name)
def test_a_paged_relation_is_one_statement_more_and_its_count_another(entity: Entity) -> None:
    Library(2)
    for relation in entity.relations:
        if isinstance(relation, Many) and relation.paged:
            for counted in (False, True):
                nodes = select(ENTITIES[relation.target], "uuid")
                branch, values = pages_of(entity, relation.name, nodes, first=1, counted=counted)
                read = partial(page, Selection(entity, (branch,)), values=values)
                assert count_statements(read) == 2 + counted
