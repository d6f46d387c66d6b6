"""What lets PostgreSQL look a word up instead of reading every text: trigram indexes, where ``pg_trgm`` may be used.

The extension is trusted, so the owner of a database may create it; where that is not allowed searches still find the
same, by reading. Like the triggers of stamps, these indexes are brought up to date after each ``migrate``.
"""

from typing import Any

from django.db import Error, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

SEARCHED = {"entry": ("title", "body"), "project": ("title", "summary", "body")}
"""The columns that are searched in large tables, by model."""


def index_name(model: str) -> str:
    return f"prodev_{model}_search"


def has_trigrams(connection: BaseDatabaseWrapper) -> bool:
    """Whether the extension is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'")
        return cursor.fetchone() is not None


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The search indexes that a database does not have. None is missing where there are no trigrams at all."""
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
    if not has_trigrams(connection):
        try:
            with transaction.atomic(connection.alias), connection.cursor() as cursor:
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except Error:  # not allowed, or not on this server: a check says what to do
            return
    with connection.cursor() as cursor:
        for model, columns in SEARCHED.items():
            cursor.execute(_index(model, columns))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the indexes. The extension stays: others may use it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in SEARCHED:
                cursor.execute(f"DROP INDEX IF EXISTS {index_name(model)}")


def _index(model: str, columns: tuple[str, ...]) -> str:
    """The texts as ``icontains`` compares them, in upper case."""
    listed: Any = ", ".join(f"UPPER({column}) gin_trgm_ops" for column in columns)
    return f"CREATE INDEX IF NOT EXISTS {index_name(model)} ON django_prodev_{model} USING gin ({listed})"
