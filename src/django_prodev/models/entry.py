"""The learning record: what was met in a program and what was made of it, one table with a kind."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import EntryKind, EntryStatus, Visibility
from django_prodev.models.base import Record, one_of
from django_prodev.models.curriculum import Unit
from django_prodev.models.enrollment import Enrollment
from django_prodev.models.program import Program
from django_prodev.models.project import Project
from django_prodev.models.topic import Topic
from django_prodev.models.visibility import VisibleQuerySet


class EntryQuerySet(VisibleQuerySet["Entry"]):
    def published(self) -> Self:
        return self.filter(status=EntryStatus.PUBLISHED)

    def of_kind(self, *kinds: EntryKind) -> Self:
        return self.filter(kind__in=kinds)


class Entry(Record):
    """A learning, challenge, solution, practice, takeaway or reflection.

    Without ``author`` it is curated for the whole program. A solution's ``parent`` is its challenge. ``program`` is
    always set, so that a program's newest entries are one index scan.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="prodev_entries",
        db_index=False,
        verbose_name=_("author"),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="solutions",
        verbose_name=_("challenge"),
    )
    program = models.ForeignKey(
        Program, on_delete=models.PROTECT, related_name="entries", db_index=False, verbose_name=_("program")
    )
    enrollment = models.ForeignKey(
        Enrollment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("enrolment"),
    )
    unit = models.ForeignKey(
        Unit,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="entries",
        db_index=False,
        verbose_name=_("unit"),
    )
    project = models.ForeignKey(
        Project,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("project"),
    )
    title = models.CharField(_("title"), max_length=250, blank=True)
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    position = models.PositiveIntegerField(_("position"), default=0)
    status = models.CharField(_("status"), max_length=20, choices=EntryStatus.choices, default=EntryStatus.DRAFT)
    visibility = models.CharField(
        _("visibility"), max_length=20, choices=Visibility.choices, default=Visibility.PRIVATE
    )
    occurred_on = models.DateField(_("occurred on"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    topics = models.ManyToManyField(Topic, blank=True, related_name="entries", verbose_name=_("topics"))
    external_id = models.CharField(_("external identifier"), max_length=200, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-created_at", "-uuid"]
        indexes = [
            models.Index(fields=["-created_at", "-uuid"], name="prodev_entry_newest"),
            models.Index(fields=["program", "-created_at", "-uuid"], name="prodev_entry_program"),
            models.Index(fields=["author", "-created_at", "-uuid"], name="prodev_entry_author"),
            models.Index(fields=["kind", "-created_at", "-uuid"], name="prodev_entry_kind"),
            models.Index(fields=["unit", "-created_at", "-uuid"], name="prodev_entry_unit"),
            models.Index(
                fields=["-created_at", "-uuid"],
                condition=Q(status=EntryStatus.PUBLISHED, visibility=Visibility.PUBLIC),
                name="prodev_entry_public",
            ),
        ]
        constraints = [
            one_of("kind", EntryKind, "prodev_entry_kind_value"),
            one_of("status", EntryStatus, "prodev_entry_status"),
            one_of("visibility", Visibility, "prodev_entry_visibility"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.SOLUTION) | Q(parent__isnull=False),
                name="prodev_entry_solution_parent",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(kind=EntryKind.SOLUTION),
                name="prodev_entry_accepted",
            ),
            models.CheckConstraint(
                condition=Q(enrollment__isnull=True) | Q(author__isnull=False), name="prodev_entry_author_set"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="prodev_entry_parent"
            ),
            models.UniqueConstraint(
                fields=["program", "external_id"],
                condition=Q(author__isnull=True) & ~Q(external_id=""),
                name="prodev_entry_unique_curated",
            ),
            models.UniqueConstraint(
                fields=["enrollment", "external_id"],
                condition=Q(enrollment__isnull=False) & ~Q(external_id=""),
                name="prodev_entry_unique_source",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()
