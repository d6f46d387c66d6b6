"""The recorder of events: what happened, in the transaction that made it true, and told to others on commit.

An event holds identifiers and states, never a free text: it outlives the person it is about.
"""

import re
import uuid
from array import array
from collections.abc import Mapping
from typing import Any

from django.db import router, transaction
from django.dispatch import Signal
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


def record_batch(events: list[Event], model: type[Record]) -> None:
    """Store events about rows of one model in one statement, and tell of each on commit.

    Until then only their keys are remembered, so that a transaction may record any number of them: receivers get the
    rows as they were committed.
    """
    if not events:
        return
    keys = array("q", (event.pk for event in Event.objects.bulk_create(events)))

    def send() -> None:
        if any(signal.has_listeners(model) for signal in _signals(str(model._meta.model_name))):
            for start in range(0, len(keys), 500):
                _send_stored(list(keys[start : start + 500]), model)

    transaction.on_commit(send, using=router.db_for_write(Event), robust=True)


def _send_stored(keys: list[int], model: type[Record]) -> None:
    events = Event.objects.in_bulk(keys)
    rows = model._default_manager.filter(uuid__in=[event.object_uuid for event in events.values()])
    instances = {row.uuid: row for row in rows}
    for key in keys:
        if key in events and events[key].object_uuid in instances:
            _send(events[key], instances[events[key].object_uuid])


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

    transaction.on_commit(lambda: _send(event, instance), using=router.db_for_write(Event), robust=True)


def _signals(object_type: str) -> list[Signal]:
    return [signal for signal in (BY_OBJECT_TYPE.get(object_type), event_recorded) if signal is not None]


def _send(event: Event, instance: Record) -> None:
    for signal in _signals(event.object_type):
        signal.send_robust(sender=type(instance), event=event, instance=instance)


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
