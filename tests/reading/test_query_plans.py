"""PostgreSQL finds an index for every list of the catalogue by itself: no large table is read whole, nor sorted."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from benchmarks.pages.data import LARGE, Size, fill
from benchmarks.pages.explain import faults
from django_prodev.reading.catalog import ENROLLMENT, ENTRY, PROGRAM, PROGRESS, PROJECT, UNIT

SIZE = Size(40_000)
GROWING = (ENTRY, PROJECT, ENROLLMENT, PROGRESS, PROGRAM, UNIT)
"""The lists of large tables, and those with pages of them under each row."""

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def large(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Large tables, rolled back with the module."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
            if not cursor.fetchone()[0]:
                pytest.skip("only a superuser of PostgreSQL fills tables without their triggers")
            fill(cursor, SIZE)
            for index in ("prodev_entry_search", "prodev_project_search"):
                cursor.execute("SELECT gin_clean_pending_list(%s)", [index])  # as vacuum does: entries wait in a list
            cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def db_of_module(large: None, db: None) -> None:
    """The database, with the large tables in it."""


def test_no_list_reads_a_large_table_whole_or_sorts_many_rows(db_of_module: None) -> None:
    assert [f"{each.case}: {each.what}" for each in faults(SIZE, GROWING, without=("mentor",))] == []


@pytest.mark.parametrize("index", ["prodev_entry_newest", "prodev_entry_search", "prodev_project_title"])
def test_a_missing_index_is_noticed(db_of_module: None, index: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP INDEX {index}")
    assert next(faults(SIZE, GROWING, without=("nobody", "learner", "mentor")), None)


def test_the_tables_are_large_enough_to_tell(db_of_module: None) -> None:
    with connection.cursor() as cursor:
        for table in LARGE:
            cursor.execute(f"SELECT count(*) FROM django_prodev_{table}")
            assert cursor.fetchone()[0] >= 8_000
