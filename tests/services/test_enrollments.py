from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from django_prodev import api
from django_prodev.enums import Admission, CohortStatus, EnrollmentStatus, ProgramVisibility
from django_prodev.exceptions import Conflict, Invalid, NotFound, PermissionDenied, Refused
from django_prodev.models import Cohort, Enrollment, Event, Program
from django_prodev.testing.factories import make_cohort, make_enrollment, make_user
from tests.services.refusals import refused
from tests.services.school import School

S = EnrollmentStatus


def update(record: Any, **values: object) -> None:
    type(record).objects.filter(pk=record.pk).update(**values)
    record.refresh_from_db()


def test_people_enrol_themselves_where_admission_is_open(school: School) -> None:
    enrollment = api.enroll(program=school.program, user=school.stranger, actor=school.stranger, cohort=school.cohort)
    assert (enrollment.status, enrollment.source, enrollment.user) == (S.ACTIVE, "self", school.stranger)
    event = Event.objects.get()
    assert (event.type, event.subject, event.data) == (
        "prodev.enrollment.activated.v1",
        school.stranger,
        {"from": None, "to": "active"},
    )
    with refused(Conflict, "already_enrolled"):
        api.enroll(program=school.program, user=school.stranger, actor=school.stranger)


def test_nobody_enrols_somebody_else_but_those_who_may(school: School) -> None:
    for actor in (school.stranger, school.learner, school.observer, school.reviewer):
        with refused(PermissionDenied):
            api.enroll(program=school.program, user=make_user(), actor=actor, cohort=school.cohort)
    for actor in (school.mentor, school.editor, school.owner, None):
        api.enroll(program=school.program, user=make_user(), actor=actor, cohort=school.cohort)
    with refused(PermissionDenied):
        api.enroll(program=school.program, user=make_user(), actor=school.mentor)


@pytest.mark.parametrize(
    ("admission", "code"), [(Admission.REQUEST, "request_needed"), (Admission.INVITE, "invitation_needed")]
)
def test_another_admission_has_another_way_in(db: None, admission: Admission, code: str) -> None:
    school = School(admission=admission)
    with refused(Refused, code):
        api.enroll(program=school.program, user=school.stranger, actor=school.stranger)
    assert api.enroll(program=school.program, user=school.stranger, actor=school.editor).status == S.ACTIVE


def test_a_program_that_is_hidden_does_not_exist_for_those_outside(school: School) -> None:
    update(school.program, visibility=ProgramVisibility.PRIVATE)
    with refused(NotFound):
        api.enroll(program=school.program, user=school.stranger, actor=school.stranger)
    update(school.program, visibility=ProgramVisibility.UNLISTED)
    assert api.enroll(program=school.program, user=school.stranger, actor=school.stranger).status == S.ACTIVE


def test_a_cohort_takes_people_while_it_is_open(school: School) -> None:
    now = timezone.now()
    join = {"program": school.program, "user": school.stranger, "actor": school.stranger, "cohort": school.cohort}
    update(school.cohort, enrollment_opens_at=now + timedelta(hours=1))
    with refused(Refused, "enrollment_not_open"):
        api.enroll(**join)
    update(school.cohort, enrollment_opens_at=None, enrollment_closes_at=now - timedelta(hours=1))
    with refused(Refused, "enrollment_closed"):
        api.enroll(**join)
    update(school.cohort, status=CohortStatus.CANCELLED)
    with refused(Refused, "cohort_not_open"):
        api.enroll(**join | {"actor": school.editor})
    update(school.cohort, status=CohortStatus.DRAFT)
    with refused(NotFound):
        api.enroll(**join)
    other = make_cohort(status=CohortStatus.PUBLISHED)
    with refused(Refused, "other_program"):
        api.enroll(**join | {"cohort": other, "actor": None})


def test_seats_are_given_in_order_and_freed_ones_go_to_the_first_who_waits(db: None) -> None:
    school = School(capacity=2)
    people = [make_user() for _ in range(4)]
    rows = [api.enroll(program=school.program, user=user, actor=user, cohort=school.cohort) for user in people]
    assert [row.status for row in rows] == [S.ACTIVE, S.WAITLISTED, S.WAITLISTED, S.WAITLISTED]
    api.withdraw_enrollment(enrollment=rows[1], actor=people[1])
    Event.objects.all().delete()
    api.withdraw_enrollment(enrollment=school.enrollment, actor=school.learner)
    assert statuses(rows) == [S.ACTIVE, S.WITHDRAWN, S.ACTIVE, S.WAITLISTED]
    assert list(Event.objects.order_by("pk").values_list("type", "subject", "actor")) == [
        ("prodev.enrollment.withdrawn.v1", school.learner.pk, school.learner.pk),
        ("prodev.enrollment.activated.v1", people[2].pk, school.learner.pk),
    ]


def statuses(rows: list[Enrollment]) -> list[str]:
    return [Enrollment.objects.get(pk=row.pk).status for row in rows]


def test_a_pause_and_a_completion_keep_the_seat(db: None) -> None:
    school = School(capacity=2)
    paused = api.enroll(program=school.program, user=make_user(), actor=None, cohort=school.cohort)
    api.pause_enrollment(enrollment=paused, actor=paused.user)
    update(school.enrollment, status=S.COMPLETED, completed_at=timezone.now())
    late = api.enroll(program=school.program, user=make_user(), actor=None, cohort=school.cohort)
    assert late.status == S.WAITLISTED
    assert api.resume_enrollment(enrollment=paused, actor=paused.user).status == S.ACTIVE


def test_nobody_overtakes_those_who_wait(db: None) -> None:
    school = School(capacity=1)
    waiting = api.enroll(program=school.program, user=make_user(), actor=None, cohort=school.cohort)
    Enrollment.objects.filter(pk=school.enrollment.pk).delete()
    late = api.enroll(program=school.program, user=make_user(), actor=None, cohort=school.cohort)
    assert statuses([waiting, late]) == [S.ACTIVE, S.WAITLISTED]


def test_more_places_move_people_up_and_fewer_than_are_taken_are_refused(db: None) -> None:
    school = School(capacity=1)
    rows = [api.enroll(program=school.program, user=make_user(), actor=None, cohort=school.cohort) for _ in range(3)]
    api.edit_cohort(cohort=school.cohort, actor=school.editor, capacity=3)
    assert statuses(rows) == [S.ACTIVE, S.ACTIVE, S.WAITLISTED]
    with refused(Refused, "capacity_below_taken"):
        api.edit_cohort(cohort=school.cohort, actor=school.editor, capacity=2)
    assert Cohort.objects.get(pk=school.cohort.pk).capacity == 3
    api.edit_cohort(cohort=school.cohort, actor=school.editor, capacity=None)
    assert statuses(rows) == [S.ACTIVE, S.ACTIVE, S.ACTIVE]


def test_a_seat_freed_outside_is_given_away_on_demand(db: None) -> None:
    school = School(capacity=1)
    waiting = api.enroll(program=school.program, user=make_user(), actor=None, cohort=school.cohort)
    school.learner.delete()
    assert api.move_up_waiting(cohort=school.cohort, actor=school.mentor) == [waiting]
    assert statuses([waiting]) == [S.ACTIVE]
    assert api.move_up_waiting(cohort=school.cohort, actor=school.mentor) == []


def test_a_request_is_approved_or_rejected(db: None) -> None:
    school = School(admission=Admission.REQUEST, capacity=2)
    rows = [
        api.request_enrollment(program=school.program, user=user, actor=user, cohort=school.cohort)
        for user in (make_user(), make_user(), make_user())
    ]
    assert statuses(rows) == [S.REQUESTED] * 3
    with refused(PermissionDenied):
        api.approve_request(enrollment=rows[0], actor=rows[0].user)
    with refused(NotFound):
        api.approve_request(enrollment=rows[0], actor=school.learner)
    for row in rows[:2]:
        api.approve_request(enrollment=row, actor=school.mentor)
    api.reject_request(enrollment=rows[2], actor=school.mentor)
    assert statuses(rows) == [S.ACTIVE, S.WAITLISTED, S.REJECTED]
    with refused(Refused, "transition_not_allowed"):
        api.approve_request(enrollment=rows[2], actor=school.mentor)
    with refused(Refused, "no_request_needed"):
        update(school.program, admission=Admission.OPEN)
        api.request_enrollment(program=school.program, user=school.stranger, actor=school.stranger)


def test_an_invitation_is_the_invited_person_s_to_answer(db: None) -> None:
    school = School(admission=Admission.INVITE)
    invitation = api.invite(program=school.program, user=school.stranger, actor=school.mentor, cohort=school.cohort)
    assert invitation.status == S.INVITED
    with refused(PermissionDenied):
        api.accept_invitation(enrollment=invitation, actor=school.mentor)
    assert api.accept_invitation(enrollment=invitation, actor=school.stranger).status == S.ACTIVE
    with refused(Refused, "transition_not_allowed"):
        api.decline_invitation(enrollment=invitation, actor=school.stranger)
    other = api.invite(program=school.program, user=make_user(), actor=school.editor)
    assert api.decline_invitation(enrollment=other, actor=other.user).status == S.WITHDRAWN


def test_an_address_is_invited_once_whatever_its_case(school: School) -> None:
    api.invite(program=school.program, email=" Ada@example.com ", actor=school.editor)
    assert Enrollment.objects.get(status=S.INVITED).email == "Ada@example.com"
    with refused(Conflict, "already_invited"):
        api.invite(program=school.program, email="ada@EXAMPLE.com", actor=school.editor)
    with refused(Invalid) as caught:
        api.invite(program=school.program, email="no address", actor=school.editor)
    assert set(caught.value.fields) == {"email"}


def test_completion_needs_everything_required_and_pins_the_version(school: School) -> None:
    with refused(Refused, "not_complete"):
        api.complete_enrollment(enrollment=school.enrollment, actor=school.learner)
    for unit in school.all_units:
        api.complete_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    Event.objects.all().delete()
    done = api.complete_enrollment(enrollment=school.enrollment, actor=school.learner)
    again = api.complete_enrollment(enrollment=school.enrollment, actor=school.learner)
    assert (done.status, done.curriculum) == (S.COMPLETED, school.curriculum)
    assert again.completed_at == done.completed_at == done.ended_at
    assert Event.objects.count() == 1


def test_staff_complete_early_by_waiving_what_is_missing(school: School) -> None:
    api.complete_unit(enrollment=school.enrollment, unit=school.all_units[0], actor=school.learner)
    with refused(PermissionDenied):
        api.complete_enrollment(enrollment=school.enrollment, actor=school.learner, waive_missing=True)
    api.complete_enrollment(enrollment=school.enrollment, actor=school.editor, waive_missing=True)
    marks = school.enrollment.progress.order_by("unit__placements__position").values_list("status", flat=True)
    assert list(marks) == ["completed", "waived", "waived"]
    assert statuses([school.enrollment]) == [S.COMPLETED]


def test_a_completed_person_is_reopened_by_staff_or_begins_again(school: School) -> None:
    api.complete_enrollment(enrollment=school.enrollment, actor=school.owner, waive_missing=True)
    again = api.re_enroll(enrollment=school.enrollment, actor=school.learner)
    assert (again.status, again.cohort) == (S.ACTIVE, school.cohort)
    assert again.pk != school.enrollment.pk
    assert again.progress.count() == 0
    with refused(Conflict, "already_enrolled"):
        api.reopen_enrollment(enrollment=school.enrollment, actor=school.mentor)
    api.withdraw_enrollment(enrollment=again, actor=school.learner)
    with refused(PermissionDenied):
        api.reopen_enrollment(enrollment=school.enrollment, actor=school.learner)
    reopened = api.reopen_enrollment(enrollment=school.enrollment, actor=school.mentor)
    assert (reopened.status, reopened.completed_at, reopened.ended_at) == (S.ACTIVE, None, None)


@pytest.mark.parametrize("status", S.values)
@pytest.mark.parametrize(
    ("step", "allowed"),
    [
        ("pause_enrollment", {"active"}),
        ("resume_enrollment", {"paused"}),
        ("withdraw_enrollment", {"invited", "requested", "waitlisted", "active", "paused"}),
        ("expire_enrollment", {"invited", "active", "paused"}),
        ("approve_request", {"requested"}),
        ("reject_request", {"requested"}),
        ("reopen_enrollment", {"completed"}),
    ],
)
def test_a_step_is_possible_from_some_statuses_only(school: School, step: str, allowed: set[str], status: str) -> None:
    enrollment = make_enrollment(cohort=school.cohort, status=status)
    before = Enrollment.objects.filter(pk=enrollment.pk).values().get()
    if status in allowed:
        getattr(api, step)(enrollment=enrollment, actor=school.owner)
        assert Event.objects.get().data["from"] == status
    else:
        with refused(Refused, "transition_not_allowed"):
            getattr(api, step)(enrollment=enrollment, actor=school.owner)
        assert Enrollment.objects.filter(pk=enrollment.pk).values().get() == before
        assert Event.objects.count() == 0


def test_terms_are_set_by_editors(school: School) -> None:
    due = timezone.now() + timedelta(days=30)
    edited = api.edit_enrollment(
        enrollment=school.enrollment, actor=school.editor, curriculum=school.curriculum, due_at=due
    )
    assert (edited.curriculum, edited.due_at) == (school.curriculum, due)
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    with refused(Refused, "curriculum_not_published"):
        api.edit_enrollment(enrollment=school.enrollment, actor=school.editor, curriculum=draft)
    with refused(PermissionDenied):
        api.edit_enrollment(enrollment=school.enrollment, actor=school.learner, due_at=None)
    assert Program.objects.count() == 1
