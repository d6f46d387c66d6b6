"""The recorder of events: what happened, in the transaction that made it true, and told to others on commit.

An event holds identifiers and states, never a free text: it outlives the person it is about.
"""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import router, transaction
from django.utils import timezone

from django_prodev.models import Event
from django_prodev.models.base import Record
from django_prodev.services.actors import Actor, stored
from django_prodev.signals import BY_OBJECT_TYPE, event_recorded

_TOKEN = re.compile(r"[A-Za-z0-9_.:+-]{1,64}")


def record_event(
    *,
    name: str,
    instance: Record,
    actor: Actor,
    subject_id: Any = None,
    program_id: int | None = None,
    data: Mapping[str, Any] | None = None,
    key: str = "",
) -> Event:
    """Record that ``name`` (``published``, ``activated``) happened to ``instance``.

    ``subject_id`` is the person it is about, ``program_id`` where it happened. ``data`` takes identifiers, states,
    numbers and lists of them; anything else is a ``ValueError``. With ``key`` a second recording returns the first
    event. Signals are sent when the transaction has committed.
    """
    event = build_event(
        name=name, instance=instance, actor=actor, subject_id=subject_id, program_id=program_id, data=data
    )
    if key:
        event.key = key
        if recorded := Event.objects.filter(key=key).first():
            return recorded
    event.save()
    announce(event, instance)
    return event


def record_events(pairs: list[tuple[Event, Record]]) -> None:
    """Store events made by ``build_event`` in one statement, and tell of each on commit."""
    Event.objects.bulk_create([event for event, _ in pairs])
    for event, instance in pairs:
        announce(event, instance)


def build_event(
    *,
    name: str,
    instance: Record,
    actor: Actor,
    subject_id: Any = None,
    program_id: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    """An event that is not stored yet, with its data checked."""
    object_type = str(instance._meta.model_name)
    return Event(
        type=f"prodev.{object_type}.{name}.v1",
        occurred_at=timezone.now(),
        actor=stored(actor),
        subject_id=subject_id,
        program_id=program_id,
        object_type=object_type,
        object_uuid=instance.uuid,
        data={name: _plain(value) for name, value in (data or {}).items()},
    )


def announce(event: Event, instance: Record) -> None:
    """Send the signals of ``event`` once the transaction has committed."""

    def send() -> None:
        for signal in (BY_OBJECT_TYPE.get(event.object_type), event_recorded):
            if signal is not None:
                signal.send_robust(sender=type(instance), event=event, instance=instance)

    transaction.on_commit(send, using=router.db_for_write(Event), robust=True)


def _plain(value: Any) -> Any:
    """``value`` as an event may hold it. Raises ``ValueError`` for what could be a free text."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, str) and (not value or _TOKEN.fullmatch(value)):
        return str(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise ValueError(f"An event holds identifiers and states, not {value!r}.")
