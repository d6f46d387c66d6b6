from collections.abc import Callable
from contextlib import AbstractContextManager

from django.utils import timezone

from django_prodev import api
from django_prodev.exceptions import Conflict, Invalid, NotFound, PermissionDenied
from django_prodev.models import Enrollment, Event
from django_prodev.testing.factories import make_cohort, make_enrollment, make_published_program, make_user
from tests.services.refusals import refused
from tests.services.school import School


def test_each_row_has_its_own_answer_and_none_stops_another(db: None) -> None:
    school = School(capacity=3)
    first, second, third = (make_user() for _ in range(3))
    rows = api.bulk_enroll(
        program=school.program,
        people=[first, "Ada@example.com", school.learner, "no address", second, first, "ada@example.com", third],
        actor=school.mentor,
        cohort=school.cohort,
    )
    assert [row.enrollment.status if row.enrollment else row.code for row in rows] == [
        *("active", "invited", "already_enrolled", "invalid", "active"),
        *("already_enrolled", "already_invited", "waitlisted"),
    ]
    assert all(row.message for row in rows if row.enrollment is None)
    stored = Enrollment.objects.filter(cohort=school.cohort).exclude(pk=school.enrollment.pk)
    assert stored.count() == Event.objects.count() == 4
    assert set(Event.objects.values_list("object_uuid", flat=True)) == set(stored.values_list("uuid", flat=True))


def test_those_who_wait_already_come_first(db: None) -> None:
    school = School(capacity=2)
    waiting = make_enrollment(cohort=school.cohort, status="waitlisted")
    [row] = api.bulk_enroll(program=school.program, people=[make_user()], actor=None, cohort=school.cohort)
    assert row.enrollment is not None
    assert row.enrollment.status == "waitlisted"
    assert Enrollment.objects.get(pk=waiting.pk).status == "active"


def test_a_row_may_name_a_cohort_and_a_due_date_of_its_own(school: School) -> None:
    other, draft = make_cohort(program=school.program, status="published"), make_cohort(program=school.program)
    foreign = make_cohort(program=make_published_program(), status="published")
    due = timezone.now()
    people = [make_user() for _ in range(4)]
    rows = api.bulk_enroll(
        program=school.program,
        people=[
            api.BulkPerson(people[0], due_at=due),
            api.BulkPerson(people[1], other),
            api.BulkPerson("a@example.com", other, due),
            api.BulkPerson(people[2], draft),
            api.BulkPerson(people[3], foreign),
        ],
        actor=school.editor,
        cohort=school.cohort,
    )
    assert [row.code for row in rows] == ["", "", "", "cohort_not_open", "permission_denied"]
    made = [row.enrollment for row in rows if row.enrollment]
    assert [(row.cohort, row.due_at) for row in made] == [(school.cohort, due), (other, None), (other, due)]


def test_whoever_enrols_in_one_cohort_needs_none_of_the_program(school: School) -> None:
    [row] = api.bulk_enroll(
        program=school.program, people=[api.BulkPerson(make_user(), school.cohort)], actor=school.mentor
    )
    assert row.enrollment is not None
    with refused(PermissionDenied):
        api.bulk_enroll(program=school.program, people=[make_user()], actor=school.mentor)


def test_a_plan_says_what_would_be_and_leaves_no_trace(db: None) -> None:
    school = School(capacity=2)
    waiting = make_enrollment(cohort=school.cohort, status="waitlisted")
    people = [make_user(), school.learner, "a@example.com", "none"]
    given = {"program": school.program, "people": people, "actor": school.mentor, "cohort": school.cohort}
    plan = api.plan_bulk_enroll(**given)
    assert Enrollment.objects.count() == 2
    assert Enrollment.objects.get(pk=waiting.pk).status == "waitlisted"
    assert not Event.objects.exists()
    done = api.bulk_enroll(**given)
    said = [[row.enrollment.status if row.enrollment else row.code for row in rows] for rows in (plan, done)]
    assert said[0] == said[1] == ["waitlisted", "already_enrolled", "invited", "invalid"]


def test_a_list_is_bounded_and_for_those_who_enrol_others(school: School) -> None:
    with refused(Invalid):
        api.bulk_enroll(program=school.program, people=["a@example.com"] * 1_001, actor=school.owner)
    with refused(PermissionDenied):
        api.bulk_enroll(program=school.program, people=[], actor=school.learner)


def test_a_statement_carries_many_rows(
    school: School, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    addresses = [f"person-{number}@example.com" for number in range(300)]
    with django_assert_max_num_queries(20):
        api.bulk_enroll(program=school.program, people=addresses, actor=None, cohort=school.cohort)
    assert Enrollment.objects.filter(status="invited").count() == 300


def test_an_invitation_is_claimed_with_the_token_that_was_sent(school: School) -> None:
    invited = api.invite(program=school.program, email="ada@example.com", actor=school.mentor, cohort=school.cohort)
    token = api.invitation_token(invited)
    with refused(NotFound):
        api.claim_invitation(token=f"{token}x", actor=school.stranger)
    with refused(Conflict, "already_enrolled"):
        api.claim_invitation(token=token, actor=school.learner)
    claimed = api.claim_invitation(token=token, actor=school.stranger)
    assert (claimed.pk, claimed.user, claimed.email, claimed.status) == (invited.pk, school.stranger, "", "active")
    with refused(NotFound):
        api.claim_invitation(token=token, actor=make_user())
