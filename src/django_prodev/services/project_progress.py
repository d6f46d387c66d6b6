"""What a project's state means for the unit that it was built for."""

from django_prodev.enums import DONE_PROGRESS_STATUSES, EnrollmentStatus, ProgressSource, ProgressStatus
from django_prodev.models import Progress, Project
from django_prodev.services.actors import Actor
from django_prodev.services.enrollment_steps import hold_enrollment
from django_prodev.services.progress_marks import store_mark


def follow_project(project: Project, to: ProgressStatus, *, name: str, actor: Actor) -> None:
    """Mark the unit of a held project, if it has one, as the project's step implies.

    What is done stays done, and an enrolment that is not active is left alone.
    """
    if project.enrollment is None or project.unit is None:
        return
    enrollment = hold_enrollment(project.enrollment)
    if enrollment.status != EnrollmentStatus.ACTIVE:
        return
    present = Progress.objects.filter(enrollment=enrollment, unit=project.unit).first()
    before = present.status if present else None
    if before == to or before in DONE_PROGRESS_STATUSES:
        return
    store_mark(enrollment, project.unit, present, to, name=name, actor=actor, source=ProgressSource.PROJECT)
