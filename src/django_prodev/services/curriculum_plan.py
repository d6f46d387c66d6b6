"""What publishing a draft would move, before it does: who follows this version, and from where to where they go."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from django_prodev.enums import CurriculumStatus, EnrollmentStatus
from django_prodev.exceptions import Conflict
from django_prodev.models import Curriculum, Enrollment
from django_prodev.reading.progress import done_units_in, trees_of
from django_prodev.reading.progress_tree import Tree
from django_prodev.services.actors import Actor
from django_prodev.services.curricula import placed_units
from django_prodev.services.curriculum_structure import faults_of
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize

_MOVED = (EnrollmentStatus.ACTIVE, EnrollmentStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class Move:
    """One enrolment's percentage before and after."""

    enrollment: UUID
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class PublicationPlan:
    """``moves`` has everyone who follows the program's published version; pinned and completed ones stay as they are.

    ``faults`` says why the draft cannot be published as it is; with any, nobody moves.
    """

    version: int
    moves: tuple[Move, ...]
    pinned: int
    faults: tuple[str, ...]

    @property
    def drops(self) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.after < move.before)

    @property
    def rises(self) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.after > move.before)

    def summary(self) -> str:
        """The plan in a sentence, for whoever is about to publish."""
        count = len(self.moves)
        text = f"{count} enrolment{'s follow' if count != 1 else ' follows'} this version"
        parts = [*_groups("drop", self.drops), *_groups("rise", self.rises)]
        unmoved = count - len(self.drops) - len(self.rises)
        if unmoved:
            parts.append(f"{unmoved} stay{'s' if unmoved == 1 else ''} as {'it is' if unmoved == 1 else 'they are'}")
        return f"{text}: {', '.join(parts)}." if parts else f"{text}."


def _groups(verb: str, moves: tuple[Move, ...]) -> list[str]:
    counted = Counter((move.before, move.after) for move in moves)
    return [
        f"{count} {verb}{'s' if count == 1 else ''} from {before} % to {after} %"
        for (before, after), count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def plan_publication(*, curriculum: Curriculum, actor: Actor) -> PublicationPlan:
    """Work out what ``publish_curriculum`` would move. Nothing is written; the statements do not grow with the people.

    Raises ``Conflict`` (``already_published``) for what is no draft.
    """
    authorize(actor, Action.PUBLISH_CURRICULUM, curriculum)
    if curriculum.status != CurriculumStatus.DRAFT:
        raise Conflict("This curriculum is published already.", code="already_published")
    if faults := faults_of(placed_units(curriculum)):
        return PublicationPlan(curriculum.version, (), 0, tuple(faults))
    before = Curriculum.objects.filter(program=curriculum.program_id, status=CurriculumStatus.PUBLISHED).first()
    trees = trees_of([curriculum.pk, *([before.pk] if before else [])])
    learners = Enrollment.objects.filter(program=curriculum.program_id, status__in=_MOVED)
    follows = Q(curriculum__isnull=True) & (Q(cohort__isnull=True) | Q(cohort__curriculum__isnull=True))
    following = dict(learners.filter(follows).order_by("pk").values_list("pk", "uuid"))
    done = done_units_in(learners.filter(follows))
    old, new = trees[before.pk] if before else Tree(()), trees[curriculum.pk]
    moves = tuple(
        Move(uuid, old.percent(done.get(key, set())), new.percent(done.get(key, set())))
        for key, uuid in following.items()
    )
    pinned = learners.exclude(follows).count()
    return PublicationPlan(curriculum.version, moves, pinned, ())
