"""The lean client of Redis gives each question its own answer, whatever happens to its connections."""

import os
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from django_prodev.cache.redis_client import LeanRedis
from tests.cache.servers import Redis


@pytest.fixture
def server() -> Iterator[Redis]:
    with Redis() as running:
        yield running


def client_of(server: Redis, **options: Any) -> LeanRedis:
    return LeanRedis(redis.ConnectionPool(host="127.0.0.1", port=server.port, socket_timeout=5, **options))


def connections(client: LeanRedis) -> int:
    """How many connections the server has, beside the one that asks."""
    return len(client.ask(("CLIENT", "LIST"))[0].splitlines())


def test_it_answers_as_redis_own_client_does(server: Redis) -> None:
    client, own = client_of(server), redis.Redis(port=server.port)
    assert client.get("a") is None
    assert client.set("a", b"1", ex=10)
    assert client.set("a", b"2", ex=10, nx=True) is None
    assert client.set("ü", b"\0\r\n", ex=10, nx=True)
    assert own.get("a") == client.get("a") == b"1"
    assert own.get("ü") == client.get("ü") == b"\0\r\n"
    assert 0 < own.ttl("a") <= 10
    assert client.delete("a", "b", "ü") == 2
    for number in range(250):
        client.set(f"k{number}", b"", ex=10)
    assert sorted(client.scan_iter(match="k*", count=10)) == sorted(own.scan_iter(match="k*"))
    with pytest.raises(redis.ResponseError):
        client.ask(("GET",))
    assert client.get("k1") == b""
    assert connections(client) == 2


def test_commands_that_are_sent_together_are_answered_in_order_or_not_at_all(server: Redis) -> None:
    client = client_of(server)
    large = b"x" * 3_000_000
    told = client.ask(("SET", "a", large, "EX", 10), ("GET", "a"), ("DEL", "a"), ("GET", "a"))
    assert told == [b"OK", large, 1, None]
    with pytest.raises(redis.ResponseError):
        client.ask(("SET", "b", b"1", "EX", 10), ("GET",), ("GET", "b"))
    assert client.get("b") == b"1"


def test_work_is_done_while_the_answer_is_under_way(server: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    client, order = client_of(server), []
    client.set("a", b"1", ex=60)
    (connection,) = client._free
    for name in ("send_command", "read_response"):
        call = getattr(connection, name)
        monkeypatch.setattr(connection, name, lambda *args, name=name, call=call: order.append(name) or call(*args))
    assert client.get("a", lambda: order.append("work")) == b"1"
    assert order == ["send_command", "work", "read_response"]


def test_threads_have_a_connection_each_and_every_one_its_own_answers(server: Redis) -> None:
    client = client_of(server)
    wrong: list[Any] = []

    def work(name: int) -> None:
        for turn in range(200):
            key, value = f"{name}-{turn % 7}", f"{name}-{turn}".encode()
            client.set(key, value, ex=60)
            if (found := client.get(key)) != value:
                wrong.append((key, found))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert connections(client) <= 12


@pytest.mark.parametrize("at", ["send_command", "read_response"])
def test_after_an_interruption_no_answer_belongs_to_another_question(
    server: Redis, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(server)
    client.set("a", b"1", ex=60)
    client.set("b", b"2", ex=60)
    (connection,) = client._free
    ask = getattr(connection, at)

    def interrupted(*args: Any, **options: Any) -> Any:
        if at == "send_command":
            ask(*args, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(connection, at, interrupted)
    with pytest.raises(KeyboardInterrupt):
        client.get("a")
    monkeypatch.undo()
    assert client.get("b") == b"2"


def test_a_connection_that_the_server_closed_is_made_anew_without_a_failure(server: Redis) -> None:
    client = client_of(server)
    client.set("a", b"1", ex=60)
    redis.Redis(port=server.port).client_kill_filter(skipme=True)
    assert client.get("a") == b"1"
    server.kill()
    with pytest.raises(redis.ConnectionError):
        client.get("a")
    server.start()
    assert client.get("a") is None


def test_a_server_that_says_nothing_is_waited_for_once(server: Redis) -> None:
    client = client_of(server)
    client.connection_pool.connection_kwargs["socket_timeout"] = 0.2
    client.set("a", b"1", ex=60)
    server.freeze()
    sent = []
    (connection,) = client._free
    ask = connection.send_command
    connection.send_command = lambda *command, **options: (sent.append(command), ask(*command, **options))
    with pytest.raises(redis.TimeoutError):
        client.get("a")
    assert sent == [("GET", "a")]
    server.thaw()
    assert client.get("a") == b"1"


def test_a_child_process_has_connections_of_its_own(server: Redis) -> None:
    client = client_of(server)
    client.set("a", b"1", ex=60)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a test run has threads of its own
        child = os.fork()
    if not child:
        found = [client.get("a") for _ in range(50)]
        os._exit(0 if found == [b"1"] * 50 and len(client._free) == 1 else 1)
    assert [client.get("a") for _ in range(50)] == [b"1"] * 50
    assert os.waitpid(child, 0)[1] == 0
    assert client.get("a") == b"1"


def test_the_limit_of_the_pool_holds(server: Redis) -> None:
    client = client_of(server, max_connections=1)
    for _ in range(3):
        client.set("a", b"1", ex=60)
        assert client.get("a") == b"1"
    taken = client._at_hand()
    with pytest.raises(redis.ConnectionError):
        client.get("a")
    client._free.append(taken)
    assert client.get("a") == b"1"
    client.close()
    assert client.get("a") == b"1"
    assert connections(client) == 1
