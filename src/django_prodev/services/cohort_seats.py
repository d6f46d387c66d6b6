"""The seats of several cohorts while many enrolments are decided: held, counted once, and given away in memory.

A preview counts in the same way and holds nothing, so it gives what a run at that moment would give.
"""

from collections.abc import Iterable
from copy import copy
from typing import Any

from django_prodev.models import Cohort
from django_prodev.services.actors import Actor
from django_prodev.services.seats import UNLIMITED, Seats, count_seats, fill_seats, hold_seats


class CohortSeats:
    """``meet`` cohorts before enrolments of theirs are locked or decided; ``of`` is how each stands."""

    def __init__(self, actor: Actor, *, holds: bool) -> None:
        self.actor = actor
        self.holds = holds
        self.cohorts: dict[Any, Cohort] = {}
        self.seats: dict[Any, Seats] = {UNLIMITED: hold_seats(UNLIMITED, actor)}

    def meet(self, cohort_ids: Iterable[Any]) -> None:
        """Hold and count the cohorts that were not met before: a statement for all, and one or two for each."""
        strange = sorted(key for key in set(cohort_ids) - set(self.seats) if key is not None)
        if not strange:
            return
        rows = Cohort.objects.filter(pk__in=strange).order_by("pk")
        for cohort in rows.select_for_update(no_key=True) if self.holds else rows:
            self.cohorts[cohort.pk] = cohort
            self.seats[cohort.pk] = fill_seats(cohort, self.actor)[0] if self.holds else _as_if_filled(cohort)

    def of(self, cohort_id: Any) -> Seats:
        return self.seats[cohort_id]

    def cohort(self, cohort_id: Any) -> Cohort | None:
        return self.cohorts.get(cohort_id)

    def put_back(self, cohort_id: Any, seats: Seats) -> None:
        """Undo what was given away since ``seats`` was copied."""
        self.seats[cohort_id] = copy(seats)

    def fill(self, cohort_id: Any) -> None:
        """Give the seats that are free by now to whoever waits."""
        fill_seats(self.cohorts[cohort_id], self.actor)


def _as_if_filled(cohort: Cohort) -> Seats:
    seats = count_seats(cohort)
    if seats.is_open:
        moved = seats.waiting if seats.free is None else min(seats.waiting, seats.free)
        seats.taken += moved
        seats.waiting -= moved
    return seats
