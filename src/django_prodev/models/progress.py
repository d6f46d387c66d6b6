"""How far a learner is with each unit. Percentages are computed, never stored."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import DONE_PROGRESS_STATUSES, ProgressSource, ProgressStatus
from django_prodev.models.base import Record, one_of
from django_prodev.models.curriculum import Unit
from django_prodev.models.enrollment import Enrollment
from django_prodev.models.visibility import VisibleQuerySet


class ProgressQuerySet(VisibleQuerySet["Progress"]):
    def done(self) -> Self:
        return self.filter(status__in=DONE_PROGRESS_STATUSES)


class Progress(Record):
    """An enrolment's state with a unit; no row means not started. ``score`` runs from 0 to 1."""

    enrollment = models.ForeignKey(
        Enrollment, on_delete=models.CASCADE, related_name="progress", db_index=False, verbose_name=_("enrolment")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="progress", verbose_name=_("unit"))
    status = models.CharField(
        _("status"), max_length=20, choices=ProgressStatus.choices, default=ProgressStatus.IN_PROGRESS
    )
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=4, null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=20, choices=ProgressSource.choices, default=ProgressSource.LEARNER
    )
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("progress")
        verbose_name_plural = _("progress")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["-created_at", "-uuid"], name="prodev_progress_newest"),
            models.Index(fields=["status", "-created_at", "-uuid"], name="prodev_progress_by_status"),
        ]
        constraints = [
            one_of("status", ProgressStatus, "prodev_progress_status"),
            one_of("source", ProgressSource, "prodev_progress_source"),
            models.UniqueConstraint(fields=["enrollment", "unit"], name="prodev_progress_unique"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1), name="prodev_progress_score"
            ),
            models.CheckConstraint(
                condition=Q(status__in=DONE_PROGRESS_STATUSES, completed_at__isnull=False)
                | (~Q(status__in=DONE_PROGRESS_STATUSES) & Q(completed_at__isnull=True)),
                name="prodev_progress_completed_at",
            ),
        ]

    def __str__(self) -> str:
        return self.get_status_display()
