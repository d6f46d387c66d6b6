"""What happened: the audit trail, and the outbox from which others are told."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from django_prodev.models.base import Record
from django_prodev.models.program import Program
from django_prodev.models.visibility import VisibleQuerySet


def _event_key() -> str:
    return uuid.uuid4().hex


class EventQuerySet(VisibleQuerySet["Event"]):
    pass


class Event(Record):
    """A fact, recorded in the transaction that made it true.

    ``type`` is like ``prodev.enrollment.activated.v1``; ``data`` holds identifiers and states, never free text.
    ``key`` makes recording idempotent. ``dispatched_at`` is empty until it was passed on.
    """

    key = models.CharField(_("key"), max_length=200, unique=True, default=_event_key)
    type = models.CharField(_("type"), max_length=100)
    occurred_at = models.DateTimeField(_("occurred"), default=timezone.now)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    subject = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("about"),
    )
    program = models.ForeignKey(
        Program, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("program")
    )
    object_type = models.CharField(_("object type"), max_length=50)
    object_uuid = models.UUIDField(_("object"))
    data = models.JSONField(_("data"), default=dict, blank=True)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-occurred_at", "-id"]
        indexes = [
            models.Index(fields=["type", "-occurred_at"], name="prodev_event_type"),
            models.Index(fields=["object_type", "object_uuid"], name="prodev_event_object"),
            models.Index(fields=["id"], condition=Q(dispatched_at__isnull=True), name="prodev_event_outbox"),
        ]

    def __str__(self) -> str:
        return self.type
