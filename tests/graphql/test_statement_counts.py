"""The number of SQL statements is fixed by the query: nothing in the data changes it."""

from functools import partial
from typing import Any

import pytest
from django.test import Client

from django_prodev.graphql.types import global_id
from django_prodev.reading.catalog import LISTED
from django_prodev.testing import assert_same_statements, count_statements
from tests.graphql.asking import ask, everything, list_of, listed, post, single
from tests.reading.library import Library

pytestmark = pytest.mark.django_db

SIZES = (1, 10, 100)

SESSION = 2
"""Statements that say who asks: the session, and its user."""


STAMP = 1
"""The statement that tells whether an answer may come from the cache. It stands alone where one does."""


@pytest.fixture(autouse=True)
def _uncached(settings: Any) -> None:
    settings.DJANGO_PRODEV = {"CACHE": False}


@pytest.fixture
def _wide_pages(settings: Any, _uncached: None) -> None:
    settings.DJANGO_PRODEV = {
        "CACHE": False,
        "PAGE_SIZE": 250,
        "MAX_PAGE_SIZE": 250,
        "GRAPHQL_MAX_COST": 10_000_000,
        "GRAPHQL_MAX_ALIASES": 100,
        "GRAPHQL_MAX_FIELDS": 5_000,
        "GRAPHQL_MAX_TOKENS": 20_000,
    }


@pytest.mark.usefixtures("_wide_pages")
def test_every_list_with_all_that_hangs_on_it_takes_as_many_at_every_length(client: Client) -> None:
    library = Library()
    client.force_login(library.reader)
    counts: dict[str, set[int]] = {entity.name: set() for entity in LISTED}
    for size in SIZES:
        library.grow(size)
        for entity in LISTED:
            counts[entity.name].add(count_statements(partial(ask, client, list_of(entity))))
            assert len(ask(client, list_of(entity))[listed(entity)]["edges"]) >= size
    assert all(len(each) == 1 for each in counts.values()), counts
    assert counts["topic"] == {SESSION + 2}  # the page and its count: parents are joined


@pytest.mark.usefixtures("_wide_pages")
def test_pages_in_pages_take_as_many_for_a_hundred_parents_as_for_one(client: Client) -> None:
    library = Library()
    text = """{ programs { nodes { cohorts(first: 2) { totalCount nodes { slug } }
        entries(last: 2) { nodes { topics { slug } solutions { topics { slug } } } }
        curriculum { sections { unit { topics { topic { slug } } } children { unit { slug } } } } } } }"""

    def read() -> None:
        assert len(ask(client, text)["programs"]["nodes"]) == len(library.shelves)

    # programs, cohorts and their count, entries with topics and solutions with topics, curriculum with
    # sections, their units' topics and their children
    assert assert_same_statements(library.grow, read, sizes=SIZES) == 11


def test_a_single_row_takes_what_its_relations_take(client: Client) -> None:
    library = Library(1)
    client.force_login(library.reader)
    for entity in LISTED:
        text = f"query ($id: ID!) {{ {single(entity)}(id: $id) {everything(entity, 0)} }}"
        row: Any = entity.model._default_manager.filter(pk__gt=0).first()
        assert count_statements(partial(ask, client, text, id=global_id(entity, row.uuid))) == SESSION + 1


def test_a_cached_answer_takes_the_stamp_and_no_other_statement(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {}
    Library(1)
    text = "{ programs { nodes { slug cohorts { nodes { slug } } } } }"
    read = partial(ask, client, text)
    assert [count_statements(read) for _ in range(3)] == [STAMP + 2, STAMP, STAMP]
    settings.DJANGO_PRODEV = {"CACHE": False}
    assert count_statements(read) == 2


def test_what_is_refused_reads_nothing(client: Client) -> None:
    for text in (
        "{ nothing }",
        "{ topics(first: 0) { nodes { slug } } }",
        "{ programs(first: 100) { nodes { entries(first: 100) { nodes { topics { slug } } } } } }",
        "{ __schema { types { name } } }",
        '{ topics(after: "x") { totalCount } }',
    ):
        assert count_statements(partial(post, client, text)) == 0
