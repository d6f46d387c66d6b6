"""Progress from a table: marks, scores and dates, by whom, and what the life cycle has no step for."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from django_prodev.enums import EnrollmentStatus
from django_prodev.models import Enrollment, Event, Progress
from django_prodev.testing.factories import make_enrollment, make_progress, make_unit, make_user
from tests.documents.tabling import actions, imported, lines, planned, troubles
from tests.services.school import School

pytestmark = pytest.mark.django_db

HEAD = ("program", "username", "unit", "status", "score", "completed_at", "enrollment")


def table(school: School, *rows: tuple[Any, ...]) -> str:
    """Rows of (number of the unit, status, score, date) of the school's learner."""
    units = school.all_units
    return lines(
        HEAD,
        *((school.program.slug, school.learner.get_username(), units[at].slug, *rest) for at, *rest in rows),
    )


def test_marks_are_made_scored_dated_and_told() -> None:
    school = School()
    rows = table(school, (0, "completed", "0.85", "2026-01-31"), (1, "In progress"), (2, "waived"))
    assert imported("progress", rows).is_written
    first, second, third = Progress.objects.order_by("pk")
    assert (first.status, first.score, first.source) == ("completed", Decimal("0.85"), "import")
    assert first.completed_at == first.started_at == datetime(2026, 1, 31, tzinfo=UTC)
    assert (second.status, second.completed_at, third.status) == ("in_progress", None, "waived")
    assert list(Event.objects.order_by("pk").values_list("type", "subject")) == [
        ("prodev.progress.completed.v1", school.learner.pk),
        ("prodev.progress.started.v1", school.learner.pk),
        ("prodev.progress.waived.v1", school.learner.pk),
    ]


def test_the_same_file_again_writes_nothing() -> None:
    school = School()
    rows = table(school, (0, "completed", "0.85", "2026-01-31"), (1, "submitted"), (2, "completed"))
    imported("progress", rows)
    before = list(Progress.objects.order_by("pk").values())
    report = imported("progress", rows)
    assert actions(report) == {2: "unchanged", 3: "unchanged", 4: "unchanged"}
    assert list(Progress.objects.order_by("pk").values()) == before
    assert Event.objects.count() == 3


def test_an_empty_cell_keeps_a_score_and_another_score_replaces_it() -> None:
    school = School()
    make_progress(enrollment=school.enrollment, unit=school.all_units[0], status="completed", score=Decimal("0.5"))
    assert imported("progress", table(school, (0, "completed"))).changes == 0
    assert imported("progress", table(school, (0, "completed", "0.75"))).rows[0].changes == {"score": "0.5000 → 0.7500"}
    assert imported("progress", table(school, (0, "completed", None, "2026-02-01"))).is_written
    mark = Progress.objects.get()
    assert (mark.score, mark.completed_at) == (Decimal("0.75"), datetime(2026, 2, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ((0, "submitted", "0.5"), "score", "Only what is completed has a score."),
        ((0, "submitted", None, "2026-01-31"), "completed_at", "Only what is completed or waived"),
        ((0, "completed", None, "2999-01-31"), "completed_at", "future"),
    ],
)
def test_values_that_do_not_go_together_are_refused(row: tuple[Any, ...], column: str, words: str) -> None:
    assert words in troubles(imported("progress", table(School(), row)))[2][column]


def test_units_and_people_must_have_their_place() -> None:
    school = School()
    strange = make_unit(provider=school.provider)
    rows = lines(
        HEAD,
        (school.program.slug, school.learner.get_username(), strange.slug, "completed"),
        (school.program.slug, school.learner.get_username(), "nothing", "completed"),
        (school.program.slug, make_user("other").get_username(), school.all_units[0].slug, "completed"),
    )
    told = troubles(imported("progress", rows))
    assert told[2] == {"": "This unit is not part of the person's curriculum."}
    assert told[3] == {"unit": "The provider has no unit 'nothing', or none that you may see."}
    assert told[4] == {"username": "This person has no place in the program, or none that you may see."}


def test_only_who_is_active_is_marked() -> None:
    school = School()
    Enrollment.objects.update(status=EnrollmentStatus.PAUSED)
    assert troubles(planned("progress", table(school, (0, "completed")))) == {
        2: {"": "This is only possible while the enrolment is active."}
    }


def test_two_rows_about_one_unit_of_a_person_are_told() -> None:
    told = troubles(planned("progress", table(School(), (0, "completed"), (0, "submitted"))))
    assert told == {3: {"": "Row 2 is about the same unit of the same person."}}


def test_who_may_not_grade_one_by_one_may_not_by_a_table() -> None:
    school = School()
    scored, plain = table(school, (0, "completed", "0.5")), table(school, (1, "completed"))
    waived, dated = table(school, (2, "waived")), table(school, (1, "completed", None, "2026-01-31"))
    assert not imported("progress", plain, actor=school.stranger).is_written
    assert not imported("progress", plain, actor=school.observer).is_written
    assert troubles(imported("progress", plain, actor=school.reviewer)) == {
        2: {"": "You may not do this here: start, submit, complete, skip or reopen a unit."}
    }
    for content in (scored, waived, dated):
        assert not imported("progress", content, actor=school.learner).is_written
    for content in (plain, scored, waived, dated):
        assert imported("progress", content, actor=school.mentor).is_written


def test_learners_keep_their_order_within_one_file() -> None:
    school = School()
    type(school.program).objects.update(enforce_order=True)
    out_of_order, in_order = table(school, (1, "completed")), table(school, (0, "completed"), (1, "completed"))
    assert troubles(imported("progress", out_of_order, actor=school.learner)) == {
        2: {"": "Something else comes before this unit."}
    }
    assert imported("progress", in_order, actor=school.learner).is_written


def test_a_mentor_marks_nobody_beyond_the_cohort() -> None:
    school = School()
    beyond = make_enrollment(program=school.program, user=make_user("far"))
    name = beyond.user.get_username()
    rows = lines(HEAD, (school.program.slug, name, school.all_units[0].slug, "completed", None, None, beyond.uuid))
    assert troubles(imported("progress", rows, actor=school.mentor)) == {
        2: {"enrollment": "There is no such enrolment, or none that you may see."}
    }
    assert imported("progress", rows, actor=school.editor).is_written
