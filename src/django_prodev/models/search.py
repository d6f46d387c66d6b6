"""What lets PostgreSQL look a word up instead of reading every text: trigram indexes, where ``pg_trgm`` may be used.

The extension is trusted, so the owner of a database may create it; where that is not allowed searches still find the
same, by reading. Like the triggers of stamps, these indexes are brought up to date after each ``migrate``.
"""

from contextlib import suppress
from typing import Any

from django.db import Error, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SEARCHED = {"entry": ("title", "body"), "project": ("title", "summary", "body")}
"""The columns that are searched in large tables, by model."""


def index_name(model: str) -> str:
    return f"prodev_{model}_search"


def schema_of_trigrams(connection: BaseDatabaseWrapper) -> str:
    """The schema of the extension; empty where there is none, or none that this connection's user may use."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
            "WHERE e.extname = 'pg_trgm' AND has_schema_privilege(n.oid, 'USAGE')"
        )
        row = cursor.fetchone()
    return row[0] if row else ""


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The search indexes that a database does not have."""
    if connection.vendor != "postgresql":
        return []
    names = [index_name(each) for each in SEARCHED]
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_table_is_visible(oid)", [names])
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in names if name not in there]


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the extension, if that is allowed, and the indexes that are missing."""
    if connection.vendor != "postgresql" or not missing(connection):
        return
    if not schema_of_trigrams(connection):
        # Where that is not allowed, or the server does not have it, a check says what to do.
        with suppress(Error), transaction.atomic(connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    if schema := schema_of_trigrams(connection):
        with connection.cursor() as cursor:
            for model, columns in SEARCHED.items():
                cursor.execute(_index(model, columns, connection.ops.quote_name(schema)))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the indexes. The extension stays: others may use it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in SEARCHED:
                cursor.execute(f"DROP INDEX IF EXISTS {index_name(model)}")


def _index(model: str, columns: tuple[str, ...], schema: str) -> str:
    """The texts as ``icontains`` compares them, in upper case. The schema need not be on the search path."""
    listed: Any = ", ".join(f"UPPER({column}) {schema}.gin_trgm_ops" for column in columns)
    return f"CREATE INDEX IF NOT EXISTS {index_name(model)} ON django_prodev_{model} USING gin ({listed})"
