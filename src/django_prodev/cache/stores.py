"""Where cached bytes are kept: the host's Django cache, reached so that it can neither fail a request nor hold it up.

Redis and Memcached are spoken to by clients of our own, made as the host configured them but with short time-outs, and
only bytes are stored: nothing that comes back is unpickled. Any other backend is used through Django's interface.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Protocol, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.signals import setting_changed

from django_prodev.cache.breaker import Breaker
from django_prodev.cache.memory import MEMORY
from django_prodev.conf import prodev_settings

logger = logging.getLogger("django_prodev.cache")

TIMEOUT = 0.25
"""Seconds that a call of Redis or Memcached may take, unless the host's own time-out is shorter."""

PREFIX = "prodev:"

LOCKED = b"1"

T = TypeVar("T")


class Store(Protocol):
    """What is needed of a cache. Keys are ASCII without spaces; times are whole seconds.

    One that ``is_apart`` is a server of its own: it may be asked while the database is busy, and what it has given is
    worth keeping in ``memory``.
    """

    is_apart: bool

    def get(self, key: str) -> bytes | None: ...
    def set(self, key: str, value: bytes, seconds: int) -> None: ...
    def add(self, key: str, value: bytes, seconds: int) -> bool: ...
    def delete(self, *keys: str) -> None: ...
    def keys(self) -> Iterable[str] | None:
        """The keys that are there, or ``None`` where the cache cannot tell."""

    def close(self) -> None: ...

    def get_beside(self, key: str, work: Callable[[], None]) -> bytes | None:
        """The same as ``get``. ``work`` is called while the cache looks, where it can be; once, or more often."""
        found = self.get(key)
        work()
        return found

    def claim(self, lock: str, key: str, seconds: int) -> tuple[bool, bytes | None]:
        """Take a lock. Whether it was free, and what is under the key after that."""
        return self.add(lock, LOCKED, seconds), self.get(key)

    def fill(self, key: str, value: bytes, seconds: int, lock: str) -> None:
        """Store a value, and then let the lock go."""
        self.set(key, value, seconds)
        self.delete(lock)


class DjangoStore(Store):
    """Any cache of Django's, by its own interface. It may be one in the database."""

    is_apart = False

    def __init__(self, alias: str) -> None:
        self.alias = alias

    def get(self, key: str) -> bytes | None:
        value = caches[self.alias].get(key)
        return value if isinstance(value, bytes) else None

    def set(self, key: str, value: bytes, seconds: int) -> None:
        caches[self.alias].set(key, value, seconds)

    def add(self, key: str, value: bytes, seconds: int) -> bool:
        return bool(caches[self.alias].add(key, value, seconds))

    def delete(self, *keys: str) -> None:
        caches[self.alias].delete_many(keys)

    def keys(self) -> Iterable[str] | None:
        cache: Any = caches[self.alias]
        held = getattr(cache, "_cache", None)
        if not isinstance(held, dict):
            return None
        mark = cache.make_key(PREFIX)
        return [PREFIX + key.removeprefix(mark) for key in list(held) if key.startswith(mark)]

    def close(self) -> None:
        """Django closes it after each request."""


class RedisStore(Store):
    """Redis, by a client of Redis' own kind."""

    is_apart = True

    def __init__(self, cache: BaseCache, client: Any) -> None:
        self._client = client
        self._make_key = cache.make_key

    def get(self, key: str) -> bytes | None:
        value = self._client.get(self._make_key(key))
        return value if isinstance(value, bytes) else None

    def set(self, key: str, value: bytes, seconds: int) -> None:
        self._client.set(self._make_key(key), value, ex=seconds)

    def add(self, key: str, value: bytes, seconds: int) -> bool:
        return bool(self._client.set(self._make_key(key), value, ex=seconds, nx=True))

    def delete(self, *keys: str) -> None:
        self._client.delete(*map(self._make_key, keys))

    def keys(self) -> Iterable[str]:
        mark = str(self._make_key(PREFIX))
        pattern = "".join(f"[{sign}]" if sign in "*?[]" else sign for sign in mark)
        for key in self._client.scan_iter(match=f"{pattern}*", count=1_000):
            yield PREFIX + key.decode().removeprefix(mark)

    def close(self) -> None:
        self._client.close()


class LeanRedisStore(RedisStore):
    """Redis, by the client that takes several commands at once, and lets time be used that they take."""

    def get_beside(self, key: str, work: Callable[[], None]) -> bytes | None:
        value = self._client.get(self._make_key(key), work)
        return value if isinstance(value, bytes) else None

    def claim(self, lock: str, key: str, seconds: int) -> tuple[bool, bytes | None]:
        add, get = ("SET", self._make_key(lock), LOCKED, "EX", seconds, "NX"), ("GET", self._make_key(key))
        free, value = self._client.ask(add, get)
        return bool(free), value if isinstance(value, bytes) else None

    def fill(self, key: str, value: bytes, seconds: int, lock: str) -> None:
        self._client.ask(("SET", self._make_key(key), value, "EX", seconds), ("DEL", self._make_key(lock)))


class MemcachedStore(Store):
    """Memcached, by pymemcache."""

    is_apart = True

    def __init__(self, cache: BaseCache, client: Any) -> None:
        self._client = client
        self._make_key = cache.make_key

    def get(self, key: str) -> bytes | None:
        value = self._client.get(self._make_key(key))
        return value if isinstance(value, bytes) else None

    def set(self, key: str, value: bytes, seconds: int) -> None:
        self._client.set(self._make_key(key), value, expire=seconds, noreply=False)

    def add(self, key: str, value: bytes, seconds: int) -> bool:
        return bool(self._client.add(self._make_key(key), value, expire=seconds, noreply=False))

    def delete(self, *keys: str) -> None:
        self._client.delete_many([self._make_key(key) for key in keys], noreply=False)

    def keys(self) -> None:
        return None

    def close(self) -> None:
        self._client.close()


class Once:
    """Work that is done when it is first asked for. What it raises is kept, so that it is not taken for another's."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._is_done = False
        self.error: BaseException | None = None

    def __call__(self) -> None:
        if self._is_done:
            return
        self._is_done = True
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001  whoever asked for the work raises it
            self.error = error


class Guarded:
    """A store whose failures are misses. It counts them, and leaves a server alone that fails."""

    def __init__(self, store: Store, breaker: Breaker | None = None) -> None:
        self.store = store
        self.breaker = breaker or Breaker()

    def get(self, key: str) -> bytes | None:
        return self._try(lambda: self.store.get(key), None)

    def get_beside(self, key: str, work: Callable[[], None]) -> bytes | None:
        """The same, and ``work`` is done meanwhile: once, whatever becomes of the cache. What it raises is raised."""
        once = Once(work)
        found = self._try(lambda: self.store.get_beside(key, once), None)
        once()
        if once.error is not None:
            raise once.error
        return found

    def set(self, key: str, value: bytes, seconds: int) -> None:
        self._try(lambda: self.store.set(key, value, seconds), None)

    def delete(self, *keys: str) -> None:
        self._try(lambda: self.store.delete(*keys), None)

    def claim(self, lock: str, key: str, seconds: int) -> tuple[bool | None, bytes | None]:
        """Take a lock. Whether it was free, ``None`` where the cache cannot tell, and what is under the key then."""
        unknown: tuple[bool | None, bytes | None] = (None, None)
        return self._try(lambda: self.store.claim(lock, key, seconds), unknown)

    def fill(self, key: str, value: bytes, seconds: int, lock: str) -> None:
        """Store a value, and then let the lock go."""
        self._try(lambda: self.store.fill(key, value, seconds, lock), None)

    def keys(self, most: int) -> list[str] | None:
        """Up to so many of the keys that are there; ``None`` where the cache cannot tell."""

        def listed() -> list[str] | None:
            found = self.store.keys()
            return None if found is None else list(islice(found, most))

        return self._try(listed, None)

    def _try(self, call: Callable[[], T], otherwise: T) -> T:
        breaker = self.breaker
        if not breaker.allows():
            return otherwise
        try:
            found = call()
        except Exception as error:  # noqa: BLE001  a cache that fails, however it does, is no reason to fail a request
            if breaker.failed():
                logger.warning("The cache fails (%s), and is left alone for a while.", type(error).__name__)
            return otherwise
        breaker.succeeded()
        return found


def _redis_store(alias: str, cache: Any) -> Store:
    """A store on the server of the host's, with short time-outs and no repetition where that can be."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    from django_prodev.cache.redis_client import LeanRedis

    try:
        if hasattr(cache, "client"):  # django-redis
            theirs = cache.client.get_client(write=True)
        else:  # Django's own
            theirs = cache._cache.get_client(None, write=True)
    except NotImplementedError:  # django-redis says so of shards: each key has a client of its own
        return DjangoStore(alias)
    pool: Any = getattr(theirs, "connection_pool", None)
    if type(pool) not in (redis.ConnectionPool, redis.BlockingConnectionPool):
        return RedisStore(cache, theirs)  # Sentinel, a cluster: to make another one takes what the host knows
    options = dict(pool.connection_kwargs)
    for name in ("socket_timeout", "socket_connect_timeout"):
        options[name] = min(options.get(name) or TIMEOUT, TIMEOUT)
    options["retry"] = Retry(NoBackoff(), 0)
    options.pop("retry_on_timeout", None)
    options["decode_responses"] = False
    own = redis.ConnectionPool(connection_class=pool.connection_class, max_connections=pool.max_connections, **options)
    return LeanRedisStore(cache, LeanRedis(own))


def _own_memcached_client(cache: Any) -> Any:
    from pymemcache import HashClient

    return HashClient(
        [_memcached_server(server) for server in cache._servers],
        connect_timeout=TIMEOUT,
        timeout=TIMEOUT,
        use_pooling=True,
        retry_attempts=0,
        dead_timeout=1,
        ignore_exc=False,
    )


def _memcached_server(server: str) -> Any:
    if server.startswith(("/", "unix:")):
        return server.removeprefix("unix:")
    host, _, port = server.rpartition(":")
    return (host or server, int(port) if host else 11211)


def _store(alias: str) -> Store:
    cache = caches[alias]
    homes = {kind.__module__.partition(".")[0] for kind in type(cache).__mro__}
    names = {kind.__name__ for kind in type(cache).__mro__}
    if "RedisCache" in names and ("django_redis" in homes or hasattr(cache, "_cache")):
        return _redis_store(alias, cache)
    if "PyMemcacheCache" in names:
        return MemcachedStore(cache, _own_memcached_client(cache))
    return DjangoStore(alias)


_stores: dict[str, Guarded] = {}


def store() -> Guarded:
    """The store that the settings name."""
    alias = prodev_settings.CACHE_ALIAS
    found = _stores.get(alias)
    if found is None:
        found = _stores[alias] = Guarded(_store(alias))
    return found


def purge(most: int = 1_000_000) -> int | None:
    """Take everything of this package's out of the cache. Returns how much; ``None`` where the cache cannot tell.

    It is for what must not stay in memory, such as an erased person's texts: what is out of date is not served anyway.
    The memory of other processes is out of reach, and so is Memcached: there it stays for ``CACHE_SECONDS`` at most.
    """
    MEMORY.clear()
    used = store()
    found = used.keys(most)
    for at in range(0, len(found or ()), 1_000):
        used.delete(*(found or ())[at : at + 1_000])
    return None if found is None else len(found)


def labels(most: int = 10_000) -> Iterator[str]:
    """The labels of the keys that are there, one for each key."""
    for key in store().keys(most) or ():
        yield key.removeprefix(PREFIX).rpartition(":")[0]


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"CACHES", "DJANGO_PRODEV"}:
        for used in _stores.values():
            used.store.close()
        _stores.clear()


setting_changed.connect(_forget, dispatch_uid="django_prodev.cache.stores")
