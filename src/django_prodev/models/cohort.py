"""A run of a program: dates, places, and the phase that follows from them."""

from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import CohortMode, CohortStatus
from django_prodev.models.base import Record, one_of
from django_prodev.models.curriculum import Curriculum
from django_prodev.models.program import Program
from django_prodev.models.visibility import VisibleQuerySet


class CohortQuerySet(VisibleQuerySet["Cohort"]):
    def with_phase(self) -> Self:
        """Annotate ``phase``: ``ended``, ``running``, ``enrolling`` or ``upcoming``, by the database's clock."""
        return self.annotate(
            phase=Case(
                When(ends_at__lt=Now(), then=Value("ended")),
                When(starts_at__lte=Now(), then=Value("running")),
                When(
                    Q(enrollment_opens_at__lte=Now())
                    & (Q(enrollment_closes_at__isnull=True) | Q(enrollment_closes_at__gte=Now())),
                    then=Value("enrolling"),
                ),
                default=Value("upcoming"),
                output_field=models.CharField(),
            )
        )


class Cohort(Record):
    """A group that goes through a program together (schema.org ``CourseInstance``). ``capacity`` empty: no limit."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="cohorts", verbose_name=_("program"))
    curriculum = models.ForeignKey(
        Curriculum,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cohorts",
        verbose_name=_("pinned curriculum"),
    )
    slug = models.SlugField(_("slug"), max_length=100)
    title = models.CharField(_("title"), max_length=250)
    status = models.CharField(_("status"), max_length=20, choices=CohortStatus.choices, default=CohortStatus.DRAFT)
    starts_at = models.DateTimeField(_("starts"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    enrollment_opens_at = models.DateTimeField(_("enrolment opens"), null=True, blank=True)
    enrollment_closes_at = models.DateTimeField(_("enrolment closes"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC", help_text=_("An IANA name."))
    mode = models.CharField(_("mode"), max_length=20, choices=CohortMode.choices, default=CohortMode.ONLINE)

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_at", "-id"]
        indexes = [
            models.Index(fields=["program", "status"], name="prodev_cohort_program"),
            models.Index(fields=["-created_at", "-uuid"], name="prodev_cohort_newest"),
            models.Index(fields=["title", "uuid"], name="prodev_cohort_title"),
        ]
        constraints = [
            one_of("status", CohortStatus, "prodev_cohort_status"),
            one_of("mode", CohortMode, "prodev_cohort_mode"),
            models.UniqueConstraint(fields=["program", "slug"], name="prodev_cohort_unique_slug"),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="prodev_cohort_dates",
            ),
            models.CheckConstraint(
                condition=Q(enrollment_opens_at__isnull=True)
                | Q(enrollment_closes_at__isnull=True)
                | Q(enrollment_closes_at__gte=F("enrollment_opens_at")),
                name="prodev_cohort_enrollment_dates",
            ),
        ]

    def __str__(self) -> str:
        program = self.loaded("program")
        return f"{self.title} ({program})" if program else self.title
