"""What stamps cost a writer: entries with their events, written with the triggers and without, in turns.

    python benchmarks/write_with_stamps.py --seconds 10 --rounds 6 --writers 8

Each writer is a process of its own; all write into the same five programs, so their stamps are hot. What is logged is
folded meanwhile. Prints the rates in transactions a second, their ratio, and what went wrong. PostgreSQL only.
"""

import argparse
import json
import multiprocessing
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).parent.parent
CONTEXT = multiprocessing.get_context("fork")
HOT = 5


def main() -> int:
    parser = argparse.ArgumentParser(description="What stamps cost a writer.")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long a turn lasts")
    parser.add_argument("--rounds", type=int, default=4, help="turns of each kind")
    parser.add_argument("--writers", type=int, default=8)
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.services.race_settings"
    django.setup()
    from django.db import connection

    if connection.vendor != "postgresql":
        print("PostgreSQL does not answer: nothing was measured.")
        return 0
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        result = measure(options)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    print(json.dumps(result))
    return 0 if not result["errors"] else 1


def measure(options: Any) -> dict[str, Any]:
    from django.db import connections

    from django_prodev.testing.factories import make_published_program, make_user

    programs = [make_published_program(units=1).pk for _ in range(HOT)]
    author = make_user().pk
    connections.close_all()
    rates: dict[bool, list[float]] = {True: [], False: []}
    errors: list[str] = []
    for turn in range(options.rounds * 2):
        stamped = turn % 2 == 0
        _switch(stamped)
        queue: Any = CONTEXT.Queue()
        started = time.perf_counter()
        workers = [
            CONTEXT.Process(target=_write, args=(options.seconds, programs, author, queue))
            for _ in range(options.writers)
        ]
        for worker in workers:
            worker.start()
        found = [queue.get(timeout=options.seconds + 60) for _ in workers]
        for worker in workers:
            worker.join()
        rates[stamped].append(sum(count for count, _ in found) / (time.perf_counter() - started))
        errors += [error for _, some in found for error in some]
    ratios = [a / b for a, b in zip(rates[True], rates[False], strict=True)]
    return {
        "with stamps": [round(rate) for rate in rates[True]],
        "without": [round(rate) for rate in rates[False]],
        "ratio": round(statistics.median(ratios), 3),
        "errors": errors[:5],
    }


def _switch(on: bool) -> None:
    from django.db import connection

    from django_prodev.reading.scopes import stamped_tables

    with connection.cursor() as cursor:
        for stamped in stamped_tables():
            cursor.execute(f'ALTER TABLE "{stamped.table}" {"ENABLE" if on else "DISABLE"} TRIGGER USER')
    connection.close()


def _write(seconds: float, programs: list[int], author: int, queue: Any) -> None:
    from django.db import DatabaseError, transaction

    from django_prodev.cache.stamps import fold_stamps
    from django_prodev.models import Entry, Event

    count, errors = 0, []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        program = programs[count % len(programs)]
        try:
            with transaction.atomic():
                entry = Entry.objects.create(program_id=program, author_id=author, kind="learning", title="T", body="B")
                Event.objects.create(
                    type="prodev.entry.written.v1", object_type="entry", object_uuid=entry.uuid, program_id=program
                )
        except DatabaseError as error:
            errors.append(f"{type(error).__name__}: {error}")
        count += 1
        if count % 200 == 0:
            fold_stamps()
    queue.put((count, errors))


if __name__ == "__main__":
    sys.exit(main())
