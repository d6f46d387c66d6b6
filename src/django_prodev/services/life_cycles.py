"""The life cycles: from which status to which, as data, and the one check that reads them."""

from collections.abc import Mapping
from typing import Any

from django_prodev.enums import (
    CohortStatus,
    CurriculumStatus,
    EnrollmentStatus,
    ProgramStatus,
    ProgressStatus,
    ProjectStatus,
)
from django_prodev.exceptions import Refused

_E = EnrollmentStatus
_M = ProgressStatus
_P = ProjectStatus

ENROLLMENT: Mapping[Any, frozenset[EnrollmentStatus]] = {
    None: frozenset((_E.INVITED, _E.REQUESTED, _E.WAITLISTED, _E.ACTIVE)),
    _E.INVITED: frozenset((_E.ACTIVE, _E.WAITLISTED, _E.EXPIRED, _E.WITHDRAWN)),
    _E.REQUESTED: frozenset((_E.ACTIVE, _E.WAITLISTED, _E.REJECTED, _E.WITHDRAWN)),
    _E.WAITLISTED: frozenset((_E.ACTIVE, _E.WITHDRAWN)),
    _E.ACTIVE: frozenset((_E.PAUSED, _E.COMPLETED, _E.WITHDRAWN, _E.EXPIRED)),
    _E.PAUSED: frozenset((_E.ACTIVE, _E.WITHDRAWN, _E.EXPIRED)),
    _E.COMPLETED: frozenset((_E.ACTIVE,)),
    _E.WITHDRAWN: frozenset(),
    _E.EXPIRED: frozenset(),
    _E.REJECTED: frozenset(),
}

PROGRESS: Mapping[Any, frozenset[ProgressStatus]] = {
    None: frozenset(_M),
    _M.IN_PROGRESS: frozenset((_M.SUBMITTED, _M.COMPLETED, _M.WAIVED, _M.SKIPPED)),
    _M.SUBMITTED: frozenset((_M.IN_PROGRESS, _M.COMPLETED, _M.WAIVED)),
    _M.COMPLETED: frozenset((_M.IN_PROGRESS,)),
    _M.WAIVED: frozenset((_M.IN_PROGRESS,)),
    _M.SKIPPED: frozenset((_M.IN_PROGRESS, _M.SUBMITTED, _M.COMPLETED, _M.WAIVED)),
}

PROJECT: Mapping[Any, frozenset[ProjectStatus]] = {
    None: frozenset((_P.DRAFT,)),
    _P.DRAFT: frozenset((_P.SUBMITTED, _P.WITHDRAWN)),
    _P.SUBMITTED: frozenset((_P.CHANGES_REQUESTED, _P.APPROVED, _P.WITHDRAWN)),
    _P.CHANGES_REQUESTED: frozenset((_P.SUBMITTED, _P.APPROVED, _P.WITHDRAWN)),
    _P.APPROVED: frozenset((_P.WITHDRAWN,)),
    _P.WITHDRAWN: frozenset(),
}

PROGRAM: Mapping[Any, frozenset[ProgramStatus]] = {
    None: frozenset((ProgramStatus.DRAFT,)),
    ProgramStatus.DRAFT: frozenset((ProgramStatus.PUBLISHED,)),
    ProgramStatus.PUBLISHED: frozenset((ProgramStatus.RETIRED,)),
    ProgramStatus.RETIRED: frozenset(),
}

CURRICULUM: Mapping[Any, frozenset[CurriculumStatus]] = {
    None: frozenset((CurriculumStatus.DRAFT,)),
    CurriculumStatus.DRAFT: frozenset((CurriculumStatus.PUBLISHED,)),
    CurriculumStatus.PUBLISHED: frozenset((CurriculumStatus.SUPERSEDED,)),
    CurriculumStatus.SUPERSEDED: frozenset(),
}

COHORT: Mapping[Any, frozenset[CohortStatus]] = {
    None: frozenset((CohortStatus.DRAFT,)),
    CohortStatus.DRAFT: frozenset((CohortStatus.PUBLISHED, CohortStatus.CANCELLED)),
    CohortStatus.PUBLISHED: frozenset((CohortStatus.CANCELLED, CohortStatus.ARCHIVED)),
    CohortStatus.CANCELLED: frozenset((CohortStatus.ARCHIVED,)),
    CohortStatus.ARCHIVED: frozenset(),
}


def check_step(life_cycle: Mapping[Any, frozenset[Any]], current: str | None, to: str) -> None:
    """Raise ``Refused`` with the code ``transition_not_allowed`` where ``life_cycle`` has no step to ``to``."""
    if to not in life_cycle[current]:
        raise Refused(f"What is {_words(current)} cannot become {_words(to)}.", code="transition_not_allowed")


def _words(status: str | None) -> str:
    return str(status or "absent").replace("_", " ")
