"""The ways in to a program: enrol, request, invite, accept, approve.

What becomes of an enrolment later is in ``enrollment_changes``.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from django_prodev.enums import Admission, EnrollmentSource, EnrollmentStatus
from django_prodev.exceptions import Conflict, Invalid, Refused
from django_prodev.models import Cohort, Curriculum, Enrollment, Program
from django_prodev.services.actors import Actor, User
from django_prodev.services.admission import authorize_join, check_not_enrolled, check_open, may_enroll_others
from django_prodev.services.enrollment_steps import FIRST_EVENTS, hold_enrollment, record_step, take_step
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.seats import hold_seats
from django_prodev.services.transactions import service


@service
def enroll(
    *,
    program: Program,
    user: User,
    actor: Actor,
    cohort: Cohort | None = None,
    curriculum: Curriculum | None = None,
    due_at: datetime | None = None,
    source: EnrollmentSource | None = None,
) -> Enrollment:
    """Give ``user`` a place in ``program``: at once, or on the waiting list where the cohort is full.

    People enrol themselves where admission is open; those who may enrol others do so whatever the admission and dates
    say, and alone may pin a ``curriculum`` or set ``due_at``. Raises ``Conflict`` (``already_enrolled``), or
    ``Refused`` with a code of ``admission``.
    """
    if not may_enroll_others(actor, program, cohort):
        curriculum, due_at, source = None, None, EnrollmentSource.SELF
        authorize_join(actor, user, program, cohort, by=Admission.OPEN)
    check_open(program, cohort, curriculum)
    seats = hold_seats(cohort.pk if cohort else None, actor)
    check_not_enrolled(program, user.pk)
    status, at = seats.admit()
    return _begin(
        Enrollment(
            program=program,
            cohort=cohort,
            curriculum=curriculum,
            user=user,
            status=status,
            source=source or EnrollmentSource.STAFF,
            enrolled_at=at,
            due_at=due_at,
        ),
        actor,
    )


@service
def request_enrollment(*, program: Program, user: User, actor: Actor, cohort: Cohort | None = None) -> Enrollment:
    """Ask for a place in a program that gives them on request."""
    if not may_enroll_others(actor, program, cohort):
        authorize_join(actor, user, program, cohort, by=Admission.REQUEST)
    check_open(program, cohort)
    check_not_enrolled(program, user.pk)
    return _begin(
        Enrollment(
            program=program,
            cohort=cohort,
            user=user,
            status=EnrollmentStatus.REQUESTED,
            source=EnrollmentSource.SELF,
        ),
        actor,
    )


@service
def invite(
    *,
    program: Program,
    actor: Actor,
    user: User | None = None,
    email: str = "",
    cohort: Cohort | None = None,
    due_at: datetime | None = None,
) -> Enrollment:
    """Invite a person who has an account (``user``), or whoever receives mail at ``email``. It takes no seat.

    Raises ``Conflict`` (``already_enrolled``, ``already_invited``).
    """
    authorize(actor, Action.ENROLL_OTHERS, cohort or program)
    check_open(program, cohort)
    if user is not None:
        check_not_enrolled(program, user.pk)
        email = ""
    else:
        email = check_address(email)
        invited = Enrollment.objects.filter(program=program, status=EnrollmentStatus.INVITED, email__iexact=email)
        if invited.exists():
            raise Conflict("This address is invited to the program already.", code="already_invited")
    return _begin(
        Enrollment(
            program=program,
            cohort=cohort,
            user=user,
            email=email,
            status=EnrollmentStatus.INVITED,
            source=EnrollmentSource.INVITATION,
            due_at=due_at,
        ),
        actor,
    )


@service
def accept_invitation(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Take the place that one was invited to, or a place on the waiting list where the cohort has filled up."""
    authorize(actor, Action.ANSWER_INVITATION, enrollment)
    return _let_in(enrollment, EnrollmentStatus.INVITED, actor)


@service
def decline_invitation(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Turn an invitation down."""
    authorize(actor, Action.ANSWER_INVITATION, enrollment)
    enrollment = hold_enrollment(enrollment)
    require_status(enrollment, EnrollmentStatus.INVITED)
    return take_step(enrollment, EnrollmentStatus.WITHDRAWN, name="declined", actor=actor)


@service
def approve_request(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Give whoever asked a place, or one on the waiting list where the cohort is full."""
    authorize(actor, Action.ENROLL_OTHERS, enrollment)
    return _let_in(enrollment, EnrollmentStatus.REQUESTED, actor)


@service
def reject_request(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Turn a request down."""
    authorize(actor, Action.ENROLL_OTHERS, enrollment)
    enrollment = hold_enrollment(enrollment)
    require_status(enrollment, EnrollmentStatus.REQUESTED)
    return take_step(enrollment, EnrollmentStatus.REJECTED, name="rejected", actor=actor)


def check_address(email: str) -> str:
    """The address without blanks around it. Raises ``Invalid`` for what is none."""
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Invalid(fields={"email": list(error.messages)}) from None
    return email


def require_status(enrollment: Enrollment, status: EnrollmentStatus) -> None:
    """Raise ``Refused`` (``transition_not_allowed``) where a held enrolment has left ``status``."""
    if enrollment.status != status:
        raise Refused(f"This enrolment is no longer {status.label}.", code="transition_not_allowed")


def _let_in(enrollment: Enrollment, status: EnrollmentStatus, actor: Actor) -> Enrollment:
    seats = hold_seats(enrollment.cohort_id, actor)
    enrollment = hold_enrollment(enrollment)
    require_status(enrollment, status)
    check_open(enrollment.program, enrollment.cohort)
    to, at = seats.admit()
    return take_step(enrollment, to, name=FIRST_EVENTS[to], actor=actor, at=at)


def _begin(enrollment: Enrollment, actor: Actor, **data: Any) -> Enrollment:
    enrollment.enrolled_at = enrollment.enrolled_at or timezone.now()
    enrollment.save()
    record_step(enrollment, name=FIRST_EVENTS[EnrollmentStatus(enrollment.status)], actor=actor, before=None, **data)
    return enrollment
