"""Who offers programs, and who works for them."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from django_prodev.enums import Role
from django_prodev.models.base import Record, one_of
from django_prodev.models.visibility import VisibleQuerySet


class ProviderQuerySet(VisibleQuerySet["Provider"]):
    pass


class Provider(Record):
    """An organisation that offers programs: the tenant, and the issuer of credentials."""

    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    name = models.CharField(_("name"), max_length=200)
    url = models.URLField(_("web address"), blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    description = models.TextField(_("description"), blank=True)

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider")
        verbose_name_plural = _("providers")
        ordering = ["name", "uuid"]
        indexes = [
            models.Index(fields=["name", "uuid"], name="prodev_provider_name"),
            models.Index(fields=["-created_at", "-uuid"], name="prodev_provider_newest"),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(VisibleQuerySet["Membership"]):
    def of_roles(self, *roles: Role) -> Self:
        return self.filter(role__in=roles)


class Membership(Record):
    """A person's role for a whole provider, one program, or one cohort."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="prodev_memberships",
        verbose_name=_("user"),
    )
    provider = models.ForeignKey(
        Provider, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("provider")
    )
    program = models.ForeignKey(
        "django_prodev.Program",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("program"),
    )
    cohort = models.ForeignKey(
        "django_prodev.Cohort",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("cohort"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["id"]
        indexes = [models.Index(fields=["-created_at", "-uuid"], name="prodev_membership_newest")]
        constraints = [
            one_of("role", Role, "prodev_membership_role"),
            models.UniqueConstraint(
                fields=["user", "role", "provider"],
                condition=Q(program__isnull=True, cohort__isnull=True),
                name="prodev_membership_unique_provider",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "program"],
                condition=Q(program__isnull=False, cohort__isnull=True),
                name="prodev_membership_unique_program",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "cohort"],
                condition=Q(cohort__isnull=False),
                name="prodev_membership_unique_cohort",
            ),
            models.CheckConstraint(
                condition=Q(cohort__isnull=True) | Q(program__isnull=False),
                name="prodev_membership_cohort_has_program",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} #{self.pk}"
