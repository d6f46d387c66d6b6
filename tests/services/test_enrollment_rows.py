"""Enrolments from a table: what each row asks for, who may ask, and in which order seats are given."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from django_prodev import api
from django_prodev.enums import CohortStatus, EnrollmentStatus, ProgressStatus, Role
from django_prodev.models import Enrollment, Event
from django_prodev.testing.factories import (
    make_cohort,
    make_enrollment,
    make_membership,
    make_progress,
    make_published_program,
    make_user,
)
from tests.documents.tabling import actions, imported, lines, planned, troubles
from tests.services.school import School

pytestmark = pytest.mark.django_db

HEAD = ("program", "cohort", "username", "email", "status", "due_at", "id")


def table(school: School, *rows: tuple[Any, ...]) -> str:
    """Rows of (username or address, status, due date, id), all in the school's cohort."""
    told = []
    for who, *rest in rows:
        person = (None, who) if "@" in str(who) else (who, None)
        told.append((school.program.slug, school.cohort.slug, *person, *rest, *[None] * (3 - len(rest))))
    return lines(HEAD, *told)


def statuses(school: School) -> list[tuple[str, str]]:
    rows = Enrollment.objects.filter(program=school.program).select_related("user").order_by("enrolled_at", "pk")
    return [(row.user.get_username() if row.user else row.email, row.status) for row in rows]


def test_people_are_enrolled_or_invited_in_the_order_of_rows() -> None:
    school = School(capacity=3)
    ada, bob, cyd = make_user("ada", email="Ada@example.org"), make_user("bob"), make_user("cyd")
    rows = table(school, ("ADA@example.org",), (bob.get_username(),), ("new@example.org",), (cyd.get_username(),))
    report = imported("enrollments", rows)
    assert report.is_written
    assert statuses(school)[1:] == [
        (ada.get_username(), "active"),
        (bob.get_username(), "active"),
        ("new@example.org", "invited"),
        (cyd.get_username(), "waitlisted"),
    ]
    assert Enrollment.objects.get(user=ada).source == "import"
    assert list(Event.objects.order_by("pk").values_list("type", "subject")) == [
        ("prodev.enrollment.activated.v1", ada.pk),
        ("prodev.enrollment.activated.v1", bob.pk),
        ("prodev.enrollment.invited.v1", None),
        ("prodev.enrollment.waitlisted.v1", cyd.pk),
    ]


def test_a_preview_says_the_same_and_writes_nothing() -> None:
    school = School(capacity=2)
    rows = table(school, (make_user().get_username(),), (make_user().get_username(),), ("nobody",))
    before = statuses(school)
    report = planned("enrollments", rows)
    assert [row.changes["status"] for row in report.rows] == ["active", "waitlisted, as the cohort is full"]
    assert (statuses(school), Event.objects.count()) == (before, 0)
    assert actions(report) == actions(imported("enrollments", rows, good_rows_only=True))


def test_nobody_overtakes_who_waits_and_freed_seats_go_to_the_first() -> None:
    school = School(capacity=1)
    waiting = make_enrollment(cohort=school.cohort, status=EnrollmentStatus.WAITLISTED)
    late = make_user("late")
    imported(
        "enrollments", table(school, (school.learner.get_username(), "withdrawn"), (late.get_username(), "active"))
    )
    waiting.refresh_from_db()
    assert waiting.status == "active"
    assert Enrollment.objects.get(user=late).status == "waitlisted"


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        ("active", "paused", "paused"),
        ("paused", "active", "active"),
        ("active", "waitlisted", "active"),
        ("active", "withdrawn", "withdrawn"),
        ("active", "expired", "expired"),
        ("requested", "active", "active"),
        ("requested", "rejected", "rejected"),
        ("withdrawn", "withdrawn", "withdrawn"),
    ],
)
def test_a_row_takes_the_step_that_its_status_asks_for(before: str, wanted: str, after: str) -> None:
    school = School()
    Enrollment.objects.filter(pk=school.enrollment.pk).update(status=before)
    rows = table(school, (school.learner.get_username(), wanted, "2030-06-30"))
    report = imported("enrollments", rows)
    assert report.is_written, troubles(report)
    school.enrollment.refresh_from_db()
    assert school.enrollment.status == after
    assert before == after or (school.enrollment.ended_at is None) == (after in {"active", "paused"})
    events = Event.objects.count()
    assert imported("enrollments", rows).changes == 0
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("before", "wanted", "words"),
    [
        ("active", "requested", "possible from there: active"),
        ("invited", "paused", "What is invited cannot become paused"),
        ("active", "completed", "Not everything that this program asks for is done"),
    ],
)
def test_a_step_that_there_is_not_is_refused_with_those_there_are(before: str, wanted: str, words: str) -> None:
    school = School()
    Enrollment.objects.filter(pk=school.enrollment.pk).update(status=before)
    report = imported("enrollments", table(school, (school.learner.get_username(), wanted)))
    assert not report.is_written
    if words.startswith("possible"):
        assert "What is active cannot become requested; possible from there: " in troubles(report)[2]["status"]
    else:
        assert words in troubles(report)[2]["status"]


def test_who_has_done_everything_is_completed_and_pinned() -> None:
    school = School(units=2)
    for unit in school.all_units:
        make_progress(enrollment=school.enrollment, unit=unit, status=ProgressStatus.COMPLETED)
    assert imported("enrollments", table(school, (school.learner.get_username(), "completed"))).is_written
    school.enrollment.refresh_from_db()
    assert (school.enrollment.status, school.enrollment.curriculum) == ("completed", school.curriculum)
    report = imported("enrollments", table(school, (school.learner.get_username(), "active")))
    assert "has completed the program" in troubles(report)[2][""]


def test_rows_about_the_same_person_are_told_by_their_numbers() -> None:
    school = School()
    name = make_user("ada", email="ada@example.org").get_username()
    report = planned(
        "enrollments", table(school, (name,), ("ada@example.org",), ("x@example.org",), ("X@example.org",))
    )
    assert troubles(report) == {
        3: {"": "Row 2 is about the same person in the same program."},
        5: {"": "Row 4 is about the same person in the same program."},
    }


def test_an_identifier_tells_several_enrolments_of_a_person_apart() -> None:
    school = School()
    old = make_enrollment(
        cohort=school.cohort, user=school.learner, status=EnrollmentStatus.WITHDRAWN, ended_at=timezone.now()
    )
    name = school.learner.get_username()
    rows = table(school, (name, "withdrawn", None, old.uuid), (name, "paused", None, school.enrollment.uuid))
    assert actions(imported("enrollments", rows)) == {2: "unchanged", 3: "update"}
    other = make_enrollment(cohort=school.cohort)
    report = imported("enrollments", table(school, (name, "paused", None, other.uuid)))
    assert troubles(report) == {2: {"id": "This is the enrolment of somebody else, or in another program."}}


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        (("nowhere", None, "ada", None), "program", "There is no program 'nowhere', or none that you may see."),
        (("web", "winter", "ada", None), "cohort", "The program has no cohort 'winter', or none that you may see."),
        (("web", None, "nobody", None), "username", "There is no account 'nobody', or none that you may name."),
        (("web", None, None, None), "username", "give a username or an email"),
        (("web", None, None, "no address"), "email", "valid email address"),
        (("web", None, None, "twin@example.org"), "email", "Several accounts have this address"),
        (("web", None, "ada", "bob@example.org"), "email", "not the address of the account"),
        (("web", None, "gone", None), "username", "not active"),
        (("web", "draft", "ada", None), "", "Nobody can enrol in a cohort that is not open."),
        (("twice", None, "ada", None), "provider", "Several providers have a program 'twice'; name one of: p1, p2."),
        (("web", None, None, "new@example.org", "active"), "status", "so it can only be invited"),
    ],
)
def test_what_a_row_names_must_be_there(row: tuple[Any, ...], column: str, words: str) -> None:
    from django_prodev.testing.factories import make_provider

    web = make_published_program(slug="web")
    make_cohort(program=web, slug="draft")
    for slug in ("p1", "p2"):
        make_published_program(slug="twice", provider=make_provider(slug=slug))
    people = {name: make_user(name, email=f"{name}@example.org") for name in ("ada", "bob")}
    people["gone"] = make_user("gone", is_active=False)
    if "twin@example.org" in row:
        if get_user_model()._meta.get_field(get_user_model().get_email_field_name()).unique:
            pytest.skip("on this site an address has one account")
        for name in ("twin1", "twin2"):
            make_user(name, email="twin@example.org")
    row = tuple(people[cell].get_username() if cell in people else cell for cell in row)
    report = imported("enrollments", lines(HEAD[:5], row))
    assert words in troubles(report)[2][column]
    assert not Enrollment.objects.exists()


def test_nothing_of_a_bad_row_is_done_or_told() -> None:
    school = School()
    name = school.learner.get_username()
    rows = table(school, (name, "paused", "2030-06-30"), (make_user().get_username(),))
    report = imported("enrollments", rows, actor=school.mentor, good_rows_only=True)
    assert sorted(troubles(report)) == [2]
    school.enrollment.refresh_from_db()
    assert school.enrollment.status == "active"
    assert list(Event.objects.values_list("type", flat=True)) == ["prodev.enrollment.activated.v1"]


def test_who_comes_and_has_left_again_takes_no_seat() -> None:
    school = School(capacity=2)
    gone, stays = make_user("gone"), make_user("stays")
    imported("enrollments", table(school, (gone.get_username(), "withdrawn"), (stays.get_username(),)))
    assert Enrollment.objects.get(user=gone).status == "withdrawn"
    assert Enrollment.objects.get(user=stays).status == "active"


def test_a_table_moves_nobody_to_another_cohort() -> None:
    school = School()
    other = make_cohort(program=school.program, status=CohortStatus.PUBLISHED)
    rows = lines(HEAD[:3], (school.program.slug, other.slug, school.learner.get_username()))
    assert "another cohort" in troubles(imported("enrollments", rows))[2]["cohort"]


# Who may


def test_who_may_not_enrol_one_by_one_may_not_by_a_table() -> None:
    school = School()
    user = make_user("ada")
    for person in (school.observer, school.reviewer, school.learner, school.stranger):
        one = table(school, (user.get_username(),))
        report = imported("enrollments", one, actor=person)
        assert not report.is_written
        with pytest.raises(Exception):  # noqa: B017  whichever refusal it is, the service has one too
            api.enroll(program=school.program, user=user, actor=person, cohort=school.cohort)
    assert imported("enrollments", table(school, (user.get_username(),)), actor=school.mentor).is_written


def test_a_mentor_may_not_set_dates_or_reach_beyond_the_cohort() -> None:
    school = School()
    name = school.learner.get_username()
    report = imported("enrollments", table(school, (name, None, "2030-06-30")), actor=school.mentor)
    assert troubles(report) == {2: {"": "You may not do this here: pin a curriculum, set a due date, expire."}}
    assert imported("enrollments", table(school, (name, None, "2030-06-30")), actor=school.editor).is_written
    beyond = lines(HEAD[:3], (school.program.slug, None, make_user().get_username()))
    assert not imported("enrollments", beyond, actor=school.mentor).is_written


def test_what_is_hidden_is_answered_like_what_is_not_there() -> None:
    school = School()
    hidden = School()
    hidden.become_draft()
    mentor = make_user()
    make_membership(user=mentor, cohort=school.cohort, role=Role.MENTOR)
    rows = lines(
        HEAD,
        (hidden.program.slug, None, hidden.learner.get_username()),
        ("nowhere", None, hidden.learner.get_username()),
        (school.program.slug, None, make_user().get_username(), None, None, None, hidden.enrollment.uuid),
    )
    told = troubles(imported("enrollments", rows, actor=mentor))
    assert told[2]["program"].replace(hidden.program.slug, "x") == told[3]["program"].replace("nowhere", "x")
    assert set(told[4]) == {"id"}


def test_who_holds_no_role_learns_nothing_about_accounts() -> None:
    school = School()
    there = make_user("ada").get_username()
    rows = lines(HEAD[:3], *((school.program.slug, school.cohort.slug, name) for name in (there, "nobody")))
    told = troubles(imported("enrollments", rows, actor=school.stranger))
    assert told[2]["username"].replace(there, "x") == told[3]["username"].replace("nobody", "x")
