"""What every table has: a small key inside, a UUID outside, and when the row came and changed."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from django_prodev.digests import keyed_digest


class Record(models.Model):
    """The base of every model here.

    ``id`` never leaves the database; ``uuid`` is the name of the row for everyone else. A UUID is a name, not a
    permission: reads go through ``visible_to(viewer)`` whatever address was used.
    """

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True

    def loaded(self, relation: str) -> Any:
        """The related row where it was read with this one, else ``None``: what ``__str__`` may use without a query."""
        return self._state.fields_cache.get(relation)


def one_of(column: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """A check that ``column`` holds a value of ``choices``, so that no writer can store another."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": choices.values}), name=name)


def version_token(identifier: uuid.UUID, changed: datetime) -> str:
    """A token for the state that a row is in. It says nothing about when or how the row came to it."""
    state = f"{identifier}:{changed.timestamp():.6f}".encode()
    return keyed_digest(b"prodev.version", state, size=16)
