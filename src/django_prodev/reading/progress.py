"""The progress of a page of enrolments, in three statements whatever the number of enrolments, units and rows.

Whoever calls this has made sure that the viewer may see the progress of these enrolments: what goes in has passed
``Enrollment.objects.visible_to(viewer)``.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import router
from django.db.models import BigAutoField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from django_prodev.enums import DONE_PROGRESS_STATUSES, CurriculumStatus
from django_prodev.models import Curriculum, CurriculumItem, Enrollment, Progress
from django_prodev.reading.progress_tree import Item, Tree
from django_prodev.reading.slots import InSlot, ListSlot
from django_prodev.reading.statement import Statement


@dataclass(frozen=True, slots=True)
class EnrollmentProgress:
    """How far one enrolment is.

    ``percent`` is floored; ``is_complete`` is the completion predicate. ``units_done`` counts the finished units of
    the curriculum, required or not, out of ``units``. Without any published curriculum there is nothing to do:
    ``curriculum_id`` is ``None`` and all is 0.
    """

    enrollment_id: int
    curriculum_id: int | None
    percent: int
    is_complete: bool
    units_done: int
    units: int


def with_effective_curriculum(enrollments: QuerySet[Enrollment]) -> QuerySet[Any]:
    """Annotate ``effective_curriculum``: the enrolment's own pin, its cohort's, or else the published version."""
    published = Curriculum.objects.filter(program=OuterRef("program"), status=CurriculumStatus.PUBLISHED)
    return enrollments.annotate(
        effective_curriculum=Coalesce(
            F("curriculum"), F("cohort__curriculum"), Subquery(published.order_by().values("pk")[:1])
        )
    )


def curricula_of(enrollment_ids: Collection[int]) -> dict[int, int | None]:
    """The curriculum that each enrolment is measured by, in one statement."""
    return dict(_prepared(_curricula, router.db_for_read(Enrollment)).run({"keys": list(enrollment_ids)}))


def trees_of(curriculum_ids: Collection[int]) -> dict[int, Tree]:
    """The prepared curricula, in one statement."""
    items: dict[int, list[Item]] = {key: [] for key in curriculum_ids}
    for row in _prepared(_items, router.db_for_read(CurriculumItem)).run({"keys": list(items)}):
        items[row[0]].append(Item._make(row[1:]))
    return {key: Tree(values) for key, values in items.items()}


def done_units_of(enrollment_ids: Collection[int]) -> Mapping[int, set[int]]:
    """The units that each enrolment has done, in one statement."""
    return _by_enrollment(_prepared(_done, router.db_for_read(Progress)).run({"keys": list(enrollment_ids)}))


def done_units_in(enrollments: QuerySet[Enrollment]) -> Mapping[int, set[int]]:
    """The same for all of a query, however many: its keys stay in the database."""
    return _by_enrollment(_done_rows(Progress.objects.filter(enrollment__in=enrollments.order_by().values("pk"))))


def _by_enrollment(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, set[int]]:
    done: dict[int, set[int]] = defaultdict(set)
    for enrollment_id, unit_id in rows:
        done[enrollment_id].add(unit_id)
    return done


@lru_cache(maxsize=32)
def _prepared(write: Callable[[Any], QuerySet[Any, Any]], alias: str) -> Statement:
    """The statement for one database, written by the ORM once."""
    return Statement.prepare(write(ListSlot("keys", BigAutoField())).using(alias))


def _curricula(keys: Any) -> QuerySet[Any, Any]:
    rows = with_effective_curriculum(Enrollment.objects.filter(InSlot(F("pk"), keys)).order_by())
    return rows.values_list("pk", "effective_curriculum")


def _items(keys: Any) -> QuerySet[Any, Any]:
    rows = CurriculumItem.objects.filter(InSlot(F("curriculum_id"), keys)).order_by("position", "pk")
    return rows.values_list("curriculum_id", "pk", "parent_id", "unit_id", "is_required", "weight", "min_children")


def _done(keys: Any) -> QuerySet[Any, Any]:
    return _done_rows(Progress.objects.filter(InSlot(F("enrollment_id"), keys)))


def _done_rows(rows: QuerySet[Progress]) -> QuerySet[Any, Any]:
    return rows.filter(status__in=DONE_PROGRESS_STATUSES).order_by().values_list("enrollment_id", "unit_id")


def progress_of(enrollment_ids: Collection[int]) -> dict[int, EnrollmentProgress]:
    """The progress of each enrolment, by its key, in the order of the keys; what does not exist is left out."""
    curricula = curricula_of(enrollment_ids)
    trees = trees_of({key for key in curricula.values() if key is not None})
    done = done_units_of(list(curricula))
    return {
        key: measure(key, curricula[key], trees.get(curricula[key] or 0), done.get(key))
        for key in enrollment_ids
        if key in curricula
    }


def measure(
    enrollment_id: int, curriculum_id: int | None, tree: Tree | None, done: set[int] | None
) -> EnrollmentProgress:
    """The progress of one enrolment by a prepared curriculum and the units it has done."""
    if tree is None:
        return EnrollmentProgress(enrollment_id, curriculum_id, 0, False, 0, 0)
    done = done or set()
    percent = tree.percent(done)
    return EnrollmentProgress(
        enrollment_id, curriculum_id, percent, percent == 100, len(tree.leaf_units & done), len(tree.leaf_units)
    )
