"""The rows of a statement: straight from the driver on PostgreSQL, and through Django's cursor where that is needed.

Django's cursor writes parameters into the text, so that PostgreSQL parses and plans each statement anew. The driver's
own passes them apart and prepares the statement once for each connection. Whatever watches statements (execution
wrappers, ``assertNumQueries``, debug toolbars, ``DEBUG``) watches Django's cursor, so it is used as soon as one does.

Outside of transactions the driver's way is ``wire``; inside of one, it is a cursor of its own.
"""

import logging
import re
from collections.abc import Callable
from functools import lru_cache
from itertools import count
from typing import Any, TypeVar

from django.db import InternalError, NotSupportedError, OperationalError, ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper

from django_prodev.cache.stamps import nothing
from django_prodev.conf import prodev_settings
from django_prodev.reading.wire import NOT_THERE, OUTDATED, THERE_ALREADY, Rows, Wire

logger = logging.getLogger("django_prodev")

_KEPT_AS = "prodev_driver"
"""The attribute of psycopg's connection that holds its cursor and its wire, so that all go together."""

_NEITHER = (None, None)

_LOST = (NOT_THERE, THERE_ALREADY, OUTDATED)

_PLACES = re.compile("%[s%]")

T = TypeVar("T")


def fetch_prepared(connection: BaseDatabaseWrapper, sql: str, params: list[Any]) -> Rows | None:
    """Every row of a statement, from the driver; UUIDs are text. ``None`` where Django's cursor has to fetch them."""
    return fetch_beside(connection, sql, params, nothing)[0]


def fetch_beside(
    connection: BaseDatabaseWrapper, sql: str, params: list[Any], work: Callable[[], T]
) -> tuple[Rows | None, T]:
    """The same, and what ``work`` gives: it is done while the database looks, if it can be, and must not use it."""
    cursor, wire = _driver(connection)
    if wire is None or not wire.is_free():
        done = work()
        if wire is not None:
            wire.is_shared = True
        return None if cursor is None else _by_cursor(connection, cursor, sql, params), done
    try:
        with connection.wrap_database_errors:
            wire.send(numbered(sql), params)
            try:
                done = work()
            finally:
                rows = wire.receive()
    except BaseException as error:
        if not isinstance(error, Exception):
            connection.close()  # an answer that nobody waited for would be taken for that of the next statement
        raise
    if rows is None and wire.loses_often:
        _stop_preparing(connection)
    return rows, done


def _by_cursor(connection: BaseDatabaseWrapper, cursor: Any, sql: str, params: list[Any]) -> Rows | None:
    try:
        return _fetch(connection, cursor, sql, params)
    except (ProgrammingError, OperationalError, NotSupportedError, InternalError) as error:
        if connection.in_atomic_block or getattr(error.__cause__, "sqlstate", "") not in _LOST:
            raise
        _stop_preparing(connection)
        return None


def _stop_preparing(connection: BaseDatabaseWrapper) -> None:
    """Prepare nothing more on this connection."""
    logger.warning("Prepared statements get lost: a pooler of transactions needs PREPARED_STATEMENTS off.")
    setattr(connection.connection, _KEPT_AS, _NEITHER)


def fetch(connection: BaseDatabaseWrapper, sql: str, params: list[Any]) -> Rows:
    """Every row of a statement, by Django's cursor."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: Rows = cursor.fetchall()
    return rows


def _fetch(connection: Any, cursor: Any, sql: str, params: list[Any]) -> Rows:
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor.execute(numbered(sql), params, prepare=True)
        rows: Rows = cursor.fetchall()
    return rows


@lru_cache(maxsize=512)
def numbered(sql: str) -> bytes:
    """The statement with its parameters as PostgreSQL writes them, so that the driver need not look for them."""
    numbers = count(1)
    return _PLACES.sub(lambda place: "%" if place.group() == "%%" else f"${next(numbers)}", sql).encode()


def _driver(connection: Any) -> tuple[Any, Wire | None]:
    """A cursor of psycopg's own, and a wire, which stay with the connection; neither where Django's must be used."""
    if connection.vendor != "postgresql" or _is_watched(connection):
        return _NEITHER
    connection.close_if_health_check_failed()
    if connection.connection is None:
        connection.connect()
    driver = connection.connection
    try:
        kept: tuple[Any, Wire | None] = getattr(driver, _KEPT_AS)
    except AttributeError:
        cursor = _make_cursor(connection) if _prepares(connection) else None
        kept = (cursor, Wire.of(cursor)) if cursor is not None else _NEITHER
        setattr(driver, _KEPT_AS, kept)
    return kept


def _is_watched(connection: BaseDatabaseWrapper) -> bool:
    """Whether something sees Django's cursors: a wrapper, the log of ``DEBUG``, or a ``cursor()`` put in its place."""
    return bool(connection.execute_wrappers) or connection.queries_logged or "cursor" in vars(connection)


def _prepares(connection: Any) -> bool:
    return prodev_settings.PREPARED_STATEMENTS and not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")


def _make_cursor(connection: Any) -> Any:
    try:
        import psycopg
        from psycopg.types.datetime import TimestamptzLoader
        from psycopg.types.string import TextLoader
    except ImportError:
        return None
    driver = connection.connection
    if not isinstance(driver, psycopg.Connection) or not hasattr(psycopg, "RawCursor"):
        return None
    if driver.prepare_threshold is None:
        driver.prepare_threshold = 2**31  # prepares what asks for it, and nothing else
    cursor = psycopg.RawCursor(driver)
    cursor.adapters.register_loader("uuid", TextLoader)
    if connection.timezone_name == "UTC":
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
    return cursor
