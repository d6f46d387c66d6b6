"""Rows and people that an actor names: found among those the actor may know of, and as if absent otherwise."""

import uuid
from collections.abc import Collection
from typing import Any, cast

from django.contrib.auth import get_user_model
from django.db.models import Q

from django_prodev import api
from django_prodev.enums import LEARNING_ENROLLMENT_STATUSES
from django_prodev.models import Enrollment, Membership
from django_prodev.models.base import Record

_NO_KEY = -1


class Names:
    """What one actor may name."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor

    def row(self, model: type[Record], identifier: uuid.UUID) -> Any:
        """The row with this identifier, or ``None`` where there is none that the actor may see.

        The same statements are run for a hidden row as for none at all.
        """
        row = model._default_manager.filter(uuid=identifier).first()
        nobody = cast("Any", model)(pk=_NO_KEY)
        visible = api.is_visible(self.actor, row or nobody)
        return row if visible else None

    def rows(self, model: type[Record], identifiers: Collection[uuid.UUID]) -> dict[uuid.UUID, Any]:
        """Those of these rows that the actor may see, by their identifiers, whatever their number in one statement."""
        if not identifiers:
            return {}
        manager: Any = model._default_manager
        return {row.uuid: row for row in manager.visible_to(self.actor, addressed=True).filter(uuid__in=identifiers)}

    def person(self, name: str) -> Any:
        """The active user of this name, or ``None`` where there is none that the actor may name.

        Whoever holds a role may name everyone, since staff let people in; a learner may name those of the same
        cohorts. So nobody else can find out whether somebody has an account.
        """
        return self.people([name]).get(name)

    def people(self, names: Collection[str]) -> dict[str, Any]:
        """Those of these people whom the actor may name, by their names, whatever their number in two statements."""
        actor, model = self.actor, get_user_model()
        if not actor.is_authenticated:
            return {}
        storable = [name for name in names if "\x00" not in name]
        users = model._default_manager.filter(**{f"{model.USERNAME_FIELD}__in": storable}, is_active=True)
        if not (actor.is_superuser or Membership.objects.filter(user_id=actor.pk).exists()):
            users = users.filter(Q(pk=actor.pk) | Q(pk__in=self._classmates()))
        return {user.get_username(): user for user in users}

    def _classmates(self) -> Any:
        learning = Enrollment.objects.filter(status__in=LEARNING_ENROLLMENT_STATUSES, user__isnull=False).order_by()
        own = learning.filter(user_id=self.actor.pk, cohort__isnull=False).values("cohort_id")
        return learning.filter(cohort__in=own).values("user_id")
