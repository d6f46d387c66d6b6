"""Which tables have stamps, and under which scopes: declared here by whoever knows the tables.

A *scope* names what changes together: all rows of a table (``program``), or those with one value of a column
(``enrollment:user:7``). Triggers move the stamps of a table's scopes with every statement that changes its rows.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model

EVERYTHING = "*"
"""The scope that every stamp includes: moving it makes everything that is cached out of date."""

OWN = "me"
"""Stands for the viewer at the end of a scope: ``enrollment:user:me``."""

LONGEST_SCOPE = 200

_NAME = re.compile(r"[a-z][a-z0-9_.]*")


@dataclass(frozen=True, slots=True)
class StampedTable:
    """A table whose changes move stamps.

    ``scope`` moves with any row. ``narrowed`` gives columns by name: a change of a row moves
    ``<scope>:<name>:<value of the column>`` too, for the old and the new value. A change of columns in ``unseen``
    alone moves nothing, on PostgreSQL.
    """

    table: str
    scope: str
    narrowed: tuple[tuple[str, str], ...] = ()
    unseen: tuple[str, ...] = ()
    key: str = "id"

    def __post_init__(self) -> None:
        for name in (self.scope, *(name for name, _ in self.narrowed)):
            if not _NAME.fullmatch(name) or len(name) > 60:
                raise ImproperlyConfigured(
                    f"{name!r} is no name of a scope: it takes small letters, digits, points and underscores, and "
                    "begins with a letter; at most 60."
                )


_sources: list[Callable[[], Iterable[StampedTable]]] = []


def declare(source: Callable[[], Iterable[StampedTable]]) -> None:
    """Add tables to those with stamps. They are asked for when triggers are installed or looked for."""
    if source not in _sources:
        _sources.append(source)


def declared() -> Iterator[StampedTable]:
    """Every table with stamps."""
    for source in _sources:
        yield from source()


def stamp_model(model: type[Model], scope: str = "") -> None:
    """Let the changes of a host's own model move stamps.

    To be called from ``AppConfig.ready``; the triggers are installed by the next ``migrate``. ``scope`` is
    ``<app label>.<model>`` where it is not given.
    """
    scope = scope or f"{model._meta.app_label}.{model._meta.model_name}"
    found = StampedTable(model._meta.db_table, scope, key=str(model._meta.pk.column))
    declare(lambda: (found,))
