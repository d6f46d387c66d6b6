"""Which step a table's row asks of an enrolment, whom it takes, and whether a program is complete: for many at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django_prodev.enums import EnrollmentStatus
from django_prodev.exceptions import Refused
from django_prodev.models import Enrollment
from django_prodev.reading.progress import curricula_of, done_units_of, trees_of
from django_prodev.reading.progress_tree import Tree
from django_prodev.services.life_cycles import ENROLLMENT
from django_prodev.services.permission_table import Action

_S = EnrollmentStatus

PLACES = frozenset((_S.ACTIVE, _S.WAITLISTED, _S.PAUSED))
"""The statuses that a seat, or a place on the waiting list, comes with; whoever leaves them frees it."""

HOLDING = PLACES | {_S.COMPLETED}
"""The statuses in which it is kept."""

_WANTS_A_PLACE = frozenset((_S.ACTIVE, _S.WAITLISTED))

BASES: Mapping[EnrollmentStatus, EnrollmentStatus] = {
    _S.WAITLISTED: _S.ACTIVE,
    _S.PAUSED: _S.ACTIVE,
    _S.COMPLETED: _S.ACTIVE,
    _S.WITHDRAWN: _S.ACTIVE,
    _S.EXPIRED: _S.ACTIVE,
    _S.REJECTED: _S.REQUESTED,
}
"""In which status an enrolment begins that a row wants in one that none begins in."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a step needs and how it is recorded. ``takes_place`` says that the cohort decides between seat and list."""

    action: Action
    event: str
    takes_place: bool = False


_PLACE = {
    _S.REQUESTED: Step(Action.ENROLL_OTHERS, "activated", takes_place=True),
    _S.INVITED: Step(Action.ANSWER_INVITATION, "activated", takes_place=True),
    _S.PAUSED: Step(Action.PAUSE_ENROLLMENT, "resumed"),
}
_OTHERS = {
    _S.PAUSED: Step(Action.PAUSE_ENROLLMENT, "paused"),
    _S.WITHDRAWN: Step(Action.PAUSE_ENROLLMENT, "withdrawn"),
    _S.EXPIRED: Step(Action.MANAGE_ENROLLMENT, "expired"),
    _S.REJECTED: Step(Action.ENROLL_OTHERS, "rejected"),
    _S.COMPLETED: Step(Action.COMPLETE_ENROLLMENT, "completed"),
}


def is_same(current: str, wanted: str) -> bool:
    """Whether a row that wants ``wanted`` has it: an active and a waiting person both have their place."""
    return current == wanted or (current in _WANTS_A_PLACE and wanted in _WANTS_A_PLACE)


def step_to(current: str, wanted: EnrollmentStatus) -> Step:
    """The step that leads there. Raises ``Refused`` where there is none, with those that there are."""
    is_place = wanted in _WANTS_A_PLACE
    found = _PLACE.get(_S(current)) if is_place else _OTHERS.get(wanted)
    allowed = ENROLLMENT[_S(current)]
    if found is not None and (_S.ACTIVE if is_place else wanted) in allowed:
        return found
    possible = [status.value for status in _S if status in allowed and current != _S.COMPLETED]
    hint = f"possible from there: {', '.join(possible)}" if possible else "nothing is possible from there by a table"
    text = f"What is {current} cannot become {wanted.value}; {hint}."
    raise Refused(text, code="transition_not_allowed", fields={"status": [text]})


@dataclass(frozen=True, slots=True)
class Completions:
    """Which enrolments have done everything that their program asks for."""

    curricula: Mapping[int, int | None] = field(default_factory=dict)
    trees: Mapping[int, Tree] = field(default_factory=dict)
    done: Mapping[int, set[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, enrollments: Sequence[Enrollment]) -> "Completions":
        """Read it for some enrolments, in three statements."""
        keys = [enrollment.pk for enrollment in enrollments]
        curricula = curricula_of(keys)
        return cls(curricula, trees_of({key for key in curricula.values() if key is not None}), done_units_of(keys))

    def curriculum(self, enrollment: Enrollment) -> Any:
        """The curriculum that the enrolment completes. Raises ``Refused`` (``not_complete``)."""
        key = self.curricula.get(enrollment.pk)
        if key is None or not self.trees[key].is_complete(self.done.get(enrollment.pk, set())):
            text = "Not everything that this program asks for is done; import the progress first."
            raise Refused(text, code="not_complete", fields={"status": [text]})
        return key
