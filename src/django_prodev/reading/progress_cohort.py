"""The overview of a cohort: how far its people are, who has come to a halt, where, and what they have not solved.

The number of statements does not grow with the cohort. The caller has made sure that the viewer may see the overview,
and says how small a group is still shown.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from django_prodev.enums import LEARNING_ENROLLMENT_STATUSES, EnrollmentStatus, EntryKind, EntryStatus, ProgressStatus
from django_prodev.models import Cohort, Enrollment, Entry, Progress, Topic, Unit
from django_prodev.reading.progress import progress_of
from django_prodev.reading.progress_groups import Bucket, distribution, shown

_MOST = 10
"""How many units and topics are named."""


@dataclass(frozen=True, slots=True)
class StuckUnit:
    """A unit, and how many people have had it unfinished for so many days."""

    unit: Unit
    people: int


@dataclass(frozen=True, slots=True)
class UnsolvedTopic:
    """A topic, and how many challenges with it that the viewer may see have no accepted solution."""

    topic: Topic
    challenges: int


@dataclass(frozen=True, slots=True)
class CohortOverview:
    """``idle`` counts active people whose marks have not moved for ``idle_days`` days; ``None`` where it is hidden.

    ``idle_enrollments`` has their keys where individuals are shown, and is empty otherwise.
    """

    people: int | None
    completed: int | None
    waiting: int | None
    distribution: tuple[Bucket, ...]
    idle_days: int
    idle: int | None
    idle_enrollments: tuple[int, ...]
    stuck_units: tuple[StuckUnit, ...]
    unsolved_topics: tuple[UnsolvedTopic, ...]


def overview_of(cohort: Cohort, viewer: Any, *, idle_days: int = 14, minimum: int = 1) -> CohortOverview:
    """The overview, with figures about fewer than ``minimum`` people left out (1 shows everything)."""
    since = timezone.now() - timedelta(days=idle_days)
    rows = list(
        Enrollment.objects.filter(
            cohort=cohort, status__in=(*LEARNING_ENROLLMENT_STATUSES, EnrollmentStatus.WAITLISTED)
        )
        .order_by("pk")
        .annotate(moved_at=Coalesce(Max("progress__updated_at"), F("enrolled_at")))
        .values_list("pk", "status", "moved_at")
    )
    people = [key for key, status, _ in rows if status != EnrollmentStatus.WAITLISTED]
    completed = sum(status == EnrollmentStatus.COMPLETED for _, status, _ in rows)
    waiting = len(rows) - len(people)
    idle = tuple(key for key, status, moved_at in rows if status == EnrollmentStatus.ACTIVE and moved_at < since)
    measured = progress_of(people)
    return CohortOverview(
        people=len(people) if len(people) >= minimum else None,
        completed=shown(completed, len(people), minimum),
        waiting=waiting if waiting >= minimum or minimum <= 1 else None,
        distribution=tuple(distribution([progress.percent for progress in measured.values()], minimum)),
        idle_days=idle_days,
        idle=shown(len(idle), len(people), minimum),
        idle_enrollments=idle if minimum <= 1 else (),
        stuck_units=_stuck_units(cohort, since, len(people), minimum),
        unsolved_topics=_unsolved_topics(cohort, viewer),
    )


def _stuck_units(cohort: Cohort, since: Any, people: int, minimum: int) -> tuple[StuckUnit, ...]:
    counted = (
        Progress.objects.filter(
            enrollment__cohort=cohort,
            enrollment__status=EnrollmentStatus.ACTIVE,
            status__in=(ProgressStatus.IN_PROGRESS, ProgressStatus.SUBMITTED),
            updated_at__lt=since,
        )
        .order_by()
        .values("unit_id")
        .annotate(people=Count("pk"))
        .order_by("-people", "unit_id")
        .values_list("unit_id", "people")
    )
    stuck = [(key, count) for key, count in counted if shown(count, people, minimum) is not None][:_MOST]
    units = Unit.objects.in_bulk([key for key, _ in stuck])
    return tuple(StuckUnit(units[key], count) for key, count in stuck)


def _unsolved_topics(cohort: Cohort, viewer: Any) -> tuple[UnsolvedTopic, ...]:
    """Counted over the challenges that the viewer may see, so that no count tells of a hidden one."""
    visible: Any = Entry.objects.visible_to(viewer)
    solved = visible.filter(parent=OuterRef("pk"), accepted_at__isnull=False)
    counted = (
        visible.filter(
            Q(kind=EntryKind.CHALLENGE, status=EntryStatus.PUBLISHED, enrollment__cohort=cohort),
            ~Exists(solved),
            topics__isnull=False,
        )
        .order_by()
        .values("topics")
        .annotate(challenges=Count("pk", distinct=True))
        .order_by("-challenges", "topics")
        .values_list("topics", "challenges")[:_MOST]
    )
    unsolved = list(counted)
    topics = Topic.objects.in_bulk([key for key, _ in unsolved])
    return tuple(UnsolvedTopic(topics[key], count) for key, count in unsolved)
