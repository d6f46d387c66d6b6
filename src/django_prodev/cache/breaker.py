"""A circuit breaker: a server that fails or hangs is left alone for a while, so that it costs little."""

import time
from collections.abc import Callable
from threading import Lock

FAILURES = 2
"""Failures in a row after which the server is left alone."""

PAUSE = 1.0
"""Seconds until one call may try it again."""


class Breaker:
    """Open after ``FAILURES``; half open after ``PAUSE``: one call tries, and the others don't wait for it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._closed_from = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= FAILURES

    def allows(self) -> bool:
        """Whether to call the server now."""
        if self._failures < FAILURES:
            return True
        with self._lock:
            now = self._clock()
            if now < self._closed_from:
                return False
            self._closed_from = now + PAUSE
            return True

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> bool:
        """Note a failure. Returns whether it opened the breaker."""
        with self._lock:
            self._failures += 1
            self._closed_from = self._clock() + PAUSE
            return self._failures == FAILURES
