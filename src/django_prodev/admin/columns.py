"""Columns of changelists that hold counts: one subquery a column, nothing a row.

A count takes in only what the person at the screen may see, since a number tells of hidden rows too.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Count, IntegerField, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html


@dataclass(frozen=True)
class CountColumn:
    """How many rows of ``model`` refer to the row by ``by``; ``only`` narrows them.

    It stands in ``list_display`` as a callable, can be sorted by, and leads to those rows where they have a changelist.
    """

    name: str
    model: type[Model]
    by: str
    label: Any
    only: Q = field(default_factory=Q)
    site: AdminSite | None = None

    # What the changelist looks for on a callable in ``list_display``.
    @property
    def __name__(self) -> str:
        return self.name

    @property
    def short_description(self) -> Any:
        return self.label

    @property
    def admin_order_field(self) -> str:
        return self.name

    def at(self, site: AdminSite) -> "CountColumn":
        return replace(self, site=site)

    def annotation(self, viewer: Any) -> Coalesce:
        manager: Any = self.model._default_manager
        rows = manager.visible_to(viewer).filter(self.only, **{self.by: OuterRef("pk")}).order_by()
        counted = rows.values(self.by).annotate(prodev_count=Count("pk")).values("prodev_count")
        return Coalesce(Subquery(counted), 0, output_field=IntegerField())

    def __call__(self, row: Any) -> str:
        number = str(getattr(row, self.name))
        if number == "0" or self.site is None or not self.site.is_registered(self.model):
            return number
        options = self.model._meta
        address = reverse(f"{self.site.name}:{options.app_label}_{options.model_name}_changelist")
        return format_html('<a href="{}?{}__id__exact={}">{}</a>', address, self.by, row.pk, number)


def annotated(rows: QuerySet[Any], columns: Any, viewer: Any) -> QuerySet[Any]:
    """``rows`` with every count that ``columns`` (a ``list_display``) shows to ``viewer``."""
    counts = {column.name: column.annotation(viewer) for column in columns if isinstance(column, CountColumn)}
    annotated_rows: QuerySet[Any] = rows.annotate(**counts)
    return annotated_rows
