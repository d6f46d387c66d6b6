"""A database for each size, made once and kept: ``prodev_pages_<entries>``, with the suffix of the test databases."""

import os
import time

import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from benchmarks.pages.data import Size, fill

ADVISED = {"jit": "off", "max_parallel_workers_per_gather": "0"}
"""What docs/indexes.md advises sites to set."""


def name_of(size: Size) -> str:
    """The name of the database for one size."""
    suffix = os.environ.get("PRODEV_TEST_DB_SUFFIX", "")
    return f"prodev_pages{'_' + suffix if suffix else ''}_{size.entries}"


def prepared(size: Size) -> None:
    """Connect to the database of this size; make and fill it, unless an earlier run did."""
    connection.close()
    server = connection.settings_dict
    address = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **address) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name_of(size)]).fetchone():
            admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name_of(size))))
        for name, value in ADVISED.items():
            change = sql.SQL("ALTER DATABASE {} SET {} = {}")
            admin.execute(change.format(sql.Identifier(name_of(size)), sql.Identifier(name), sql.Literal(value)))
    server["NAME"] = name_of(size)
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_prodev_entry LIMIT 1")
        if cursor.fetchone():
            return
    print(f"Filling {name_of(size)} …", flush=True)
    begun = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        later = _drop_indexes(cursor)
        fill(cursor, size)
        for definition in later:
            cursor.execute(definition)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    print(f"… in {time.monotonic() - begun:,.0f} seconds.", flush=True)


def _drop_indexes(cursor: object) -> list[str]:
    """Drop the indexes that no constraint needs: they are made faster when the rows are there."""
    cursor.execute(  # type: ignore[attr-defined]
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE NOT indisunique "
        "AND indrelid::regclass::text LIKE 'django_prodev%'"
    )
    found = cursor.fetchall()  # type: ignore[attr-defined]
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")  # type: ignore[attr-defined]
    return [definition for _, definition in found]
