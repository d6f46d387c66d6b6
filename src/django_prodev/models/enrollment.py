"""Who learns what, and in which state."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import OPEN_ENROLLMENT_STATUSES, EnrollmentSource, EnrollmentStatus
from django_prodev.models.base import Record, one_of
from django_prodev.models.cohort import Cohort
from django_prodev.models.curriculum import Curriculum
from django_prodev.models.program import Program
from django_prodev.models.visibility import VisibleQuerySet


class EnrollmentQuerySet(VisibleQuerySet["Enrollment"]):
    def open(self) -> Self:
        return self.filter(status__in=OPEN_ENROLLMENT_STATUSES)

    def active(self) -> Self:
        return self.filter(status=EnrollmentStatus.ACTIVE)


class Enrollment(Record):
    """A person in a program.

    Without ``curriculum`` it follows the published one. ``email`` names a person who has no account yet; an erased
    person leaves neither, but ``anonymized_at``.
    """

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="enrollments", db_index=False, verbose_name=_("program")
    )
    curriculum = models.ForeignKey(
        Curriculum,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrollments",
        verbose_name=_("pinned curriculum"),
    )
    cohort = models.ForeignKey(
        Cohort,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enrollments",
        db_index=False,
        verbose_name=_("cohort"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="prodev_enrollments",
        db_index=False,
        verbose_name=_("learner"),
    )
    email = models.EmailField(_("e-mail address"), blank=True)
    status = models.CharField(_("status"), max_length=20, choices=EnrollmentStatus.choices)
    source = models.CharField(
        _("source"), max_length=20, choices=EnrollmentSource.choices, default=EnrollmentSource.STAFF
    )
    enrolled_at = models.DateTimeField(_("enrolled"), default=timezone.now)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    anonymized_at = models.DateTimeField(_("anonymised"), null=True, blank=True)
    external_id = models.CharField(_("external identifier"), max_length=200, blank=True)

    objects = EnrollmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["-enrolled_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-uuid"], name="prodev_enrollment_newest"),
            models.Index(fields=["status", "-created_at", "-uuid"], name="prodev_enrollment_by_status"),
            models.Index(fields=["program", "-created_at", "-uuid"], name="prodev_enrollment_of_program"),
            models.Index(fields=["cohort", "status"], name="prodev_enrollment_cohort"),
            models.Index(fields=["user", "status"], name="prodev_enrollment_user"),
            models.Index(fields=["program", "status", "enrolled_at"], name="prodev_enrollment_program"),
        ]
        constraints = [
            one_of("status", EnrollmentStatus, "prodev_enrollment_status"),
            one_of("source", EnrollmentSource, "prodev_enrollment_source"),
            models.UniqueConstraint(
                fields=["program", "user"],
                condition=Q(user__isnull=False, status__in=OPEN_ENROLLMENT_STATUSES),
                name="prodev_enrollment_one_open",
            ),
            models.UniqueConstraint(
                "program",
                Lower("email"),
                condition=Q(status=EnrollmentStatus.INVITED) & ~Q(email=""),
                name="prodev_enrollment_one_invitation",
            ),
            models.CheckConstraint(
                condition=Q(status=EnrollmentStatus.COMPLETED, completed_at__isnull=False)
                | (~Q(status=EnrollmentStatus.COMPLETED) & Q(completed_at__isnull=True)),
                name="prodev_enrollment_completed_at",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(email="") | Q(anonymized_at__isnull=False),
                name="prodev_enrollment_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} #{self.pk}"
