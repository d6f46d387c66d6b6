"""How far a learner is with a unit: start, submit, complete, waive, skip, reopen. Marking twice is marking once."""

from collections.abc import Container
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from django_prodev.enums import DONE_PROGRESS_STATUSES, ProgressSource, ProgressStatus
from django_prodev.exceptions import Invalid, Refused
from django_prodev.models import Enrollment, Progress, Unit
from django_prodev.reading.progress import curricula_of, done_units_of, trees_of
from django_prodev.reading.progress_locks import locks_of
from django_prodev.reading.progress_order import order_of
from django_prodev.reading.progress_tree import Item, Tree
from django_prodev.services.actors import Actor, is_same_person
from django_prodev.services.edits import save
from django_prodev.services.enrollment_steps import hold_enrollment, require_active
from django_prodev.services.events import record_event
from django_prodev.services.life_cycles import PROGRESS, check_step
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.transactions import service

_S = ProgressStatus


@service
def start_unit(*, enrollment: Enrollment, unit: Unit, actor: Actor) -> Progress:
    """Begin a unit; what was begun, handed in or done already stays as it is.

    Like every mark, raises ``Refused``: ``enrollment_not_active``, ``unit_not_in_curriculum``, ``unit_is_group``,
    ``unit_locked`` (for the learner), ``transition_not_allowed``.
    """
    return _mark(enrollment, unit, _S.IN_PROGRESS, "started", actor, only_from=(None, _S.SKIPPED))


@service
def submit_unit(*, enrollment: Enrollment, unit: Unit, actor: Actor) -> Progress:
    """Hand a unit in, to be graded by somebody else."""
    return _mark(enrollment, unit, _S.SUBMITTED, "submitted", actor)


@service
def complete_unit(*, enrollment: Enrollment, unit: Unit, actor: Actor, score: Decimal | None = None) -> Progress:
    """Finish a unit. To give a ``score`` (0 to 1), or to finish what was handed in, is to grade it."""
    if score is not None and not (isinstance(score, Decimal) and score.is_finite() and 0 <= score <= 1):
        raise Invalid(fields={"score": ["A score is a number from 0 to 1."]})
    return _mark(enrollment, unit, _S.COMPLETED, "completed", actor, score=score)


@service
def skip_unit(*, enrollment: Enrollment, unit: Unit, actor: Actor) -> Progress:
    """Leave a unit aside. It does not count as done."""
    return _mark(enrollment, unit, _S.SKIPPED, "skipped", actor)


@service
def waive_unit(*, enrollment: Enrollment, unit: Unit, actor: Actor) -> Progress:
    """Let a person off a unit, or off a whole group of them: it counts as done."""
    authorize(actor, Action.WAIVE_UNIT, enrollment)
    return _mark(enrollment, unit, _S.WAIVED, "waived", actor)


@service
def reopen_unit(*, enrollment: Enrollment, unit: Unit, actor: Actor) -> Progress:
    """Take a mark back: the unit is in progress again, and its score is gone."""
    marked = (*DONE_PROGRESS_STATUSES, _S.SUBMITTED, _S.SKIPPED)
    return _mark(enrollment, unit, _S.IN_PROGRESS, "reopened", actor, only_from=marked)


def _mark(
    enrollment: Enrollment,
    unit: Unit,
    to: ProgressStatus,
    name: str,
    actor: Actor,
    *,
    score: Decimal | None = None,
    only_from: tuple[str | None, ...] | None = None,
) -> Progress:
    enrollment = hold_enrollment(enrollment)
    present = Progress.objects.filter(enrollment=enrollment, unit=unit).first()
    before = present.status if present else None
    authorize(actor, Action.GRADE_UNIT if needs_grader(before, to, score) else Action.MARK_UNIT, enrollment)
    require_active(enrollment)
    if present is not None and before == to and (score is None or score == present.score):
        return present
    if only_from is not None and before not in only_from:
        if present is not None and name == "started":
            return present
        raise Refused("There is no mark on this unit to take back.", code="transition_not_allowed")
    _check_place(enrollment, unit, to, actor)
    source = ProgressSource.LEARNER if is_same_person(actor, enrollment.user_id) else ProgressSource.STAFF
    return store_mark(enrollment, unit, present, to, name=name, actor=actor, source=source, score=score)


def needs_grader(before: str | None, to: ProgressStatus, score: Decimal | None) -> bool:
    """Whether the step is a grader's: to score, to finish what was handed in, to reopen what was waived."""
    if score is not None:
        return True
    return (before == _S.SUBMITTED and to == _S.COMPLETED) or (before == _S.WAIVED and to == _S.IN_PROGRESS)


def _check_place(enrollment: Enrollment, unit: Unit, to: ProgressStatus, actor: Actor) -> None:
    """Whether the unit stands in the person's curriculum, can be marked, and is open to them."""
    curriculum_id = curricula_of([enrollment.pk])[enrollment.pk]
    tree = trees_of([curriculum_id])[curriculum_id] if curriculum_id is not None else None
    item = check_item(tree, unit.pk, to)
    if to in (_S.WAIVED, _S.SKIPPED) or not is_same_person(actor, enrollment.user_id):
        return
    assert tree is not None
    done = done_units_of([enrollment.pk]).get(enrollment.pk, set())
    order = order_of([item.unit for item in tree.items.values()], is_enforced=enrollment.program.enforce_order)
    refuse_locked(item, locks_of(tree, order, done))


def check_item(tree: Tree | None, unit_id: int, to: ProgressStatus) -> Item:
    """The place of a unit in a curriculum. Raises ``Refused`` where it has none, or cannot be marked like this."""
    item = tree.by_unit.get(unit_id) if tree is not None else None
    if tree is None or item is None:
        raise Refused("This unit is not part of the person's curriculum.", code="unit_not_in_curriculum")
    if tree.is_group(item) and to not in (_S.WAIVED, _S.IN_PROGRESS):
        raise Refused("This unit is done when enough of its parts are done.", code="unit_is_group")
    return item


def refuse_locked(item: Item, locks: Container[int]) -> None:
    """Raise ``Refused`` (``unit_locked``) where something else comes first."""
    if item.key in locks:
        raise Refused("Something else comes before this unit.", code="unit_locked")


def store_mark(
    enrollment: Enrollment,
    unit: Unit,
    present: Progress | None,
    to: ProgressStatus,
    *,
    name: str,
    actor: Actor,
    source: ProgressSource,
    score: Decimal | None = None,
) -> Progress:
    """Store a mark on a held enrolment, and record it. The caller has checked that it may be made."""
    before = present.status if present else None
    mark = present or Progress(enrollment=enrollment, unit=unit)
    set_mark(mark, before, to, source=source, score=score)
    if present is None:
        mark.save()
    else:
        save(mark, ["status", "source", "score", "completed_at"])
    record_mark(mark, name=name, actor=actor, before=before)
    return mark


def set_mark(
    mark: Progress,
    before: str | None,
    to: ProgressStatus,
    *,
    source: ProgressSource,
    score: Decimal | None,
    completed_at: datetime | None = None,
) -> None:
    """Set what a mark stores, where the life cycle has the step from ``before``, and date it, by default as of now."""
    if before != to:
        check_step(PROGRESS, before, to)
    now = timezone.now()
    if before is None:
        mark.started_at = min(now, completed_at or now)
    mark.status = to
    mark.source = source
    mark.score = score
    if to not in DONE_PROGRESS_STATUSES:
        mark.completed_at = None
    elif completed_at is not None or before not in DONE_PROGRESS_STATUSES:
        mark.completed_at = completed_at or now


def record_mark(mark: Progress, *, name: str, actor: Actor, before: Any) -> None:
    """Record ``prodev.progress.<name>.v1``."""
    record_event(
        name=name,
        instance=mark,
        actor=actor,
        subject_id=mark.enrollment.user_id,
        program_id=mark.enrollment.program_id,
        data={"enrollment": mark.enrollment.uuid, "unit": mark.unit.uuid, "from": before, "to": mark.status},
    )
