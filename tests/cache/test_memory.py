"""What a process holds of the cache in its own memory: under its stamp, for its time, within its room."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from django_prodev.cache import cached, purge
from django_prodev.cache.memory import MEMORY, TURN, Memory
from django_prodev.cache.stores import store
from django_prodev.models import Program
from django_prodev.testing import make_program
from tests.cache.servers import Redis


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(clock: Clock) -> Memory:
    return Memory(clock)


def test_a_value_is_given_out_under_its_stamp_alone(memory: Memory, clock: Clock) -> None:
    memory.keep("key", "1-a", b"value", clock.now + 100)
    assert memory.get("key", "1-a") == b"value"
    assert memory.get("key", "2-b") is None
    assert memory.get("key", None) is None
    assert memory.get("other", "1-a") is None
    memory.keep("key", None, b"without a stamp", clock.now + 100)
    assert memory.get("key", None) is None
    memory.keep("key", "2-b", b"another", clock.now + 100)
    assert (memory.get("key", "1-a"), memory.get("key", "2-b")) == (None, b"another")


def test_a_value_lasts_as_long_as_the_cache_would_keep_it(memory: Memory, clock: Clock, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"CACHE_SECONDS": 10}
    memory.keep("short", "1-a", b"value", clock.now + 5)
    memory.keep("long", "1-a", b"value", clock.now + 500)
    clock.now += 4.9
    assert memory.get("short", "1-a") == b"value"
    clock.now += 0.1
    assert memory.get("short", "1-a") is None
    clock.now += 4.9
    assert memory.get("long", "1-a") == b"value"
    clock.now += 0.1
    assert memory.get("long", "1-a") is None


def test_what_nobody_asks_for_goes_and_what_somebody_asks_for_stays(memory: Memory, clock: Clock) -> None:
    memory.keep("asked", "1-a", b"value", clock.now + 300)
    memory.keep("left", "1-a", b"value", clock.now + 300)
    for _ in range(2):
        clock.now += TURN
        assert memory.get("asked", "1-a") == b"value"
    assert "asked" in memory
    assert "left" not in memory


@pytest.mark.parametrize("looked_up_after", [(180,), (119, 180), (59, 60, 180), (1, 119, 180), (90, 150, 180)])
def test_what_nobody_asked_for_is_gone_with_the_first_look_after_three_minutes(
    memory: Memory, clock: Clock, looked_up_after: tuple[int, ...]
) -> None:
    memory.keep("left", "1-a", b"value", clock.now + 300)
    began = clock.now
    for seconds in looked_up_after:
        clock.now = began + seconds
        memory.get("another", "1-a")
    assert "left" not in memory


def test_a_clock_that_is_put_back_gives_nothing_out_for_longer(memory: Memory, clock: Clock) -> None:
    memory.keep("key", "1-a", b"value", clock.now + 300)
    clock.now -= 3_600
    for _ in range(2):
        memory.get("another", "1-a")
        clock.now += TURN
    memory.get("another", "1-a")
    assert "key" not in memory


def test_a_value_that_would_drive_out_all_others_is_not_kept(memory: Memory, clock: Clock, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"CACHE_MEMORY_BYTES": 80_000}
    memory.keep("small", "1-a", b"x" * 9_000, clock.now + 100)
    memory.keep("large", "1-a", b"x" * 10_000, clock.now + 100)
    assert memory.get("small", "1-a") is not None
    assert memory.get("large", "1-a") is None


def test_nothing_is_kept_where_there_is_no_room(memory: Memory, clock: Clock, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"CACHE_MEMORY_BYTES": 0}
    memory.keep("key", "1-a", b"", clock.now + 100)
    assert "key" not in memory


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8_000), st.booleans()), max_size=300))
def test_it_never_holds_more_than_its_room(steps: list[tuple[int, int, bool]]) -> None:
    room = 80_000
    clock = Clock()
    memory = Memory(clock)
    with override_settings(DJANGO_PRODEV={"CACHE_MEMORY_BYTES": room}):
        for number, size, asks in steps:
            if asks:
                memory.get(str(number), "1-a")
            else:
                memory.keep(str(number), "1-a", b"x" * size, clock.now + 100)
            held = [*memory._young.values(), *memory._old.values()]
            assert sum(len(value) for _, value, _ in held) <= room


@pytest.fixture
def redis(settings: Any) -> Iterator[Redis]:
    with Redis() as server:
        settings.CACHES = server.caches()
        yield server
        caches.close_all()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, redis: Redis) -> list[str]:
    """The keys that Redis is asked for."""
    found: list[str] = []
    client: Any = store().store
    look, claim = client.get_beside, client.claim
    monkeypatch.setattr(client, "get_beside", lambda key, work: found.append(key) or look(key, work))
    monkeypatch.setattr(client, "claim", lambda lock, key, seconds: found.append(key) or claim(lock, key, seconds))
    return found


@pytest.mark.django_db
def test_redis_is_asked_for_what_this_process_has_not_seen_under_the_stamp(asked: list[str]) -> None:
    @cached(scope="program")
    def titles() -> list[str]:
        return sorted(Program.objects.values_list("title", flat=True))

    program = make_program(title="Rowing")
    assert titles() == ["Rowing"]
    asked.clear()
    assert titles() == titles() == ["Rowing"]
    assert asked == []
    Program.objects.filter(pk=program.pk).update(title="Sailing")
    assert titles() == ["Sailing"]
    assert len(asked) == 2  # before its lock to compute, and after
    MEMORY.clear()
    asked.clear()
    assert titles() == titles() == ["Sailing"]
    assert len(asked) == 1


@pytest.mark.django_db
def test_with_no_room_redis_is_asked_each_time(asked: list[str], settings: Any) -> None:
    settings.DJANGO_PRODEV = {"CACHE_MEMORY_BYTES": 0}
    client: Any = store().store
    look = client.get_beside
    client.get_beside = lambda key, work: asked.append(key) or look(key, work)
    calls = []
    look = cached(scope="program", name="test.no-room")(lambda: calls.append(1))
    look()
    asked.clear()
    for _ in range(3):
        look()
    assert (len(calls), len(asked)) == (1, 3)


@pytest.mark.django_db
def test_what_was_computed_elsewhere_is_kept_no_longer_here(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    look = cached(scope="program", name="test.elsewhere", seconds=60)(lambda: "value")
    look()
    MEMORY.clear()
    look()
    kept = [until for _, _, until in MEMORY._young.values()]
    monkeypatch.setattr(MEMORY, "_clock", lambda: kept[0] - 1)
    asked.clear()
    look()
    assert asked == []
    monkeypatch.setattr(MEMORY, "_clock", lambda: kept[0])
    look()
    assert len(asked) == 1


@pytest.mark.django_db
def test_purging_takes_it_out_of_memory_too(asked: list[str]) -> None:
    calls = []
    look = cached(scope="program", name="test.purge")(lambda: calls.append(1))
    look()
    assert purge() == 1
    look()
    assert len(calls) == 2


@pytest.mark.django_db
def test_other_caches_are_not_doubled(settings: Any) -> None:
    look = cached(scope="program", name="test.locmem")(lambda: "value")
    look()
    look()
    assert not MEMORY._young
