"""Permissions of many rows at once: each question of the permission policy is asked once a place, not once a row."""

from typing import Any

from django.db.models import QuerySet

from django_prodev.conf import prodev_settings
from django_prodev.exceptions import PermissionDenied
from django_prodev.models.base import Record
from django_prodev.services.actors import Actor, is_same_person
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import PermissionPolicy, Place


class BatchPermissions:
    """What one actor may do, remembered for the places that were asked about."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.policy: PermissionPolicy = prodev_settings.PERMISSION_POLICY()
        self.known: dict[Any, bool] = {}

    def require(self, action: Action, place: Place) -> None:
        """Raise ``PermissionDenied`` where the actor may not do this. Whether they may see it is another check."""
        if self.actor is None:
            return
        key = (action, place.provider_id, place.program_id, place.cohort_id, self._people(place))
        if key not in self.known:
            self.known[key] = self.policy.allows(self.actor, action, place)
        if not self.known[key]:
            raise PermissionDenied(f"You may not do this here: {action.value}.")

    def visible(self, model: type[Record], keys: list[Any]) -> set[Any]:
        """Which of these keys the actor may see, in one statement."""
        if self.actor is None or not keys:
            return set(keys)
        seen: Any = model._default_manager.filter(pk__in=keys)
        return set(seen.visible_to(self.actor, addressed=True).order_by().values_list("pk", flat=True))

    def _people(self, place: Place) -> Any:
        """The standard policy asks of people only whether the actor is one of them; another may ask who they are."""
        if type(self.policy) is not PermissionPolicy:
            return place.people
        return any(is_same_person(self.actor, person) for person in place.people)


def place_in(program: Any, cohort_id: Any = None, *people: Any) -> Place:
    """The place of something in a program, whose provider's key is known without a statement."""
    return Place(program.provider_id, program.pk, cohort_id, frozenset(key for key in people if key is not None))


def narrowed(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """The rows that ``actor`` may name by their address; the system may name all of them."""
    named: Any = rows
    result: QuerySet[Any] = rows if actor is None else named.visible_to(actor, addressed=True)
    return result


def names_of(rows: Any, column: str) -> set[Any]:
    """The values that rows have in a column."""
    return {row.values[column] for row in rows if column in row.values}
