"""Looking something up, and filling the cache with what was not there: by one reader, while the others wait a little.

The stamp is read first, then the cache, and only then the data. So what is kept under a stamp is never older than it.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import connections

from django_prodev.cache import counting
from django_prodev.cache.keys import key_of
from django_prodev.cache.stamps import database, stamp_of
from django_prodev.cache.stores import Guarded, store
from django_prodev.cache.tables import OWN
from django_prodev.conf import prodev_settings

LOCKED_FOR = 10
"""Seconds after which the lock of a reader that died while it computed is free again."""

PATIENCE = 2.0
"""Seconds that others wait for what one reader computes. Then they compute it themselves."""

_OWN = f":{OWN}"

_LENGTH_OF_UUID = 36

_FIRST_PAUSE, _LONGEST_PAUSE = 0.005, 0.05


@dataclass(slots=True)
class Lookup:
    """One question to the cache: ask ``found`` first, then compute, then ``keep`` or ``give_up``."""

    label: str
    key: str = ""
    stamp: str | None = None
    store: Guarded | None = None
    outcome: str = counting.BYPASS
    seconds: float = 0.0
    _leads: bool = False

    @classmethod
    def begin(
        cls,
        label: str,
        viewer: str,
        vary: Any,
        scopes: Collection[str],
        *,
        stamp: str | None = None,
        using: str | None = None,
    ) -> "Lookup":
        """Read the stamp, unless it was read already.

        Nothing is kept without stamps, nor with the cache switched off; there is no key without stamps.
        """
        lookup = cls(label)
        scopes = _with_viewer(scopes, viewer, using)
        lookup.stamp = stamp if stamp is not None else stamp_of(scopes, using=using)
        if lookup.stamp is not None:
            lookup.key = key_of(label, viewer, vary, scopes, lookup.stamp)
            lookup.store = store() if prodev_settings.CACHE else None
        return lookup

    def found(self) -> bytes | None:
        """What is there. Where another reader computes it, wait for that; ``None`` says to compute it."""
        began = time.perf_counter()
        value = self._found()
        self.seconds = time.perf_counter() - began
        return value

    def _found(self) -> bytes | None:
        if self.store is None:
            return None
        self.outcome = counting.MISS
        value = self.store.get(self.key)
        if value is None:
            free = self.store.add(f"{self.key}.lock", b"1", LOCKED_FOR)
            self._leads = free is True
            if free is False:
                value = self._wait(self.store)
        if value is not None:
            self.outcome = counting.HIT
        return value

    def _wait(self, used: Guarded) -> bytes | None:
        until, pause = time.monotonic() + PATIENCE, _FIRST_PAUSE
        while time.monotonic() < until:
            time.sleep(pause)
            value = used.get(self.key)
            if value is not None:
                return value
            if used.breaker.is_open:
                return None
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        return None

    def keep(self, value: bytes, seconds: int | None = None) -> None:
        """Keep what was computed."""
        if self.store is not None:
            self.store.set(
                self.key, value, min(seconds or prodev_settings.CACHE_SECONDS, prodev_settings.CACHE_SECONDS)
            )
        self.give_up()

    def give_up(self) -> None:
        """Let others compute: what came out is not kept."""
        if self._leads and self.store is not None:
            self._leads = False
            self.store.delete(f"{self.key}.lock")

    def count(self) -> None:
        """Tell how it went."""
        counting.count(self.label, self.outcome, self.seconds)


def _with_viewer(scopes: Collection[str], viewer: str, using: str | None) -> Collection[str]:
    """The scopes, with the viewer in those that are the viewer's own; who is not signed in has none."""
    if not any(scope.endswith(_OWN) for scope in scopes):
        return scopes
    key = viewer.partition(":")[2]
    if len(key) == _LENGTH_OF_UUID and connections[database(using)].vendor == "sqlite":
        key = key.replace("-", "")  # as it is stored there
    kept = [scope for scope in scopes if key or not scope.endswith(_OWN)]
    return [scope.removesuffix(OWN) + key if scope.endswith(_OWN) else scope for scope in kept]


def fetch(
    label: str,
    viewer: str,
    vary: Any,
    scopes: Collection[str],
    compute: Callable[[], bytes],
    *,
    seconds: int | None = None,
    using: str | None = None,
) -> bytes:
    """What ``compute`` gives, from the cache where it is there and still true."""
    if not prodev_settings.CACHE:
        return compute()
    lookup = Lookup.begin(label, viewer, vary, scopes, using=using)
    value = lookup.found()
    if value is None:
        try:
            value = compute()
        except BaseException:
            lookup.give_up()
            raise
        lookup.keep(value, seconds)
    lookup.count()
    return value
