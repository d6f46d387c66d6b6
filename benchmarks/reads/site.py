"""A worker process as the run sees it: a site that is asked, timed and counted."""

import base64
import contextlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.reads import node
from benchmarks.reads.workloads import Request

ROOT = Path(__file__).resolve().parents[2]


class DidNotRun(Exception):
    """The worker ended, or answered with something else than the data; the text says why."""


@dataclass(frozen=True)
class Answer:
    status: str
    headers: dict[str, str]
    body: bytes


class RemoteSite:
    """A worker with one peer. ``python`` is the interpreter that has the peer's packages."""

    def __init__(self, peer: str, database: str, python: str = sys.executable) -> None:
        self.peer = peer
        environment = {
            **os.environ,
            "PRODEV_BENCH_PEER": peer,
            "PRODEV_BENCH_DATABASE": database,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        command = [python, "-m", "benchmarks.reads.worker"]
        if peer == "postgraphile":
            try:
                command = node.command()
            except node.NoNode as error:
                raise DidNotRun(str(error)) from error
            environment |= node.environment(database)
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if not os.environ.get("PRODEV_BENCH_VERBOSE") else None,
            text=True,
        )
        ready = self._read()
        if isinstance(ready, dict):
            self._pin(ready["backend"])

    def _pin(self, backend: int) -> None:
        """Give a worker that cannot do it itself its core, and its PostgreSQL process the other."""
        cores = sorted(os.sched_getaffinity(0))
        for thread in Path(f"/proc/{self._process.pid}/task").iterdir():
            os.sched_setaffinity(int(thread.name), {cores[0]})
        with contextlib.suppress(OSError):
            os.sched_setaffinity(backend, {cores[-1]})

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            said = self._process.communicate()[1] or ""
            raise DidNotRun(f"{self.peer}: {(said.strip().splitlines() or ['it ended'])[-1]}")
        return json.loads(line)

    def _do(self, what: str, requests: list[Request], **more: Any) -> Any:
        assert self._process.stdin is not None
        written = [{**asdict(each), "body": each.body.decode()} for each in requests]
        self._process.stdin.write(json.dumps({"do": what, "requests": written, **more}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def ask(self, request: Request) -> Answer:
        found = self._do("answer", [request])
        return Answer(found["status"], dict(found["headers"]), base64.b64decode(found["body"]))

    def time(self, requests: list[Request], times: int = 1) -> list[float]:
        """Seconds that each request took."""
        found: list[float] = self._do("time", requests, times=times)
        return found

    def statements(self, request: Request) -> tuple[int, int]:
        """SQL statements of a request, and the rows they gave."""
        statements, rows = self._do("statements", [request])
        return statements, rows

    def store(self, body: bytes) -> None:
        self._do("store", [], body=base64.b64encode(body).decode())

    def versions(self, *packages: str) -> dict[str, str]:
        found: dict[str, str] = self._do("versions", [], packages=packages)
        return found

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)
