"""``cached``: a value that is computed once, until something changes in the scopes it depends on."""

import functools
import re
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar, cast, overload

import orjson
from django.core.exceptions import ImproperlyConfigured

from django_prodev.cache.filling import fetch
from django_prodev.cache.stamps import checked

P = ParamSpec("P")
T = TypeVar("T")

Scopes = str | Iterable[str]

_PLAIN, _BYTES = b"j", b"b"


@overload
def cached(
    compute: None = None,
    *,
    scope: Scopes | Callable[..., Scopes],
    vary: Any = (),
    name: str = "",
    seconds: int | None = None,
    using: str | None = None,
) -> Callable[[Callable[P, T]], Callable[P, T]]: ...
@overload
def cached(
    compute: Callable[[], T],
    *,
    scope: Scopes,
    vary: Any = (),
    name: str = "",
    seconds: int | None = None,
    using: str | None = None,
) -> T: ...
def cached(
    compute: Callable[..., Any] | None = None,
    *,
    scope: Scopes | Callable[..., Scopes],
    vary: Any = (),
    name: str = "",
    seconds: int | None = None,
    using: str | None = None,
) -> Any:
    """Keep what a function returns until something in ``scope`` changes.

    As a decorator, ``@cached(scope="program")``, the value varies by the function's arguments; ``scope`` and ``vary``
    may be functions of them. Called with a function of no arguments, ``cached(compute, scope=…, name=…)``, it returns
    the value at once.

    Args:
        scope: what the value depends on: one scope, several, or a function of the arguments that gives them.
        vary: what else it varies by, such as ``viewer_scope(request.user)`` where it is not the same for everybody.
            Without it everybody gets the same value.
        name: what the value is called; a function's own name where it is not given. A lambda needs one.
        seconds: how long it is kept at most; the setting ``CACHE_SECONDS`` where that is shorter or not given.
        using: the alias of the database whose stamps are read.

    The value is stored as JSON, or as it is where it is ``bytes``. What comes back is what JSON makes of it, also the
    first time: a tuple is a list, the keys of a dict are texts.

    Raises:
        TypeError: where the value is not JSON, or the arguments or ``vary`` are no plain values.
        ImproperlyConfigured: where a scope or a name is missing or is none.
    """
    if compute is not None:
        keeper = _Keeper(_named(compute, name), seconds, using)
        return keeper.value(compute, vary, checked(cast("Scopes", scope)))

    fixed = None if callable(scope) else checked(scope)

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        keeper = _Keeper(_named(function, name), seconds, using)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            scopes = checked(scope(*args, **kwargs)) if callable(scope) else fixed
            varied = vary(*args, **kwargs) if callable(vary) else [vary, args, sorted(kwargs.items())]
            assert scopes is not None
            return keeper.value(lambda: function(*args, **kwargs), varied, scopes)

        return call

    return decorate


class _Keeper:
    """Keeps the values of one function."""

    def __init__(self, name: str, seconds: int | None, using: str | None) -> None:
        self.name = name
        self.label = re.sub(r"[^A-Za-z0-9_.-]", "_", name)[:80]
        self.seconds = seconds
        self.using = using

    def value(self, compute: Callable[[], Any], varied: Any, scopes: list[str]) -> Any:
        def written() -> bytes:
            return self._dumps(compute())

        found = fetch(self.label, "", [self.name, varied], scopes, written, seconds=self.seconds, using=self.using)
        try:
            return _loads(found)
        except ValueError:  # somebody else wrote into the cache
            return _loads(written())

    def _dumps(self, value: Any) -> bytes:
        if isinstance(value, bytes):
            return _BYTES + value
        try:
            return _PLAIN + orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
        except TypeError as error:
            raise TypeError(f"{self.name} returned what cannot be cached: JSON or bytes can ({error}).") from None


def _named(function: Callable[..., Any], name: str) -> str:
    name = name or f"{function.__module__}.{getattr(function, '__qualname__', '<lambda>')}"
    if "<lambda>" in name:
        raise ImproperlyConfigured('A lambda has no name of its own: cached(…, name="shop.count").')
    return name


def _loads(stored: bytes) -> Any:
    if stored[:1] == _BYTES:
        return stored[1:]
    if stored[:1] != _PLAIN:
        raise ValueError("not written here")
    return orjson.loads(stored[1:])
