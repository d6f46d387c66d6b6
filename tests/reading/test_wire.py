"""What goes over the wire outside of transactions: the same rows as through Django, and nothing left behind."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import DataError, OperationalError, connection, transaction

from django_prodev.reading import wire
from django_prodev.reading.execution import fetch, fetch_beside, fetch_prepared

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def rows(sql: str, *params: Any) -> Any:
    return fetch_prepared(connection, sql, list(params))


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The statements that went over the wire."""
    found: list[bytes] = []
    send = wire.Wire.send

    def noted(self: wire.Wire, sql: bytes, params: list[Any]) -> None:
        found.append(sql)
        send(self, sql, params)

    monkeypatch.setattr(wire.Wire, "send", noted)
    return found


def test_values_come_back_as_djangos_cursor_has_them(sent: list[bytes]) -> None:
    values = [
        7,
        2**40,
        -1,
        "text % with “signs”",
        None,
        True,
        1.5,
        Decimal("1.25"),
        date(2026, 1, 2),
        datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    ]
    kinds = ("bigint", "bigint", "int", "text", "text", "boolean", "float8", "numeric", "date", "timestamptz")
    sql = "SELECT " + ", ".join(f"%s::{kind}" for kind in kinds)
    assert rows(sql, *values) == fetch(connection, sql, values)
    assert rows("SELECT %s::bigint[]", [1, 2**40]) == [([1, 2**40],)]
    assert rows("SELECT %s::uuid", UUID(int=5)) == [(str(UUID(int=5)),)]
    assert len(sent) == 3


def test_the_same_text_with_other_types_is_another_statement() -> None:
    assert [rows("SELECT %s + 1", value)[0][0] for value in (1, 70_000, 2**40, 1, Decimal("0.5"))] == [
        2,
        70_001,
        2**40 + 1,
        2,
        Decimal("1.5"),
    ]


def test_more_than_a_socket_holds_is_sent_and_received() -> None:
    keys = list(range(1_000_000))
    assert rows("SELECT count(*) FROM unnest(%s::bigint[])", keys) == [(len(keys),)]
    assert len(rows("SELECT repeat('x', 1000) FROM generate_series(1, 20000)")) == 20_000


def test_an_error_is_djangos_and_the_connection_goes_on() -> None:
    with pytest.raises(DataError, match="division by zero"):
        rows("SELECT 1 / %s::int", 0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 50")
    with pytest.raises(OperationalError, match="statement timeout"):
        rows("SELECT pg_sleep(5)")
    connection.close()
    assert rows("SELECT 1") == [(1,)]


def test_a_connection_that_broke_is_an_operational_error() -> None:
    backend = rows("SELECT pg_backend_pid()")[0][0]
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
    with pytest.raises(OperationalError):
        rows("SELECT 1")
    connection.close_if_unusable_or_obsolete()
    assert rows("SELECT 1") == [(1,)]


def test_something_else_is_done_while_the_database_looks() -> None:
    assert fetch_beside(connection, "SELECT %s::int", [1], lambda: "done") == ([(1,)], "done")


def test_what_is_done_meanwhile_may_fail() -> None:
    with pytest.raises(ZeroDivisionError):
        fetch_beside(connection, "SELECT 1", [], lambda: 1 / 0)
    assert rows("SELECT 2") == [(2,)]


def test_what_is_interrupted_leaves_no_answer_for_the_next() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_beside(connection, "SELECT 1", [], interrupted)
    assert rows("SELECT 2") == [(2,)]


def test_no_more_statements_are_kept_than_its_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "MOST_PREPARED", 5)
    for number in range(20):
        assert rows(f"SELECT {number}") == [(number,)]
    prepared = fetch(connection, "SELECT count(*) FROM pg_prepared_statements WHERE name LIKE %s", ["prodev%"])
    assert prepared == [(5,)]
    assert rows("SELECT 0") == [(0,)]


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")  # which the driver does not notice


def test_what_the_server_forgot_goes_djangos_way_once_and_is_prepared_anew(caplog: pytest.LogCaptureFixture) -> None:
    assert rows("SELECT 1") == [(1,)]
    for _ in range(5):
        forget()
        assert rows("SELECT 1") is None
        assert [rows("SELECT 1") for _ in range(wire.SOON)] == [[(1,)]] * wire.SOON
    assert caplog.messages == []


def test_where_statements_get_lost_time_and_again_nothing_more_is_prepared(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(wire.OFTEN):
        assert rows("SELECT 1") == [(1,)]
        forget()
        assert rows("SELECT 1") is None
    assert rows("SELECT 1") is None
    assert len(caplog.messages) == 1
    connection.close()
    assert rows("SELECT 1") == [(1,)]


def test_what_psycopg_has_forgotten_after_a_rollback_is_no_sign_of_a_pooler(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(2 * wire.OFTEN):
        assert rows("SELECT 1") == [(1,)]
        with transaction.atomic():
            assert rows("SELECT 2") == [(2,)]
            transaction.set_rollback(True)
        assert rows("SELECT 1") is None
    assert rows("SELECT 1") == [(1,)]
    assert caplog.messages == []


def test_who_finds_a_statement_by_its_name_finds_that_statement() -> None:
    """As on a connection to the server that a pooler hands from one client to another."""
    assert rows("SELECT 1") == [(1,)]
    driver: Any = connection.connection
    del driver.prodev_driver
    assert [rows("SELECT 2"), rows("SELECT 1")] == [[(2,)], [(1,)]]


def test_a_statement_whose_table_was_altered_is_prepared_anew() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE prodev_altered (a int)")
        try:
            assert rows("SELECT * FROM prodev_altered") == []
            cursor.execute("ALTER TABLE prodev_altered ADD b int")
            cursor.execute("INSERT INTO prodev_altered VALUES (1, 2)")
            assert rows("SELECT * FROM prodev_altered") is None
            assert rows("SELECT * FROM prodev_altered") == [(1, 2)]
        finally:
            cursor.execute("DROP TABLE prodev_altered")


def test_inside_of_a_transaction_it_keeps_away(sent: list[bytes]) -> None:
    with transaction.atomic():
        assert rows("SELECT 1") == [(1,)]
    assert sent == []
    assert rows("SELECT 1") == [(1,)]
    assert len(sent) == 1
