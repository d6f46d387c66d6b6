"""Stamps: what tells whether anything in a scope has changed.

A stamp is a function of the *set* of committed writes: how many there were, and the sum of a random number that each
drew. So it does not matter in which order writers began and committed, as it would for a greatest number or time. What
a transaction has written itself counts in the stamps that it reads; nobody else can have such a stamp before the
commit, so what is cached under it is found by nobody who may not see it.
"""

import time
from collections.abc import Callable, Collection, Iterable
from typing import Any, Protocol, TypeVar

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from django_prodev.cache.installation import is_installed
from django_prodev.cache.tables import EVERYTHING, LONGEST_SCOPE
from django_prodev.cache.triggers import DIALECTS
from django_prodev.cache.triggers.dialect import TOTAL_BITS

FOLD_AT = 256
"""Logged writes in the scopes that somebody reads, from which they are folded."""

FOLD_AT_ONCE = 20_000

_PATIENCE = 60.0
"""Seconds until folding is tried again where the database refused it, as a read-only replica does."""

_no_folding_before: dict[str, float] = {}

T = TypeVar("T")

Rows = list[tuple[Any, ...]]


class FetchBeside(Protocol):
    """A quicker way to a statement's rows than Django's cursor; there are none where that way is not open.

    ``work`` is done while the database looks. What it gives is returned, too.
    """

    def __call__(
        self, connection: BaseDatabaseWrapper, sql: str, params: list[Any], work: Callable[[], T]
    ) -> tuple[Rows | None, T]: ...


_quick: list[FetchBeside] = []


def fetch_with(fetch: FetchBeside) -> None:
    """Let stamps be read in this way where it is open."""
    _quick[:] = [fetch]


def _rows_beside(connection: BaseDatabaseWrapper, sql: str, params: list[Any], work: Callable[[], T]) -> tuple[Rows, T]:
    rows, done = _quick[0](connection, sql, params, work) if _quick else (None, work())
    if rows is None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            rows = cursor.fetchall()
    return rows, done


def nothing() -> None:
    """No work."""


def database(using: str | None = None) -> str:
    """The alias whose stamps are read: the one that the package's tables are read from.

    Data and stamps must come from the same database: data of a replica that lags, under a stamp of the primary, would
    stay wrong for good.
    """
    return using or router.db_for_read(_model())


def _model() -> Any:
    return apps.get_model("django_prodev", "Program")


def checked(scopes: str | Iterable[str]) -> list[str]:
    """The scopes, each once and in order.

    Raises:
        ImproperlyConfigured: where there is none, or one that is not a text of 1 to 200 characters.
    """
    found = sorted({scopes} if isinstance(scopes, str) else set(scopes))
    if not found:
        raise ImproperlyConfigured("No scope is named: say what the value depends on.")
    for scope in found:
        if not isinstance(scope, str) or not 0 < len(scope) <= LONGEST_SCOPE or not scope.isprintable():
            raise ImproperlyConfigured(
                f"{scope!r} is no scope: it takes a text of 1 to {LONGEST_SCOPE} printable characters."
            )
    return found


def stamp_of(scopes: Collection[str], *, using: str | None = None) -> str | None:
    """One stamp for all these scopes together, in one statement; none where the database has no stamps.

    It is to be read *before* the data that is kept under it.
    """
    return stamp_beside(scopes, nothing, using=using)[0]


def stamp_beside(
    scopes: Collection[str], work: Callable[[], T], *, using: str | None = None
) -> tuple[str | None, T | None]:
    """The same, and what ``work`` gives: it is done while the database looks, where the driver lets it.

    ``work`` must not use the database. Without stamps it is not done.
    """
    alias = database(using)
    connection = connections[alias]
    if not is_installed(connection):
        return None, None
    dialect = DIALECTS[connection.vendor]
    params = [dialect.listed([*scopes, EVERYTHING])] * dialect.repeat
    rows, done = _rows_beside(connection, dialect.stamp, params, work)
    count = total = pending = 0
    for some, numbers, logged in rows:
        count += some
        total += int(numbers)
        pending += logged
    if pending > FOLD_AT:
        _fold_now_and_then(alias)
    return f"{count:x}-{total & TOTAL_BITS:x}", done


def read_stamps(scopes: str | Iterable[str], *, using: str | None = None) -> dict[str, str]:
    """The stamp of each of these scopes, read in one statement. Empty where the database has no stamps.

    Raises:
        ImproperlyConfigured: where a scope is no text of 1 to 200 characters.
    """
    names = checked(scopes)
    alias = database(using)
    connection = connections[alias]
    if not is_installed(connection):
        return {}
    dialect = DIALECTS[connection.vendor]
    params = [dialect.listed([*names, EVERYTHING])] * dialect.repeat
    rows, _ = _rows_beside(connection, dialect.stamps, params, nothing)
    found = {scope: (count, int(total)) for scope, count, total, _ in rows}
    everything = found.get(EVERYTHING, (0, 0))
    stamps = {}
    for name in names:
        count, total = found.get(name, (0, 0))
        if name != EVERYTHING:
            count, total = count + everything[0], total + everything[1]
        stamps[name] = f"{count:x}-{total & TOTAL_BITS:x}"
    return stamps


def touch(*scopes: str, using: str | None = None) -> None:
    """Move the stamps of these scopes: whatever was kept under the old ones is not served any more.

    For changes that no trigger sees: of a host's own tables, or of what is not in the database at all. It is part of
    the current transaction. Call it *before* the first change that it is for, so that what the transaction itself reads
    meanwhile is not kept under a stamp that others have.

    Raises:
        ImproperlyConfigured: where a scope is no text of 1 to 200 characters.
    """
    names = checked(scopes)
    alias = using or router.db_for_write(_model())
    connection = connections[alias]
    if not is_installed(connection):
        return
    dialect = DIALECTS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(dialect.touch, [dialect.listed(names)])


def fold_stamps(*, using: str | None = None, at_once: int = FOLD_AT_ONCE) -> int:
    """Count up what is logged, so that reading stamps stays quick. Stamps keep their values, and nobody waits.

    Returns how many logged writes were folded: none where another process is at it. At most ``at_once``.
    """
    alias = using or router.db_for_write(_model())
    connection = connections[alias]
    if not is_installed(connection):
        return 0
    dialect = DIALECTS[connection.vendor]
    if not dialect.fold:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(dialect.fold, [at_once])
        return int(cursor.fetchone()[0])


def _fold_now_and_then(alias: str) -> None:
    """Fold, by the way, where that is a transaction of its own. A reader never fails by it."""
    if connections[alias].in_atomic_block or not connections[alias].get_autocommit():
        return
    if time.monotonic() < _no_folding_before.get(alias, 0.0):
        return
    try:
        fold_stamps(using=alias)
    except DatabaseError:
        _no_folding_before[alias] = time.monotonic() + _PATIENCE
