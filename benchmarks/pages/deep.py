"""How long the first page of a list takes, and the page 100,000 entries deep, in tables of three sizes.

``make bench-pages`` makes a database for each of 50,000, 500,000 and 5,000,000 entries (half-way, where there are fewer
than 200,000), reads each page through the reading room in turns, and prints medians in milliseconds and the blocks that
PostgreSQL touched, which do not depend on what else the machine does. ``SIZES`` names other sizes.
"""

import os
import statistics
import sys
import time
from typing import Any

import django

ROUNDS, PAGE, DEPTH = 31, 20, 100_000
SIZES = (50_000, 500_000, 5_000_000)


def main(sizes: tuple[int, ...]) -> int:
    """Measure, and print a table in Markdown."""
    from benchmarks.pages.data import Size
    from benchmarks.pages.databases import prepared

    found: dict[str, list[str]] = {}
    for entries in sizes:
        size = Size(entries)
        prepared(size)
        for case, cells in _measure(size):
            found.setdefault(case, []).append(cells)
    print("| list | " + " | ".join(f"{entries:,}: first, deep (blocks)" for entries in sizes) + " |")
    print("|---|" + "---|" * len(sizes))
    for case, columns in found.items():
        print(f"| {case} | {' | '.join(columns)} |")
    return 0


def _measure(size: Any) -> Any:
    from django.contrib.auth import get_user_model

    from benchmarks.pages.explain import people
    from django_prodev.models import Entry
    from django_prodev.models.viewer import Viewer
    from django_prodev.reading import cursors
    from django_prodev.reading.arguments import ListInput
    from django_prodev.reading.catalog import ENROLLMENT, ENTRY, PROGRESS, PROJECT

    entries = Entry.objects.order_by("-created_at", "-uuid").values_list("created_at", "uuid")
    place = entries[min(DEPTH, size.entries // 2) :][0]
    deep = cursors.encode(ENTRY.default_order, *place)
    lists = [
        *((ENTRY, name, {}) for name in ("nobody", "newcomer", "learner", "mentor", "superuser")),
        *((ENTRY, "nobody", {"filters": {key: value}}) for key, value in FILTERS),
        *((ENTRY, name, {"search": word}) for name in ("newcomer", "learner") for word in WORDS),
        *((entity, name, {}) for entity in (ENROLLMENT, PROGRESS, PROJECT) for name in ("learner", "superuser")),
    ]
    # Whose circles stay as they are while the tables grow: ten entries of their own, and no cohort.
    newcomer = Viewer.of(get_user_model().objects.get(pk=size.users - 1))
    viewers = {**people(size), "newcomer": newcomer}
    for entity, name, given in lists:
        pages = [ListInput(**{"filters": {}, "first": PAGE, "after": after} | given) for after in (None, deep)]
        times, blocks = _in_turns(entity, viewers[name], pages)
        what = ", ".join(
            f"{value}" for part in given.values() for value in (part.items() if isinstance(part, dict) else [part])
        )
        yield (
            f"{entity.plural} for {name}{' of ' + what if what else ''}",
            f"{times[0]:.2f}, {times[1]:.2f} ({blocks[0]:,}, {blocks[1]:,})",
        )


WORDS = ("quokka", "taught", "nothing of the kind")
FILTERS = (
    ("program", "program-5"),
    ("program", "program-201"),
    ("kind", "learning"),
    ("unit", "unit-4001"),
    ("topic", "topic-5"),
    ("topic", "topic-501"),
)


def _in_turns(entity: Any, viewer: Any, pages: list[Any]) -> tuple[list[float], list[int]]:
    """Medians in milliseconds, and blocks, of each page."""
    from django_prodev.reading.arguments import check_list
    from django_prodev.reading.reader import Reader
    from django_prodev.reading.selection import Leaf, Selection

    reader = Reader(Selection(entity, tuple(Leaf(each.name, each) for each in entity.attributes)))
    requests = [check_list(entity, each) for each in pages]
    times: list[list[float]] = [[] for _ in pages]
    for _ in range(ROUNDS):
        for at, request in enumerate(requests):
            begun = time.perf_counter()
            reader.page(viewer, request)
            times[at].append((time.perf_counter() - begun) * 1e3)
    return [statistics.median(each[6:]) for each in times], [_blocks(reader, viewer, each) for each in requests]


def _blocks(reader: Any, viewer: Any, request: Any) -> int:
    """The blocks touched by all statements of one page."""
    from django.db import connection

    touched = 0

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal touched
        with connection.connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
            plan = cursor.fetchone()[0][0]["Plan"]
        touched += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        reader.page(viewer, request)
    return touched


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.pages.settings")
    django.setup()
    sys.exit(main(tuple(int(each) for each in sys.argv[1:]) or SIZES))
