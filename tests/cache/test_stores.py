"""Each kind of cache holds bytes and gives them back, and none of them can fail a request."""

import functools
import pickle
import time
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache

from django_prodev.cache import stores
from django_prodev.cache.breaker import PAUSE, Breaker
from django_prodev.cache.stores import PREFIX, labels, purge, store
from tests.cache.servers import DUMMY, Memcached, Redis, RedisInShards, Server

KEY = f"{PREFIX}a.label:0123456789abcdef"


@pytest.mark.usefixtures("every_cache")
def test_bytes_come_back_as_they_were() -> None:
    used = store()
    for value in (b"", b"1", b"\x80\x04.", "grün".encode(), b"x" * 500_000):
        used.set(KEY, value, 10)
        assert used.get(KEY) == value
    used.delete(KEY)
    assert used.get(KEY) is None


@pytest.mark.usefixtures("every_cache")
def test_a_lock_is_one_readers_until_the_value_is_there() -> None:
    used, lock = store(), f"{KEY}.lock"
    assert [used.claim(lock, KEY, 10) for _ in range(3)] == [(True, None), (False, None), (False, None)]
    used.fill(KEY, b"x" * 500_000, 10, lock)
    assert used.claim(lock, KEY, 10) == (True, b"x" * 500_000)
    used.delete(lock)
    assert used.claim(lock, f"{KEY}another", 10) == (True, None)


@pytest.mark.usefixtures("every_cache")
def test_work_beside_a_look_is_done_once() -> None:
    used, done = store(), []
    used.set(KEY, b"1", 10)
    assert used.get_beside(KEY, lambda: done.append(KEY)) == b"1"
    assert done == [KEY]


@pytest.mark.usefixtures("every_cache")
def test_work_that_fails_is_no_failure_of_the_cache() -> None:
    used = store()
    used.set(KEY, b"1", 10)
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            used.get_beside(KEY, lambda: 1 // 0)  # type: ignore[arg-type, return-value]
    assert not used.breaker.is_open
    assert used.get(KEY) == b"1"


@pytest.mark.usefixtures("every_cache")
def test_what_is_this_packages_is_listed_and_purged_and_nothing_else_is() -> None:
    caches["default"].set("of-the-host", "stays", 60)
    for number in range(3):
        store().set(f"{KEY}{number}", b"1", 10)
    if store().keys(10) is None:  # Memcached lists nothing
        assert purge() is None
        assert list(labels()) == []
    else:
        assert list(labels()) == ["a.label"] * 3
        assert len(store().keys(2) or ()) == 2
        assert purge() == 3
        assert list(labels()) == []
    assert caches["default"].get("of-the-host") == "stays"


class Bomb:
    def __reduce__(self) -> Any:
        return (pytest.fail, ("it was unpickled",))


@pytest.mark.parametrize("kind", [Redis, Memcached])
def test_what_somebody_else_wrote_into_a_server_is_never_unpickled(kind: type[Server], settings: Any) -> None:
    with kind() as server:
        settings.CACHES = server.caches()
        cache: Any = caches["default"]
        cache.set(KEY, Bomb(), 10)
        found = store().get(KEY)
        assert found is None or found == pickle.dumps(Bomb(), found[1])


@pytest.mark.filterwarnings("ignore:(get|set|delete) on sharded client:UserWarning")  # django-redis' own, of itself
def test_a_cache_in_shards_is_used_by_djangos_interface(settings: Any) -> None:
    with RedisInShards() as server:
        settings.CACHES = server.caches()
        used = store()
        used.fill(KEY, b"1", 10, f"{KEY}.lock")
        assert used.claim(f"{KEY}.lock", KEY, 10) == (True, b"1")
        assert not used.breaker.is_open


def test_without_a_cache_nothing_is_there(settings: Any) -> None:
    settings.CACHES = DUMMY
    store().set(KEY, b"1", 10)
    assert store().get(KEY) is None
    assert store().claim(f"{KEY}.lock", KEY, 10) == (True, None)
    assert purge() is None


class Failing(BaseCache):
    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("a text that may hold what is private")

    set = add = delete = get


def test_a_backend_that_raises_anything_is_a_miss(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.Failing"}}
    used = store()
    assert used.get(KEY) is None
    used.set(KEY, b"1", 10)
    assert used.breaker.is_open
    assert used.claim(f"{KEY}.lock", KEY, 10) == (None, None)
    done: list[int] = []
    for number in range(3):
        assert used.get_beside(KEY, functools.partial(done.append, number)) is None
    assert done == [0, 1, 2]
    [record] = caplog.records
    assert "RuntimeError" in record.getMessage()
    assert "private" not in caplog.text


@pytest.mark.parametrize("kind", [Redis, Memcached])
def test_a_server_that_is_gone_is_a_miss_and_is_used_again_when_it_is_back(kind: type[Server], settings: Any) -> None:
    with kind() as server:
        settings.CACHES = server.caches()
        used = store()
        used.set(KEY, b"1", 10)
        assert used.get(KEY) == b"1"
        server.kill()
        done: list[int] = []
        for number in range(5):
            assert used.get_beside(KEY, functools.partial(done.append, number)) is None
        assert done == [0, 1, 2, 3, 4]
        assert used.breaker.is_open
        server.start()
        _until_tried_again(used)
        used.set(KEY, b"2", 10)
        assert used.get(KEY) == b"2"


@pytest.mark.parametrize("kind", [Redis, Memcached])
def test_a_frozen_server_costs_two_time_outs_and_then_one_a_second(
    kind: type[Server], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "TIMEOUT", 0.25)
    now = [100.0]
    with kind() as server:
        settings.CACHES = server.caches()
        used = store()
        used.breaker = Breaker(lambda: now[0])
        server.freeze()
        reached = _counting(used)
        for _ in range(50):
            assert used.get(KEY) is None
        assert len(reached) == 2
        for _ in range(3):
            now[0] += PAUSE
            assert [used.get(KEY) for _ in range(50)] == [None] * 50
        assert len(reached) == 2 + 3
        server.thaw()
        now[0] += PAUSE
        _until_tried_again(used, now)


def _counting(used: Any) -> list[str]:
    """The keys that the server is asked for from now on."""
    reached: list[str] = []
    ask = used.store.get

    def get(key: str) -> Any:
        reached.append(key)
        return ask(key)

    used.store.get = get
    return reached


def _until_tried_again(used: Any, clock: list[float] | None = None) -> None:
    until = time.monotonic() + 30
    while used.breaker.is_open and time.monotonic() < until:
        if clock is not None:
            clock[0] += PAUSE
        used.get(KEY)
        time.sleep(0.05)
    assert not used.breaker.is_open


def test_the_hosts_own_time_outs_stay_where_they_are_shorter(settings: Any) -> None:
    with Redis() as server:
        settings.CACHES = server.caches()
        settings.CACHES["default"]["OPTIONS"] = {"SOCKET_TIMEOUT": 0.125, "SOCKET_CONNECT_TIMEOUT": 30}
        guarded: Any = store().store
        options = guarded._client.connection_pool.connection_kwargs
        assert (options["socket_timeout"], options["socket_connect_timeout"]) == (0.125, stores.TIMEOUT)
