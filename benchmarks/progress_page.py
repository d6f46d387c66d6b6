"""The progress of a page of 50 enrolments, beside what plain SQL for the same question takes in the same run.

``python -m benchmarks.progress_page``, or ``make bench-progress``, makes a PostgreSQL database with 20,000 enrolments
and 600,000 progress rows, asks both for the same pages in turn, compares their answers, and drops the database; with
``--write`` the figures are kept in ``docs/benchmarks.md``. The control is one statement that knows less: top-level
required units and their weights, without groups and choices. A page is drawn from 20 programs, so 20 curricula are read
for it.
"""

import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from benchmarks.reads import report

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ["PRODEV_TEST_DATABASE"] = "postgres"
os.environ["PRODEV_TEST_DB_SUFFIX"] = "benchmark"

import django

PROGRAMS, UNITS, ENROLLMENTS, PAGE, ROUNDS = 20, 30, 20_000, 50, 200

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


def main() -> None:
    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        everyone = fill()
        with CaptureQueriesContext(connection) as statements:
            ask_package(everyone[:PAGE])
        package, control = [], []
        for _ in range(ROUNDS):
            keys = random.sample(everyone, PAGE)
            ours, took = timed(ask_package, keys)
            package.append(took)
            theirs, took = timed(ask_control, keys)
            control.append(took)
            if ours != theirs:
                raise SystemExit("The answers differ.")
        text = _said(statistics.median(package), statistics.median(control), len(statements))
        print(text)
        if "--write" in sys.argv[1:]:
            report.keep("progress", text)
    finally:
        connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)


def _said(package: float, control: float, statements: int) -> str:
    today, load = datetime.now(tz=UTC).date(), os.getloadavg()[1]
    return (
        f"{today}, load of the machine {load:.1f}, medians of {ROUNDS} pages of {PAGE} of {ENROLLMENTS:,} enrolments "
        f"with {ENROLLMENTS * UNITS:,} progress rows:\n\n"
        "| | a page | statements | beside plain SQL |\n|---|---|---|---|\n"
        f"| plain SQL | {control:.2f} ms | 1 | 1 |\n"
        f"| `progress_of` | {package:.2f} ms | {statements} | {package / control:.2f} × |"
    )


if __name__ == "__main__":
    main()
