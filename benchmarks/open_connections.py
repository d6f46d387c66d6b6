"""500 open connections to one ASGI process: is all of it answered, is the loop held up, how many database sessions?

``python -m benchmarks.open_connections [--connections 500] [--requests 20]``, or ``make bench-asgi``. Under uvicorn and
under granian, one process each serves the example site on PostgreSQL as a role that may hold ``SESSIONS`` sessions.
Every connection stays open and asks for lists, pages and GraphQL in turn. Meanwhile one more asks for something that
needs no thread and no database (``/pulse``): what that takes is how long the loop was busy with something else. The
control is the same site without a pool of connections and without a bound on requests (``example_site/asgi.py``): it
must run out of sessions, or the test could not have noticed.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "example_project"
sys.path.insert(0, str(ROOT / "scripts"))

from running_site import free_port  # noqa: E402  the scripts are no package

NAME, ROLE, SESSIONS = "prodev_open_connections", "prodev_open_connections", 30
APPLICATION = "benchmarks.open_connections_site:application"
QUIET = ("--log-level", "error")
SERVERS = {
    "uvicorn": ["uvicorn", APPLICATION, *QUIET, "--port"],
    "granian": ["granian", "--interface", "asgi", APPLICATION, *QUIET, "--port"],
}
COLUMNS = (
    "server",
    "bounded",
    "200",
    "other answers",
    "requests / s",
    "median / slowest s",
    "pulse median / slowest ms",
    "sessions",
    "threads",
)
QUERY = json.dumps({"query": "{ entries(first: 10) { edges { node { title author { name } topics { name } } } } }"})
GETS = (
    "/learning/api/v1/programs/",
    "/learning/api/v1/entries/?include=solutions",
    "/learning/",
    "/learning/api/v1/programs/?fields=title",
)


@dataclass(slots=True)
class Seen:
    """What came back: answers by status, and seconds of each request and each pulse."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    pulses: list[float] = field(default_factory=list)
    sessions: int = 0
    threads: int = 0


def admin_url(database: str = "postgres") -> str:
    return os.environ.get("PRODEV_BENCH_ADMIN_URL", "postgres://postgres@127.0.0.1:5432/") + database


@contextmanager
def filled_database() -> Iterator[str]:
    """The address of a database with the example's rows, owned by a role of few sessions; both are dropped again."""
    with psycopg.connect(admin_url(), autocommit=True) as connection:
        _drop(connection)
        connection.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{ROLE}' CONNECTION LIMIT {SESSIONS}")
        connection.execute(f"CREATE DATABASE {NAME} OWNER {ROLE}")
        try:
            url = f"postgres://{ROLE}:{ROLE}@127.0.0.1:5432/{NAME}"
            people = [f"--person={name}:{name}-open-connections" for name in ("admin", "amina", "tomas")]
            subprocess.run(
                [sys.executable, "manage.py", "prepare_demo", *people],
                cwd=SITE,
                env=os.environ | {"DATABASE_URL": url, "DEBUG": "1"},
                check=True,
                stdout=subprocess.DEVNULL,
            )
            yield url
        finally:
            _drop(connection)


def _drop(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    connection.execute(f"DROP ROLE IF EXISTS {ROLE}")


@contextmanager
def serving(server: str, url: str, *, bounded: bool) -> Iterator[tuple[int, int]]:
    """The site under ``server``: the port, and the number of the process."""
    port = free_port()
    env = os.environ | {
        "DATABASE_URL": url,
        "DEBUG": "0",
        "SECRET_KEY": "open-connections",
        "PRODEV_BENCH_POOL": "1" if bounded else "0",
        "CONCURRENT_REQUESTS": "20" if bounded else "10000",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(SITE), str(ROOT / "src"))),
        "DJANGO_SETTINGS_MODULE": "benchmarks.open_connections_site",
    }
    command = [str(Path(sys.executable).parent / SERVERS[server][0]), *SERVERS[server][1:], str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        asyncio.run(_until_it_answers(port, process))
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


async def _until_it_answers(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(f"the server ended with {process.returncode} before it answered")
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            status, _ = await _ask(reader, writer, "/pulse")
            writer.close()
        except OSError:
            await asyncio.sleep(0.2)
        else:
            if status == 200:
                return
    raise SystemExit("the server did not answer within a minute")


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: str = ""
) -> tuple[int, float]:
    """Send one request on an open connection, and read its whole answer: the status and the seconds it took."""
    head = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: application/json, text/html"]
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    began = time.perf_counter()
    writer.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
    await writer.drain()
    status = int((await reader.readline()).split()[1])
    length, chunked = 0, False
    while (line := (await reader.readline()).strip().lower()) != b"":
        if line.startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
        chunked = chunked or line == b"transfer-encoding: chunked"
    if chunked:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        await reader.readexactly(length)
    return status, time.perf_counter() - began


async def _visitor(port: int, number: int, requests: int, ready: asyncio.Barrier, seen: Seen) -> None:
    """One connection: opened with all the others before any asks."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await ready.wait()
    for turn in range(requests):
        which = (number + turn) % (len(GETS) + 1)
        path, body = ("/learning/graphql/", QUERY) if which == len(GETS) else (GETS[which], "")
        try:
            status, seconds = await _ask(reader, writer, path, body)
        except (OSError, asyncio.IncompleteReadError, IndexError):
            seen.statuses[0] += 1  # the connection was dropped
            return
        seen.statuses[status] += 1
        seen.seconds.append(seconds)
    writer.close()


async def _pulse(port: int, seen: Seen) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        _, seconds = await _ask(reader, writer, "/pulse")
        seen.pulses.append(seconds)
        await asyncio.sleep(0.05)


async def _watch(pid: int, seen: Seen) -> None:
    """Count the sessions of the role and the threads of the server, ten times a second."""
    count = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
    async with await psycopg.AsyncConnection.connect(admin_url(), autocommit=True) as connection:
        while True:
            row = await (await connection.execute(count, [ROLE])).fetchone()
            seen.sessions = max(seen.sessions, int(row[0]) if row else 0)
            seen.threads = max(seen.threads, _threads(pid))
            await asyncio.sleep(0.1)


def _threads(pid: int) -> int:
    """The threads of a process and of its children (granian serves from a child)."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    found = 0
    for each in (str(pid), *children):
        tasks = Path("/proc") / each / "task"
        found += len(list(tasks.iterdir())) if tasks.is_dir() else 0
    return found


async def load(port: int, pid: int, connections: int, requests: int) -> Seen:
    """All the connections at once, once the process has imported and compiled what the addresses need."""
    await _visitor(port, 0, len(GETS) + 1, asyncio.Barrier(1), Seen())
    seen, ready = Seen(), asyncio.Barrier(connections)
    beside = [asyncio.create_task(_pulse(port, seen)), asyncio.create_task(_watch(pid, seen))]
    await asyncio.gather(*(_visitor(port, number, requests, ready, seen) for number in range(connections)))
    for task in beside:
        task.cancel()
    await asyncio.gather(*beside, return_exceptions=True)
    return seen


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--connections", type=int, default=500)
    parser.add_argument("--requests", type=int, default=20, help="requests on each connection")
    asked = parser.parse_args()
    print(f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}")
    failed = False
    with filled_database() as url:
        for server in SERVERS:
            for bounded in (True, False):
                with serving(server, url, bounded=bounded) as (port, pid):
                    began = time.perf_counter()
                    seen = asyncio.run(load(port, pid, asked.connections, asked.requests))
                    took = time.perf_counter() - began
                good = seen.statuses.pop(200, 0)
                others = ", ".join(f"{count} × {status or 'dropped'}" for status, count in seen.statuses.items())
                rate = (good + seen.statuses.total()) / took
                pulses = [1000 * each for each in seen.pulses]
                print(
                    f"| {server} | {'yes' if bounded else 'no (control)'} "
                    f"| {good:,} | {others or 'none'} | {rate:,.0f} "
                    f"| {statistics.median(seen.seconds):.2f} / {max(seen.seconds):.2f} "
                    f"| {statistics.median(pulses):.0f} / {max(pulses):.0f} | {seen.sessions} | {seen.threads} |",
                    flush=True,
                )
                failed = failed or (good != asked.connections * asked.requests if bounded else not seen.statuses)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
