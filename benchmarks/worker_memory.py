"""The memory of a worker over 100,000 requests: it must not grow once everything has been seen.

``python -m benchmarks.worker_memory [--requests 100000] [--database sqlite|postgres]``, or ``make bench-memory``. One
process serves the suite's site to itself as a WSGI server would (Django's test client connects signals anew for each
request, and each connection stays). Requests go through lists in every order, with fields and filters drawn anew,
single rows, pages, and GraphQL documents of which one in ten was never seen before: what is kept for each shape
(plans, parsed documents, answers) has to stay within its bounds. Printed is the resident memory, in MiB, after each
tenth of the requests.
The run fails where the second half grew by more than 3 % of what the first half came to, or 8 MiB.
"""

import argparse
import gc
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.reads.worker import Site
from benchmarks.reads.workloads import Request, graphql

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["PRODEV_TEST_DB_SUFFIX"] = "memory"

FIELDS = ("id", "kind", "title", "body", "status", "visibility", "created_at", "updated_at", "occurred_on", "position")
RELATIONS = ("author", "topics", "solutions", "program", "parent", "unit")
ORDERS = ("created_at", "-created_at")
NODES = ("id", "title", "kind", "body", "createdAt", "author { name }", "topics { name slug }", "program { title }")


def resident() -> float:
    """The resident memory of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


ADDRESSES = (
    "/learning/api/v1/programs/",
    "/learning/api/v1/topics/",
    "/learning/api/v1/entries/?kind=challenge",
    "/learning/",
)


def fill() -> None:
    """A few programs with everything that hangs on them."""
    from django_prodev.testing import factories

    for _ in range(5):
        program = factories.make_published_program(units=10, visibility="public", status="published")
        for _ in range(20):
            topics = [factories.make_topic() for _ in range(2)]
            entry = factories.make_entry(
                program=program, kind="challenge", status="published", visibility="public", topics=topics
            )
            factories.make_solution(entry, status="published", visibility="public")


def drawn_requests(random_: random.Random) -> Iterator[Request]:
    """Requests without end."""
    seen: list[str] = []
    while True:
        luck = random_.random()
        if luck < 0.4:
            fields = ",".join(random_.sample(FIELDS, random_.randint(1, 5)))
            include = ",".join(random_.sample(RELATIONS, random_.randint(1, 3)))
            yield Request(
                f"/learning/api/v1/entries/?fields={fields}&include={include}&ordering={random_.choice(ORDERS)}"
                f"&search=word{random_.randint(0, 10_000)}&page_size={random_.randint(1, 100)}"
            )
        elif luck < 0.6:
            yield Request(random_.choice(ADDRESSES))
        elif luck < 0.7 or not seen:
            name = f"Q{random_.getrandbits(48):x}"
            nodes = " ".join(random_.sample(NODES, random_.randint(1, len(NODES))))
            document = (
                f"query {name} {{ entries(first: {random_.randint(1, 50)}) {{ edges {{ node {{ {nodes} }} }} }} }}"
            )
            seen = [*seen[-200:], document]
            yield graphql("/learning/graphql/", document)
        else:
            yield graphql("/learning/graphql/", random_.choice(seen))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    os.environ["PRODEV_TEST_DATABASE"] = asked.database
    site = Site()
    from django.db import connection

    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        fill()
        tenth, grown = asked.requests // 10, []
        requests = drawn_requests(random.Random(5))
        print("| requests | MiB |\n|---|---|")
        for number in range(1, asked.requests + 1):
            body = site.ask(next(requests))
            if site.status != "200 OK":
                raise SystemExit(f"a request was answered with {site.status}: {body[:300]!r}")
            if number % tenth == 0:
                gc.collect()
                grown.append(resident())
                print(f"| {number:,} | {grown[-1]:.1f} |", flush=True)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)
    growth = grown[-1] - grown[len(grown) // 2 - 1]
    print(f"\nThe second half grew by {growth:.1f} MiB.")
    return int(growth > max(8, 0.03 * grown[len(grown) // 2 - 1]))


if __name__ == "__main__":
    sys.exit(main())
