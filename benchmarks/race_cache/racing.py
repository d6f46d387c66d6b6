"""Readers and writers against each other: each a process, each with its own connections."""

import multiprocessing
import random
import time
from typing import Any

from benchmarks.race_cache.designs import DESIGNS, Design
from django_prodev.cache.counting import counted

CONTEXT = multiprocessing.get_context("fork")

ROWS_OF_A_WRITER = 2


class Race:
    """One design, so many readers and writers. A row has one writer, so its numbers only grow.

    ``floors`` holds, for each row, the number whose commit has returned: a read that begins later must not show less.
    """

    def __init__(self, design: str, readers: int, writers: int) -> None:
        from django.db import connections

        from django_prodev.cache import stores
        from django_prodev.testing.factories import make_topic

        self.design: Design = DESIGNS[design]
        self.keys = [make_topic(description="0").pk for _ in range(writers * ROWS_OF_A_WRITER)]
        self.readers, self.writers = readers, writers
        self.floors = CONTEXT.Array("q", len(self.keys), lock=False)
        self.reads = CONTEXT.Array("q", readers, lock=False)
        self.commits = CONTEXT.Array("q", writers, lock=False)
        self.stale = CONTEXT.Array("q", readers, lock=False)
        self.hits = CONTEXT.Array("q", readers, lock=False)
        self.errors: Any = CONTEXT.Queue()
        self.done = CONTEXT.Value("b", 0, lock=False)
        connections.close_all()
        stores._stores.clear()

    def run(self, reads: int, commits: int, seconds: float, *, until_stale: bool = False) -> dict[str, Any]:
        """Go on to so many of both, or until the time is over, or (``until_stale``) until something stale was read."""
        self.wanted = (reads, commits)
        processes = [CONTEXT.Process(target=self._read, args=(number,)) for number in range(self.readers)]
        processes += [CONTEXT.Process(target=self._write, args=(number,)) for number in range(self.writers)]
        began = time.perf_counter()
        for process in processes:
            process.start()
        while time.perf_counter() - began < seconds and self.errors.empty():
            time.sleep(0.05)
            if sum(self.reads) >= reads and sum(self.commits) >= commits:
                break
            if until_stale and sum(self.stale):
                break
        self.done.value = 1
        for process in processes:
            process.join(timeout=60)
        found = {
            "reads": sum(self.reads),
            "commits": sum(self.commits),
            "hits": sum(self.hits),
            "stale": sum(self.stale),
        }
        taken = time.perf_counter() - began
        errors = [] if self.errors.empty() else [self.errors.get()]
        return {
            **found,
            "per million": round(found["stale"] / max(found["reads"], 1) * 1e6, 1),
            "seconds": round(taken, 1),
            "errors": errors,
        }

    def _read(self, number: int) -> None:
        try:
            while not self.done.value:
                row = random.randrange(len(self.keys))
                floor = self.floors[row]
                if self.design.read(self.keys[row]) < floor:
                    self.stale[number] += 1
                self.reads[number] += 1
            self.hits[number] = counted().get("race", {}).get("hit", 0)
        except Exception as error:  # noqa: BLE001  whatever a reader raises is what the race is to show
            self.errors.put(f"reader: {type(error).__name__}: {error}")

    def _write(self, number: int) -> None:
        reads, commits = self.wanted
        turn = 0
        try:
            while not self.done.value:
                if sum(self.commits) * reads > sum(self.reads) * commits:  # both shall be reached together
                    time.sleep(0.001)
                    continue
                turn += 1
                row = number * ROWS_OF_A_WRITER + turn % ROWS_OF_A_WRITER
                self.design.write(self.keys[row], turn)
                self.floors[row] = turn
                self.commits[number] += 1
        except Exception as error:  # noqa: BLE001
            self.errors.put(f"writer: {type(error).__name__}: {error}")
