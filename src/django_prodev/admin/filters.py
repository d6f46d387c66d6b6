"""Filters of changelists that offer nothing hidden."""

from typing import Any

from django.contrib.admin import ModelAdmin, RelatedFieldListFilter
from django.db.models import Field
from django.http import HttpRequest

MAX_CHOICES = 100
"""The most rows that a filter offers; the search box finds the others."""


class VisibleRelatedFilter(RelatedFieldListFilter):
    """Filter by a related row, out of those that the person at the screen may see."""

    def field_choices(
        self, field: "Field[Any, Any]", request: HttpRequest, model_admin: "ModelAdmin[Any]"
    ) -> list[tuple[str, Any]]:
        related: Any = field.related_model
        rows = related._default_manager.visible_to(request.user)
        return [(str(row.pk), str(row)) for row in rows[:MAX_CHOICES]]
