"""What of other people's learning may be looked at: progress, its explanation, mastery, the overview of a cohort.

These write nothing. They stand here because the permission table decides, and they compute in ``reading``.
"""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django_prodev.conf import prodev_settings
from django_prodev.exceptions import NotFound
from django_prodev.models import Cohort, Curriculum, Enrollment
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.reading.progress import EnrollmentProgress, curricula_of, progress_of
from django_prodev.reading.progress_cohort import CohortOverview, overview_of
from django_prodev.reading.progress_explain import Explanation, explain
from django_prodev.reading.progress_topics import Mastery, mastery_of
from django_prodev.services.actors import Actor, is_same_person
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize, place_of
from django_prodev.services.sight import visible_keys


def explain_progress(*, enrollment: Enrollment, actor: Actor) -> Explanation:
    """Why a person is where they are, for them and for those who accompany them.

    Raises ``NotFound`` also where the curriculum is hidden by now, from somebody who left a private program, say: the
    explanation names its units.
    """
    authorize(actor, Action.VIEW_PROGRESS, enrollment)
    if not _measured_for([enrollment.pk], actor):
        raise NotFound
    return explain(enrollment)


def progress_page(*, enrollments: Collection[UUID], actor: Actor) -> dict[UUID, EnrollmentProgress]:
    """The progress of the enrolments with these identifiers, in their order; those that are hidden are left out.

    The roles of the actor are read at once, so a page takes a fixed number of statements, whatever it is of.
    """
    rows: Any = Enrollment.objects.filter(uuid__in=enrollments).select_related("program")
    if actor is not None:
        rows = rows.visible_to(actor)
    policy = prodev_settings.PERMISSION_POLICY()
    policy.remember(actor)
    answers: dict[Any, bool] = {}
    shown: dict[UUID, int] = {}
    for row in rows:
        is_own = is_same_person(actor, row.user_id)
        key = (row.program_id, row.cohort_id, is_own)
        if key not in answers:
            answers[key] = actor is None or policy.allows(actor, Action.VIEW_PROGRESS, place_of(row))
        if answers[key]:
            shown[row.uuid] = row.pk
    measured = progress_of(_measured_for(list(shown.values()), actor))
    return {identifier: measured[shown[identifier]] for identifier in enrollments if shown.get(identifier) in measured}


def _measured_for(keys: list[int], actor: Actor) -> list[int]:
    """Those of these enrolments whose curriculum the actor may see."""
    if actor is None:
        return keys
    curricula = curricula_of(keys)
    seen = visible_keys(actor, Curriculum, {key for key in curricula.values() if key is not None})
    return [key for key in keys if curricula[key] is None or curricula[key] in seen]


def topic_mastery(*, enrollment: Enrollment, actor: Actor) -> Mastery:
    """The topics that a person has learnt, practised and demonstrated, as keys."""
    authorize(actor, Action.VIEW_PROGRESS, enrollment)
    return mastery_of([enrollment.pk])[enrollment.pk]


def cohort_overview(*, cohort: Cohort, actor: Actor, idle_days: int = 14) -> CohortOverview:
    """The overview of a cohort. Who may not see individuals is shown no figure about fewer than ``MIN_GROUP_SIZE``."""
    authorize(actor, Action.VIEW_COHORT_OVERVIEW, cohort)
    policy = prodev_settings.PERMISSION_POLICY()
    sees_people = actor is None or policy.allows(actor, Action.VIEW_PROGRESS, place_of(cohort))
    viewer = Viewer(Scope.SUPERUSER) if actor is None else actor
    minimum = 1 if sees_people else prodev_settings.MIN_GROUP_SIZE
    return overview_of(cohort, viewer, idle_days=idle_days, minimum=minimum)
