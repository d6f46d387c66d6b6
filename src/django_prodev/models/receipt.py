"""Answers that were given, so that a request which is sent again gets the same one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from django_prodev.models.base import Record
from django_prodev.models.visibility import VisibleQuerySet


class ReceiptQuerySet(VisibleQuerySet["Receipt"]):
    pass


class Receipt(Record):
    """The answer to a request that carried an ``Idempotency-Key``.

    It is written in the transaction of the request's effect, so there is one where there is the other. ``fingerprint``
    tells another request under the same key; ``answer`` is empty only inside that transaction.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    key = models.CharField(_("key"), max_length=255)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    answer = models.JSONField(_("answer"), default=dict, blank=True)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["id"]
        indexes = [models.Index(fields=["created_at"], name="prodev_receipt_created")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="prodev_receipt_unique_key")]

    def __str__(self) -> str:
        return f"#{self.pk}"
