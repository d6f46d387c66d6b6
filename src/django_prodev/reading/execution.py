"""The rows of a statement: straight from the driver on PostgreSQL, and through Django's cursor where that is needed.

Django's cursor writes parameters into the text, so that PostgreSQL parses and plans each statement anew. The driver's
own passes them apart and prepares the statement once for each connection. Whatever watches statements (execution
wrappers, ``assertNumQueries``, debug toolbars, ``DEBUG``) watches Django's cursor, so it is used as soon as one does.
"""

import logging
import re
from functools import lru_cache
from itertools import count
from typing import Any

from django.db import InternalError, NotSupportedError, OperationalError, ProgrammingError
from django.db.backends.base.base import BaseDatabaseWrapper

from django_prodev.conf import prodev_settings

logger = logging.getLogger("django_prodev")

_KEPT_AS = "prodev_cursor"
"""The attribute of psycopg's connection that holds its cursor, so that both go together."""

_PLACES = re.compile("%[s%]")

_FORGOTTEN = ("26000", "42P05", "0A000")
"""SQL states of a prepared statement that is not there, is there already, or no longer fits the tables."""


def fetch_prepared(connection: BaseDatabaseWrapper, sql: str, params: list[Any]) -> list[tuple[Any, ...]] | None:
    """Every row of a statement, from the driver; UUIDs are text. ``None`` where Django's cursor has to fetch them."""
    if connection.vendor != "postgresql" or connection.execute_wrappers or connection.queries_logged:
        return None
    if connection.connection is None:
        connection.connect()
    if (cursor := _driver_cursor(connection)) is None:
        return None
    try:
        return _fetch(connection, cursor, sql, params)
    except (ProgrammingError, OperationalError, NotSupportedError, InternalError) as error:
        if connection.in_atomic_block or getattr(error.__cause__, "sqlstate", "") not in _FORGOTTEN:
            raise
        logger.warning("A prepared statement was lost: a pooler of transactions needs PREPARED_STATEMENTS off.")
        setattr(connection.connection, _KEPT_AS, None)  # nothing more is prepared for this connection
        return None


def fetch(connection: BaseDatabaseWrapper, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    """Every row of a statement, by Django's cursor."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _fetch(connection: Any, cursor: Any, sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        cursor.execute(numbered(sql), params, prepare=True)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@lru_cache(maxsize=512)
def numbered(sql: str) -> bytes:
    """The statement with its parameters as PostgreSQL writes them, so that the driver need not look for them."""
    numbers = count(1)
    return _PLACES.sub(lambda place: "%" if place.group() == "%%" else f"${next(numbers)}", sql).encode()


def _driver_cursor(connection: Any) -> Any:
    """A cursor of psycopg's own that stays with the connection; none where statements must not be prepared."""
    driver = connection.connection
    try:
        return getattr(driver, _KEPT_AS)
    except AttributeError:
        made = _make_cursor(connection) if _prepares(connection) else None
        setattr(driver, _KEPT_AS, made)
        return made


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
