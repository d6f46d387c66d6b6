"""The review of projects: approve, or request changes. Nobody reviews what is their own."""

from django.utils import timezone

from django_prodev.enums import ProgressStatus, ProjectStatus
from django_prodev.models import Project
from django_prodev.services.actors import Actor, stored
from django_prodev.services.edits import check_version
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.project_progress import follow_project
from django_prodev.services.projects import become
from django_prodev.services.transactions import locked, service


@service
def approve_project(*, project: Project, actor: Actor, expected_version: str | None = None) -> Project:
    """Take a project as evidence: its unit is completed, and its topics are demonstrated."""
    project = _review(project, ProjectStatus.APPROVED, actor, expected_version)
    follow_project(project, ProgressStatus.COMPLETED, name="completed", actor=actor)
    return project


@service
def request_project_changes(*, project: Project, actor: Actor, expected_version: str | None = None) -> Project:
    """Give a project back to its people. Its unit is in progress again."""
    project = _review(project, ProjectStatus.CHANGES_REQUESTED, actor, expected_version)
    follow_project(project, ProgressStatus.IN_PROGRESS, name="reopened", actor=actor)
    return project


def _review(project: Project, to: ProjectStatus, actor: Actor, expected_version: str | None) -> Project:
    authorize(actor, Action.REVIEW_PROJECT, project)
    project = locked(Project, project.pk)
    check_version(project, expected_version)
    project.reviewed_at = timezone.now()
    project.reviewer = stored(actor)
    become(project, to, actor, "reviewed_at", "reviewer")
    return project
