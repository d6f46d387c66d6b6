"""Whether an actor may see a row: the rule of ``visible_to``, prepared once for each kind of row and of viewer.

Every service asks this, some of them several times, and the rules are long: writing their SQL anew each time would cost
more than everything else that a service does.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db import router
from django.db.models import F

from django_prodev.conf import prodev_settings
from django_prodev.models import Event
from django_prodev.models.base import Record
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.reading.slots import InSlot, ListSlot, Slot
from django_prodev.reading.statement import Statement
from django_prodev.services.actors import Actor, User


def is_visible(actor: Actor, target: Record) -> bool:
    """Whether ``actor`` may see the row, named by its own address. The system sees everything."""
    if actor is None:
        return True
    return target.pk in visible_keys(actor, type(target), (target.pk,))


def visible_keys(actor: User, model: type[Record], keys: Collection[Any]) -> set[Any]:
    """Those of ``keys`` whose rows ``actor`` may see, each named by its own address, in one statement."""
    viewer = Viewer.of(actor)
    statement = _prepared(model, viewer.scope, prodev_settings.VISIBILITY_POLICY, router.db_for_write(Event))
    return {key for (key,) in statement.run({"keys": list(keys), "viewer": viewer.user_id})}


@lru_cache(maxsize=256)
def _prepared(model: type[Record], scope: Scope, policy: Any, alias: str) -> Statement:
    viewer = Viewer(scope, Slot("viewer", get_user_model()._meta.pk))
    rule = policy().rule(model, viewer, addressed=True)
    named = InSlot(F("pk"), ListSlot("keys", model._meta.pk))
    rows = model._default_manager.using(alias).filter(named, rule).order_by()
    return Statement.prepare(rows.values_list("pk"))
