"""The tables of stamps and the triggers that move them: put there, looked for, taken away.

``migrate`` installs what is missing and replaces what is out of date, each time it has run: a migration on SQLite makes
a table anew, without its triggers, and so may a restored backup be.
"""

import logging
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from django_prodev.cache.tables import EVERYTHING, StampedTable, declared
from django_prodev.cache.triggers import DIALECTS
from django_prodev.cache.triggers.dialect import FOLDED, LOG, Dialect, Trigger

logger = logging.getLogger("django_prodev.cache")


@dataclass(slots=True)
class State:
    """What a database has of what it should have. ``missing`` and ``stale`` are by table."""

    has_tables: bool = False
    stamped: list[StampedTable] = field(default_factory=list)
    missing: dict[str, list[Trigger]] = field(default_factory=dict)
    stale: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return self.has_tables and not self.missing and not self.stale


def inspect(connection: BaseDatabaseWrapper) -> State:
    """Compare the triggers that are there with those that are declared, for the tables that exist."""
    dialect = DIALECTS[connection.vendor]
    state = State()
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        state.has_tables = {FOLDED} <= tables and (len(dialect.tables) == 1 or LOG in tables)
        cursor.execute(dialect.schema)
        schema = cursor.fetchone()[0]
        cursor.execute(dialect.installed, [])
        there = cursor.fetchall()
    enabled: dict[str, set[str]] = defaultdict(set)
    every: dict[str, set[str]] = defaultdict(set)
    for table, name, works in there:
        every[table].add(name)
        if works:
            enabled[table].add(name)
    wanted: dict[str, set[str]] = defaultdict(set)
    for stamped in declared():
        if stamped.table not in tables:
            continue
        state.stamped.append(stamped)
        triggers = dialect.triggers(stamped, connection.ops.quote_name, schema)
        wanted[stamped.table].update(trigger.name for trigger in triggers)
        if any(trigger.name not in enabled[stamped.table] for trigger in triggers):
            state.missing.setdefault(stamped.table, []).extend(triggers)
    for table, names in every.items():
        if others := sorted(names - wanted[table]) + (sorted(names & wanted[table]) if table in state.missing else []):
            state.stale[table] = others
    return state


def install(connection: BaseDatabaseWrapper) -> list[str]:
    """Install what is missing. Returns the tables that got triggers; everything cached is out of date where any did."""
    dialect = DIALECTS.get(connection.vendor)
    if dialect is None:
        return []
    forget()
    state = inspect(connection)
    if state.is_whole:
        _known[_key(connection)] = True
        return []
    with connection.cursor() as cursor:
        for sql in dialect.tables:
            cursor.execute(sql)
        for table, names in state.stale.items():
            _drop(connection, dialect, cursor, table, names)
        for triggers in state.missing.values():
            for trigger in triggers:
                for sql in trigger.create:
                    cursor.execute(sql)
        cursor.execute(dialect.touch, [dialect.listed([EVERYTHING])])
    _known[_key(connection)] = True
    return sorted({*state.missing, *state.stale})


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take away triggers and tables."""
    dialect = DIALECTS.get(connection.vendor)
    if dialect is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(dialect.installed, [])
        for table, name, _ in cursor.fetchall():
            _drop(connection, dialect, cursor, table, [name])
        for sql in dialect.drop_tables:
            cursor.execute(sql)
    forget()


def _drop(connection: BaseDatabaseWrapper, dialect: Dialect, cursor: Any, table: str, names: list[str]) -> None:
    for name in names:
        for sql in dialect.drop(table, name, connection.ops.quote_name):
            cursor.execute(sql)


_known: dict[tuple[str, str], bool] = {}


def is_installed(connection: BaseDatabaseWrapper) -> bool:
    """Whether the stamps of this database can be trusted. Asked of it once; without them nothing is cached."""
    key = _key(connection)
    found = _known.get(key)
    if found is None:
        found = connection.vendor in DIALECTS and inspect(connection).is_whole
        if not found:
            said = "The database %r has no stamps, so nothing is cached: run manage.py migrate."
            logger.warning(said, connection.alias)
        _known[key] = found
    return found


def _key(connection: BaseDatabaseWrapper) -> tuple[str, str]:
    return connection.alias, str(connection.settings_dict["NAME"])


def forget() -> None:
    """Look again before stamps are next read."""
    _known.clear()
