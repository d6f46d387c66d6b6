"""Rows and people that an actor names: found among those the actor may know of, and as if absent otherwise."""

import uuid
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

from django_prodev.enums import LEARNING_ENROLLMENT_STATUSES
from django_prodev.models import Enrollment, Membership


class Names:
    """What one actor may name."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor

    def row(self, model: type[models.Model], identifier: uuid.UUID) -> Any:
        """The row with this identifier, or ``None`` where there is none that the actor may see."""
        rows: Any = model._default_manager.all()
        return rows.visible_to(self.actor, addressed=True).filter(uuid=identifier).first()

    def person(self, name: str) -> Any:
        """The active user of this name, or ``None`` where there is none that the actor may name.

        Whoever holds a role may name everyone, since staff let people in; a learner may name those of the same
        cohorts. So nobody else can find out whether somebody has an account.
        """
        actor = self.actor
        if not actor.is_authenticated or "\x00" in name:
            return None
        users = get_user_model()._default_manager.filter(**{get_user_model().USERNAME_FIELD: name}, is_active=True)
        if not (actor.is_superuser or Membership.objects.filter(user_id=actor.pk).exists()):
            users = users.filter(Q(pk=actor.pk) | Q(pk__in=self._classmates()))
        return users.first()

    def _classmates(self) -> Any:
        learning = Enrollment.objects.filter(status__in=LEARNING_ENROLLMENT_STATUSES, user__isnull=False).order_by()
        own = learning.filter(user_id=self.actor.pk, cohort__isnull=False).values("cohort_id")
        return learning.filter(cohort__in=own).values("user_id")
