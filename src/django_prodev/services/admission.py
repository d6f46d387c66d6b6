"""Who may get in to what, and when: the rules of programs and cohorts that every way in has in common."""

from typing import Any

from django.utils import timezone

from django_prodev.enums import Admission, CohortStatus, CurriculumStatus, ProgramStatus
from django_prodev.exceptions import Conflict, PermissionDenied, Refused
from django_prodev.models import Cohort, Curriculum, Enrollment, Program
from django_prodev.services.actors import Actor, User, is_same_person
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize, is_allowed


def may_enroll_others(actor: Actor, program: Program, cohort: Cohort | None) -> bool:
    """Whether ``actor`` lets people in here, and so is not bound by how and until when people let themselves in."""
    return is_allowed(actor=actor, action=Action.ENROLL_OTHERS, target=cohort or program)


def authorize_join(actor: Actor, user: User, program: Program, cohort: Cohort | None, *, by: Admission) -> None:
    """Let a person in by their own wish.

    Raises ``PermissionDenied`` for anybody else's, and ``Refused`` (``request_needed``, ``invitation_needed``,
    ``no_request_needed``, ``enrollment_not_open``, ``enrollment_closed``) where the program has another way in or
    the cohort is not open at this time.
    """
    authorize(actor, Action.JOIN, program)
    if cohort is not None:
        authorize(actor, Action.JOIN, cohort)
    if not is_same_person(actor, user.pk):
        raise PermissionDenied
    if program.admission != by:
        raise _OTHER_WAY[Admission(program.admission)]()
    if cohort is not None:
        _check_dates(cohort)


def _request_needed() -> Refused:
    return Refused("A place in this program is given on request.", code="request_needed")


def _invitation_needed() -> Refused:
    return Refused("This program takes people by invitation.", code="invitation_needed")


def _no_request_needed() -> Refused:
    return Refused("This program is open: a place is taken without a request.", code="no_request_needed")


_OTHER_WAY = {
    Admission.REQUEST: _request_needed,
    Admission.INVITE: _invitation_needed,
    Admission.OPEN: _no_request_needed,
}


def _check_dates(cohort: Cohort) -> None:
    now = timezone.now()
    if cohort.enrollment_opens_at is not None and now < cohort.enrollment_opens_at:
        raise Refused("Enrolment has not opened yet.", code="enrollment_not_open")
    closes_at = cohort.enrollment_closes_at or cohort.ends_at
    if closes_at is not None and closes_at < now:
        raise Refused("Enrolment has closed.", code="enrollment_closed")


def check_open(program: Program, cohort: Cohort | None, curriculum: Curriculum | None = None) -> None:
    """Raise ``Refused`` where nobody at all can get in: another program's cohort, a draft, what is over."""
    if program.status != ProgramStatus.PUBLISHED:
        raise Refused("Nobody can enrol in a program that is not published.", code="program_not_open")
    if cohort is not None:
        if cohort.program_id != program.pk:
            raise Refused("The cohort belongs to another program.", code="other_program")
        if cohort.status != CohortStatus.PUBLISHED:
            raise Refused("Nobody can enrol in a cohort that is not open.", code="cohort_not_open")
    if curriculum is not None:
        check_pin(program.pk, curriculum)


def check_pin(program_id: int, curriculum: Curriculum) -> None:
    """Raise ``Refused`` where an enrolment in the program cannot be held to ``curriculum``."""
    if curriculum.program_id != program_id:
        raise Refused("The curriculum belongs to another program.", code="other_program")
    if curriculum.status == CurriculumStatus.DRAFT:
        raise Refused("A draft cannot be learnt from.", code="curriculum_not_published")


def check_not_enrolled(program: Program, user_id: Any) -> None:
    """Raise ``Conflict`` (``already_enrolled``) where the person has an open enrolment. The database holds it too."""
    if Enrollment.objects.filter(program=program, user_id=user_id).open().exists():
        raise Conflict("This person is enrolled in the program already.", code="already_enrolled")
