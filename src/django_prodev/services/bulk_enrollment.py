"""Many people at once: one transaction, a statement for many rows, and an answer for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import router, transaction

from django_prodev.enums import EnrollmentSource, EnrollmentStatus
from django_prodev.exceptions import Invalid, ProdevError, Refused
from django_prodev.models import Cohort, Enrollment, Event, Program
from django_prodev.services.actors import Actor, User
from django_prodev.services.admission import check_open
from django_prodev.services.enrollment_steps import FIRST_EVENTS
from django_prodev.services.enrollments import check_address
from django_prodev.services.events import build_event, record_events
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.seats import Seats, hold_seats
from django_prodev.services.transactions import service

MOST_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """What became of one row: an enrolment, or the code and the sentence of why there is none."""

    enrollment: Enrollment | None = None
    code: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class BulkPerson:
    """A row that says more than who: a ``cohort`` and a ``due_at`` in place of the list's."""

    person: User | str
    cohort: Cohort | None = None
    due_at: datetime | None = None


@service
def bulk_enroll(
    *,
    program: Program,
    people: Sequence[User | str | BulkPerson | BulkOutcome],
    actor: Actor,
    cohort: Cohort | None = None,
    due_at: datetime | None = None,
    source: EnrollmentSource = EnrollmentSource.STAFF,
    atomic: bool = False,
) -> list[BulkOutcome]:
    """Enrol users, and invite the e-mail addresses among ``people``, in their order.

    ``cohort`` and ``due_at`` hold for every row that has none of its own. An outcome among the people stands for a row
    that the caller has found wanting, and is returned in its place.

    Seats are given in that order, then places on the waiting list. A row that cannot be carried out has its code
    (``already_enrolled``, ``already_invited``, ``invalid``; for a cohort of its own also ``not_found``,
    ``permission_denied`` and those of ``enroll``) and stops no other; with ``atomic`` it stops all of them. Raises
    ``Refused`` (``bulk_refused``) for that, ``Invalid`` for more than 1,000 rows, and what ``enroll`` raises where
    nobody at all can get in.
    """
    if len(people) > MOST_ROWS:
        raise Invalid(fields={"people": [f"This takes at most {MOST_ROWS:,} rows."]})
    rows = [_as_row(person, cohort, due_at) for person in people]
    doors = _open_doors(program, cohort, rows, actor)
    taken = _Taken(program, rows)
    begun = [row if isinstance(row, BulkOutcome) else _begin(row, program, source, doors, taken) for row in rows]
    if atomic:
        _require_all(begun)
    made = Enrollment.objects.bulk_create([row.enrollment for row in begun if row.enrollment is not None])
    record_events(
        [
            (
                build_event(
                    name=FIRST_EVENTS[EnrollmentStatus(row.status)],
                    instance=row,
                    actor=actor,
                    subject_id=row.user_id,
                    program_id=program.pk,
                    data={"from": None, "to": row.status},
                ),
                row,
            )
            for row in made
        ]
    )
    return begun


def _require_all(outcomes: Sequence[BulkOutcome]) -> None:
    wrong = {
        f"rows.{number}": [outcome.message]
        for number, outcome in enumerate(outcomes, start=1)
        if outcome.enrollment is None
    }
    if wrong:
        raise Refused("Nobody was enrolled, because some rows cannot be.", code="bulk_refused", fields=wrong)


def plan_bulk_enroll(
    *,
    program: Program,
    people: Sequence[User | str | BulkPerson | BulkOutcome],
    actor: Actor,
    cohort: Cohort | None = None,
    due_at: datetime | None = None,
) -> list[BulkOutcome]:
    """What ``bulk_enroll`` would come to at this moment: it is carried out and taken back, so the answer is exact."""
    using = router.db_for_write(Event)
    with transaction.atomic(using=using):
        outcomes: list[BulkOutcome] = bulk_enroll(
            program=program, people=people, actor=actor, cohort=cohort, due_at=due_at
        )
        transaction.set_rollback(True, using=using)
    return outcomes


def _as_row(
    person: User | str | BulkPerson | BulkOutcome, cohort: Cohort | None, due_at: datetime | None
) -> BulkPerson | BulkOutcome:
    if isinstance(person, BulkOutcome):
        return person
    if not isinstance(person, BulkPerson):
        return BulkPerson(person, cohort, due_at)
    return BulkPerson(person.person, person.cohort or cohort, person.due_at or due_at)


_Doors = dict[Any, Seats | BulkOutcome]
"""How each cohort stands, by its key (``None`` is the program without one), or why nobody gets in to it."""


def _open_doors(
    program: Program, cohort: Cohort | None, rows: Sequence[BulkPerson | BulkOutcome], actor: Actor
) -> _Doors:
    """Hold every cohort of the list, by ascending key. What is wrong with the list's own is raised."""
    cohorts = {row.cohort.pk if row.cohort else None: row.cohort for row in rows if isinstance(row, BulkPerson)}
    own = cohort.pk if cohort else None
    if not cohorts:
        cohorts[own] = cohort
    doors: _Doors = {}
    for key in sorted(cohorts, key=lambda key: (key is not None, key)):
        try:
            authorize(actor, Action.ENROLL_OTHERS, cohorts[key] or program)
            check_open(program, cohorts[key])
            doors[key] = hold_seats(key, actor)
        except ProdevError as refusal:
            if key == own:
                raise
            doors[key] = BulkOutcome(code=refusal.code, message=refusal.message)
    return doors


class _Taken:
    """Who is in the program already, or comes twice among the rows."""

    def __init__(self, program: Program, rows: Sequence[BulkPerson | BulkOutcome]) -> None:
        open_rows = Enrollment.objects.filter(program=program).open()
        people = [row.person for row in rows if isinstance(row, BulkPerson)]
        users = [person.pk for person in people if not isinstance(person, str)]
        self.users: set[Any] = set(open_rows.filter(user_id__in=users).values_list("user_id", flat=True))
        invited = open_rows.filter(status=EnrollmentStatus.INVITED).exclude(email="")
        self.addresses = {email.lower() for email in invited.values_list("email", flat=True)}


def _begin(given: BulkPerson, program: Program, source: EnrollmentSource, doors: _Doors, taken: _Taken) -> BulkOutcome:
    person, cohort = given.person, given.cohort
    seats = doors[cohort.pk if cohort else None]
    if isinstance(seats, BulkOutcome):
        return seats
    row = Enrollment(program=program, cohort=cohort, source=source, due_at=given.due_at)
    if isinstance(person, str):
        try:
            row.email = check_address(person)
        except ProdevError as error:
            return BulkOutcome(code=error.code, message=" ".join(error.fields["email"]))
        if row.email.lower() in taken.addresses:
            return BulkOutcome(code="already_invited", message="This address is invited to the program already.")
        taken.addresses.add(row.email.lower())
        row.status = EnrollmentStatus.INVITED
        row.source = EnrollmentSource.INVITATION
        return BulkOutcome(row)
    if person.pk in taken.users:
        return BulkOutcome(code="already_enrolled", message="This person is enrolled in the program already.")
    taken.users.add(person.pk)
    row.user = person
    row.status, row.enrolled_at = seats.admit()
    return BulkOutcome(row)
