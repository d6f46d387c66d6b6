"""What the database refuses about who learns what: cohorts, enrolments, progress."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from django_prodev.enums import OPEN_ENROLLMENT_STATUSES, EnrollmentStatus, ProgressStatus
from django_prodev.models import Cohort, Enrollment, Progress
from django_prodev.testing import make_cohort, make_enrollment, make_program, make_progress, make_user
from tests.models.refusal import refused_by

pytestmark = pytest.mark.django_db

EARLIER = timezone.now()
LATER = EARLIER + timedelta(days=1)
CLOSED = [status for status in EnrollmentStatus if status not in OPEN_ENROLLMENT_STATUSES]


def test_a_cohort_slug_is_unique_in_its_program() -> None:
    cohort = make_cohort(slug="autumn")
    make_cohort(slug="autumn")
    with refused_by("prodev_cohort_unique_slug"):
        make_cohort(program=cohort.program, slug="autumn")


def test_a_cohort_does_not_end_before_it_starts() -> None:
    for starts_at, ends_at in ((EARLIER, EARLIER), (EARLIER, LATER), (LATER, None), (None, EARLIER)):
        cohort = make_cohort(starts_at=starts_at, ends_at=ends_at)
    with refused_by("prodev_cohort_dates"):
        Cohort.objects.filter(pk=cohort.pk).update(starts_at=LATER, ends_at=EARLIER)


def test_enrolment_does_not_close_before_it_opens() -> None:
    for opens_at, closes_at in ((EARLIER, EARLIER), (EARLIER, LATER), (LATER, None), (None, EARLIER)):
        cohort = make_cohort(enrollment_opens_at=opens_at, enrollment_closes_at=closes_at)
    with refused_by("prodev_cohort_enrollment_dates"):
        Cohort.objects.filter(pk=cohort.pk).update(enrollment_opens_at=LATER, enrollment_closes_at=EARLIER)


@pytest.mark.parametrize("status", OPEN_ENROLLMENT_STATUSES)
@pytest.mark.parametrize("held", OPEN_ENROLLMENT_STATUSES)
def test_a_person_has_one_open_enrolment_in_a_program(held: EnrollmentStatus, status: EnrollmentStatus) -> None:
    enrollment = make_enrollment(status=held)
    make_enrollment(user=enrollment.user, status=status)
    with refused_by("prodev_enrollment_one_open"):
        Enrollment.objects.bulk_create(
            [Enrollment(program=enrollment.program, user=enrollment.user, status=status, email="someone@example.com")]
        )


def test_closed_enrolments_do_not_stand_in_the_way() -> None:
    enrollment = make_enrollment()
    for status in CLOSED:
        make_enrollment(program=enrollment.program, user=enrollment.user, status=status)
    assert Enrollment.objects.filter(user=enrollment.user).count() == len(CLOSED) + 1


@pytest.mark.parametrize("email", ["ada@example.com", "Ada@Example.com"])
def test_an_address_has_one_pending_invitation_to_a_program(email: str) -> None:
    invitation = make_enrollment(email="ada@example.com", status=EnrollmentStatus.INVITED)
    make_enrollment(email=email, status=EnrollmentStatus.INVITED)
    make_enrollment(program=invitation.program, email=email, status=EnrollmentStatus.EXPIRED)
    with refused_by("prodev_enrollment_one_invitation"):
        make_enrollment(program=invitation.program, email=email, status=EnrollmentStatus.INVITED)


def test_invitations_of_people_with_accounts_need_no_address() -> None:
    program = make_program()
    for _ in range(2):
        make_enrollment(program=program, user=make_user(), status=EnrollmentStatus.INVITED)
    assert program.enrollments.filter(email="").count() == 2


def test_a_completed_enrolment_says_when() -> None:
    enrollment = make_enrollment()
    with refused_by("prodev_enrollment_completed_at"):
        Enrollment.objects.filter(pk=enrollment.pk).update(status=EnrollmentStatus.COMPLETED)


@pytest.mark.parametrize("status", [status for status in EnrollmentStatus if status != EnrollmentStatus.COMPLETED])
def test_only_a_completed_enrolment_has_a_completion(status: EnrollmentStatus) -> None:
    enrollment = make_enrollment(status=EnrollmentStatus.COMPLETED)
    with refused_by("prodev_enrollment_completed_at"):
        Enrollment.objects.filter(pk=enrollment.pk).update(status=status)


def test_an_enrolment_is_of_someone_unless_it_was_anonymised() -> None:
    enrollment = make_enrollment()
    Enrollment.objects.filter(pk=enrollment.pk).update(user=None, anonymized_at=timezone.now())
    with refused_by("prodev_enrollment_person"):
        Enrollment.objects.filter(pk=enrollment.pk).update(anonymized_at=None)


def test_a_unit_has_one_state_in_an_enrolment() -> None:
    progress = make_progress()
    make_progress(unit=progress.unit)
    with refused_by("prodev_progress_unique"):
        Progress.objects.bulk_create([Progress(enrollment=progress.enrollment, unit=progress.unit)])


@pytest.mark.parametrize("score", [Decimal("-0.0001"), Decimal("1.0001")])
def test_a_score_runs_from_nothing_to_one(score: Decimal) -> None:
    for allowed in (None, Decimal(0), Decimal(1)):
        progress = make_progress(score=allowed)
    with refused_by("prodev_progress_score"):
        Progress.objects.filter(pk=progress.pk).update(score=score)


@pytest.mark.parametrize("status", ProgressStatus)
def test_what_is_done_says_when_and_nothing_else_does(status: ProgressStatus) -> None:
    progress = make_progress(status=status)
    wrong = None if progress.completed_at else timezone.now()
    with refused_by("prodev_progress_completed_at"):
        Progress.objects.filter(pk=progress.pk).update(completed_at=wrong)
