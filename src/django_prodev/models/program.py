"""A learning program: what is offered, to whom, and in which state."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import Admission, Level, ProgramStatus, ProgramVisibility
from django_prodev.models.base import Record, one_of
from django_prodev.models.provider import Provider
from django_prodev.models.visibility import VisibleQuerySet


class ProgramQuerySet(VisibleQuerySet["Program"]):
    def published(self) -> Self:
        return self.filter(status=ProgramStatus.PUBLISHED)


class Program(Record):
    """A program of a provider (schema.org ``EducationalOccupationalProgram``).

    ``language`` is a BCP 47 tag, ``effort_hours`` whole hours for all of it. With ``enforce_order`` a unit opens when
    what stands before it is done.
    """

    provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="programs", verbose_name=_("provider")
    )
    slug = models.SlugField(_("slug"), max_length=100)
    title = models.CharField(_("title"), max_length=250)
    summary = models.CharField(_("summary"), max_length=500, blank=True)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    outcomes = models.JSONField(_("outcomes"), default=list, blank=True, help_text=_("A list of sentences."))
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, blank=True)
    language = models.CharField(_("language"), max_length=35, default="en", help_text=_("A BCP 47 tag."))
    effort_hours = models.PositiveIntegerField(_("effort in hours"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=ProgramStatus.choices, default=ProgramStatus.DRAFT)
    visibility = models.CharField(
        _("visibility"), max_length=20, choices=ProgramVisibility.choices, default=ProgramVisibility.PUBLIC
    )
    admission = models.CharField(_("admission"), max_length=20, choices=Admission.choices, default=Admission.REQUEST)
    enforce_order = models.BooleanField(_("units in order"), default=False)
    external_id = models.CharField(_("external identifier"), max_length=200, blank=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        verbose_name = _("program")
        verbose_name_plural = _("programs")
        ordering = ["title", "uuid"]
        indexes = [
            models.Index(fields=["status", "visibility", "title"], name="prodev_program_catalogue"),
            models.Index(fields=["title", "uuid"], name="prodev_program_title"),
            models.Index(fields=["-created_at", "-uuid"], name="prodev_program_newest"),
        ]
        constraints = [
            one_of("status", ProgramStatus, "prodev_program_status"),
            one_of("visibility", ProgramVisibility, "prodev_program_visibility"),
            one_of("admission", Admission, "prodev_program_admission"),
            models.CheckConstraint(condition=Q(level="") | Q(level__in=Level.values), name="prodev_program_level"),
            models.UniqueConstraint(fields=["provider", "slug"], name="prodev_program_unique_slug"),
        ]

    def __str__(self) -> str:
        return self.title
