"""The structure of a program: units that live for ever, and numbered arrangements of them."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import CurriculumStatus, TopicRole, UnitKind
from django_prodev.models.base import Record, one_of
from django_prodev.models.program import Program
from django_prodev.models.provider import Provider
from django_prodev.models.topic import Topic
from django_prodev.models.visibility import VisibleQuerySet


class CurriculumQuerySet(VisibleQuerySet["Curriculum"]):
    def published(self) -> Self:
        return self.filter(status=CurriculumStatus.PUBLISHED)


class Curriculum(Record):
    """A numbered version of a program's structure. Once published it does not change; another version succeeds it."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="curricula", verbose_name=_("program"))
    version = models.PositiveIntegerField(_("version"), validators=[MinValueValidator(1)])
    status = models.CharField(
        _("status"), max_length=20, choices=CurriculumStatus.choices, default=CurriculumStatus.DRAFT
    )
    notes = models.TextField(_("notes"), blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects = CurriculumQuerySet.as_manager()

    class Meta:
        verbose_name = _("curriculum")
        verbose_name_plural = _("curricula")
        ordering = ["program_id", "-version"]
        indexes = [
            models.Index(fields=["-created_at", "-uuid"], name="prodev_curriculum_newest"),
            models.Index(fields=["version", "uuid"], name="prodev_curriculum_by_version"),
        ]
        constraints = [
            one_of("status", CurriculumStatus, "prodev_curriculum_status"),
            models.CheckConstraint(condition=Q(version__gte=1), name="prodev_curriculum_version"),
            models.UniqueConstraint(fields=["program", "version"], name="prodev_curriculum_unique_version"),
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(status=CurriculumStatus.DRAFT),
                name="prodev_curriculum_one_draft",
            ),
            models.UniqueConstraint(
                fields=["program"],
                condition=Q(status=CurriculumStatus.PUBLISHED),
                name="prodev_curriculum_one_published",
            ),
            models.CheckConstraint(
                condition=Q(status=CurriculumStatus.DRAFT) | Q(published_at__isnull=False),
                name="prodev_curriculum_published_at",
            ),
        ]

    def __str__(self) -> str:
        program = self.loaded("program")
        return f"{program} v{self.version}" if program else f"v{self.version}"


class UnitQuerySet(VisibleQuerySet["Unit"]):
    def of_kind(self, *kinds: UnitKind) -> Self:
        return self.filter(kind__in=kinds)


class Unit(Record):
    """The stable thing a learner does. ``url`` says where it is taught: nothing is played here."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="units", verbose_name=_("provider"))
    slug = models.SlugField(_("slug"), max_length=150)
    kind = models.CharField(_("kind"), max_length=20, choices=UnitKind.choices, default=UnitKind.LESSON)
    title = models.CharField(_("title"), max_length=250)
    description = models.TextField(_("description"), blank=True, help_text=_("Markdown."))
    url = models.URLField(_("web address"), max_length=500, blank=True)
    effort_minutes = models.PositiveIntegerField(_("effort in minutes"), null=True, blank=True)
    external_id = models.CharField(_("external identifier"), max_length=200, blank=True)
    topics = models.ManyToManyField(
        Topic, through="django_prodev.UnitTopic", related_name="units", verbose_name=_("topics")
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["title", "uuid"]
        indexes = [
            models.Index(fields=["title", "uuid"], name="prodev_unit_title"),
            models.Index(fields=["-created_at", "-uuid"], name="prodev_unit_newest"),
        ]
        constraints = [
            one_of("kind", UnitKind, "prodev_unit_kind"),
            models.UniqueConstraint(fields=["provider", "slug"], name="prodev_unit_unique_slug"),
        ]

    def __str__(self) -> str:
        return self.title


class CurriculumItemQuerySet(VisibleQuerySet["CurriculumItem"]):
    pass


class CurriculumItem(Record):
    """A unit's place in a curriculum.

    ``weight`` is its share of the progress among its required siblings; ``min_children`` makes a group of which that
    many children are enough.
    """

    curriculum = models.ForeignKey(
        Curriculum, on_delete=models.CASCADE, related_name="items", verbose_name=_("curriculum")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements", verbose_name=_("unit"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    is_required = models.BooleanField(_("required"), default=True)
    weight = models.DecimalField(_("weight"), max_digits=7, decimal_places=2, default=Decimal(1))
    min_children = models.PositiveIntegerField(_("children that are enough"), null=True, blank=True)

    objects = CurriculumItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("curriculum item")
        verbose_name_plural = _("curriculum items")
        ordering = ["curriculum_id", "position", "id"]
        indexes = [
            models.Index(fields=["curriculum", "parent", "position"], name="prodev_item_order"),
            models.Index(fields=["-created_at", "-uuid"], name="prodev_item_newest"),
            models.Index(fields=["position", "uuid"], name="prodev_item_position"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["curriculum", "unit"], name="prodev_item_unique_unit"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="prodev_item_weight"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("id")), name="prodev_item_parent"
            ),
        ]

    def __str__(self) -> str:
        unit = self.loaded("unit")
        return f"{self.position}. {unit}" if unit else f"{self.position}"


class UnitTopicQuerySet(VisibleQuerySet["UnitTopic"]):
    pass


class UnitTopic(Record):
    """What a unit does with a topic."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="unit_topics", verbose_name=_("unit"))
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="unit_topics", verbose_name=_("topic"))
    role = models.CharField(_("role"), max_length=20, choices=TopicRole.choices, default=TopicRole.TEACHES)

    objects = UnitTopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit topic")
        verbose_name_plural = _("unit topics")
        ordering = ["id"]
        indexes = [models.Index(fields=["topic", "role"], name="prodev_unittopic_topic")]
        constraints = [
            one_of("role", TopicRole, "prodev_unittopic_role"),
            models.UniqueConstraint(fields=["unit", "topic", "role"], name="prodev_unittopic_unique"),
        ]

    def __str__(self) -> str:
        return self.get_role_display()
