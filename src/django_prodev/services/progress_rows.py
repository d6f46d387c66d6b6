"""Progress from a table: marks are set as by the services for one, a batch at a time.

A row means the mark of a unit in the enrolment that ``enrollment`` names; without one, in the person's open enrolment
in the program, else in their latest. Whoever may grade may also say when something was done.
"""

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from django_prodev.enums import (
    DONE_PROGRESS_STATUSES,
    LEARNING_ENROLLMENT_STATUSES,
    OPEN_ENROLLMENT_STATUSES,
    ProgressSource,
    ProgressStatus,
)
from django_prodev.exceptions import Invalid, NotFound
from django_prodev.models import Enrollment, Event, Program, Progress, Unit
from django_prodev.reading.progress import curricula_of, done_units_of, trees_of
from django_prodev.reading.progress_locks import Order, locks_of
from django_prodev.reading.progress_order import order_of
from django_prodev.reading.progress_tree import Tree
from django_prodev.services.actors import Actor, is_same_person
from django_prodev.services.batch_permissions import BatchPermissions, place_in
from django_prodev.services.enrollment_steps import require_active
from django_prodev.services.events import build_event, record_batch
from django_prodev.services.permission_table import Action
from django_prodev.services.progress_marks import check_item, needs_grader, refuse_locked, set_mark
from django_prodev.services.row_batches import Row, RowAction, Verdict, judge_each, step
from django_prodev.services.row_names import NamedPeople, NamedPrograms, NamedUnits

_S = ProgressStatus
_STORED = ("status", "source", "score", "completed_at", "updated_at")
_EVENTS = {_S.SUBMITTED: "submitted", _S.COMPLETED: "completed", _S.WAIVED: "waived", _S.SKIPPED: "skipped"}


@dataclass(slots=True)
class _Batch:
    programs: NamedPrograms
    units: NamedUnits
    people: NamedPeople
    by_id: dict[Any, Enrollment] = field(default_factory=dict)
    by_person: dict[Any, list[Enrollment]] = field(default_factory=lambda: defaultdict(list))
    visible: set[int] = field(default_factory=set)
    marks: dict[tuple[int, int], Progress] = field(default_factory=dict)
    curricula: dict[int, int | None] = field(default_factory=dict)
    done: dict[int, set[int]] = field(default_factory=dict)


class ProgressRows:
    """The batch service of progress.

    Columns: provider, program, username, email, unit, status, score, completed_at, enrollment.
    """

    def __init__(self, *, actor: Actor, holds: bool) -> None:
        self.actor = actor
        self.holds = holds
        self.permissions = BatchPermissions(actor)
        self.claimed: dict[tuple[int, int], int] = {}
        self.done: dict[int, set[int]] = defaultdict(set)
        self.trees: dict[int, Tree] = {}
        self.orders: dict[Any, Order] = {}
        self._forget()

    def _forget(self) -> None:
        self.made: list[Progress] = []
        self.changed: list[Progress] = []
        self.events: list[Event] = []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        self._forget()
        batch = self._read(rows)
        return judge_each(rows, lambda row: self._judge(row, batch))

    def write(self) -> None:
        now = timezone.now()
        for mark in self.changed:
            mark.updated_at = now
        Progress.objects.bulk_update(self.changed, _STORED)
        Progress.objects.bulk_create(self.made)
        record_batch(self.events, Progress)
        self._forget()

    def finish(self) -> list[Verdict]:
        self._forget()
        return []

    # What is there

    def _read(self, rows: Sequence[Row]) -> _Batch:
        programs = NamedPrograms(rows, self.actor)
        batch = _Batch(programs, NamedUnits(rows, programs, self.actor), NamedPeople(rows, self.actor))
        found = self._enrollments(rows, batch)
        keys = list(found)
        for enrollment in found.values():
            batch.by_id[enrollment.uuid] = enrollment
            batch.by_person[enrollment.program_id, enrollment.user_id].append(enrollment)
        batch.visible = self.permissions.visible(Enrollment, keys)
        units = [unit.pk for unit in batch.units.by_slug.values()]
        for mark in Progress.objects.filter(enrollment__in=keys, unit__in=units):
            batch.marks[mark.enrollment_id, mark.unit_id] = mark
        batch.curricula = curricula_of(keys)
        wanted = {key for key in batch.curricula.values() if key is not None}
        if strange := wanted - self.trees.keys():
            # Programs come in groups: the trees of the batch before are likely to be those of this one.
            kept = {key: tree for key, tree in self.trees.items() if key in wanted}
            self.trees = kept | trees_of(strange)
        if any(is_same_person(self.actor, enrollment.user_id) for enrollment in found.values()):
            batch.done = dict(done_units_of(keys))
        return batch

    def _enrollments(self, rows: Sequence[Row], batch: _Batch) -> dict[int, Enrollment]:
        """The enrolments that the rows may mean, held where something is written."""
        people = [user.pk for user in batch.people.users()]
        keys = set(
            Enrollment.objects.filter(
                program__in=batch.programs.keys,
                user__in=people,
                status__in={*OPEN_ENROLLMENT_STATUSES, *LEARNING_ENROLLMENT_STATUSES},
            ).values_list("pk", flat=True)
        )
        if named := [row.values["enrollment"] for row in rows if "enrollment" in row.values]:
            keys |= set(Enrollment.objects.filter(uuid__in=named).values_list("pk", flat=True))
        found = Enrollment.objects.filter(pk__in=keys).order_by("pk")
        if self.holds:
            found = found.select_for_update(no_key=True)
        return {row.pk: row for row in sorted(found, key=lambda row: (row.enrolled_at, row.pk))}

    # What becomes of a row

    def _judge(self, row: Row, batch: _Batch) -> Verdict:
        program = batch.programs.of(row)
        enrollment = self._meant(row, batch, program)
        enrollment.program = program
        unit = batch.units.of(row, program)
        claim = (enrollment.pk, unit.pk)
        if claim in self.claimed:
            raise Invalid(fields={"": [f"Row {self.claimed[claim]} is about the same unit of the same person."]})
        verdict = self._mark(row, batch, enrollment, unit)
        self.claimed[claim] = row.number
        return verdict

    @staticmethod
    def _meant(row: Row, batch: _Batch, program: Program) -> Enrollment:
        person = batch.people.of(row)
        identifier = row.get("enrollment")
        if identifier is not None:
            named = batch.by_id.get(identifier)
            if named is None or named.pk not in batch.visible:
                raise Invalid(fields={"enrollment": ["There is no such enrolment, or none that you may see."]})
            if named.program_id != program.pk or person.user is None or named.user_id != person.user.pk:
                raise Invalid(fields={"enrollment": ["This is somebody else's, or in another program."]})
            return named
        theirs = batch.by_person.get((program.pk, person.user.pk if person.user else None), [])
        mine = [one for one in theirs if one.pk in batch.visible] if person.user else []
        if not mine:
            text = "This person has no place in the program, or none that you may see."
            raise Invalid(fields={"username" if "username" in row.values else "email": [text]})
        return next((one for one in mine if one.status in OPEN_ENROLLMENT_STATUSES), mine[-1])

    def _mark(self, row: Row, batch: _Batch, enrollment: Enrollment, unit: Unit) -> Verdict:
        to = _S(row.values["status"])
        score: Decimal | None = row.get("score")
        completed_at: datetime | None = row.get("completed_at")
        self._check_values(to, score, completed_at)
        present = batch.marks.get((enrollment.pk, unit.pk))
        before = present.status if present else None
        is_dated = completed_at is not None and (present is None or completed_at != present.completed_at)
        is_scored = score is not None and (present is None or score != present.score)
        if present is not None and before == to and not is_dated and not is_scored:
            return Verdict(row.number, RowAction.UNCHANGED)
        # To say again how it was scored is no grading, to say it for the first time is.
        self._require(enrollment, to, needs_grader(before, to, score if is_scored else None) or is_dated)
        require_active(enrollment)
        self._check_place(batch, enrollment, unit, to)
        earlier = copy(present)
        mark = present or Progress(enrollment=enrollment, unit=unit)
        kept = score if score is not None else present.score if present is not None and before == to else None
        set_mark(mark, before, to, source=ProgressSource.IMPORT, score=kept, completed_at=completed_at)
        (self.changed if present is not None else self.made).append(mark)
        self.events.append(self._event(mark, enrollment, unit, before))
        if to in DONE_PROGRESS_STATUSES:
            self.done[enrollment.pk].add(unit.pk)
        return Verdict(row.number, RowAction.UPDATE if earlier else RowAction.CREATE, _changes(earlier, mark))

    @staticmethod
    def _check_values(to: ProgressStatus, score: Decimal | None, completed_at: datetime | None) -> None:
        if score is not None and to != _S.COMPLETED:
            raise Invalid(fields={"score": ["Only what is completed has a score."]})
        if completed_at is not None and to not in DONE_PROGRESS_STATUSES:
            raise Invalid(fields={"completed_at": ["Only what is completed or waived has this date."]})
        if completed_at is not None and completed_at > timezone.now():
            raise Invalid(fields={"completed_at": ["This is in the future."]})

    def _require(self, enrollment: Enrollment, to: ProgressStatus, is_grading: bool) -> None:
        place = place_in(enrollment.program, enrollment.cohort_id, enrollment.user_id)
        if to == _S.WAIVED:
            self.permissions.require(Action.WAIVE_UNIT, place)
        self.permissions.require(Action.GRADE_UNIT if is_grading else Action.MARK_UNIT, place)

    def _check_place(self, batch: _Batch, enrollment: Enrollment, unit: Unit, to: ProgressStatus) -> None:
        curriculum_id = batch.curricula.get(enrollment.pk)
        tree = self.trees.get(curriculum_id) if curriculum_id is not None else None
        item = check_item(tree, unit.pk, to)
        if tree is None:
            raise NotFound
        if to in (_S.WAIVED, _S.SKIPPED) or not is_same_person(self.actor, enrollment.user_id):
            return
        done = batch.done.get(enrollment.pk, set()) | self.done.get(enrollment.pk, set())
        if curriculum_id not in self.orders:
            is_enforced = enrollment.program.enforce_order
            self.orders = {curriculum_id: order_of(list(tree.by_unit), is_enforced=is_enforced)}
        refuse_locked(item, locks_of(tree, self.orders[curriculum_id], done))

    def _event(self, mark: Progress, enrollment: Enrollment, unit: Unit, before: str | None) -> Event:
        began = "started" if before in {None, _S.SKIPPED} else "reopened"
        return build_event(
            name=_EVENTS.get(_S(mark.status), began),
            instance=mark,
            actor=self.actor,
            subject_id=enrollment.user_id,
            program_id=enrollment.program_id,
            data={"enrollment": enrollment.uuid, "unit": unit.uuid, "from": before, "to": mark.status},
        )


def _changes(before: Progress | None, mark: Progress) -> dict[str, str]:
    told = {}
    for name in ("status", "score", "completed_at"):
        old, value = getattr(before, name, None), getattr(mark, name)
        if old != value:
            told[name] = step(old, value) if old is not None else str(value)
    return told
