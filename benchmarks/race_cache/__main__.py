"""Races for stale reads: ``make race`` on every pair of database and cache that is here.

    python -m benchmarks.race_cache --database postgres --cache redis --reads 2000000 --commits 40000

A stale read is one that began after a commit had returned and shows what was there before it. The naive designs run
first, as controls: a race in which they are not caught proves nothing. With Redis, the five faults follow. The last
line of the output is JSON.
"""

import argparse
import json
import os
import sys
from typing import Any

from benchmarks.race_cache.places import Missing, place

SHORT = 100_000
"""Reads below which a race is a short one."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--cache", choices=("redis", "memcached", "locmem"), default="redis")
    parser.add_argument("--reads", type=int, default=200_000)
    parser.add_argument("--commits", type=int, default=4_000)
    parser.add_argument("--readers", type=int, default=5)
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3_600, help="the longest that one race lasts")
    parser.add_argument("--faults", type=int, default=100, help="how often each fault is tried; none with 0")
    parser.add_argument("--memory", help="CACHE_MEMORY_BYTES of each process; with 0 the server is asked each time")
    options = parser.parse_args()
    if options.memory is not None:
        os.environ["PRODEV_RACE_MEMORY"] = options.memory
    try:
        with place(options.database, options.cache) as server:
            return report(options, server)
    except Missing as error:
        print(f"SKIPPED {options.database} with {options.cache}: {error}.")
        print(json.dumps({"skipped": str(error)}))
        return 0


def report(options: Any, server: Any) -> int:
    from benchmarks.race_cache.designs import DESIGNS, OURS
    from benchmarks.race_cache.faults import survived
    from benchmarks.race_cache.racing import Race

    found: dict[str, Any] = {"database": options.database, "cache": options.cache, "races": {}}
    for design in [name for name in DESIGNS if name != OURS] + [OURS]:
        race = Race(design, options.readers, options.writers)
        if design == OURS:
            result = race.run(options.reads, options.commits, options.seconds)
        else:
            result = race.run(10 * options.reads, 10 * options.commits, 60, until_stale=True)
        print(f"{design:<28}", json.dumps(result), flush=True)
        found["races"][design] = result
    controls = {name: result["stale"] for name, result in found["races"].items() if name != OURS}
    # SQLite has one writer at a time. In a short race luck may spare one of the designs.
    needed = {"delete in post_save", "delete in on_commit"} if options.database == "sqlite" else set(controls)
    spared = sum(not controls[name] for name in needed)
    caught = spared == 0 if options.reads >= SHORT else spared <= 1
    ours = found["races"][OURS]
    clean = not ours["stale"] and not ours["errors"]
    if options.faults and options.cache == "redis":
        found["faults"] = {name: survived(name, server, options.faults) for name in (OURS, "delete in on_commit")}
        for name, result in found["faults"].items():
            print(f"{name:<28}", json.dumps(result), flush=True)
        whole = f"{options.faults} of {options.faults}"
        clean = clean and all(result == whole for result in found["faults"][OURS].values())
        caught = caught and any(result != whole for result in found["faults"]["delete in on_commit"].values())
    found["ok"] = caught and clean
    if not caught:
        print("A control was not caught: this race proves nothing.", file=sys.stderr)
    print(json.dumps(found))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
