"""Seats and waiting lists: decided while the cohort's row is held, so that no two decide at once.

A seat is held by whoever is active or paused, and kept by whoever completed: only leaving frees it. The waiting list is
served in the order in which people joined it, and whenever seats are decided it is served first, so nobody overtakes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone

from django_prodev.enums import LEARNING_ENROLLMENT_STATUSES, CohortStatus, EnrollmentStatus
from django_prodev.exceptions import Refused
from django_prodev.models import Cohort, Enrollment
from django_prodev.services.actors import Actor
from django_prodev.services.enrollment_steps import take_step
from django_prodev.services.transactions import locked


@dataclass(slots=True)
class Seats:
    """How a cohort stands at this moment. ``free`` is ``None`` where there is no limit."""

    is_open: bool
    capacity: int | None
    taken: int
    waiting: int
    last_joined: datetime | None

    @property
    def free(self) -> int | None:
        return None if self.capacity is None else max(self.capacity - self.taken, 0)

    def admit(self) -> tuple[EnrollmentStatus, datetime]:
        """Give away a seat, or a place at the end of the waiting list: the status, and when it was taken.

        The time never runs backwards within a waiting list, also where the clocks of two machines differ. Raises
        ``Refused`` (``cohort_not_open``).
        """
        if not self.is_open:
            raise Refused("Nobody can enrol in a cohort that is not open.", code="cohort_not_open")
        now = timezone.now()
        if self.free is None or (self.free > 0 and self.waiting == 0):
            self.taken += 1
            return EnrollmentStatus.ACTIVE, now
        joined = max(now, self.last_joined) if self.last_joined else now
        self.waiting += 1
        self.last_joined = joined
        return EnrollmentStatus.WAITLISTED, joined


UNLIMITED = None
"""The cohort of an enrolment that has none: there is always a place."""


def hold_seats(cohort_id: Any, actor: Actor) -> Seats:
    """Hold the cohort, move up whoever can be, and say how it stands then. Without a cohort there is no limit."""
    if cohort_id is UNLIMITED:
        return Seats(is_open=True, capacity=None, taken=0, waiting=0, last_joined=None)
    seats, _ = fill_seats(locked(Cohort, cohort_id), actor)
    return seats


def fill_seats(cohort: Cohort, actor: Actor) -> tuple[Seats, list[Enrollment]]:
    """Move waiting people up while there are free seats. ``cohort`` must be held. Returns those who moved up."""
    seats = count_seats(cohort)
    if seats.waiting == 0 or seats.free == 0 or not seats.is_open:
        return seats, []
    waiting = (
        Enrollment.objects.select_for_update(no_key=True)
        .filter(cohort=cohort, status=EnrollmentStatus.WAITLISTED)
        .order_by("enrolled_at", "pk")
    )
    moved = list(waiting if seats.free is None else waiting[: seats.free])
    for enrollment in moved:
        take_step(enrollment, EnrollmentStatus.ACTIVE, name="activated", actor=actor)
    seats.taken += len(moved)
    seats.waiting -= len(moved)
    return seats, moved


def count_seats(cohort: Cohort) -> Seats:
    """Count in one statement who holds a seat and who waits."""
    waits = Q(status=EnrollmentStatus.WAITLISTED)
    counted = Enrollment.objects.filter(cohort=cohort).aggregate(
        taken=Count("pk", filter=Q(status__in=LEARNING_ENROLLMENT_STATUSES)),
        waiting=Count("pk", filter=waits),
        last_joined=Max("enrolled_at", filter=waits),
    )
    return Seats(is_open=cohort.status == CohortStatus.PUBLISHED, capacity=cohort.capacity, **counted)
