"""The admin of curricula and the places of units in them. Only a draft can be written; the rest is to be read."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.actions import ServiceAction, in_status
from django_prodev.admin.columns import CountColumn
from django_prodev.admin.filters import VisibleRelatedFilter
from django_prodev.admin.inlines import PlaceFormSet, VisibleInline
from django_prodev.admin.writing import Fields, WrittenAdmin
from django_prodev.enums import CurriculumStatus
from django_prodev.models import Cohort, Curriculum, CurriculumItem, Enrollment

_PLACE = ("parent", "position", "is_required", "weight", "min_children")


def _is_writable(curriculum: Curriculum | None, actor: Any) -> bool:
    if curriculum is None or curriculum.status != CurriculumStatus.DRAFT:
        return False
    return api.is_allowed(actor=actor, action=api.Action.EDIT_CURRICULUM, target=curriculum)


def _publication(curriculum: Curriculum, actor: Any) -> Sequence[str]:
    """What publishing would move, as somebody about to publish has to know it."""
    plan = api.plan_publication(curriculum=curriculum, actor=actor)
    if plan.faults:
        return [gettext("This cannot be published as it is:"), *plan.faults]
    lines = [plan.summary()]
    if plan.pinned:
        text = ngettext(
            "%d enrolment is held to another version and does not move.",
            "%d enrolments are held to another version and do not move.",
            plan.pinned,
        )
        lines.append(text % plan.pinned)
    if highest := max((move.after for move in plan.rises), default=None):
        lines.append(gettext("Nobody rises above %d %%.") % highest)
    return lines


class CurriculumItemInline(VisibleInline):
    """The first hundred items: more would pass the 1,000 fields that Django reads. Their changelist has them all."""

    model = CurriculumItem
    formset = PlaceFormSet
    fields = ("unit", *_PLACE)
    autocomplete_fields = ("unit",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("unit", "parent__unit").order_by("position", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_writable(obj, request.user) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_writable(obj, request.user) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_writable(obj, request.user) and super().has_delete_permission(request, obj)


@admin.register(Curriculum)
class CurriculumAdmin(WrittenAdmin):
    can_add = can_edit = can_remove = True
    given = ("program",)
    written = ("notes",)
    shown = ("version", "status", "published_at", "published_by")
    autocomplete_fields = ("program",)
    inlines = (CurriculumItemInline,)
    list_display = (
        "__str__",
        "program",
        "status",
        "published_at",
        CountColumn("item_count", CurriculumItem, "curriculum", _("units")),
        CountColumn("cohort_count", Cohort, "curriculum", _("cohorts that pin it")),
        CountColumn("enrollment_count", Enrollment, "curriculum", _("enrolments that pin it")),
    )
    list_filter = ("status", ("program", VisibleRelatedFilter))
    list_select_related = ("program",)
    date_hierarchy = "published_at"
    search_fields = ("program__title", "program__slug", "notes")
    actions = (
        ServiceAction(
            "publish_curricula",
            _("publish the chosen curricula"),
            lambda row, actor: api.publish_curriculum(curriculum=row, actor=actor),
            _("Each takes the place of its program's published version and does not change any more."),
            one=_("publish"),
            fits=in_status(CurriculumStatus.DRAFT),
            describe=_publication,
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj is not None else []

    def may_edit(self, record: Curriculum, actor: Any) -> bool:
        return _is_writable(record, actor)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or _is_writable(obj, request.user))

    def create(self, actor: Any, fields: Fields) -> Curriculum:
        return api.draft_curriculum(actor=actor, **fields)

    def edit(self, record: Curriculum, actor: Any, version: str | None, changes: Fields) -> Curriculum:
        if not changes:
            return record
        return api.edit_curriculum(curriculum=record, actor=actor, expected_version=version, **changes)

    def remove(self, record: Curriculum, actor: Any) -> None:
        api.discard_draft(curriculum=record, actor=actor)

    def save_formset(self, request: Any, form: Any, formset: Any, change: bool) -> None:
        formset.save(commit=False)
        for item in formset.deleted_objects:
            api.remove_item(item=item, actor=request.user)
        for item, names in formset.changed_objects:
            api.edit_item(item=item, actor=request.user, **{name: getattr(item, name) for name in names})
        for row in formset.extra_forms:
            if row.instance in formset.new_objects:
                given = {name: row.cleaned_data[name] for name in row.changed_data if name in _PLACE}
                api.add_item(curriculum=form.instance, unit=row.cleaned_data["unit"], actor=request.user, **given)


@admin.register(CurriculumItem)
class CurriculumItemAdmin(WrittenAdmin):
    can_add = can_edit = can_remove = True
    given = ("curriculum", "unit")
    written = _PLACE
    autocomplete_fields = ("curriculum", "unit")
    list_display = ("place", "unit", "curriculum", "program", "parent", "is_required", "weight", "min_children")
    list_display_links = ("place", "unit")
    list_filter = ("is_required", "curriculum__status", ("curriculum__program", VisibleRelatedFilter))
    list_select_related = ("unit", "curriculum__program", "parent")
    search_fields = ("unit__title", "unit__slug", "curriculum__program__title")

    @admin.display(description=_("position"), ordering="position")
    def place(self, row: CurriculumItem) -> int:
        return row.position

    @admin.display(description=_("program"), ordering="curriculum__program__title")
    def program(self, row: CurriculumItem) -> str:
        return row.curriculum.program.title

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs |= {"queryset": self._siblings(request)}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _siblings(self, request: HttpRequest) -> QuerySet[Any]:
        """The places of the curriculum whose place is being edited. One that is being made goes to the top first."""
        match = request.resolver_match
        key = match.kwargs.get("object_id", "") if match else ""
        items = CurriculumItem.objects.visible_to(request.user)
        if not key.isdecimal():
            return items.none()
        same = CurriculumItem.objects.filter(pk=int(key)).values("curriculum_id")
        return items.filter(curriculum__in=same).exclude(pk=int(key)).select_related("unit")

    def may_edit(self, record: CurriculumItem, actor: Any) -> bool:
        return _is_writable(record.curriculum, actor)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (
            obj is None or _is_writable(obj.curriculum, request.user)
        )

    def create(self, actor: Any, fields: Fields) -> CurriculumItem:
        return api.add_item(actor=actor, **fields)

    def edit(self, record: CurriculumItem, actor: Any, version: str | None, changes: Fields) -> CurriculumItem:
        return api.edit_item(item=record, actor=actor, expected_version=version, **changes)

    def remove(self, record: CurriculumItem, actor: Any) -> None:
        api.remove_item(item=record, actor=actor)
