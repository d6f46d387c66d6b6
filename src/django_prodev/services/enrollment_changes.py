"""What becomes of an enrolment: pause, resume, leave, expire, complete, reopen, begin again, and what it is held to."""

from datetime import datetime
from typing import TypedDict, Unpack

from django_prodev.enums import Admission, EnrollmentStatus, ProgressSource, ProgressStatus
from django_prodev.exceptions import Refused
from django_prodev.models import Cohort, Curriculum, Enrollment, Progress, Unit
from django_prodev.reading.progress import curricula_of, done_units_of, trees_of
from django_prodev.services.actors import Actor
from django_prodev.services.admission import check_not_enrolled, check_pin, may_enroll_others
from django_prodev.services.edits import assign, check_version, save
from django_prodev.services.enrollment_steps import hold_enrollment, record_step, take_step
from django_prodev.services.enrollments import enroll, request_enrollment
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.progress_marks import store_mark
from django_prodev.services.seats import fill_seats
from django_prodev.services.transactions import locked, service

_S = EnrollmentStatus


class EnrollmentTerms(TypedDict, total=False):
    """What an enrolment is held to. No ``curriculum`` follows the published one."""

    curriculum: Curriculum | None
    due_at: datetime | None


@service
def pause_enrollment(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Interrupt learning. The seat is kept."""
    authorize(actor, Action.PAUSE_ENROLLMENT, enrollment)
    return take_step(hold_enrollment(enrollment), _S.PAUSED, name="paused", actor=actor)


@service
def resume_enrollment(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Go on after a pause."""
    authorize(actor, Action.PAUSE_ENROLLMENT, enrollment)
    enrollment = hold_enrollment(enrollment)
    if enrollment.status != _S.PAUSED:
        raise Refused("Only what is paused can be resumed.", code="transition_not_allowed")
    return take_step(enrollment, _S.ACTIVE, name="resumed", actor=actor)


@service
def withdraw_enrollment(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Leave: the seat goes to the first who waits. Also takes back a request, or gives up waiting."""
    authorize(actor, Action.PAUSE_ENROLLMENT, enrollment)
    return _leave(enrollment, _S.WITHDRAWN, "withdrawn", actor)


@service
def expire_enrollment(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """End an invitation or an enrolment whose time is over."""
    authorize(actor, Action.MANAGE_ENROLLMENT, enrollment)
    return _leave(enrollment, _S.EXPIRED, "expired", actor)


def _leave(enrollment: Enrollment, to: EnrollmentStatus, name: str, actor: Actor) -> Enrollment:
    cohort = locked(Cohort, enrollment.cohort_id) if enrollment.cohort_id is not None else None
    enrollment = take_step(hold_enrollment(enrollment), to, name=name, actor=actor)
    if cohort is not None:
        fill_seats(cohort, actor)
    return enrollment


@service
def complete_enrollment(*, enrollment: Enrollment, actor: Actor, waive_missing: bool = False) -> Enrollment:
    """Finish a program. Completing twice is completing once.

    The enrolment is pinned to the version it was completed by, so that later versions take nothing away. Raises
    ``Refused`` (``not_complete``) before everything required is done, unless ``waive_missing`` lets the person off the
    rest, which is for editors and owners.
    """
    authorize(actor, Action.OVERRIDE_COMPLETION if waive_missing else Action.COMPLETE_ENROLLMENT, enrollment)
    enrollment = hold_enrollment(enrollment)
    if enrollment.status == _S.COMPLETED:
        return enrollment
    curriculum_id = curricula_of([enrollment.pk])[enrollment.pk]
    tree = trees_of([curriculum_id])[curriculum_id] if curriculum_id is not None else None
    done = done_units_of([enrollment.pk]).get(enrollment.pk, set())
    if tree is not None and waive_missing and enrollment.status == _S.ACTIVE:
        for item in tree.counted[None]:
            if not tree.is_complete(done, item.key):
                _waive(enrollment, item.unit, actor)
                done.add(item.unit)
    if tree is None or not tree.is_complete(done):
        raise Refused("Not everything that this program asks for is done.", code="not_complete")
    if enrollment.curriculum_id != curriculum_id:
        enrollment.curriculum_id = curriculum_id
        save(enrollment, ["curriculum"])
    return take_step(enrollment, _S.COMPLETED, name="completed", actor=actor)


def _waive(enrollment: Enrollment, unit_id: int, actor: Actor) -> None:
    unit = Unit.objects.get(pk=unit_id)
    present = Progress.objects.filter(enrollment=enrollment, unit=unit).first()
    store_mark(
        enrollment, unit, present, ProgressStatus.WAIVED, name="waived", actor=actor, source=ProgressSource.STAFF
    )


@service
def reopen_enrollment(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Let a person who completed go on learning, held to the version they completed."""
    authorize(actor, Action.REOPEN_ENROLLMENT, enrollment)
    enrollment = hold_enrollment(enrollment)
    if enrollment.status != _S.COMPLETED:
        raise Refused("Only what is completed can be reopened.", code="transition_not_allowed")
    check_not_enrolled(enrollment.program, enrollment.user_id)
    return take_step(enrollment, _S.ACTIVE, name="reopened", actor=actor)


@service
def re_enroll(*, enrollment: Enrollment, actor: Actor) -> Enrollment:
    """Begin again after an enrolment has ended: another row, by the rules of the program as they are.

    Where the program gives places on request, this asks for one. What was done stays with the ended enrolment.
    """
    authorize(actor, Action.PAUSE_ENROLLMENT, enrollment)
    enrollment = Enrollment.objects.select_related("program", "user", "cohort").get(pk=enrollment.pk)
    program, user, cohort = enrollment.program, enrollment.user, enrollment.cohort
    if user is None or enrollment.ended_at is None:
        raise Refused("Only an enrolment that has ended can be begun again.", code="transition_not_allowed")
    if program.admission == Admission.REQUEST and not may_enroll_others(actor, program, cohort):
        return request_enrollment(program=program, user=user, actor=actor, cohort=cohort)
    return enroll(program=program, user=user, actor=actor, cohort=cohort)


@service
def edit_enrollment(
    *, enrollment: Enrollment, actor: Actor, expected_version: str | None = None, **changes: Unpack[EnrollmentTerms]
) -> Enrollment:
    """Pin a published or superseded curriculum (or follow the published one again), or set a due date."""
    authorize(actor, Action.MANAGE_ENROLLMENT, enrollment)
    enrollment = hold_enrollment(enrollment)
    check_version(enrollment, expected_version)
    pin = changes.get("curriculum")
    if pin is not None:
        check_pin(enrollment.program_id, pin)
    if changed := assign(enrollment, changes, EnrollmentTerms.__annotations__):
        if enrollment.status == _S.COMPLETED and "curriculum" in changed:
            raise Refused("A completed enrolment stays with its curriculum.", code="enrollment_completed")
        save(enrollment, changed)
        record_step(enrollment, name="edited", actor=actor, before=enrollment.status, fields=changed)
    return enrollment
