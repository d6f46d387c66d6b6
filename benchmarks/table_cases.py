"""Tables of a size for ``import_sizes``: the people and programs that they name are there before the clock starts."""

import csv
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

PROGRAMS, UNITS = 20, 30


def _batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(rows)
    while batch := list(islice(left, size)):
        yield batch


def _programs() -> list[Any]:
    from django_prodev.testing.factories import make_published_program

    return [make_published_program(units=UNITS) for _ in range(PROGRAMS)]


def _users(count: int) -> None:
    from django.contrib.auth import get_user_model

    model = get_user_model()
    for numbers in _batched(range(count), 1_000):
        model.objects.bulk_create(
            model(username=f"learner-{number}", email=f"learner-{number}@example.org") for number in numbers
        )


def _write(path: Path, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def make_enrollments(folder: Path, rows: int) -> Path:
    """A third by user name, a third by the address of an account, a third by an address that is invited."""
    from django_prodev.enums import CohortStatus
    from django_prodev.testing.factories import make_cohort

    programs = _programs()
    cohorts = [make_cohort(program=one, status=CohortStatus.PUBLISHED, capacity=rows // 100) for one in programs]
    _users(rows * 2 // 3 + 1)

    def lines() -> Iterator[Sequence[str]]:
        for number in range(rows):
            at = number % PROGRAMS
            person = [("", f"guest-{number}@example.org"), (f"learner-{number // 3 * 2}", "")]
            person += [("", f"learner-{number // 3 * 2 + 1}@example.org")]
            yield programs[at].slug, cohorts[at].slug, *person[number % 3], "", "2030-06-30"

    return _write(folder / "enrollments.csv", ("program", "cohort", "username", "email", "status", "due_at"), lines())


def make_progress(folder: Path, rows: int) -> Path:
    """Thirty units of each learner, most of them scored."""
    from django.contrib.auth import get_user_model

    from django_prodev.models import CurriculumItem, Enrollment

    programs = _programs()
    people = -(-rows // UNITS)
    _users(people)
    users = get_user_model().objects.order_by("pk").values_list("pk", flat=True)
    for group in _batched(enumerate(users), 1_000):
        Enrollment.objects.bulk_create(
            Enrollment(program=programs[at % PROGRAMS], user_id=pk, status="active") for at, pk in group
        )
    items = CurriculumItem.objects.select_related("unit", "curriculum").order_by("position")
    units = {one.pk: [item.unit.slug for item in items if item.curriculum.program_id == one.pk] for one in programs}

    def lines() -> Iterator[Sequence[str]]:
        for number in range(rows):
            person, unit = divmod(number, UNITS)
            program = programs[person % PROGRAMS]
            score = f"0.{number % 90 + 10}" if number % 4 else ""
            yield program.slug, f"learner-{person}", units[program.pk][unit], "completed", score, "2026-01-31"

    headings = ("program", "username", "unit", "status", "score", "completed_at")
    return _write(folder / "progress.csv", headings, lines())


def make_topics(folder: Path, rows: int) -> Path:
    """A vocabulary in three levels."""

    def lines() -> Iterator[Sequence[str]]:
        for number in range(rows):
            parent = f"concept/topic-{number // 50}" if number >= 50 else ""
            yield "concept", f"topic-{number}", f"Topic {number}", "What it is, in a sentence.", f"T{number}", parent

    return _write(folder / "topics.csv", ("kind", "slug", "name", "description", "aliases", "parent"), lines())


def make_workbook(folder: Path, rows: int) -> Path:
    """The enrolments as a workbook."""
    from django_prodev.documents.tables.xlsx_book import write_xlsx

    path = folder / "enrollments.xlsx"
    with make_enrollments(folder, rows).open(encoding="utf-8", newline="") as text, path.open("w+b") as file:
        reader = csv.reader(text)
        write_xlsx(file, "enrollments", next(reader), reader)
    return path


def import_table(path: Path) -> int:
    """Import a file as the command does; its name is the table's."""
    from django.core.management import call_command

    from django_prodev.api import TABLES

    with Path(os.devnull).open("w") as nowhere:
        call_command("prodev_import_table", path.stem, str(path), stdout=nowhere, stderr=nowhere)
    return int(TABLES[path.stem].model._default_manager.count())
