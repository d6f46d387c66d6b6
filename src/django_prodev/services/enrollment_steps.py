"""The one place where an enrolment changes its status: checks the step, stamps the time, records the event."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from django_prodev.enums import EnrollmentStatus
from django_prodev.exceptions import Refused
from django_prodev.models import Enrollment
from django_prodev.services.actors import Actor
from django_prodev.services.edits import save
from django_prodev.services.events import record_event
from django_prodev.services.life_cycles import ENROLLMENT, check_step
from django_prodev.services.transactions import locked

_ENDS = (
    EnrollmentStatus.COMPLETED,
    EnrollmentStatus.WITHDRAWN,
    EnrollmentStatus.EXPIRED,
    EnrollmentStatus.REJECTED,
)
_WAITS_TO_GET_IN = (EnrollmentStatus.INVITED, EnrollmentStatus.REQUESTED, EnrollmentStatus.WAITLISTED)

FIRST_EVENTS = {
    EnrollmentStatus.INVITED: "invited",
    EnrollmentStatus.REQUESTED: "requested",
    EnrollmentStatus.WAITLISTED: "waitlisted",
    EnrollmentStatus.ACTIVE: "activated",
}
"""The event of an enrolment that begins in, or gets in to, a status."""


def hold_enrollment(enrollment: Enrollment) -> Enrollment:
    """Hold the row. Whoever decides about seats holds the cohort before."""
    return locked(Enrollment, enrollment.pk)


def take_step(
    enrollment: Enrollment,
    to: EnrollmentStatus,
    *,
    name: str,
    actor: Actor,
    at: datetime | None = None,
    **data: Any,
) -> Enrollment:
    """Move a held enrolment to another status, and record ``prodev.enrollment.<name>.v1``."""
    before = enrollment.status
    save(enrollment, set_status(enrollment, to, at or timezone.now()))
    record_step(enrollment, name=name, actor=actor, before=before, **data)
    return enrollment


def set_status(enrollment: Enrollment, to: EnrollmentStatus, at: datetime) -> list[str]:
    """Set the status and its times where the life cycle has that step; the names of the fields, to be stored."""
    before = enrollment.status
    check_step(ENROLLMENT, before, to)
    enrollment.status = to
    enrollment.completed_at = at if to == EnrollmentStatus.COMPLETED else None
    enrollment.ended_at = at if to in _ENDS else None
    changed = ["status", "completed_at", "ended_at"]
    if before in _WAITS_TO_GET_IN and to in (EnrollmentStatus.ACTIVE, EnrollmentStatus.WAITLISTED):
        enrollment.enrolled_at = at
        changed.append("enrolled_at")
    return changed


def record_step(enrollment: Enrollment, *, name: str, actor: Actor, before: str | None, **data: Any) -> None:
    """Record what became of an enrolment."""
    record_event(
        name=name,
        instance=enrollment,
        actor=actor,
        subject_id=enrollment.user_id,
        program_id=enrollment.program_id,
        data={"from": before, "to": enrollment.status, **data},
    )


def require_active(enrollment: Enrollment) -> None:
    """Raise ``Refused`` (``enrollment_not_active``) unless the person is learning at present."""
    if enrollment.status != EnrollmentStatus.ACTIVE:
        raise Refused("This is only possible while the enrolment is active.", code="enrollment_not_active")
