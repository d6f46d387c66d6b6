"""What a read costs here, in others, and at the least: ``make bench``.

Every site is a process of its own, pinned to one core, with PostgreSQL's process for it and this one on another. A
round times every site once for each workload, one after the other, so that whatever else the machine does meets all of
them; the figures are medians over the rounds. Before that, each answer is compared with the limit's: the same rows, by
their identifiers.
"""

import argparse
import os
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from benchmarks.reads import report
from benchmarks.reads.site import DidNotRun, RemoteSite
from benchmarks.reads.workloads import CACHED, LIMITS, PEERS, Request, first_seen, first_shape, rows

IN_OTHER = ("strawberry_optimizer", "undine_optimizer")
"""Peers that need another graphql-core than ours: their packages are in an environment of their own."""

SECONDS = 0.12
"""About how long one site is timed in one round."""

WARMING = 1.0
"""About how long a site answers each workload before the rounds: Node compiles what it has run some hundred times."""


@dataclass
class Measured:
    """Times in seconds by site and workload, and what else is shown."""

    times: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    statements: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def median(self, site: str, workload: str) -> float:
        return statistics.median(self.times[site, workload])


def main() -> int:
    options = _options()
    from benchmarks.reads.data import Size, entry_of_the_run, prepare

    size = Size(options.entries)
    os.environ["PRODEV_BENCH_DATABASE"] = size.database
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.reads.settings"
    os.environ["PRODEV_BENCH_PEER"] = "limit"
    import django

    django.setup()
    prepare(size, anew=options.anew)
    identifier, key = entry_of_the_run()
    cores = sorted(os.sched_getaffinity(0))
    measured = Measured()
    sites = {"limit": RemoteSite("limit", size.database)}
    sites |= _sites(size.database, options.peers, options, measured)
    os.sched_setaffinity(0, {cores[-1]})

    def about(request: Request) -> Request:
        return request.about(identifier, key)

    try:
        _compare(sites, about, measured)
        for number in range(options.rounds):
            print(f"Round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
            _round(sites, about, measured, number)
        text = report.reads(measured, sites, size.entries)
    finally:
        for site in sites.values():
            if site.peer != "limit":
                site.close()
    kept = Measured()
    os.sched_setaffinity(0, cores)  # a worker chooses from the cores that this process has when it starts
    cached = {"limit": sites["limit"], **_sites(size.database, list(CACHED), options, kept)}
    os.sched_setaffinity(0, {cores[-1]})
    try:
        for _ in range(options.rounds):
            _cached_round(cached, about, kept)
        text += "\n\n" + report.cached(kept, cached)
    finally:
        for site in cached.values():
            site.close()
    print(text)
    if options.write:
        report.keep("reads", text)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=500_000, help="how many entries the database has")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--peers", nargs="*", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--other-python", default="", help="the interpreter that has strawberry-django and undine")
    parser.add_argument("--anew", action="store_true", help="make the database anew")
    parser.add_argument("--write", action="store_true", help="keep the table in docs/benchmarks.md")
    return parser.parse_args()


def _sites(database: str, peers: list[str], options: argparse.Namespace, measured: Measured) -> dict[str, RemoteSite]:
    sites: dict[str, RemoteSite] = {}
    for peer in peers:
        python = options.other_python if peer in IN_OTHER else sys.executable
        try:
            if not python:
                raise DidNotRun(f"{peer}: its environment was not named")
            sites[peer] = RemoteSite(peer, database, python)
        except (DidNotRun, OSError) as error:
            measured.missing[peer] = str(error)
    return sites


def _compare(sites: dict[str, RemoteSite], about: Callable[[Request], Request], measured: Measured) -> None:
    """Hold every answer against the limit's, count its statements, and warm its site."""
    for workload, request in LIMITS.items():
        expected = sites["limit"].ask(about(request)).body
        measured.sizes[workload] = len(expected)
        for peer, site in list(sites.items()):
            asked = PEERS.get(peer, {}).get(workload)
            if asked is None or peer in measured.missing:
                continue
            answer = site.ask(about(asked))
            if rows(answer.body) != rows(expected) or not rows(expected):
                measured.missing[peer] = f"{workload}: another answer ({answer.status}, {len(answer.body)} bytes)"
            else:
                measured.statements[peer, workload] = site.statements(about(asked))
                once = min(site.time([about(asked)], times=3))
                site.time([about(asked)], times=min(500, round(WARMING / once)))


def _round(sites: dict[str, RemoteSite], about: Callable[[Request], Request], measured: Measured, number: int) -> None:
    for workload in LIMITS:
        for peer, site in sites.items():
            asked = LIMITS[workload] if peer == "limit" else PEERS[peer].get(workload)
            if asked is None or peer in measured.missing:
                continue
            request = about(asked)
            warm = min(site.time([request], times=3))
            times = max(3, min(60, round(SECONDS / warm)))
            measured.times.setdefault((peer, workload), []).extend(site.time([request], times=times))
        if workload.startswith("graphql") and "ours" in sites:
            for kind, make in (("first text", first_seen), ("first shape", first_shape)):
                fresh = [about(make(workload, 1_000 * number + each + 17)) for each in range(8)]
                measured.times.setdefault((kind, workload), []).extend(sites["ours"].time(fresh))


def _cached_round(sites: dict[str, RemoteSite], about: Callable[[Request], Request], measured: Measured) -> None:
    """Time answers that are in Redis: the bytes alone, and what each site makes of what it keeps."""
    for workload, request in CACHED["ours_cached"].items():
        ours = sites["ours_cached"].ask(about(request))
        sites["limit"].store(ours.body)
        measured.sizes[workload] = len(ours.body)
        unchanged = replace(about(request), headers=(("If-None-Match", ours.headers["ETag"]),))
        asked = [("limit", "limit", Request("/stored/")), ("ours_cached", "unchanged", unchanged)]
        asked += [(peer, peer, about(CACHED[peer][workload])) for peer in sites if peer != "limit"]
        for peer, name, each in asked:
            if name in measured.missing:
                continue
            try:
                answer = sites[peer].ask(each)
            except DidNotRun as error:
                measured.missing[name] = str(error)
                continue
            if answer.status[:3] not in {"200", "304"}:
                measured.missing[name] = f"it answers {answer.status}"
                continue
            warm = min(sites[peer].time([each], times=3))
            times = max(3, min(60, round(SECONDS / warm)))
            measured.times.setdefault((name, workload), []).extend(sites[peer].time([each], times=times))
            measured.statements[name, workload] = sites[peer].statements(each)


if __name__ == "__main__":
    sys.exit(main())
