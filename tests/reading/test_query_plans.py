"""PostgreSQL finds an index for every list of the catalogue by itself: no large table is read whole, nor sorted."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from benchmarks.pages.data import LARGE, Size, fill
from benchmarks.pages.explain import faults
from django_prodev.models.viewer import Scope
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import ENROLLMENT, ENTRY, PROGRAM, PROGRESS, PROJECT, UNIT
from django_prodev.reading.compiler import compile_list
from django_prodev.reading.cursors import encode
from django_prodev.reading.entities import Entity
from django_prodev.reading.execution import numbered
from django_prodev.reading.selection import Leaf, Selection

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


@pytest.mark.parametrize(
    ("entity", "order"), [(ENTRY, "-created_at"), (ENTRY, "created_at"), (PROJECT, "title"), (UNIT, "-title")]
)
def test_the_pages_of_a_list_are_planned_once_wherever_they_are(db_of_module: None, entity: Entity, order: str) -> None:
    chosen = entity.order_by_name[order]
    rows = entity.model._default_manager.order_by(order).values_list(chosen.column, "uuid")
    with connection.cursor() as cursor:
        for number in range(8):
            after = encode(chosen, *rows[number * 500])
            request = check_list(entity, ListInput({}, order=order, first=20, after=after))
            columns = tuple(Leaf(each.name, each) for each in entity.attributes)
            plan = compile_list(Selection(entity, columns), request.listing, Scope.SUPERUSER)
            sql, params = plan.root.statement.bind({**request.values, "viewer": None})
            if not number:
                cursor.execute(b"PREPARE prodev_pages AS " + numbered(sql))
            cursor.execute(f"EXECUTE prodev_pages ({', '.join(['%s'] * len(params))})", params)
        cursor.execute("SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE name = 'prodev_pages'")
        assert cursor.fetchone() == (3, 5)
        cursor.execute("DEALLOCATE prodev_pages")


def test_the_tables_are_large_enough_to_tell(db_of_module: None) -> None:
    with connection.cursor() as cursor:
        for table in LARGE:
            cursor.execute(f"SELECT count(*) FROM django_prodev_{table}")
            assert cursor.fetchone()[0] >= 8_000
