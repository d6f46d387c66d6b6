"""Projects of learners: create, edit, submit, share, withdraw. The review is in ``project_reviews``."""

from collections.abc import Iterable
from typing import Any, TypedDict, Unpack

from django.utils import timezone

from django_prodev.enums import LIVE_PROJECT_STATUSES, EnrollmentStatus, ProgressStatus, ProjectStatus, Visibility
from django_prodev.exceptions import Conflict, Invalid, Refused
from django_prodev.models import Program, Project, Topic, Unit
from django_prodev.services.actors import Actor, User
from django_prodev.services.edits import Problems, assign, check_version, examine, save
from django_prodev.services.entries import check_visibility
from django_prodev.services.events import record_event
from django_prodev.services.life_cycles import PROJECT, check_step
from django_prodev.services.participation import enrollment_in, examine_unit, set_topics
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.project_progress import follow_project
from django_prodev.services.transactions import locked, service

_EDITABLE_IN = (ProjectStatus.DRAFT, ProjectStatus.CHANGES_REQUESTED)


class ProjectFields(TypedDict, total=False):
    """What of a project may be written by its people."""

    title: str
    summary: str
    body: str
    unit: Unit | None
    repository_url: str
    demo_url: str
    position: int
    topics: Iterable[Topic]
    external_id: str


@service
def create_project(
    *,
    program: Program,
    actor: Actor,
    owner: User | None = None,
    curated: bool = False,
    visibility: str = Visibility.PRIVATE,
    **fields: Unpack[ProjectFields],
) -> Project:
    """Store a project as a draft: the actor's own, in their enrolment, or a ``curated`` one of the program.

    ``owner`` is for the system, which writes for somebody.
    """
    authorize(actor, Action.CURATE if curated else Action.CREATE_PROJECT, program)
    check_visibility(visibility)
    project = Project(program=program, visibility=visibility)
    if not curated:
        owner = actor if actor is not None else owner
        if owner is None:
            raise Invalid(fields={"owner": ["A project that is not curated needs an owner."]})
        project.owner = owner
        project.enrollment = enrollment_in(program, owner)
    values = dict(fields)
    topics: Any = values.pop("topics", None)
    _write(project, values, actor)
    project.save()
    set_topics(project, topics)
    record_project("created", project, actor)
    return project


@service
def edit_project(
    *, project: Project, actor: Actor, expected_version: str | None = None, **changes: Unpack[ProjectFields]
) -> Project:
    """Change a draft, or what changes were requested of. Raises ``Refused`` (``project_not_editable``) otherwise."""
    authorize_project(actor, project)
    project = locked(Project, project.pk)
    check_version(project, expected_version)
    if project.status not in _EDITABLE_IN:
        raise Refused("What is handed in stays as it is until it is reviewed.", code="project_not_editable")
    if "unit" in changes and project.status != ProjectStatus.DRAFT and changes["unit"] != project.unit:
        raise Refused("A project that was handed in stays with its unit.", code="project_not_editable")
    topics = changes.pop("topics", None)
    changed = _write(project, changes, actor)
    if set_topics(project, topics):
        changed.append("topics")
    if changed:
        save(project, [name for name in changed if name != "topics"])
        record_project("edited", project, actor, fields=changed)
    return project


@service
def submit_project(*, project: Project, actor: Actor) -> Project:
    """Hand a project in. Its unit is handed in with it, and those who review it see it, also a private one.

    Raises ``Conflict`` (``already_submitted``) where another project stands for the same unit.
    """
    authorize_project(actor, project)
    project = locked(Project, project.pk)
    if project.owner_id is None:
        raise Refused("A curated project is not handed in.", code="project_is_curated")
    check_step(PROJECT, project.status, ProjectStatus.SUBMITTED)
    if project.enrollment_id is not None and project.unit_id is not None:
        others = Project.objects.filter(
            enrollment=project.enrollment_id, unit=project.unit_id, status__in=LIVE_PROJECT_STATUSES
        )
        if others.exclude(pk=project.pk).exists():
            raise Conflict("Another project stands for this unit already.", code="already_submitted")
    if project.enrollment is not None and project.enrollment.status != EnrollmentStatus.ACTIVE:
        raise Refused("This is only possible while the enrolment is active.", code="enrollment_not_active")
    project.submitted_at = timezone.now()
    become(project, ProjectStatus.SUBMITTED, actor, "submitted_at")
    follow_project(project, ProgressStatus.SUBMITTED, name="submitted", actor=actor)
    return project


@service
def withdraw_project(*, project: Project, actor: Actor) -> Project:
    """Take a project back, whatever its state. A unit that waits for its review is in progress again."""
    authorize_project(actor, project)
    project = locked(Project, project.pk)
    was_submitted = project.status == ProjectStatus.SUBMITTED
    become(project, ProjectStatus.WITHDRAWN, actor)
    if was_submitted:
        follow_project(project, ProgressStatus.IN_PROGRESS, name="reopened", actor=actor)
    return project


@service
def share_project(*, project: Project, actor: Actor, visibility: str) -> Project:
    """Say who, beside those who review it, may see a project once it is handed in."""
    authorize_project(actor, project)
    check_visibility(visibility)
    project = locked(Project, project.pk)
    before = project.visibility
    if visibility != before:
        project.visibility = visibility
        save(project, ["visibility"])
        record_project("shared", project, actor, **{"from": before, "to": visibility})
    return project


@service
def set_project_members(*, project: Project, actor: Actor, members: Iterable[User]) -> Project:
    """Say who, beside its owner, works on a project. All of them may edit it and hand it in."""
    authorize_project(actor, project)
    project = locked(Project, project.pk)
    wanted = {member.pk for member in members} - {project.owner_id}
    if len(wanted) > 50:
        raise Invalid(fields={"members": ["A project has at most 50 members."]})
    if wanted != set(project.members.values_list("pk", flat=True)):
        project.members.set(wanted)
        save(project, [])
        record_project("members_set", project, actor, members=len(wanted))
    return project


def authorize_project(actor: Actor, project: Project) -> None:
    """Let its people write a project, and the editors and owners of the program one that is curated."""
    authorize(actor, Action.CURATE if project.owner_id is None else Action.EDIT_PROJECT, project)


def become(project: Project, to: ProjectStatus, actor: Actor, *fields: str) -> None:
    """Move a held project to another status, and record it."""
    before = project.status
    check_step(PROJECT, before, to)
    project.status = to
    save(project, ["status", *fields])
    record_project(to.value, project, actor, **{"from": before, "to": to.value})


def record_project(name: str, project: Project, actor: Actor, **data: Any) -> None:
    """Record ``prodev.project.<name>.v1``."""
    record_event(
        name=name,
        instance=project,
        actor=actor,
        subject_id=project.owner_id,
        program_id=project.program_id,
        data=data,
    )


def _write(project: Project, changes: Any, actor: Actor) -> list[str]:
    changed = assign(project, changes, set(ProjectFields.__annotations__) - {"topics"})
    problems = Problems()
    examine(project, problems)
    if "unit" in changed:
        examine_unit(problems, actor, project.program, project.unit)
    problems.raise_any()
    return changed
