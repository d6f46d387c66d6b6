"""The progress of a page of 50 enrolments, beside what plain SQL for the same question takes: ``make bench-progress``.

It makes a PostgreSQL database with 20,000 enrolments and 600,000 progress rows, asks both for the same pages in turn,
compares their answers, and drops the database. The plain SQL is one statement that knows less: top-level required units
and their weights, without groups and choices. ``--write`` keeps the figures in ``docs/benchmarks.md``.
"""

import argparse
import os
import platform
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["PRODEV_TEST_DATABASE"] = "postgres"
os.environ["PRODEV_TEST_DB_SUFFIX"] = f"{os.environ.get('PRODEV_TEST_DB_SUFFIX', '')}_progress".lstrip("_")

import django

from benchmarks.reads.report import keep, processor

PROGRAMS, UNITS, ENROLLMENTS, PAGE = 20, 30, 20_000, 50
WARM_UP = 20
GOAL = 1.5

CONTROL = """
WITH page AS MATERIALIZED (
    SELECT e.id, COALESCE(e.curriculum_id, h.curriculum_id, (
        SELECT c.id FROM django_prodev_curriculum c WHERE c.program_id = e.program_id AND c.status = 'published'
    )) AS curriculum
    FROM django_prodev_enrollment e LEFT JOIN django_prodev_cohort h ON h.id = e.cohort_id WHERE e.id = ANY(%s)
),
done AS MATERIALIZED (
    SELECT enrollment_id, unit_id FROM django_prodev_progress
    WHERE enrollment_id = ANY(%s) AND status IN ('completed', 'waived')
)
SELECT page.id, FLOOR(100 * COALESCE(SUM(i.weight) FILTER (WHERE done.unit_id IS NOT NULL), 0) / SUM(i.weight))
FROM page
JOIN django_prodev_curriculumitem i ON i.curriculum_id = page.curriculum AND i.is_required AND i.parent_id IS NULL
LEFT JOIN done ON done.enrollment_id = page.id AND done.unit_id = i.unit_id
GROUP BY page.id
"""

MARKS = """
INSERT INTO django_prodev_progress
    (uuid, created_at, updated_at, enrollment_id, unit_id, status, source, started_at, completed_at)
SELECT gen_random_uuid(), now(), now(), drawn.enrollment, drawn.unit,
    CASE WHEN drawn.luck < 0.6 THEN 'completed' ELSE 'in_progress' END, 'learner', now(),
    CASE WHEN drawn.luck < 0.6 THEN now() END
FROM (
    SELECT e.id AS enrollment, i.unit_id AS unit, random() AS luck
    FROM django_prodev_enrollment e
    JOIN django_prodev_curriculum c ON c.program_id = e.program_id
    JOIN django_prodev_curriculumitem i ON i.curriculum_id = c.id
    ORDER BY random()
) AS drawn
"""


def fill() -> list[int]:
    """Make the rows, and return the keys of the enrolments."""
    from django.contrib.auth import get_user_model
    from django.db import connection

    from django_prodev.models import Enrollment
    from django_prodev.testing.factories import make_published_program

    programs = [make_published_program(units=UNITS) for _ in range(PROGRAMS)]
    user_model = get_user_model()
    users = user_model.objects.bulk_create(
        [user_model(username=f"learner-{number}") for number in range(ENROLLMENTS)], batch_size=2_000
    )
    rows = Enrollment.objects.bulk_create(
        [
            Enrollment(program=programs[number % PROGRAMS], user=user, status="active")
            for number, user in enumerate(users)
        ],
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute(MARKS)
        cursor.execute("VACUUM ANALYZE")
    return [row.pk for row in rows]


def ask_control(keys: list[int]) -> dict[int, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(CONTROL, [keys, keys])
        return {key: int(percent) for key, percent in cursor.fetchall()}


def ask_package(keys: list[int]) -> dict[int, int]:
    from django_prodev.reading.progress import progress_of

    return {key: progress.percent for key, progress in progress_of(keys).items()}


def timed(ask: Callable[[list[int]], dict[int, int]], keys: list[int]) -> tuple[dict[int, int], float]:
    start = time.perf_counter()
    answer = ask(keys)
    return answer, (time.perf_counter() - start) * 1_000


def measured(everyone: list[int], rounds: int) -> tuple[float, float]:
    """The medians of both, in milliseconds, over pages drawn by chance.

    They take turns in going first: whoever does reads the page's rows from further away.
    """
    took: dict[Callable[[list[int]], dict[int, int]], list[float]] = {ask_package: [], ask_control: []}
    for number in range(rounds):
        keys = random.sample(everyone, PAGE)
        answers = []
        for ask in sorted(took, key=lambda ask: (ask is ask_package) == number % 2):
            answer, milliseconds = timed(ask, keys)
            answers.append(answer)
            took[ask].append(milliseconds)
        if answers[0] != answers[1]:
            raise SystemExit("The answers differ.")
    return statistics.median(took[ask_package]), statistics.median(took[ask_control])


def report(package: float, control: float, statements: int, rounds: int) -> str:
    """The table."""
    ratio = package / control
    kept = "✓" if ratio <= GOAL else f"(goal {GOAL} ×)"
    return "\n".join(
        [
            f"{about()}; medians of {rounds} pages.",
            "",
            f"| progress of {PAGE} of {ENROLLMENTS:,} enrolments, {ENROLLMENTS * UNITS:,} progress rows | |",
            "|---|---|",
            f"| limit: one SQL statement that knows no groups | {control:.2f} ms |",
            f"| **django-prodev** | {package:.2f} ms, {ratio:.2f} × {kept}; {statements} statements |",
        ]
    )


def about() -> str:
    from django.db import connection

    version = str(connection.pg_version)[:-4]  # type: ignore[attr-defined]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {processor()}, Python {platform.python_version()}, PostgreSQL {version}; "
        f"load of the machine during the run {os.getloadavg()[1]:.1f} (a quiet run has about 1)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/benchmarks.md")
    options = parser.parse_args()
    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        everyone = fill()
        with CaptureQueriesContext(connection) as statements:
            ask_package(everyone[:PAGE])
        measured(everyone, WARM_UP)
        text = report(*measured(everyone, options.rounds), len(statements), options.rounds)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
    print(text)
    if options.write:
        keep("progress", text)


if __name__ == "__main__":
    main()
