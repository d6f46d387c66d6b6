"""Topic mastery: what people have learnt, practised and demonstrated, from finished units and approved projects.

A topic is *learnt* where a finished unit teaches it, *practised* where a finished unit practises it, *demonstrated*
where a finished unit assesses it or an approved project carries it. Two statements for any number of enrolments. The
caller has made sure that the viewer may see them.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django_prodev.enums import ProgressStatus, ProjectStatus, TopicRole
from django_prodev.models import Progress, Project


@dataclass(slots=True)
class Mastery:
    """The keys of the topics that one enrolment has reached, by how."""

    learnt: set[int] = field(default_factory=set)
    practised: set[int] = field(default_factory=set)
    demonstrated: set[int] = field(default_factory=set)


def mastery_of(enrollment_ids: Collection[int]) -> dict[int, Mastery]:
    """The mastery of each enrolment, by its key. A waived unit shows nothing: the person did not do it."""
    mastery: dict[int, Mastery] = defaultdict(Mastery)
    finished = Progress.objects.filter(
        enrollment_id__in=enrollment_ids,
        status=ProgressStatus.COMPLETED,
        unit__unit_topics__isnull=False,
    )
    columns = ("enrollment_id", "unit__unit_topics__topic_id", "unit__unit_topics__role")
    for enrollment_id, topic_id, role in finished.order_by().values_list(*columns):
        reached = _reached(mastery[enrollment_id], role)
        if reached is not None:
            reached.add(topic_id)
    approved = Project.objects.filter(
        enrollment_id__in=enrollment_ids, status=ProjectStatus.APPROVED, topics__isnull=False
    )
    for enrollment_id, topic_id in approved.order_by().values_list("enrollment_id", "topics"):
        mastery[enrollment_id].demonstrated.add(topic_id)
    return {key: mastery[key] for key in enrollment_ids}


def _reached(mastery: Mastery, role: str) -> set[int] | None:
    match role:
        case TopicRole.TEACHES:
            return mastery.learnt
        case TopicRole.PRACTICES:
            return mastery.practised
        case TopicRole.ASSESSES:
            return mastery.demonstrated
    return None
