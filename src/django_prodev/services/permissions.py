"""Whether an actor may do an action to a row: the permission table, applied to the roles that somebody holds there.

A host replaces the rule by naming a subclass of ``PermissionPolicy`` in the setting ``PERMISSION_POLICY``.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from django_prodev.conf import prodev_settings
from django_prodev.enums import Role
from django_prodev.exceptions import NotFound, PermissionDenied
from django_prodev.models import (
    Cohort,
    Curriculum,
    CurriculumItem,
    Enrollment,
    Entry,
    Membership,
    Program,
    Progress,
    Project,
    Provider,
    Unit,
)
from django_prodev.models.base import Record
from django_prodev.services.actors import Actor, User
from django_prodev.services.permission_table import TABLE, Action, Who
from django_prodev.services.sight import is_visible

_BY_ROLE = {
    Role.OWNER: Who.OWNER,
    Role.EDITOR: Who.EDITOR,
    Role.MENTOR: Who.MENTOR,
    Role.REVIEWER: Who.REVIEWER,
    Role.OBSERVER: Who.OBSERVER,
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands: its provider, and the program, the cohort and the people it belongs to, where it has them."""

    provider_id: Any = None
    program_id: Any = None
    cohort_id: Any = None
    people: frozenset[Any] = field(default_factory=frozenset)


def place_of(target: Record | None, actor: Actor = None) -> Place:
    """The place of a row, as ``actor`` knows it. The whole site (``None``, a topic) is where nobody holds a role."""
    match target:
        case Provider():
            return Place(target.pk)
        case Program():
            return Place(target.provider_id, target.pk)
        case Curriculum() | Cohort():
            cohort_id = target.pk if isinstance(target, Cohort) else None
            return Place(target.program.provider_id, target.program_id, cohort_id)
        case CurriculumItem():
            return place_of(target.curriculum)
        case Unit():
            return Place(target.provider_id, _only_program(target, actor))
        case Membership():
            return Place(target.provider_id, target.program_id, target.cohort_id)
        case Enrollment():
            return Place(target.program.provider_id, target.program_id, target.cohort_id, _people(target.user_id))
        case Progress():
            return place_of(target.enrollment)
        case Entry():
            return _learners_place(target, target.author_id)
        case Project():
            others = target.members.values_list("pk", flat=True) if target.pk else ()
            return _learners_place(target, target.owner_id, *others)
    return Place()


def _people(*keys: Any) -> frozenset[Any]:
    return frozenset(key for key in keys if key is not None)


def _learners_place(target: Entry | Project, *people: Any) -> Place:
    cohort_id = target.enrollment.cohort_id if target.enrollment else None
    return Place(target.program.provider_id, target.program_id, cohort_id, _people(*people))


def _only_program(unit: Unit, actor: Actor) -> Any:
    """The program whose curricula alone place this unit; a unit that several programs share belongs to none of them.

    Places that the actor may not see do not count: the answer would tell that they are there.
    """
    places = CurriculumItem.objects.filter(unit=unit).order_by()
    if actor is not None:
        places = places.visible_to(actor, addressed=True)
    programs = list(places.values_list("curriculum__program", flat=True).distinct()[:2])
    return programs[0] if len(programs) == 1 else None


class PermissionPolicy:
    """The rule. ``who`` says what the actor is at a place, ``allows`` looks it up in the table."""

    _held: tuple[Any, list[tuple[str, Any, Any, Any]]] | None = None

    def remember(self, actor: Actor) -> None:
        """Read all roles of ``actor`` at once, for whoever asks about many places."""
        if actor is not None and actor.is_authenticated:
            rows = Membership.objects.filter(user_id=actor.pk).order_by()
            self._held = actor.pk, list(rows.values_list("role", "provider_id", "program_id", "cohort_id"))

    def who(self, actor: Actor, place: Place) -> frozenset[Who]:
        """Everything that ``actor`` is there."""
        if actor is None or not actor.is_authenticated or not actor.is_active:
            return frozenset((Who.ANONYMOUS,))
        answer = {Who.THE_LEARNER if actor.pk in place.people else Who.ANOTHER_LEARNER}
        if actor.is_superuser:
            answer.add(Who.SUPERUSER)
        if place.provider_id is not None:
            answer.update(_BY_ROLE[Role(role)] for role in self._roles(actor, place))
        return frozenset(answer)

    def _roles(self, actor: User, place: Place) -> list[str]:
        if self._held is not None and self._held[0] == actor.pk:
            return [
                role
                for role, provider_id, program_id, cohort_id in self._held[1]
                if _reaches(provider_id, program_id, cohort_id, place)
            ]
        scopes = Q(provider_id=place.provider_id, program__isnull=True, cohort__isnull=True)
        if place.program_id is not None:
            scopes |= Q(program_id=place.program_id, cohort__isnull=True)
        if place.cohort_id is not None:
            scopes |= Q(cohort_id=place.cohort_id)
        return list(Membership.objects.filter(scopes, user_id=actor.pk).order_by().values_list("role", flat=True))

    def allows(self, actor: Actor, action: Action, place: Place) -> bool:
        """Whether ``actor`` may do ``action`` at ``place``, not counting whether the row may be seen."""
        rule = TABLE[action]
        who = self.who(actor, place)
        if rule.never_to_oneself and Who.THE_LEARNER in who and Who.SUPERUSER not in who:
            return False
        return bool(who & rule.who)


def _reaches(provider_id: Any, program_id: Any, cohort_id: Any, place: Place) -> bool:
    """Whether a role for the narrowest of these is one at ``place``."""
    if cohort_id is not None:
        return bool(cohort_id == place.cohort_id)
    if program_id is not None:
        return bool(program_id == place.program_id)
    return bool(provider_id == place.provider_id)


def is_allowed(*, actor: Actor, action: Action, target: Record | None) -> bool:
    """Whether ``authorize`` would let this pass: what an interface asks to know which buttons to show."""
    try:
        authorize(actor, action, target)
    except (NotFound, PermissionDenied):
        return False
    return True


def authorize(actor: Actor, action: Action, target: Record | None) -> None:
    """Let ``actor`` do ``action`` to ``target``, or raise.

    Raises ``NotFound`` where the actor may not see the target, whatever else holds, and ``PermissionDenied`` where it
    may be seen but not acted upon. The system (``None``) may do everything.
    """
    if actor is None:
        return
    if target is not None and not is_visible(actor, target):
        raise NotFound
    if not prodev_settings.PERMISSION_POLICY().allows(actor, action, place_of(target, actor)):
        raise PermissionDenied
