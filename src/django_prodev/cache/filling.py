"""Looking something up, and filling the cache with what was not there: by one reader, while the others wait a little.

What is kept begins with the stamp that was read before its data was, so it is never older than that. It is served where
the stamp is still the same: the database and the cache are asked at once, and which answers first does not matter. What
this process had of the cache already, it has in ``memory``, and does not ask for.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.db import connections

from django_prodev.cache import counting
from django_prodev.cache.keys import key_of
from django_prodev.cache.memory import MEMORY
from django_prodev.cache.stamps import database, nothing, stamp_beside
from django_prodev.cache.stores import Guarded, store
from django_prodev.cache.tables import OWN
from django_prodev.cache.validators import KNOWN
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
    _there: bytes | None = None
    _asked: bool = False
    _leads: bool = False

    @classmethod
    def begin(
        cls,
        label: str,
        viewer: str,
        vary: Any,
        scopes: Collection[str],
        *,
        using: str | None = None,
        names_tag: bool = False,
        work: Callable[[], None] = nothing,
    ) -> "Lookup":
        """Read the stamp, and what the cache has meanwhile; ``work`` is done meanwhile, too, without the database.

        Nothing is kept without stamps, nor with the cache switched off; there is no key without stamps. A reader who
        ``names_tag`` may be answered by the stamp alone, so the cache is not asked before ``found`` is.
        """
        lookup = cls(label)
        scopes = _with_viewer(scopes, viewer, using)

        def ask() -> None:
            lookup.key = key_of(label, viewer, vary, scopes)
            lookup.store = store() if prodev_settings.CACHE else None
            if lookup._is_apart and not names_tag and lookup.key not in MEMORY:
                lookup._there = lookup._get(work)
            else:
                work()

        lookup.stamp, _ = stamp_beside(scopes, ask, using=using)
        if lookup.stamp is None:
            work()
        return lookup

    @property
    def _is_apart(self) -> bool:
        """Whether the store is a server of its own."""
        return self.store is not None and self.store.store.is_apart

    def known(self) -> str | None:
        """The tag of the answer, where this process has seen it under this stamp."""
        return KNOWN.get(self.key, self.stamp)

    def remember(self, tag: str) -> None:
        """Note the tag of the answer."""
        KNOWN.remember(self.key, self.stamp, tag)

    def found(self) -> bytes | None:
        """What is there. Where another reader computes it, wait for that; ``None`` says to compute it."""
        if self.store is None:
            return None
        value = MEMORY.get(self.key, self.stamp) if self._is_apart else None
        if value is None:
            value = self._kept_now(self._there if self._asked else self._get())
        if value is None:
            self.outcome = counting.MISS
            began = time.perf_counter()
            # Another reader may have filled it, and freed the lock, since this one looked: so look again.
            free, there = self.store.claim(self._lock, self.key, LOCKED_FOR)
            self._leads = free is True
            value = self._kept_now(there)
            if value is not None:
                self.give_up()
            elif free is False:
                value = self._wait(self.store)
            self.seconds += time.perf_counter() - began
        if value is not None:
            self.outcome = counting.HIT
        return value

    def _get(self, work: Callable[[], None] = nothing) -> bytes | None:
        assert self.store is not None
        began = time.perf_counter()
        there = self.store.get_beside(self.key, work)
        self._asked = True
        self.seconds += time.perf_counter() - began
        return there

    @property
    def _lock(self) -> str:
        return f"{self.key}.{self.stamp}.lock"

    def _kept_now(self, there: bytes | None) -> bytes | None:
        """The value, where it was kept under this stamp. Before it stand the stamp and until when it is kept."""
        if there is None or not there.startswith(f"{self.stamp} ".encode()):
            return None
        head, _, value = there.partition(b"\n")
        until = head.rpartition(b" ")[2]
        if self._is_apart and until.isdigit():
            MEMORY.keep(self.key, self.stamp, value, int(until))
        return value

    def _wait(self, used: Guarded) -> bytes | None:
        until, pause = time.monotonic() + PATIENCE, _FIRST_PAUSE
        while time.monotonic() < until:
            time.sleep(pause)
            value = self._kept_now(used.get(self.key))
            if value is not None:
                return value
            if used.breaker.is_open:
                return None
            pause = min(pause * 1.5, _LONGEST_PAUSE)
        return None

    def keep(self, value: bytes, seconds: int | None = None) -> None:
        """Keep what was computed."""
        if self.store is not None:
            most = prodev_settings.CACHE_SECONDS
            lasts = min(seconds or most, most)
            until = int(time.time()) + lasts
            kept = f"{self.stamp} {until}\n".encode() + value
            if self._leads:
                self._leads = False
                self.store.fill(self.key, kept, lasts, self._lock)
            else:
                self.store.set(self.key, kept, lasts)
            if self._is_apart:
                MEMORY.keep(self.key, self.stamp, value, until)

    def give_up(self) -> None:
        """Let others compute: what came out is not kept."""
        if self._leads and self.store is not None:
            self._leads = False
            self.store.delete(self._lock)

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
