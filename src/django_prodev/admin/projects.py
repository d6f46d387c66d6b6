"""The admin of projects: what was built, and its review."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.actions import ServiceAction, in_status
from django_prodev.admin.base import username_lookup
from django_prodev.admin.columns import CountColumn
from django_prodev.admin.filters import VisibleRelatedFilter
from django_prodev.admin.forms import CuratedForm
from django_prodev.admin.preview import MarkdownPreview
from django_prodev.admin.private_log import PrivateLog
from django_prodev.admin.writing import Fields, WrittenAdmin
from django_prodev.enums import LIVE_PROJECT_STATUSES, ProjectStatus
from django_prodev.models import Entry, Project


def _submission(project: Project, actor: Any) -> Sequence[str]:
    """What a reviewer decides about."""
    lines = [f"{project.program}: {project.get_status_display()}"]
    if project.owner is not None:
        lines.append(gettext("by %s") % project.owner)
    if project.submitted_at is not None:
        lines.append(gettext("handed in %s") % date_format(localtime(project.submitted_at), "DATETIME_FORMAT"))
    if project.unit is not None:
        lines.append(gettext("for the unit %s") % project.unit)
    return [*lines, *(address for address in (project.repository_url, project.demo_url) if address)]


@admin.register(Project)
class ProjectAdmin(PrivateLog, MarkdownPreview, WrittenAdmin):
    form = CuratedForm
    can_add = can_edit = True
    given = ("program",)
    written = (
        "title",
        "summary",
        "body",
        "topics",
        "unit",
        "members",
        "repository_url",
        "demo_url",
        "position",
        "visibility",
        "external_id",
    )
    shown = ("status", "owner", "enrollment", "submitted_at", "reviewed_at", "reviewer")
    markdown_fields = ("body",)
    user_fields = ("members",)
    autocomplete_fields = ("program", "unit", "topics")
    list_display = (
        "title",
        "program",
        "owner",
        "status",
        "visibility",
        "submitted_at",
        "reviewer",
        CountColumn("entry_count", Entry, "project", _("entries")),
    )
    list_filter = (
        "status",
        "visibility",
        ("submitted_at", admin.DateFieldListFilter),
        ("program", VisibleRelatedFilter),
    )
    list_select_related = ("program", "owner", "reviewer", "unit")
    search_fields = ("title", "summary", username_lookup("owner"), "program__title")
    actions = (
        ServiceAction(
            "approve_projects",
            _("approve the chosen projects"),
            lambda row, actor: api.approve_project(project=row, actor=actor),
            _("Their units are completed and their topics demonstrated."),
            one=_("approve"),
            fits=in_status(ProjectStatus.SUBMITTED, ProjectStatus.CHANGES_REQUESTED),
            describe=_submission,
        ),
        ServiceAction(
            "request_project_changes",
            _("ask for changes to the chosen projects"),
            lambda row, actor: api.request_project_changes(project=row, actor=actor),
            _("Their people may edit them again, and hand them in once more."),
            one=_("ask for changes"),
            fits=in_status(ProjectStatus.SUBMITTED),
            describe=_submission,
        ),
        ServiceAction(
            "withdraw_projects",
            _("withdraw the chosen projects"),
            lambda row, actor: api.withdraw_project(project=row, actor=actor),
            one=_("withdraw"),
            fits=in_status(ProjectStatus.DRAFT, *LIVE_PROJECT_STATUSES),
        ),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = list(super().get_fields(request, obj))
        return [*fields, "curated"] if obj is None else fields

    def may_edit(self, record: Project, actor: Any) -> bool:
        action = api.Action.EDIT_PROJECT if record.owner_id else api.Action.CURATE
        return api.is_allowed(actor=actor, action=action, target=record)

    def create(self, actor: Any, fields: Fields) -> Project:
        members = fields.pop("members")
        project = api.create_project(actor=actor, **fields)
        return api.set_project_members(project=project, actor=actor, members=members) if members else project

    def edit(self, record: Project, actor: Any, version: str | None, changes: Fields) -> Project:
        visibility, members = changes.pop("visibility", None), changes.pop("members", None)
        stored = api.edit_project(project=record, actor=actor, expected_version=version, **changes)
        if members is not None:
            stored = api.set_project_members(project=stored, actor=actor, members=members)
        return api.share_project(project=stored, actor=actor, visibility=visibility) if visibility else stored
