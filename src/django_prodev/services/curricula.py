"""Curricula: draft a version, publish it in place of the one before, discard a draft.

What is inside a draft is written in ``curriculum_items``; what publishing would move is computed in
``curriculum_plan``.
"""

from django.db.models import Max
from django.utils import timezone

from django_prodev.enums import CurriculumStatus, ProgramStatus
from django_prodev.exceptions import Conflict, Refused
from django_prodev.models import Curriculum, CurriculumItem, Program
from django_prodev.services.actors import Actor, stored
from django_prodev.services.curriculum_structure import PlacedUnit, faults_of
from django_prodev.services.edits import Problems, check_version, examine, save
from django_prodev.services.events import record_event
from django_prodev.services.life_cycles import CURRICULUM, check_step
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.transactions import locked, service


@service
def draft_curriculum(
    *, program: Program, actor: Actor, copy_from: Curriculum | None = None, notes: str = ""
) -> Curriculum:
    """Begin the program's next version, with the items of ``copy_from``, or else of the published version.

    Raises ``Conflict`` (``draft_exists``) where a draft is being written already.
    """
    authorize(actor, Action.EDIT_CURRICULUM, program)
    program = locked(Program, program.pk)
    if program.status == ProgramStatus.RETIRED:
        raise Refused("A retired program gets no further version.", code="program_retired")
    if program.curricula.filter(status=CurriculumStatus.DRAFT).exists():
        raise Conflict("This program has a draft already.", code="draft_exists")
    if copy_from is not None and copy_from.program_id != program.pk:
        raise Refused("Only a curriculum of the same program can be copied.", code="other_program")
    latest = program.curricula.aggregate(latest=Max("version"))["latest"] or 0
    draft = Curriculum(program=program, version=latest + 1, notes=notes)
    _examine(draft)
    draft.save()
    source = copy_from or program.curricula.filter(status=CurriculumStatus.PUBLISHED).first()
    if source is not None:
        _copy_items(source, draft)
    record_event(name="drafted", instance=draft, actor=actor, program_id=program.pk, data={"version": draft.version})
    return draft


@service
def edit_curriculum(
    *, curriculum: Curriculum, actor: Actor, notes: str, expected_version: str | None = None
) -> Curriculum:
    """Change the notes of a draft."""
    curriculum = locked_draft(curriculum, actor)
    check_version(curriculum, expected_version)
    if notes != curriculum.notes:
        curriculum.notes = notes
        _examine(curriculum)
        save(curriculum, ["notes"])
        _record("edited", curriculum, actor)
    return curriculum


@service
def discard_draft(*, curriculum: Curriculum, actor: Actor, expected_version: str | None = None) -> None:
    """Delete a draft and its items. The units stay."""
    curriculum = locked_draft(curriculum, actor)
    check_version(curriculum, expected_version)
    _record("discarded", curriculum, actor)
    CurriculumItem.objects.filter(curriculum=curriculum).delete()
    curriculum.delete()


@service
def publish_curriculum(*, curriculum: Curriculum, actor: Actor, expected_version: str | None = None) -> Curriculum:
    """Make a draft the program's published version; the one before is superseded in the same transaction.

    Raises ``Conflict`` (``already_published``) where somebody was first, and ``Refused`` (``curriculum_faulty``) where
    nobody could finish what the draft asks for: its message says why.
    """
    authorize(actor, Action.PUBLISH_CURRICULUM, curriculum)
    program = locked(Program, curriculum.program_id)
    curriculum = locked(Curriculum, curriculum.pk)
    if curriculum.status != CurriculumStatus.DRAFT:
        raise Conflict("This curriculum is published already.", code="already_published")
    check_version(curriculum, expected_version)
    if faults := faults_of(placed_units(curriculum)):
        raise Refused(" ".join(faults), code="curriculum_faulty")
    before = program.curricula.filter(status=CurriculumStatus.PUBLISHED).first()
    if before is not None:
        check_step(CURRICULUM, before.status, CurriculumStatus.SUPERSEDED)
        before.status = CurriculumStatus.SUPERSEDED
        save(before, ["status"])
        _record("superseded", before, actor, successor=curriculum.uuid)
    check_step(CURRICULUM, curriculum.status, CurriculumStatus.PUBLISHED)
    curriculum.status = CurriculumStatus.PUBLISHED
    curriculum.published_at = timezone.now()
    curriculum.published_by = stored(actor)
    save(curriculum, ["status", "published_at", "published_by"])
    _record("published", curriculum, actor, predecessor=before.uuid if before else None)
    return curriculum


def locked_draft(curriculum: Curriculum, actor: Actor) -> Curriculum:
    """Hold a curriculum that may be written. Raises ``Refused`` (``curriculum_immutable``) once it is published."""
    authorize(actor, Action.EDIT_CURRICULUM, curriculum)
    curriculum = locked(Curriculum, curriculum.pk)
    if curriculum.status != CurriculumStatus.DRAFT:
        raise Refused(
            "A published curriculum does not change. Draft its next version instead.", code="curriculum_immutable"
        )
    return curriculum


def placed_units(curriculum: Curriculum) -> list[PlacedUnit]:
    """The items of a curriculum as plain values, in their order."""
    columns = ("pk", "parent_id", "unit__title", "is_required", "min_children")
    return [PlacedUnit(*row) for row in curriculum.items.order_by("position", "pk").values_list(*columns)]


def _copy_items(source: Curriculum, draft: Curriculum) -> None:
    """Copy the arrangement: the items first, then their parents by way of the unit, which is unique in a curriculum."""
    items = list(source.items.select_related("parent"))
    copies = CurriculumItem.objects.bulk_create(
        CurriculumItem(
            curriculum=draft,
            unit_id=item.unit_id,
            position=item.position,
            is_required=item.is_required,
            weight=item.weight,
            min_children=item.min_children,
        )
        for item in items
    )
    by_unit = {copy.unit_id: copy for copy in copies}
    nested = []
    for item in items:
        if item.parent is not None:
            copy = by_unit[item.unit_id]
            copy.parent = by_unit[item.parent.unit_id]
            nested.append(copy)
    CurriculumItem.objects.bulk_update(nested, ["parent"], batch_size=500)


def _examine(curriculum: Curriculum) -> None:
    problems = Problems()
    examine(curriculum, problems)
    problems.raise_any()


def _record(name: str, curriculum: Curriculum, actor: Actor, **data: object) -> None:
    record_event(
        name=name,
        instance=curriculum,
        actor=actor,
        program_id=curriculum.program_id,
        data={"version": curriculum.version, **data},
    )
