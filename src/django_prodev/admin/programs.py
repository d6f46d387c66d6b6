"""The admin of what is offered and when: programs and their cohorts."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.actions import ServiceAction, in_status
from django_prodev.admin.columns import CountColumn
from django_prodev.admin.filters import VisibleRelatedFilter
from django_prodev.admin.importing import ImportPages
from django_prodev.admin.preview import MarkdownPreview
from django_prodev.admin.writing import Fields, WrittenAdmin
from django_prodev.enums import LEARNING_ENROLLMENT_STATUSES, CohortStatus, EnrollmentStatus, EntryKind, ProgramStatus
from django_prodev.models import Cohort, Curriculum, Enrollment, Entry, Program

LEARNING = Q(status__in=(EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED))
WAITING = Q(status=EnrollmentStatus.WAITLISTED)


def _seats(cohort: Cohort, actor: Any) -> Sequence[str]:
    """How many wait, and how many places there are for them."""
    people = Enrollment.objects.filter(cohort=cohort)
    counted = people.visible_to(actor).aggregate(
        taken=Count("pk", filter=Q(status__in=LEARNING_ENROLLMENT_STATUSES)), waiting=Count("pk", filter=WAITING)
    )
    if cohort.capacity is None:
        return [gettext("%(waiting)d wait; places have no limit.") % counted]
    free = max(cohort.capacity - counted["taken"], 0)
    return [gettext("%(waiting)d wait, and %(free)d places are free.") % {**counted, "free": free}]


def _may_enroll(site: Any, request: HttpRequest) -> bool:
    return bool(site.is_registered(Enrollment) and site.get_model_admin(Enrollment).has_add_permission(request))


def _enrolling(site: Any, **chosen: Any) -> tuple[str, str]:
    """The link to the page that enrols from a list, with where to filled in."""
    address = reverse(f"{site.name}:django_prodev_enrollment_enroll")
    return gettext("Enrol people from a list"), f"{address}?{urlencode(chosen)}"


@admin.register(Program)
class ProgramAdmin(ImportPages, MarkdownPreview, WrittenAdmin):
    can_add = can_edit = True
    given = ("provider",)
    written = (
        "title",
        "slug",
        "summary",
        "description",
        "outcomes",
        "level",
        "language",
        "effort_hours",
        "visibility",
        "admission",
        "enforce_order",
        "external_id",
    )
    shown = ("status",)
    markdown_fields = ("description",)
    lines_fields = ("outcomes",)
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("provider",)
    list_display = (
        "title",
        "provider",
        "status",
        "visibility",
        "admission",
        CountColumn("curriculum_count", Curriculum, "program", _("curricula")),
        CountColumn("cohort_count", Cohort, "program", _("cohorts")),
        CountColumn("learner_count", Enrollment, "program", _("learners"), LEARNING),
        CountColumn("challenge_count", Entry, "program", _("challenges"), Q(kind=EntryKind.CHALLENGE)),
    )
    list_filter = ("status", "visibility", "admission", "level", ("provider", VisibleRelatedFilter))
    list_select_related = ("provider",)
    search_fields = ("title", "slug", "summary")
    actions = (
        ServiceAction(
            "publish_programs",
            _("publish the chosen programs"),
            lambda row, actor: api.publish_program(program=row, actor=actor),
            _("Everyone whom the visibility of a program names will see it."),
            one=_("publish"),
            fits=in_status(ProgramStatus.DRAFT),
        ),
        ServiceAction(
            "retire_programs",
            _("retire the chosen programs"),
            lambda row, actor: api.retire_program(program=row, actor=actor),
            _("Their learners keep them, and nobody else gets in. A retired program stays retired."),
            one=_("retire"),
            fits=in_status(ProgramStatus.PUBLISHED),
        ),
        ServiceAction(
            "draft_curricula",
            _("draft the next curriculum of the chosen programs"),
            lambda row, actor: api.draft_curriculum(program=row, actor=actor),
            _("The draft begins as a copy of the published version."),
            one=_("draft the next curriculum"),
            fits=in_status(ProgramStatus.DRAFT, ProgramStatus.PUBLISHED),
        ),
    )

    def links_for(self, request: HttpRequest, row: Program) -> Sequence[tuple[str, str]]:
        links = super().links_for(request, row)
        if row.status != ProgramStatus.PUBLISHED or not _may_enroll(self.admin_site, request):
            return links
        return [_enrolling(self.admin_site, program=row.pk), *links]

    def may_edit(self, record: Program, actor: Any) -> bool:
        return api.is_allowed(actor=actor, action=api.Action.EDIT_PROGRAM, target=record)

    def create(self, actor: Any, fields: Fields) -> Program:
        return api.create_program(actor=actor, **fields)

    def edit(self, record: Program, actor: Any, version: str | None, changes: Fields) -> Program:
        return api.edit_program(program=record, actor=actor, expected_version=version, **changes)


@admin.register(Cohort)
class CohortAdmin(WrittenAdmin):
    can_add = can_edit = True
    given = ("program",)
    written = (
        "title",
        "slug",
        "curriculum",
        "mode",
        "capacity",
        "starts_at",
        "ends_at",
        "enrollment_opens_at",
        "enrollment_closes_at",
        "timezone",
    )
    shown = ("status",)
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("program", "curriculum")
    date_hierarchy = "starts_at"
    list_display = (
        "title",
        "program",
        "status",
        "phase",
        "starts_at",
        "ends_at",
        "capacity",
        CountColumn("learner_count", Enrollment, "cohort", _("learners"), LEARNING),
        CountColumn("waiting_count", Enrollment, "cohort", _("waiting"), WAITING),
    )
    list_filter = ("status", "mode", ("program", VisibleRelatedFilter))
    list_select_related = ("program",)
    search_fields = ("title", "slug", "program__title")
    actions = (
        ServiceAction(
            "publish_cohorts",
            _("open the chosen cohorts"),
            lambda row, actor: api.publish_cohort(cohort=row, actor=actor),
            _("Their dates say from when people enrol."),
            one=_("open"),
            fits=in_status(CohortStatus.DRAFT),
        ),
        ServiceAction(
            "move_up_waiting",
            _("move up who waits for the chosen cohorts"),
            lambda row, actor: api.move_up_waiting(cohort=row, actor=actor),
            _("Free places go to those who wait, in their order."),
            one=_("move up who waits"),
            fits=in_status(CohortStatus.PUBLISHED),
            describe=_seats,
        ),
        ServiceAction(
            "cancel_cohorts",
            _("cancel the chosen cohorts"),
            lambda row, actor: api.cancel_cohort(cohort=row, actor=actor),
            _("Enrolments stay as they are; nobody else gets in."),
            one=_("cancel"),
            fits=in_status(CohortStatus.DRAFT, CohortStatus.PUBLISHED),
        ),
        ServiceAction(
            "archive_cohorts",
            _("archive the chosen cohorts"),
            lambda row, actor: api.archive_cohort(cohort=row, actor=actor),
            one=_("archive"),
            fits=in_status(CohortStatus.PUBLISHED, CohortStatus.CANCELLED),
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        with_phase: QuerySet[Any] = rows.with_phase()
        return with_phase

    @admin.display(description=_("phase"), ordering="phase")
    def phase(self, row: Any) -> str:
        return str(row.phase)

    def links_for(self, request: HttpRequest, row: Cohort) -> Sequence[tuple[str, str]]:
        links = super().links_for(request, row)
        if row.status != CohortStatus.PUBLISHED or not _may_enroll(self.admin_site, request):
            return links
        return [_enrolling(self.admin_site, program=row.program_id, cohort=row.pk), *links]

    def may_edit(self, record: Cohort, actor: Any) -> bool:
        return api.is_allowed(actor=actor, action=api.Action.EDIT_COHORT, target=record)

    def create(self, actor: Any, fields: Fields) -> Cohort:
        return api.create_cohort(actor=actor, **fields)

    def edit(self, record: Cohort, actor: Any, version: str | None, changes: Fields) -> Cohort:
        return api.edit_cohort(cohort=record, actor=actor, expected_version=version, **changes)
