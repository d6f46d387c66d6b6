"""Throttles that decide without the database: meanwhile it may be looking for something else.

REST framework's own count in a cache. So do those of a host that set a rate, a scope or a cache, and have no code of
their own.
"""

import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django.core.signals import setting_changed
from rest_framework.throttling import SimpleRateThrottle

_CACHES = (
    "django.core.cache.backends.dummy",
    "django.core.cache.backends.locmem",
    "django.core.cache.backends.memcached",
    "django.core.cache.backends.redis",
    "django_redis.cache",
)
"""The modules of caches that are not in the database."""

QUIET = 1.0
"""Seconds without a refusal, until the database is asked beside throttles again."""

_DATA = {"scope", "rate", "cache", "cache_format", "scope_attr", "THROTTLE_RATES"}


def need_no_database(makers: Sequence[Callable[[], Any]]) -> bool:
    """Whether what these make decides without the database, beyond doubt. ``False`` says nothing.

    They are what REST framework takes for ``throttle_classes``: classes, as a rule.
    """
    return _need_no_database(tuple(makers))


@lru_cache(maxsize=256)
def _need_no_database(makers: tuple[Callable[[], Any], ...]) -> bool:
    return all(isinstance(each, type) and _is_plain(each) for each in makers)


def _is_plain(kind: type) -> bool:
    return issubclass(kind, SimpleRateThrottle) and _has_no_code(kind) and _is_apart(kind)


def _has_no_code(kind: type) -> bool:
    own = [each for each in kind.__mro__[:-1] if each.__module__ != SimpleRateThrottle.__module__]
    return all(_is_data(name, value) for each in own for name, value in vars(each).items())


def _is_data(name: str, value: Any) -> bool:
    """Whether it is a setting, or a mark that Python itself puts into a class."""
    is_code = callable(value) or hasattr(type(value), "__get__")
    return (name in _DATA or name.startswith("__")) and not is_code


def _is_apart(kind: Any) -> bool:
    # The default cache stands behind a proxy: what it hands out belongs to the cache itself.
    return type(kind.cache.make_key.__self__).__module__ in _CACHES


class Refusals:
    """When throttles last refused somebody: a flood of what they refuse shall cost the database nothing."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._quiet_from = 0.0

    def note(self) -> None:
        """Somebody was refused."""
        self._quiet_from = self._clock() + QUIET

    @property
    def are_recent(self) -> bool:
        """Whether somebody was refused within the last second."""
        return self._clock() < self._quiet_from


REFUSALS = Refusals()


def _forget(*, setting: str, **kwargs: object) -> None:
    if setting == "CACHES":
        _need_no_database.cache_clear()


setting_changed.connect(_forget, dispatch_uid="django_prodev.rest.throttles")
