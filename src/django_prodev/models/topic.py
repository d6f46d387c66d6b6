"""What can be learnt: a vocabulary shared by every provider."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import TopicKind
from django_prodev.models.base import Record, one_of
from django_prodev.models.visibility import VisibleQuerySet


class TopicQuerySet(VisibleQuerySet["Topic"]):
    def of_kind(self, *kinds: TopicKind) -> Self:
        return self.filter(kind__in=kinds)


class Topic(Record):
    """A technology, concept, skill or practice. ``uri`` names it elsewhere (ESCO, Wikidata)."""

    kind = models.CharField(_("kind"), max_length=20, choices=TopicKind.choices)
    slug = models.SlugField(_("slug"), max_length=100)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    uri = models.URLField(_("URI"), max_length=500, blank=True)
    aliases = models.JSONField(_("aliases"), default=list, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name", "uuid"]
        indexes = [
            models.Index(fields=["name", "uuid"], name="prodev_topic_name"),
            models.Index(fields=["-created_at", "-uuid"], name="prodev_topic_newest"),
        ]
        constraints = [
            one_of("kind", TopicKind, "prodev_topic_kind"),
            models.UniqueConstraint(fields=["kind", "slug"], name="prodev_topic_unique_slug"),
            models.CheckConstraint(condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="prodev_topic_parent"),
        ]

    def __str__(self) -> str:
        return self.name
