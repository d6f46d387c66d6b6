"""What goes wrong in operation, once and again: after each, a reader must see what was committed last.

Each fault begins with a warm cache, does its harm around a write, and gives what the reader then sees.
"""

import os
import signal
from collections.abc import Callable
from typing import Any

from benchmarks.race_cache.designs import DESIGNS, Design, number_of
from benchmarks.race_cache.racing import CONTEXT


class Case:
    """A row, a design, and the server of the cache (none for one in the process's memory)."""

    def __init__(self, design: str, server: Any) -> None:
        from django_prodev.testing.factories import make_topic

        self.design: Design = DESIGNS[design]
        self.server = server
        self.key = make_topic(description="0").pk
        self.number = 0

    def read(self) -> int:
        return self.design.read(self.key)

    def write(self) -> None:
        self.number += 1
        self.design.write(self.key, self.number)


def killed_after_commit(case: Case) -> None:
    """The writer is killed right after COMMIT: nothing that it meant to do then is done."""
    from django.db import connections, transaction

    connections.close_all()
    number = case.number + 1

    def write() -> None:
        transaction.on_commit = lambda *args, **kwargs: None  # what was to follow never comes
        case.design.write(case.key, number)
        os.kill(os.getpid(), signal.SIGKILL)

    process = CONTEXT.Process(target=write)
    process.start()
    process.join(timeout=30)
    case.number = number


def down_at_the_write(case: Case) -> None:
    """The cache is down while somebody writes, and comes back with what it held."""
    case.server.stop()
    case.write()
    case.server.start()


def flushed(case: Case) -> None:
    """Everything in the cache is gone."""
    case.write()
    case.server.ask("FLUSHALL")


def metadata_evicted(case: Case) -> None:
    """What is small and rarely read is gone, and the answers stay: every key but the largest values."""
    case.write()
    for key in case.server.ask("KEYS", "*"):
        if key.endswith(b".lock") or case.server.ask("STRLEN", key) < 2:
            case.server.ask("DEL", key)


def failed_over(case: Case) -> None:
    """Another server takes over, which the last writes had not reached: the cache is as it was before them."""
    case.server.ask("SAVE")
    case.write()
    case.read()
    case.server.kill()
    case.server.start()


FAULTS: dict[str, Callable[[Case], None]] = {
    "writer killed right after COMMIT": killed_after_commit,
    "down at the write and back": down_at_the_write,
    "everything flushed": flushed,
    "only the metadata evicted": metadata_evicted,
    "failover that loses the last write": failed_over,
}


def survived(design: str, server: Any, times: int) -> dict[str, str]:
    """How often a reader saw the truth after each fault: ``100 of 100``."""
    from django_prodev.cache import breaker

    breaker.PAUSE = 0.01  # a server that is back is to be used again, or nothing would be tried
    found = {}
    for name, harm in FAULTS.items():
        right = 0
        for _ in range(times):
            case = Case(design, server)
            case.write()
            case.read()
            harm(case)
            _use_again()
            right += case.read() == number_of(case.key) == case.number
        found[name] = f"{right} of {times}"
    return found


def _use_again() -> None:
    import time

    from django_prodev.cache.stores import store

    for _ in range(200):
        store().get("prodev:race:there")
        if not store().breaker.is_open:
            return
        time.sleep(0.02)
