"""Servers of a test's own, on free ports: to be killed, frozen and emptied without harm to anybody else."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any, Self

import pytest
import redis

STARTED_IN = 10.0


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class Server:
    """A server process; ``program`` must be installed, otherwise the test is skipped and says so."""

    program = ""

    def __init__(self) -> None:
        if shutil.which(self.program) is None:
            pytest.skip(f"{self.program} is not installed here")
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What starts the kind of server that a subclass is."""
        raise NotImplementedError

    def start(self) -> Self:
        self._process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + STARTED_IN
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return self
            time.sleep(0.02)
        raise RuntimeError(f"{self.program} did not start")

    def kill(self) -> None:
        if self._process is not None:
            self.thaw()
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """It keeps its connections, and answers nothing."""
        assert self._process is not None
        self._signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)  # its threads stop one by one, and answer until then

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process.pid, number)

    def caches(self) -> dict[str, Any]:
        """``CACHES`` of a site that uses it, as its documentation has it: without a word about time-outs."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *failed: Any) -> None:
        self.kill()


class Redis(Server):
    program = "redis-server"

    def command(self) -> list[str]:
        return [self.program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def caches(self) -> dict[str, Any]:
        return {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": f"redis://127.0.0.1:{self.port}/0"}}

    def ask(self, *words: str) -> Any:
        """What it answers to a command."""
        with contextlib.closing(redis.Redis(port=self.port)) as client:
            return client.execute_command(*words)


class KeptRedis(Redis):
    """Redis that begins again with what it held when it was stopped or told to save."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = folder

    def command(self) -> list[str]:
        return [*super().command(), "--dir", self.folder]

    def stop(self) -> None:
        self.ask("SAVE")
        self.kill()


class DjangosRedis(Redis):
    """The same, by Django's own backend."""

    def caches(self) -> dict[str, Any]:
        location = f"redis://127.0.0.1:{self.port}/0"
        return {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location}}


class PoolOfAHost(redis.ConnectionPool):
    """A pool of a kind that this package does not know, as those of Sentinel and of clusters are."""


class RedisByTheHost(Redis):
    """The same, by a client of the host's that no other can be made like."""

    def caches(self) -> dict[str, Any]:
        caches = super().caches()
        caches["default"]["OPTIONS"] = {"CONNECTION_POOL_CLASS": f"{__name__}.PoolOfAHost"}
        return caches


class RedisInShards(Redis):
    """The same, by a client of django-redis' that spreads keys over several databases."""

    def caches(self) -> dict[str, Any]:
        caches = super().caches()
        caches["default"]["LOCATION"] = [f"redis://127.0.0.1:{self.port}/{number}" for number in range(2)]
        caches["default"]["OPTIONS"] = {"CLIENT_CLASS": "django_redis.client.ShardClient"}
        return caches


class Memcached(Server):
    program = "memcached"

    def command(self) -> list[str]:
        return [self.program, "-l", "127.0.0.1", "-p", str(self.port), "-u", "nobody", "-m", "64"]

    def caches(self) -> dict[str, Any]:
        return {
            "default": {
                "BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache",
                "LOCATION": f"127.0.0.1:{self.port}",
            }
        }


LOCMEM = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "tests"}}
DUMMY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

SERVERS: dict[str, type[Server]] = {
    "redis": Redis,
    "djangos-redis": DjangosRedis,
    "redis-by-the-host": RedisByTheHost,
    "memcached": Memcached,
}
KINDS = (*SERVERS, "locmem")


@contextlib.contextmanager
def running(kind: str) -> Iterator[dict[str, Any]]:
    """``CACHES`` of this kind, with the server that it takes."""
    if kind == "locmem":
        yield LOCMEM
        return
    with SERVERS[kind]() as started:
        yield started.caches()
