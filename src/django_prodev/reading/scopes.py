"""Which scopes the rows of each table belong to: what of the cache goes out of date when they change.

A model's scope is named after it, and the table of a many-to-many field belongs to the model that has the field. Users
are of the host's model, whichever that is: the scope ``user`` moves when one of them changes, but not with a sign-in.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model

from django_prodev.cache.tables import StampedTable

PERSONAL = {"enrollment": "user", "membership": "user"}
"""Models whose rows most readers see for their own person alone: ``enrollment:user:7`` moves with person 7's."""


def stamped_tables() -> Iterator[StampedTable]:
    """Every table of the package, and the host's table of users."""
    for model in apps.get_app_config("django_prodev").get_models(include_auto_created=True):
        made_for: Any = model._meta.auto_created
        name = str((made_for or model)._meta.model_name)
        narrowed = ((PERSONAL[name], _column(model, PERSONAL[name])),) if name in PERSONAL else ()
        yield StampedTable(model._meta.db_table, name, narrowed, key=_column(model))
    user = get_user_model()._meta.concrete_model or get_user_model()
    for model in (user, *user._meta.get_parent_list()):
        yield StampedTable(model._meta.db_table, "user", unseen=("last_login",), key=_column(model))


def _column(model: type[Model], name: str = "pk") -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.column)
