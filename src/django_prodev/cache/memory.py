"""What this process had of the cache lately, in its own memory: for that, no server need be asked.

It decides nothing. A value is given out under the stamp that it was kept under, and only as long as the cache itself
would keep it.
"""

import time
from collections.abc import Callable
from threading import Lock

from django.core.signals import setting_changed

from django_prodev.conf import prodev_settings

TURN = 60.0
"""Seconds after which what nobody asked for meanwhile is put among the old; after as many again, it is gone."""

_OVERHEAD = 400
"""Bytes that an entry takes beside its value."""

_LARGEST_SHARE = 8
"""A value may take this part of the room: one large answer must not drive out all the others."""

Kept = tuple[str, bytes, float]
"""The stamp, the value, and until when it may be given out, in seconds since the epoch."""


class Memory:
    """Values by key, in two generations. What is asked for stays among the young, and the old are dropped at once.

    So neither time nor room is kept account of for each entry, and reading takes no lock.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = Lock()
        self._young: dict[str, Kept] = {}
        self._old: dict[str, Kept] = {}
        self._size = 0
        self._turned = clock()

    def __contains__(self, key: str) -> bool:
        """Whether there is anything of this key, under whichever stamp."""
        return key in self._young or key in self._old

    def get(self, key: str, stamp: str | None) -> bytes | None:
        """The value that was kept under this stamp, while its time lasts."""
        now = self._clock()
        if self._is_due(now):
            with self._lock:
                if self._is_due(now):  # otherwise another thread has just turned, and the old are of use
                    self._turn(now)
        young = self._young.get(key)
        found = young or self._old.get(key)
        if found is None or found[0] != stamp or found[2] <= now:
            return None
        if young is None:
            self._put(key, found)
        return found[1]

    def keep(self, key: str, stamp: str | None, value: bytes, until: float) -> None:
        """Keep a value; without a stamp, nothing is kept."""
        now = self._clock()
        until = min(until, now + prodev_settings.CACHE_SECONDS)
        if stamp is not None and until > now:
            self._put(key, (stamp, value, until))

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._young, self._old, self._size = {}, {}, 0

    def _put(self, key: str, kept: Kept) -> None:
        room = prodev_settings.CACHE_MEMORY_BYTES
        size = len(kept[1]) + _OVERHEAD
        if size * _LARGEST_SHARE > room:
            return
        with self._lock:
            if self._size + size > room // 2:
                self._turn(self._clock())
            self._young[key] = kept
            self._size += size

    def _is_due(self, now: float) -> bool:
        return not 0 <= now - self._turned < TURN

    def _turn(self, now: float) -> None:
        is_late = now - self._turned >= 2 * TURN
        self._old = {} if is_late else {key: kept for key, kept in self._young.items() if kept[2] > now}
        self._young, self._size, self._turned = {}, 0, now


MEMORY = Memory()


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting in {"CACHES", "DJANGO_PRODEV"}:
        MEMORY.clear()


setting_changed.connect(_forget, dispatch_uid="django_prodev.cache.memory")
