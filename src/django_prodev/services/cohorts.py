"""Cohorts: create, edit, open, cancel, archive, and move waiting people up."""

from datetime import datetime
from typing import Any, TypedDict, Unpack
from zoneinfo import available_timezones

from django.utils import timezone

from django_prodev.enums import CohortStatus, CurriculumStatus
from django_prodev.exceptions import Refused
from django_prodev.models import Cohort, Curriculum, Enrollment, Program
from django_prodev.services.actors import Actor
from django_prodev.services.edits import Problems, assign, check_version, examine, save
from django_prodev.services.events import record_event
from django_prodev.services.life_cycles import COHORT, check_step
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.seats import count_seats, fill_seats
from django_prodev.services.transactions import locked, service


class CohortFields(TypedDict, total=False):
    """What of a cohort may be written. ``curriculum`` pins it; ``capacity`` ``None`` is no limit. Times are aware."""

    slug: str
    title: str
    curriculum: Curriculum | None
    starts_at: datetime | None
    ends_at: datetime | None
    enrollment_opens_at: datetime | None
    enrollment_closes_at: datetime | None
    capacity: int | None
    timezone: str
    mode: str


@service
def create_cohort(*, program: Program, actor: Actor, **fields: Unpack[CohortFields]) -> Cohort:
    """Store a cohort of a program as a draft."""
    authorize(actor, Action.EDIT_COHORT, program)
    cohort = Cohort(program=program)
    _write(cohort, fields)
    cohort.save()
    _record("created", cohort, actor)
    return cohort


@service
def edit_cohort(
    *, cohort: Cohort, actor: Actor, expected_version: str | None = None, **changes: Unpack[CohortFields]
) -> Cohort:
    """Change a cohort. More places are given to those who wait, in the same transaction.

    Raises ``Refused`` (``capacity_below_taken``) where more seats are taken than there would be.
    """
    authorize(actor, Action.EDIT_COHORT, cohort)
    cohort = locked(Cohort, cohort.pk)
    check_version(cohort, expected_version)
    changed = _write(cohort, changes)
    if not changed:
        return cohort
    if "capacity" in changed and cohort.capacity is not None and count_seats(cohort).taken > cohort.capacity:
        raise Refused("More seats of this cohort are taken than that.", code="capacity_below_taken")
    save(cohort, changed)
    _record("edited", cohort, actor, fields=changed)
    fill_seats(cohort, actor)
    return cohort


@service
def publish_cohort(*, cohort: Cohort, actor: Actor) -> Cohort:
    """Open a cohort: its dates say from when people enrol."""
    return _become(cohort, CohortStatus.PUBLISHED, actor)


@service
def cancel_cohort(*, cohort: Cohort, actor: Actor) -> Cohort:
    """Call a cohort off. Its enrolments stay as they are; nobody else gets in, and nobody moves up."""
    return _become(cohort, CohortStatus.CANCELLED, actor)


@service
def archive_cohort(*, cohort: Cohort, actor: Actor) -> Cohort:
    """Put a cohort that is over away."""
    return _become(cohort, CohortStatus.ARCHIVED, actor)


@service
def move_up_waiting(*, cohort: Cohort, actor: Actor) -> list[Enrollment]:
    """Give free seats to those who wait, in order. Returns those who moved up.

    Seats that are freed by a service are given away at once; this is for seats freed by other means, such as the
    deletion of a user in the host site.
    """
    authorize(actor, Action.ENROLL_OTHERS, cohort)
    return fill_seats(locked(Cohort, cohort.pk), actor)[1]


def _become(cohort: Cohort, to: CohortStatus, actor: Actor) -> Cohort:
    authorize(actor, Action.EDIT_COHORT, cohort)
    cohort = locked(Cohort, cohort.pk)
    before = cohort.status
    check_step(COHORT, before, to)
    cohort.status = to
    save(cohort, ["status"])
    _record(to.value, cohort, actor, **{"from": before, "to": to.value})
    fill_seats(cohort, actor)
    return cohort


_TIMES = ("starts_at", "ends_at", "enrollment_opens_at", "enrollment_closes_at")


def _write(cohort: Cohort, changes: Any) -> list[str]:
    changed = assign(cohort, changes, CohortFields.__annotations__)
    problems = Problems()
    for name in _TIMES:
        value = getattr(cohort, name)
        if value is not None and (not isinstance(value, datetime) or timezone.is_naive(value)):
            problems.add(name, "This takes a date and a time with a time zone.")
    if not problems.fields:
        _examine_order(cohort, problems, "starts_at", "ends_at", "A cohort ends after it starts.")
        _examine_order(
            cohort, problems, "enrollment_opens_at", "enrollment_closes_at", "Enrolment closes after it opens."
        )
    examine(cohort, problems, unique_with={"slug": {"program": cohort.program_id}})
    if cohort.timezone not in available_timezones():
        problems.add("timezone", "This takes the IANA name of a time zone, such as Europe/Berlin.")
    pin = cohort.curriculum
    if pin is not None and (pin.program_id != cohort.program_id or pin.status == CurriculumStatus.DRAFT):
        problems.add("curriculum", "This takes a published version of the same program.")
    problems.raise_any()
    return changed


def _examine_order(cohort: Cohort, problems: Problems, first: str, last: str, text: str) -> None:
    begin, end = getattr(cohort, first), getattr(cohort, last)
    if begin is not None and end is not None and end < begin:
        problems.add(last, text)


def _record(name: str, cohort: Cohort, actor: Actor, **data: Any) -> None:
    record_event(name=name, instance=cohort, actor=actor, program_id=cohort.program_id, data=data)
