"""The admin of units and what they do with topics."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.base import ProdevAdmin
from django_prodev.admin.columns import CountColumn
from django_prodev.admin.filters import VisibleRelatedFilter
from django_prodev.admin.inlines import BoundedFormSet, VisibleInline
from django_prodev.admin.preview import MarkdownPreview
from django_prodev.admin.writing import Fields, ReadOnly, WrittenAdmin
from django_prodev.models import CurriculumItem, Entry, Unit, UnitTopic


class TopicFormSet(BoundedFormSet):
    fixed = ("topic",)


class UnitTopicInline(VisibleInline):
    model = UnitTopic
    formset = TopicFormSet
    fields = ("topic", "role")
    autocomplete_fields = ("topic",)
    extra = 1

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("topic")


@admin.register(Unit)
class UnitAdmin(MarkdownPreview, WrittenAdmin):
    can_add = can_edit = True
    given = ("provider",)
    written = ("title", "slug", "kind", "description", "url", "effort_minutes", "external_id")
    markdown_fields = ("description",)
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("provider",)
    inlines = (UnitTopicInline,)
    list_display = (
        "title",
        "kind",
        "provider",
        "effort_minutes",
        CountColumn("topic_count", UnitTopic, "unit", _("topics")),
        CountColumn("placement_count", CurriculumItem, "unit", _("curricula")),
        CountColumn("entry_count", Entry, "unit", _("entries")),
    )
    list_filter = ("kind", ("provider", VisibleRelatedFilter))
    list_select_related = ("provider",)
    search_fields = ("title", "slug")

    def may_edit(self, record: Unit, actor: Any) -> bool:
        return api.is_allowed(actor=actor, action=api.Action.EDIT_UNIT, target=record)

    def create(self, actor: Any, fields: Fields) -> Unit:
        return api.create_unit(actor=actor, **fields)

    def edit(self, record: Unit, actor: Any, version: str | None, changes: Fields) -> Unit:
        return api.edit_unit(unit=record, actor=actor, expected_version=version, **changes)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        """Give the unit the topics as they stand in the form, all at once."""
        formset.save(commit=False)
        formset.save_m2m = lambda: None
        rows = [
            row.cleaned_data
            for row in formset.forms
            if row.cleaned_data.get("topic") and not row.cleaned_data["DELETE"]
        ]
        if formset.new_objects or formset.changed_objects or formset.deleted_objects:
            api.set_unit_topics(
                unit=form.instance, actor=request.user, topics=[(row["topic"], row["role"]) for row in rows]
            )


@admin.register(UnitTopic)
class UnitTopicAdmin(ReadOnly, ProdevAdmin):
    """To look through what is taught where; a unit's own page is where its topics are written."""

    list_display = ("unit", "role", "topic")
    list_filter = ("role", "topic__kind")
    list_select_related = ("unit", "topic")
    search_fields = ("unit__title", "topic__name")
