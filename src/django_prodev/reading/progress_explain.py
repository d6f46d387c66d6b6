"""Why a person is at 62 %: what counts how much, what is missing, what is locked by which topic, and what to do next.

Five statements for one enrolment. As in ``progress``, the caller has made sure that the viewer may see it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction
from typing import Any

from django_prodev.enums import DONE_PROGRESS_STATUSES, ProgressStatus
from django_prodev.models import Enrollment, Progress, Topic, Unit
from django_prodev.reading.progress import trees_of, with_effective_curriculum
from django_prodev.reading.progress_locks import Lock, Order, locks_of
from django_prodev.reading.progress_order import order_of
from django_prodev.reading.progress_tree import Item, Tree


@dataclass(frozen=True, slots=True)
class ExplainedUnit:
    """One unit of a curriculum, as it stands for one person.

    ``share`` is the part of the whole that it counts, in percent, floored to two places: 0 for what does not count. A
    child of "any n of these" shows one nth of its group. ``earned`` is how much of that is reached. ``status`` is the
    person's mark, empty where there is none. ``depth`` is 0 for the topmost.
    """

    unit: Unit
    depth: int
    status: str
    share: Decimal
    earned: Decimal
    is_required: bool
    is_done: bool


@dataclass(frozen=True, slots=True)
class LockedUnit:
    """A closed unit: the topics it requires that are not learnt yet, and the units that come before it."""

    unit: Unit
    topics: tuple[Topic, ...]
    waits_for: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """A group of which ``more`` further parts are enough."""

    unit: Unit
    more: int
    of: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """``next_step`` is the open unit that counts and takes the least time, ``None`` where somebody else is to act."""

    percent: int
    is_complete: bool
    summary: str
    units: tuple[ExplainedUnit, ...]
    missing: tuple[Unit, ...]
    choices: tuple[Choice, ...]
    locked: tuple[LockedUnit, ...]
    next_step: Unit | None


def explain(enrollment: Enrollment) -> Explanation:
    """Say why the enrolment is where it is."""
    row = with_effective_curriculum(Enrollment.objects.filter(pk=enrollment.pk))
    curriculum_id, is_enforced = row.values_list("effective_curriculum", "program__enforce_order").get()
    tree = trees_of([curriculum_id])[curriculum_id] if curriculum_id is not None else Tree(())
    unit_ids = [item.unit for item in tree.walk()]
    marks = dict(
        Progress.objects.filter(enrollment=enrollment, unit_id__in=unit_ids).order_by().values_list("unit_id", "status")
    )
    units = Unit.objects.in_bulk(unit_ids)
    order = order_of(unit_ids, is_enforced=is_enforced)
    return _Person(tree, units, marks, order).explanation()


class _Person:
    """One person in one curriculum."""

    def __init__(self, tree: Tree, units: Mapping[int, Unit], marks: Mapping[int, str], order: Order) -> None:
        self.tree = tree
        self.units = units
        self.marks = marks
        self.done = {unit for unit, status in marks.items() if status in DONE_PROGRESS_STATUSES}
        self.locks = locks_of(tree, order, self.done)

    def explanation(self) -> Explanation:
        missing = self.tree.missing(self.done)
        percent = self.tree.percent(self.done)
        return Explanation(
            percent=percent,
            is_complete=percent == 100,
            summary=self._summary(percent, missing),
            units=tuple(self._explained()),
            missing=tuple(self.units[item.unit] for item in missing),
            choices=tuple(self._choices()),
            locked=self._locked(),
            next_step=self._next_step(missing),
        )

    def _summary(self, percent: int, missing: Collection[Item]) -> str:
        leaves = [item for item in self.tree.walk() if not self.tree.is_group(item)]
        done = sum(item.unit in self.done for item in leaves)
        if not leaves:
            return "There is no published curriculum to measure by."
        text = f"{done} of {len(leaves)} units are done, which makes {percent} % by weight."
        if percent == 100:
            return text
        locked = sum(item.key in self.locks for item in missing)
        return f"{text} {len(missing)} would bring this further, {locked} of them locked."

    def _explained(self) -> list[ExplainedUnit]:
        shares = self.tree.shares()
        rows = []
        for item in self.tree.walk():
            share = shares.get(item.key, Fraction(0))
            fraction = self.tree.fraction(self.done, item.key)
            rows.append(
                ExplainedUnit(
                    unit=self.units[item.unit],
                    depth=self._depth(item),
                    status=self.marks.get(item.unit, ""),
                    share=_in_percent(share),
                    earned=_in_percent(share * fraction),
                    is_required=item.is_required,
                    is_done=fraction == 1,
                )
            )
        return rows

    def _depth(self, item: Item) -> int:
        depth = 0
        while item.parent is not None:
            item = self.tree.items[item.parent]
            depth += 1
        return depth

    def _choices(self) -> list[Choice]:
        choices = []
        for item in self.tree.walk():
            needed = self.tree.needed(item.key)
            if needed is None or not self.tree.is_group(item) or self.tree.is_complete(self.done, item.key):
                continue
            counted = self.tree.counted[item.key]
            left = [child for child in counted if not self.tree.is_complete(self.done, child.key)]
            more = needed - (len(counted) - len(left))
            choices.append(Choice(self.units[item.unit], more, tuple(self.units[child.unit] for child in left)))
        return choices

    def _locked(self) -> tuple[LockedUnit, ...]:
        topics = Topic.objects.in_bulk({topic for lock in self.locks.values() for topic in lock.topics})
        return tuple(
            LockedUnit(
                unit=self.units[item.unit],
                topics=tuple(topics[key] for key in lock.topics),
                waits_for=tuple(self.units[self.tree.items[key].unit] for key in lock.waits_for),
            )
            for item in self.tree.walk()
            for lock in [self.locks.get(item.key, Lock())]
            if item.key in self.locks
        )

    def _next_step(self, missing: Collection[Item]) -> Unit | None:
        """The quickest open unit. Without an effort it is taken for the longest, and ties go to the first in order."""
        waiting = {ProgressStatus.SUBMITTED}
        open_units = [
            self.units[item.unit]
            for item in missing
            if item.key not in self.locks and self.marks.get(item.unit) not in waiting
        ]
        return min(open_units, key=_effort, default=None)


def _effort(unit: Unit) -> tuple[bool, int]:
    return (unit.effort_minutes is None, unit.effort_minutes or 0)


def _in_percent(share: Fraction) -> Decimal:
    exact: Any = Decimal(share.numerator * 100) / Decimal(share.denominator)
    return Decimal(exact).quantize(Decimal("0.01"), rounding=ROUND_FLOOR)
