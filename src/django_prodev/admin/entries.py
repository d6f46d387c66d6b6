"""The admin of the learning record: entries, with the solutions of a challenge on its page."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.actions import ServiceAction, in_status
from django_prodev.admin.base import username_lookup
from django_prodev.admin.columns import CountColumn
from django_prodev.admin.filters import VisibleRelatedFilter
from django_prodev.admin.forms import CuratedForm
from django_prodev.admin.inlines import VisibleInline
from django_prodev.admin.preview import MarkdownPreview
from django_prodev.admin.private_log import PrivateLog
from django_prodev.admin.writing import Fields, ReadOnly, WrittenAdmin
from django_prodev.enums import EntryKind, EntryStatus
from django_prodev.exceptions import Invalid
from django_prodev.models import Entry


class SolutionInline(ReadOnly, VisibleInline):
    """The solutions of a challenge, the accepted one first; each is written on its own page."""

    model = Entry
    fk_name = "parent"
    fields = readonly_fields = ("title", "author", "status", "visibility", "accepted_at", "created_at")
    show_change_link = True
    verbose_name = _("solution")
    verbose_name_plural = _("solutions")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("author")
        return rows.filter(kind=EntryKind.SOLUTION).order_by("accepted_at", "created_at", "uuid")


@admin.register(Entry)
class EntryAdmin(PrivateLog, MarkdownPreview, WrittenAdmin):
    form = CuratedForm
    can_add = can_edit = can_remove = True
    given = ("program", "kind", "parent")
    written = (
        "title",
        "body",
        "topics",
        "unit",
        "project",
        "position",
        "occurred_on",
        "visibility",
        "external_id",
    )
    shown = ("status", "author", "enrollment", "accepted_at")
    markdown_fields = ("body",)
    autocomplete_fields = ("program", "parent", "unit", "project", "topics")
    inlines = (SolutionInline,)
    list_display = (
        "__str__",
        "kind",
        "program",
        "author",
        "status",
        "visibility",
        "created_at",
        CountColumn("solution_count", Entry, "parent", _("solutions")),
    )
    list_filter = (
        "kind",
        "status",
        "visibility",
        ("created_at", admin.DateFieldListFilter),
        ("program", VisibleRelatedFilter),
    )
    list_select_related = ("program", "author")
    search_fields = ("title", username_lookup("author"), "program__title")
    actions = (
        ServiceAction(
            "publish_entries",
            _("publish the chosen entries"),
            lambda row, actor: api.publish_entry(entry=row, actor=actor),
            _("Those whom the visibility of an entry names will see it."),
            one=_("publish"),
            fits=in_status(EntryStatus.DRAFT),
        ),
        ServiceAction(
            "unpublish_entries",
            _("take the chosen entries back to draft"),
            lambda row, actor: api.unpublish_entry(entry=row, actor=actor),
            one=_("take back to draft"),
            fits=in_status(EntryStatus.PUBLISHED),
        ),
        ServiceAction(
            "accept_solutions",
            _("accept the chosen solutions"),
            lambda row, actor: api.accept_solution(solution=row, actor=actor),
            _("Each takes the place of the solution that its challenge had accepted."),
            one=_("accept"),
            fits=lambda row: row.kind == EntryKind.SOLUTION and row.accepted_at is None,
        ),
        ServiceAction(
            "unaccept_solutions",
            _("take back that the chosen solutions were accepted"),
            lambda row, actor: api.unaccept_solution(solution=row, actor=actor),
            one=_("take the acceptance back"),
            fits=lambda row: row.accepted_at is not None,
        ),
    )

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj is not None and obj.kind == EntryKind.CHALLENGE else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = list(super().get_fields(request, obj))
        return [*fields, "curated"] if obj is None else fields

    def may_edit(self, record: Entry, actor: Any) -> bool:
        action = api.Action.EDIT_ENTRY if record.author_id else api.Action.CURATE
        return api.is_allowed(actor=actor, action=action, target=record)

    def create(self, actor: Any, fields: Fields) -> Entry:
        challenge, kind, program = fields.pop("parent"), fields.pop("kind"), fields.pop("program")
        if kind != EntryKind.SOLUTION:
            return api.write_entry(program=program, kind=kind, actor=actor, **fields)
        if challenge is None:
            raise Invalid(fields={"parent": ["A solution answers a challenge."]})
        return api.answer_challenge(challenge=challenge, actor=actor, **fields)

    def edit(self, record: Entry, actor: Any, version: str | None, changes: Fields) -> Entry:
        visibility = changes.pop("visibility", None)
        stored = api.edit_entry(entry=record, actor=actor, expected_version=version, **changes)
        return api.share_entry(entry=stored, actor=actor, visibility=visibility) if visibility else stored

    def remove(self, record: Entry, actor: Any) -> None:
        api.delete_entry(entry=record, actor=actor)
