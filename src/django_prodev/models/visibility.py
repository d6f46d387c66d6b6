"""Who may see which rows: one rule a model, held here and nowhere else.

Every read (REST, GraphQL, admin search, pages, exports, counts, nested lists) goes through
``Model.objects.visible_to(viewer)``. A rule is a ``Q`` over its own model. Rules refer to each other by subquery, so a
change to one is a change to all that lean on it. A host replaces the rules by naming a subclass of
``VisibilityPolicy`` in the setting ``VISIBILITY_POLICY``.
"""

from typing import Any, Generic, Self, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from django_prodev.conf import prodev_settings
from django_prodev.enums import (
    LEARNING_ENROLLMENT_STATUSES,
    LIVE_PROJECT_STATUSES,
    OPEN_ENROLLMENT_STATUSES,
    CohortStatus,
    CurriculumStatus,
    EnrollmentStatus,
    EntryStatus,
    ProgramStatus,
    ProgramVisibility,
    Role,
    Visibility,
)
from django_prodev.models.among import Among, among
from django_prodev.models.viewer import Scope, Viewer

ModelT = TypeVar("ModelT", bound=models.Model)

NOBODY = Q(pk__in=())
EVERYBODY = Q()

TEAM = tuple(Role)
AUTHORS = (Role.OWNER, Role.EDITOR)
MENTORS = (Role.OWNER, Role.EDITOR, Role.MENTOR, Role.REVIEWER)
REVIEWERS = (Role.OWNER, Role.MENTOR, Role.REVIEWER)

_SEES_PROGRAM = (*OPEN_ENROLLMENT_STATUSES, EnrollmentStatus.COMPLETED)


class VisibleQuerySet(QuerySet[ModelT], Generic[ModelT]):
    """A QuerySet that can be narrowed to what a viewer may see."""

    def visible_to(self, viewer: Any, *, addressed: bool = False) -> Self:
        """Keep the rows that ``viewer`` (a user, ``None`` or a ``Viewer``) may see.

        ``addressed`` says that the program was named by its own address, which opens unlisted programs and what
        hangs on them.
        """
        rule = prodev_settings.VISIBILITY_POLICY().rule(self.model, Viewer.of(viewer), addressed=addressed)
        return self.filter(rule) if rule else self


def _rows(name: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = apps.get_model("django_prodev", name)._default_manager.all().order_by()
    return rows


class VisibilityPolicy:
    """The rules. Each method answers for one model, given a viewer who is not a superuser (who sees everything)."""

    def rule(self, model: type[models.Model], viewer: Viewer, *, addressed: bool = False) -> Q:
        """The rule of ``model`` for ``viewer``, as a filter over that model; an empty ``Q`` hides nothing."""
        if viewer.scope is Scope.SUPERUSER:
            return EVERYBODY
        answer: Q = getattr(self, str(model._meta.model_name))(viewer, addressed)
        return answer

    # The people around a program

    def team_programs(self, viewer: Viewer, roles: tuple[Role, ...]) -> Q:
        """Programs for which the viewer holds one of ``roles``, by the program itself or by its provider."""
        mine = _rows("Membership").filter(user_id=viewer.user_id, role__in=roles, cohort__isnull=True)
        return Q(pk__in=mine.filter(program__isnull=False).values("program_id")) | Q(
            provider_id__in=mine.filter(program__isnull=True).values("provider_id")
        )

    def _in_team_programs(self, viewer: Viewer, roles: tuple[Role, ...], field: str = "program") -> Q:
        return among(field, _rows("Program"), self.team_programs(viewer, roles))

    def _cohorts_led(self, viewer: Viewer, roles: tuple[Role, ...]) -> QuerySet[Any]:
        return (
            _rows("Membership").filter(user_id=viewer.user_id, role__in=roles, cohort__isnull=False).values("cohort_id")
        )

    def _in_any_team(self, viewer: Viewer) -> Q:
        """Rows of programs for which the viewer holds any role, were it for one cohort only."""
        led = _rows("Membership").filter(user_id=viewer.user_id, cohort__isnull=False)
        return self._in_team_programs(viewer, TEAM) | Q(Among("program", led.values("program_id")))

    def _own_enrollments(self, viewer: Viewer) -> QuerySet[Any]:
        return _rows("Enrollment").filter(user_id=viewer.user_id, status__in=LEARNING_ENROLLMENT_STATUSES)

    def _visible(self, name: str, viewer: Viewer, addressed: bool) -> QuerySet[Any]:
        rows = _rows(name)
        return rows.filter(self.rule(rows.model, viewer, addressed=addressed)).values("pk")

    # What a program teaches

    def provider(self, viewer: Viewer, addressed: bool) -> Q:
        seen = Q(pk__in=_rows("Program").filter(self.program(viewer, addressed)).values("provider_id"))
        if viewer.scope is Scope.ANONYMOUS:
            return seen
        return seen | Q(pk__in=_rows("Membership").filter(user_id=viewer.user_id).values("provider_id"))

    def program(self, viewer: Viewer, addressed: bool) -> Q:
        shown = [ProgramVisibility.PUBLIC]
        if addressed:
            shown.append(ProgramVisibility.UNLISTED)
        listed = Q(status=ProgramStatus.PUBLISHED, visibility__in=shown)
        if viewer.scope is Scope.ANONYMOUS:
            return listed
        enrolled = _rows("Enrollment").filter(user_id=viewer.user_id, status__in=_SEES_PROGRAM)
        led = _rows("Membership").filter(user_id=viewer.user_id, cohort__isnull=False)
        return (
            listed
            | (Q(status__in=(ProgramStatus.PUBLISHED, ProgramStatus.RETIRED)) & Q(pk__in=enrolled.values("program_id")))
            | Q(pk__in=led.values("program_id"))
            | self.team_programs(viewer, TEAM)
        )

    def curriculum(self, viewer: Viewer, addressed: bool) -> Q:
        shown = Q(status=CurriculumStatus.PUBLISHED)
        drafts = Q()
        if viewer.scope is Scope.USER:
            shown |= Q(status=CurriculumStatus.SUPERSEDED) & (
                Q(program__in=self._own_enrollments(viewer).values("program_id")) | self._in_any_team(viewer)
            )
            drafts = self._in_team_programs(viewer, AUTHORS)
        return (shown & Q(program__in=self._visible("Program", viewer, addressed))) | drafts

    def curriculumitem(self, viewer: Viewer, addressed: bool) -> Q:
        return Q(curriculum__in=self._visible("Curriculum", viewer, addressed))

    def unit(self, viewer: Viewer, addressed: bool) -> Q:
        placed = _rows("CurriculumItem").filter(self.curriculumitem(viewer, addressed))
        seen = Q(pk__in=placed.values("unit_id"))
        if viewer.scope is Scope.ANONYMOUS:
            return seen
        staff = _rows("Membership").filter(
            user_id=viewer.user_id, role__in=AUTHORS, program__isnull=True, cohort__isnull=True
        )
        return seen | Q(provider_id__in=staff.values("provider_id"))

    def unittopic(self, viewer: Viewer, addressed: bool) -> Q:
        return Q(unit__in=self._visible("Unit", viewer, addressed))

    def topic(self, viewer: Viewer, addressed: bool) -> Q:
        return EVERYBODY

    # Who learns it

    def membership(self, viewer: Viewer, addressed: bool) -> Q:
        if viewer.scope is Scope.ANONYMOUS:
            return NOBODY
        owned = _rows("Membership").filter(
            user_id=viewer.user_id, role=Role.OWNER, program__isnull=True, cohort__isnull=True
        )
        return (
            Q(user_id=viewer.user_id)
            | Q(provider_id__in=owned.values("provider_id"))
            | self._in_team_programs(viewer, (Role.OWNER,))
        )

    def cohort(self, viewer: Viewer, addressed: bool) -> Q:
        open_to_all = Q(status=CohortStatus.PUBLISHED, program__in=self._visible("Program", viewer, addressed))
        if viewer.scope is Scope.ANONYMOUS:
            return open_to_all
        joined = _rows("Enrollment").filter(user_id=viewer.user_id, status__in=_SEES_PROGRAM, cohort__isnull=False)
        return (
            open_to_all
            | (~Q(status=CohortStatus.DRAFT) & Q(pk__in=joined.values("cohort_id")))
            | Q(pk__in=self._cohorts_led(viewer, TEAM))
            | self._in_team_programs(viewer, TEAM)
        )

    def enrollment(self, viewer: Viewer, addressed: bool) -> Q:
        if viewer.scope is Scope.ANONYMOUS:
            return NOBODY
        return (
            Q(user_id=viewer.user_id)
            | self._in_team_programs(viewer, MENTORS)
            | Q(Among("cohort", self._cohorts_led(viewer, MENTORS)))
        )

    def progress(self, viewer: Viewer, addressed: bool) -> Q:
        rows = _rows("Enrollment")
        return among("enrollment", rows, self.rule(rows.model, viewer, addressed=addressed))

    # What they met and made of it

    def _shared(self, viewer: Viewer, addressed: bool, published: Q) -> Q:
        """What others share: the same circles for entries and projects. The program must itself be visible."""
        shared = Q(visibility=Visibility.PUBLIC)
        if viewer.scope is Scope.USER:
            mine = self._own_enrollments(viewer)
            mentored = self._of_their_learners(viewer, MENTORS)
            classmates = _rows("Enrollment").filter(cohort__in=mine.filter(cohort__isnull=False).values("cohort_id"))
            shared |= Q(visibility=Visibility.PROGRAM) & (
                Q(Among("program", mine.values("program_id"))) | self._in_any_team(viewer)
            )
            shared |= Q(visibility=Visibility.COHORT) & Q(Among("enrollment", classmates.values("pk")))
            shared |= Q(visibility__in=(Visibility.MENTORS, Visibility.COHORT, Visibility.PROGRAM)) & mentored
        return published & Q(program__in=self._visible("Program", viewer, addressed)) & shared

    def _of_their_learners(self, viewer: Viewer, roles: tuple[Role, ...]) -> Q:
        """Entries and projects of the programs and the cohorts in which the viewer holds one of ``roles``."""
        learners = _rows("Enrollment").filter(cohort__in=self._cohorts_led(viewer, roles))
        return self._in_team_programs(viewer, roles) | Q(Among("enrollment", learners.values("pk")))

    def entry(self, viewer: Viewer, addressed: bool) -> Q:
        shared = self._shared(viewer, addressed, Q(status=EntryStatus.PUBLISHED))
        if viewer.scope is Scope.ANONYMOUS:
            return shared
        curated = Q(author__isnull=True) & self._in_team_programs(viewer, AUTHORS)
        return Q(author_id=viewer.user_id) | shared | curated

    def project(self, viewer: Viewer, addressed: bool) -> Q:
        shared = self._shared(viewer, addressed, Q(status__in=LIVE_PROJECT_STATUSES))
        if viewer.scope is Scope.ANONYMOUS:
            return shared
        joined = apps.get_model("django_prodev", "Project").members.through._default_manager.filter(
            **{f"{_member_column()}": viewer.user_id}
        )
        curated = Q(owner__isnull=True) & self._in_team_programs(viewer, AUTHORS)
        # Whoever is asked to review sees what was handed in, however few others are to see it.
        handed_in = Q(status__in=LIVE_PROJECT_STATUSES, owner__isnull=False) & self._of_their_learners(
            viewer, REVIEWERS
        )
        return Q(owner_id=viewer.user_id) | Q(Among("pk", joined.values("project_id"))) | shared | curated | handed_in

    # What happened

    def event(self, viewer: Viewer, addressed: bool) -> Q:
        if viewer.scope is Scope.ANONYMOUS:
            return NOBODY
        return Q(actor_id=viewer.user_id) | Q(subject_id=viewer.user_id) | self._in_team_programs(viewer, (Role.OWNER,))

    def receipt(self, viewer: Viewer, addressed: bool) -> Q:
        return NOBODY

    def job(self, viewer: Viewer, addressed: bool) -> Q:
        if viewer.scope is Scope.ANONYMOUS:
            return NOBODY
        return Q(requested_by_id=viewer.user_id)


def _member_column() -> str:
    """The column of the members' table that holds the user: it is named after the host's user model."""
    through = apps.get_model("django_prodev", "Project").members
    return str(through.field.m2m_reverse_field_name()) + "_id"
