"""What entries and projects have in common: whose they are in a program, and what they may refer to."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from django_prodev.enums import LEARNING_ENROLLMENT_STATUSES, OPEN_ENROLLMENT_STATUSES
from django_prodev.exceptions import Invalid, Refused
from django_prodev.models import Enrollment, Membership, Program, Topic, Unit
from django_prodev.models.base import Record
from django_prodev.services.actors import Actor, User
from django_prodev.services.edits import Problems
from django_prodev.services.sight import is_visible


def enrollment_in(program: Program, author: User) -> Enrollment | None:
    """The person's place in the program: the open one, or else the latest they completed. ``None`` for its team.

    Raises ``Refused`` (``not_enrolled``) for whoever has neither a place nor a role.
    """
    mine = Enrollment.objects.filter(program=program, user_id=author.pk, status__in=LEARNING_ENROLLMENT_STATUSES)
    for enrollment in mine.order_by("-enrolled_at", "-pk"):
        if enrollment.status in OPEN_ENROLLMENT_STATUSES:
            return enrollment
    latest = mine.order_by("-enrolled_at", "-pk").first()
    if latest is not None or author.is_superuser or _has_role(program, author):
        return latest
    raise Refused("This is for those who have a place in the program.", code="not_enrolled")


def _has_role(program: Program, author: User) -> bool:
    of_program = Q(program=program) | Q(provider=program.provider_id, program__isnull=True)
    return Membership.objects.filter(of_program, user_id=author.pk).exists()


def examine_reference(problems: Problems, actor: Actor, name: str, target: Record | None) -> None:
    """Add a problem where ``target`` is a row that the actor may not see: the same as for one that is not there."""
    if target is not None and not is_visible(actor, target):
        problems.add(name, "There is no such record.")


def examine_unit(problems: Problems, actor: Actor, program: Program, unit: Unit | None) -> None:
    """Add a problem where ``unit`` is hidden from the actor, or another provider's."""
    if unit is not None and (unit.provider_id != program.provider_id or not is_visible(actor, unit)):
        problems.add("unit", "There is no such record.")


def set_topics(record: Any, topics: Iterable[Topic] | None) -> bool:
    """Make ``topics`` those of an entry or a project. Returns whether they differ from before."""
    if topics is None:
        return False
    wanted = {topic.pk for topic in topics}
    if len(wanted) > 100:
        raise Invalid(fields={"topics": ["A record has at most 100 topics."]})
    if wanted == set(record.topics.values_list("pk", flat=True)):
        return False
    record.topics.set(sorted(wanted))
    return True
