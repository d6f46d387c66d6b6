"""The admin of who learns: enrolments, and how far each is with each unit."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.actions import ServiceAction, in_status
from django_prodev.admin.base import username_lookup
from django_prodev.admin.columns import CountColumn
from django_prodev.admin.enrolling import EnrollingPage
from django_prodev.admin.filters import VisibleRelatedFilter
from django_prodev.admin.tables import TableAdmin
from django_prodev.admin.writing import Fields, WrittenAdmin
from django_prodev.enums import DONE_PROGRESS_STATUSES, EnrollmentStatus, ProgressStatus
from django_prodev.exceptions import Invalid
from django_prodev.models import Enrollment, Entry, Progress

_E = EnrollmentStatus
_M = ProgressStatus


def _step(name: str, label: Any, one: Any, fits: Callable[[Any], bool], warning: Any = "") -> ServiceAction:
    """The action that calls the service ``name`` with each chosen enrolment."""

    def run(row: Any, actor: Any) -> object:
        return getattr(api, name)(enrollment=row, actor=actor)

    return ServiceAction(name, label, run, warning, one=one, fits=fits)


def _mark(name: str, label: Any, one: Any, fits: Callable[[Any], bool], warning: Any = "") -> ServiceAction:
    """The action that calls the service ``name`` with the enrolment and the unit of each chosen row."""

    def run(row: Any, actor: Any) -> object:
        return getattr(api, name)(enrollment=row.enrollment, unit=row.unit, actor=actor)

    return ServiceAction(name, label, run, warning, one=one, fits=fits)


@admin.register(Enrollment)
class EnrollmentAdmin(TableAdmin, WrittenAdmin):
    """A person with an account is enrolled, an address is invited; every later step is an action."""

    can_add = can_edit = True
    table_name = "enrollments"
    given = ("program", "cohort", "user", "email")
    written = ("curriculum", "due_at")
    shown = ("status", "source", "enrolled_at", "completed_at", "ended_at", "anonymized_at", "external_id")
    user_fields = ("user",)
    autocomplete_fields = ("program", "cohort", "curriculum")
    list_display = (
        "person",
        "program",
        "cohort",
        "status",
        "source",
        "enrolled_at",
        CountColumn("done_count", Progress, "enrollment", _("units done"), Q(status__in=DONE_PROGRESS_STATUSES)),
        CountColumn("entry_count", Entry, "enrollment", _("entries")),
    )
    list_filter = ("status", "source", ("enrolled_at", admin.DateFieldListFilter), ("program", VisibleRelatedFilter))
    list_select_related = ("user", "program", "cohort")
    search_fields = (username_lookup("user"), "email", "program__title", "cohort__title")
    actions = (
        _step(
            "approve_request",
            _("let in who asked for a place"),
            _("let in"),
            in_status(_E.REQUESTED),
            _("Where a cohort is full they are put on its list."),
        ),
        _step("reject_request", _("turn down who asked for a place"), _("turn down"), in_status(_E.REQUESTED)),
        _step("pause_enrollment", _("pause the chosen enrolments"), _("pause"), in_status(_E.ACTIVE)),
        _step("resume_enrollment", _("resume the chosen enrolments"), _("resume"), in_status(_E.PAUSED)),
        _step("complete_enrollment", _("complete the chosen enrolments"), _("complete"), in_status(_E.ACTIVE)),
        _step("reopen_enrollment", _("reopen the chosen enrolments"), _("reopen"), in_status(_E.COMPLETED)),
        _step(
            "withdraw_enrollment",
            _("withdraw the chosen enrolments"),
            _("withdraw"),
            in_status(_E.INVITED, _E.REQUESTED, _E.WAITLISTED, _E.ACTIVE, _E.PAUSED),
            _("Their places go to those who wait."),
        ),
        _step(
            "expire_enrollment",
            _("expire the chosen enrolments"),
            _("expire"),
            in_status(_E.INVITED, _E.ACTIVE, _E.PAUSED),
            _("Their places go to those who wait."),
        ),
    )

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_enroll"
        return [path("enroll/", self.admin_site.admin_view(self.enroll_view), name=name), *super().get_urls()]

    def enroll_view(self, request: HttpRequest) -> HttpResponse:
        """Enrol people from a list."""
        return EnrollingPage(self)(request)

    @admin.display(description=_("learner"))
    def person(self, row: Enrollment) -> str:
        return str(row.user or row.email or _("anonymised"))

    def may_edit(self, record: Enrollment, actor: Any) -> bool:
        return api.is_allowed(actor=actor, action=api.Action.MANAGE_ENROLLMENT, target=record)

    def create(self, actor: Any, fields: Fields) -> Enrollment:
        user, email = fields.pop("user"), fields.pop("email")
        if user is not None:
            return api.enroll(user=user, actor=actor, **fields)
        if fields.pop("curriculum") is not None:
            raise Invalid(fields={"curriculum": ["A curriculum is pinned once the person has come."]})
        return api.invite(email=email, actor=actor, **fields)

    def edit(self, record: Enrollment, actor: Any, version: str | None, changes: Fields) -> Enrollment:
        return api.edit_enrollment(enrollment=record, actor=actor, expected_version=version, **changes)


@admin.register(Progress)
class ProgressAdmin(TableAdmin, WrittenAdmin):
    """How far somebody is with a unit. Learners begin units; staff grade, waive and reopen them by actions."""

    table_name = "progress"
    given = ("enrollment", "unit")
    shown = ("status", "score", "source", "started_at", "completed_at")
    list_display = ("unit", "person", "program", "status", "score", "source", "started_at", "completed_at")
    list_filter = ("status", "source", ("completed_at", admin.DateFieldListFilter))
    list_select_related = ("unit", "enrollment__user", "enrollment__program")
    search_fields = ("unit__title", username_lookup("enrollment__user"))
    actions = (
        _mark(
            "complete_unit",
            _("complete the chosen units"),
            _("complete"),
            in_status(_M.IN_PROGRESS, _M.SUBMITTED, _M.SKIPPED),
        ),
        _mark(
            "waive_unit",
            _("waive the chosen units"),
            _("waive"),
            in_status(_M.IN_PROGRESS, _M.SUBMITTED, _M.SKIPPED),
            _("They count as done."),
        ),
        _mark(
            "reopen_unit",
            _("reopen the chosen units"),
            _("reopen"),
            in_status(_M.SUBMITTED, _M.COMPLETED, _M.WAIVED, _M.SKIPPED),
            _("Their scores are taken back."),
        ),
    )

    @admin.display(description=_("learner"))
    def person(self, row: Progress) -> str:
        return str(row.enrollment.user or row.enrollment.email or _("anonymised"))

    @admin.display(description=_("program"))
    def program(self, row: Progress) -> str:
        return row.enrollment.program.title
