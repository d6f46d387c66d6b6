"""Enrolments from a table: rows are enrolled, invited, paused, withdrawn and so on as one by one, a batch at a time.

A row means the enrolment that its ``id`` names; without one, the person's open enrolment in the program, else their
latest in that cohort, else one to be made. Seats are given in the order of rows, and then places on the waiting list;
seats that rows give up go to whoever waits, when all rows are through. A row that asks for ``active`` or ``waitlisted``
asks for a place: which of the two it is, the cohort decides.
"""

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models.functions import Lower
from django.utils import timezone

from django_prodev.enums import OPEN_ENROLLMENT_STATUSES, EnrollmentSource, EnrollmentStatus
from django_prodev.exceptions import Conflict, Invalid, Refused
from django_prodev.models import Cohort, Enrollment, Event, Program
from django_prodev.services.actors import Actor
from django_prodev.services.admission import check_open
from django_prodev.services.batch_permissions import BatchPermissions, place_in
from django_prodev.services.cohort_seats import CohortSeats
from django_prodev.services.enrollment_row_steps import BASES, HOLDING, PLACES, Completions, is_same, step_to
from django_prodev.services.enrollment_steps import FIRST_EVENTS, set_status
from django_prodev.services.events import build_event, record_batch
from django_prodev.services.permission_table import Action
from django_prodev.services.row_batches import Row, RowAction, Verdict, judge_each, step
from django_prodev.services.row_names import NamedCohorts, NamedPeople, NamedPrograms, Person
from django_prodev.services.seats import Seats

_S = EnrollmentStatus
_STORED = ("status", "completed_at", "ended_at", "enrolled_at", "due_at", "curriculum", "updated_at")


@dataclass(slots=True)
class _Batch:
    """What one batch names, as it was read for it."""

    programs: NamedPrograms
    cohorts: NamedCohorts
    people: NamedPeople
    by_id: dict[Any, Enrollment] = field(default_factory=dict)
    by_person: dict[Any, list[Enrollment]] = field(default_factory=lambda: defaultdict(list))
    visible: set[int] = field(default_factory=set)
    completions: Completions = field(default_factory=Completions)


class EnrollmentRows:
    """The batch service of enrolments. Columns: provider, program, cohort, username, email, status, due_at, id."""

    def __init__(self, *, actor: Actor, holds: bool) -> None:
        self.actor = actor
        self.holds = holds
        self.permissions = BatchPermissions(actor)
        self.seats = CohortSeats(actor, holds=holds)
        self.claimed: dict[Any, int] = {}
        self.left: set[int] = set()
        self._forget()

    def _forget(self) -> None:
        self.made: list[Enrollment] = []
        self.changed: dict[int, Enrollment] = {}
        self.events: list[Event] = []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        self._forget()
        batch = self._read(rows)
        return judge_each(rows, lambda row: self._judge(row, batch))

    def write(self) -> None:
        now = timezone.now()
        for enrollment in self.changed.values():
            enrollment.updated_at = now
        # What is left makes room, in the person's one open enrolment too, for what is begun.
        Enrollment.objects.bulk_update(self.changed.values(), _STORED)
        Enrollment.objects.bulk_create(self.made)
        record_batch(self.events, Enrollment)
        self._forget()

    def finish(self) -> list[Verdict]:
        self._forget()
        if self.holds:
            for cohort_id in sorted(self.left):
                self.seats.fill(cohort_id)
        return []

    # What is there

    def _read(self, rows: Sequence[Row]) -> _Batch:
        programs = NamedPrograms(rows, self.actor)
        batch = _Batch(programs, NamedCohorts(rows, programs, self.actor), NamedPeople(rows, self.actor))
        found = self._present(rows, batch)
        self.seats.meet(
            {row.cohort_id for row in found.values()} | {cohort.pk for cohort in batch.cohorts.by_slug.values()}
        )
        if self.holds and found:
            found = {
                row.pk: row
                for row in self._enrollments()
                .select_for_update(of=("self",), no_key=True)
                .filter(pk__in=list(found))
                .order_by("pk")
            }
        for enrollment in found.values():
            batch.by_id[enrollment.uuid] = enrollment
            person = enrollment.user_id if enrollment.user_id is not None else enrollment.email.lower()
            batch.by_person[enrollment.program_id, person].append(enrollment)
        batch.visible = self.permissions.visible(Enrollment, list(found))
        if any(row.get("status") == _S.COMPLETED for row in rows):
            batch.completions = Completions.of([row for row in found.values() if row.status == _S.ACTIVE])
        return batch

    def _present(self, rows: Sequence[Row], batch: _Batch) -> dict[int, Enrollment]:
        """The enrolments that the rows may mean, by key: those named, and those of the people in the programs."""
        programs = batch.programs.keys
        named = [row.values["id"] for row in rows if "id" in row.values]
        users = [user.pk for user in batch.people.users()]
        emails = {row.values["email"].lower() for row in rows if "email" in row.values}
        found: list[Enrollment] = []
        if named:
            found += self._enrollments().filter(uuid__in=named)
        if users:
            found += self._enrollments().filter(program__in=programs, user__in=users)
        if emails:
            invited = (
                Enrollment.objects.alias(address=Lower("email"))
                .filter(program__in=programs, status=_S.INVITED, address__in=emails)
                .exclude(email="")
            )
            found += invited.select_related("program").defer("program__description", "program__outcomes")
        return {row.pk: row for row in sorted(found, key=lambda row: (row.enrolled_at, row.pk))}

    @staticmethod
    def _enrollments() -> Any:
        return Enrollment.objects.select_related("program").defer("program__description", "program__outcomes")

    # What becomes of a row

    def _judge(self, row: Row, batch: _Batch) -> Verdict:
        program = batch.programs.of(row)
        cohort = batch.cohorts.of(row, program)
        person = batch.people.of(row)
        present = self._meant(row, batch, program, cohort, person)
        if present is None and person.user is not None and row.get("email") is not None:
            # Whoever has an account may have been invited by the address before.
            invited = batch.by_person.get((program.pk, str(row.get("email")).lower()), [])
            present = next((one for one in invited if row.get("status") in {None, _S.INVITED}), None)
        claim = self._claim(row, program, person, present)
        if present is None:
            verdict, status = self._begin(row, program, cohort, person)
        else:
            verdict, status = self._change(row, batch, present, cohort), present.status
        if "id" not in row.values or status in OPEN_ENROLLMENT_STATUSES:
            self.claimed[claim] = row.number
        return verdict

    def _claim(self, row: Row, program: Program, person: Person, present: Enrollment | None) -> Any:
        claim = (program.pk, person.key)
        is_closed = present is not None and "id" in row.values and present.status not in OPEN_ENROLLMENT_STATUSES
        if claim in self.claimed and not is_closed:
            raise Invalid(fields={"": [f"Row {self.claimed[claim]} is about the same person in the same program."]})
        return claim

    def _meant(
        self, row: Row, batch: _Batch, program: Program, cohort: Cohort | None, person: Person
    ) -> Enrollment | None:
        """The enrolment that a row means, if it is there."""
        if (identifier := row.get("id")) in batch.by_id and identifier is not None:
            named = batch.by_id[identifier]
            if named.pk not in batch.visible:
                raise Invalid(fields={"id": ["This identifier cannot be used."]})
            is_theirs = named.user_id == person.user.pk if person.user else not named.user_id
            if named.program_id != program.pk or not (is_theirs or self._is_addressed(named, row)):
                raise Invalid(fields={"id": ["This is the enrolment of somebody else, or in another program."]})
            return named
        of_person = batch.by_person.get((program.pk, person.key), [])
        for enrollment in of_person:
            if enrollment.status not in OPEN_ENROLLMENT_STATUSES:
                continue
            if enrollment.pk not in batch.visible:
                self.permissions.require(Action.ENROLL_OTHERS, place_in(program, cohort.pk if cohort else None))
                raise Conflict("This person is enrolled in the program already.")
            return enrollment
        if identifier is not None:
            return None
        cohort_id = cohort.pk if cohort else None
        closed = [one for one in of_person if one.cohort_id == cohort_id and one.pk in batch.visible]
        wanted = row.get("status")
        if closed and closed[-1].status == _S.COMPLETED and wanted in {*OPEN_ENROLLMENT_STATUSES}:
            raise Refused("This person has completed the program; a table neither reopens that nor begins again.")
        return closed[-1] if closed and wanted not in OPEN_ENROLLMENT_STATUSES else None

    @staticmethod
    def _is_addressed(named: Enrollment, row: Row) -> bool:
        return named.user_id is None and named.email.lower() == str(row.get("email") or "").lower()

    def _begin(self, row: Row, program: Program, cohort: Cohort | None, person: Person) -> tuple[Verdict, str]:
        cohort_id = cohort.pk if cohort else None
        place = place_in(program, cohort_id, person.user.pk if person.user else None)
        self.permissions.require(Action.ENROLL_OTHERS, place)
        check_open(program, cohort)
        wanted = _S(row.get("status") or (_S.ACTIVE if person.user else _S.INVITED))
        if person.user is None and wanted != _S.INVITED:
            raise Invalid(fields={"status": ["Nobody has an account with this address, so it can only be invited."]})
        if person.user is not None and not person.user.is_active:
            raise Invalid(fields={"username": ["This account is not active."]})
        seats = self.seats.of(cohort_id)
        undo = copy(seats)
        try:
            enrollment = self._new(row, program, cohort_id, person, seats)
            first = enrollment.status
            events = [self._event(enrollment, FIRST_EVENTS[_S(first)], None)]
            if not is_same(enrollment.status, wanted):
                events.append(self._step(enrollment, wanted, program, Completions()))
        except Exception:
            self.seats.put_back(cohort_id, undo)
            raise
        if enrollment.status not in HOLDING:
            self.seats.put_back(cohort_id, undo)
        self.made.append(enrollment)
        self.events += events
        told = "waitlisted, as the cohort is full" if enrollment.status == _S.WAITLISTED else enrollment.status
        changes = {"status": str(told)}
        if enrollment.due_at is not None:
            changes["due_at"] = enrollment.due_at.isoformat()
        return Verdict(row.number, RowAction.CREATE, changes), enrollment.status

    def _new(self, row: Row, program: Program, cohort_id: Any, person: Person, seats: Seats) -> Enrollment:
        wanted = row.get("status") or (_S.ACTIVE if person.user else _S.INVITED)
        status, at = BASES.get(wanted, _S(wanted)), timezone.now()
        if status == _S.ACTIVE:
            status, at = seats.admit()
        # An invitation goes to the address where there is one, as one by one.
        is_invitation = status == _S.INVITED
        user = person.user if not (is_invitation and person.email) else None
        named = {"uuid": row.values["id"]} if "id" in row.values else {}
        return Enrollment(
            program_id=program.pk,
            cohort_id=cohort_id,
            user_id=user.pk if user is not None else None,
            email=person.email if user is None else "",
            status=status,
            source=EnrollmentSource.INVITATION if is_invitation else EnrollmentSource.IMPORT,
            enrolled_at=at,
            due_at=row.get("due_at"),
            **named,
        )

    def _change(self, row: Row, batch: _Batch, present: Enrollment, cohort: Cohort | None) -> Verdict:
        if cohort is not None and present.cohort_id != cohort.pk:
            raise Invalid(fields={"cohort": ["This enrolment is in another cohort, and a table moves nobody."]})
        if present.pk not in batch.visible:
            raise Invalid(fields={"": ["There is no such enrolment, or none that you may see."]})
        wanted = row.get("status")
        due: datetime | None = row.get("due_at")
        changes: dict[str, str] = {}
        events: list[Event] = []
        before, seats = copy(present), copy(self.seats.of(present.cohort_id))
        try:
            if wanted is not None and not is_same(present.status, wanted):
                events.append(self._step(present, _S(wanted), present.program, batch.completions))
                changes["status"] = step(before.status, present.status)
            if due is not None and due != present.due_at:
                self._require(Action.MANAGE_ENROLLMENT, present, present.program)
                present.due_at = due
                changes["due_at"] = step(before.due_at.isoformat() if before.due_at else "none", due.isoformat())
                events.append(self._event(present, "edited", present.status, fields=["due_at"]))
        except Exception:
            present.__dict__.update(before.__dict__)
            self.seats.put_back(before.cohort_id, seats)
            raise
        if not changes:
            return Verdict(row.number, RowAction.UNCHANGED)
        if before.status in PLACES and present.status not in HOLDING and present.cohort_id:
            self.left.add(present.cohort_id)
        self.changed[present.pk] = present
        self.events += events
        return Verdict(row.number, RowAction.UPDATE, changes)

    def _step(
        self, enrollment: Enrollment, wanted: EnrollmentStatus, program: Program, completions: Completions
    ) -> Event:
        """Take the step to ``wanted`` as the service for it would, and make its event."""
        before = enrollment.status
        rule = step_to(before, wanted)
        self._require(rule.action, enrollment, program)
        at, to, name = timezone.now(), wanted, rule.event
        if rule.takes_place:
            if enrollment.user_id is None:
                raise Invalid(fields={"status": ["Nobody has an account with this address yet."]})
            check_open(program, self.seats.cohort(enrollment.cohort_id))
            to, at = self.seats.of(enrollment.cohort_id).admit()
            name = FIRST_EVENTS[to]
        if to == _S.COMPLETED:
            enrollment.curriculum_id = completions.curriculum(enrollment)
        set_status(enrollment, to, at)
        return self._event(enrollment, name, before)

    def _require(self, action: Action, enrollment: Enrollment, program: Program) -> None:
        self.permissions.require(action, place_in(program, enrollment.cohort_id, enrollment.user_id))

    def _event(self, enrollment: Enrollment, name: str, before: str | None, **data: Any) -> Event:
        return build_event(
            name=name,
            instance=enrollment,
            actor=self.actor,
            subject_id=enrollment.user_id,
            program_id=enrollment.program_id,
            data={"from": before, "to": enrollment.status, **data},
        )
