"""Projects: what a learner built, as evidence of what was learnt."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import LIVE_PROJECT_STATUSES, ProjectStatus, Visibility
from django_prodev.models.base import Record, one_of
from django_prodev.models.curriculum import Unit
from django_prodev.models.enrollment import Enrollment
from django_prodev.models.program import Program
from django_prodev.models.topic import Topic
from django_prodev.models.visibility import VisibleQuerySet


class ProjectQuerySet(VisibleQuerySet["Project"]):
    def live(self) -> Self:
        return self.filter(status__in=LIVE_PROJECT_STATUSES)


class Project(Record):
    """Something built in a program. Without ``owner`` it is curated: the program shows it to all its learners."""

    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="projects", db_index=False, verbose_name=_("program")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="prodev_projects",
        verbose_name=_("owner"),
    )
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="prodev_shared_projects", verbose_name=_("members")
    )
    enrollment = models.ForeignKey(
        Enrollment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("enrolment"),
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("unit"),
    )
    title = models.CharField(_("title"), max_length=250)
    summary = models.CharField(_("summary"), max_length=500, blank=True)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    repository_url = models.URLField(_("repository"), max_length=500, blank=True)
    demo_url = models.URLField(_("demonstration"), max_length=500, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=ProjectStatus.choices, default=ProjectStatus.DRAFT)
    visibility = models.CharField(
        _("visibility"), max_length=20, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True, blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="prodev_reviewed_projects",
        verbose_name=_("reviewer"),
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="projects", verbose_name=_("topics"))
    external_id = models.CharField(_("external identifier"), max_length=200, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-created_at", "-uuid"]
        indexes = [
            models.Index(fields=["program", "-created_at", "-uuid"], name="prodev_project_program"),
            models.Index(fields=["-created_at", "-uuid"], name="prodev_project_newest"),
            models.Index(fields=["title", "uuid"], name="prodev_project_title"),
            models.Index(fields=["status", "-created_at", "-uuid"], name="prodev_project_by_status"),
            models.Index(
                fields=["-created_at", "-uuid"],
                condition=Q(status__in=LIVE_PROJECT_STATUSES, visibility=Visibility.PUBLIC),
                name="prodev_project_public",
            ),
        ]
        constraints = [
            one_of("status", ProjectStatus, "prodev_project_status"),
            one_of("visibility", Visibility, "prodev_project_visibility"),
            models.UniqueConstraint(
                fields=["enrollment", "unit"],
                condition=Q(enrollment__isnull=False, unit__isnull=False, status__in=LIVE_PROJECT_STATUSES),
                name="prodev_project_one_live",
            ),
            models.UniqueConstraint(
                fields=["program", "external_id"],
                condition=Q(owner__isnull=True) & ~Q(external_id=""),
                name="prodev_project_unique_curated",
            ),
            models.UniqueConstraint(
                fields=["enrollment", "external_id"],
                condition=Q(enrollment__isnull=False) & ~Q(external_id=""),
                name="prodev_project_unique_source",
            ),
            models.CheckConstraint(
                condition=~Q(status=ProjectStatus.APPROVED) | Q(reviewed_at__isnull=False),
                name="prodev_project_reviewed_at",
            ),
            models.CheckConstraint(
                condition=Q(enrollment__isnull=True) | Q(owner__isnull=False), name="prodev_project_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.title
