"""Progress in plain values, the same for every interface. Who may see it is decided before."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django_prodev.models import Enrollment, Topic, Unit
from django_prodev.reading.progress import EnrollmentProgress
from django_prodev.reading.progress_cohort import CohortOverview
from django_prodev.reading.progress_explain import Explanation
from django_prodev.reading.progress_topics import Mastery

Values = dict[str, Any]


def progress_values(identifier: UUID, progress: EnrollmentProgress) -> Values:
    """How far one enrolment is. ``percent`` is floored: 100 appears only where everything required is done."""
    return {
        "enrollment": identifier,
        "percent": progress.percent,
        "is_complete": progress.is_complete,
        "units_done": progress.units_done,
        "units": progress.units,
    }


def explanation_values(identifier: UUID, found: Explanation) -> Values:
    """Why an enrolment is where it is."""
    return {
        "enrollment": identifier,
        "percent": found.percent,
        "is_complete": found.is_complete,
        "summary": found.summary,
        "next_step": None if found.next_step is None else _unit(found.next_step),
        "missing": [_unit(unit) for unit in found.missing],
        "locked": [
            {
                "unit": _unit(locked.unit),
                "topics": [_topic(topic) for topic in locked.topics],
                "waits_for": [_unit(unit) for unit in locked.waits_for],
            }
            for locked in found.locked
        ],
        "choices": [
            {"unit": _unit(choice.unit), "more": choice.more, "of": [_unit(unit) for unit in choice.of]}
            for choice in found.choices
        ],
        "units": [
            {
                "unit": _unit(each.unit),
                "depth": each.depth,
                "status": each.status,
                "share": float(each.share),
                "earned": float(each.earned),
                "is_required": each.is_required,
                "is_done": each.is_done,
            }
            for each in found.units
        ],
    }


def mastery_values(identifier: UUID, mastery: Mastery) -> Values:
    """The topics that one enrolment has reached, by how. One statement for their names."""
    topics = Topic.objects.in_bulk(mastery.learnt | mastery.practised | mastery.demonstrated)
    return {
        "enrollment": identifier,
        "learnt": _topics(mastery.learnt, topics),
        "practised": _topics(mastery.practised, topics),
        "demonstrated": _topics(mastery.demonstrated, topics),
    }


def overview_values(identifier: UUID, found: CohortOverview) -> Values:
    """How a cohort is doing. What is null is hidden, because the group is too small. One statement for identifiers."""
    idle = Enrollment.objects.filter(pk__in=found.idle_enrollments).order_by("pk").values_list("uuid", flat=True)
    return {
        "cohort": identifier,
        "people": found.people,
        "completed": found.completed,
        "waiting": found.waiting,
        "distribution": [
            {"least": bucket.least, "most": bucket.most, "people": bucket.people} for bucket in found.distribution
        ],
        "idle_days": found.idle_days,
        "idle": found.idle,
        "idle_enrollments": list(idle),
        "stuck_units": [{"unit": _unit(stuck.unit), "people": stuck.people} for stuck in found.stuck_units],
        "unsolved_topics": [
            {"topic": _topic(each.topic), "challenges": each.challenges} for each in found.unsolved_topics
        ],
    }


def _unit(unit: Unit) -> Values:
    return {"id": unit.uuid, "kind": unit.kind, "slug": unit.slug, "title": unit.title}


def _topic(topic: Topic) -> Values:
    return {"id": topic.uuid, "kind": topic.kind, "slug": topic.slug, "name": topic.name}


def _topics(keys: Iterable[int], topics: Mapping[int, Topic]) -> list[Values]:
    return [_topic(topic) for topic in sorted((topics[key] for key in keys), key=lambda each: (each.name, each.pk))]
