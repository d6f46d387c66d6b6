"""The places of units in a draft: add, edit, move, remove. A published curriculum is never written."""

from decimal import Decimal, InvalidOperation
from typing import Any, TypedDict, Unpack

from django_prodev.exceptions import Conflict, Invalid, NotFound, Refused
from django_prodev.models import Curriculum, CurriculumItem, Unit
from django_prodev.services.actors import Actor
from django_prodev.services.curricula import locked_draft
from django_prodev.services.curriculum_structure import MOST_LEVELS, level_of
from django_prodev.services.edits import Problems, assign, check_version, examine, save
from django_prodev.services.events import record_event
from django_prodev.services.sight import is_visible
from django_prodev.services.transactions import service
from django_prodev.services.units import UnitFields, store_unit


class ItemFields(TypedDict, total=False):
    """What of a place may be written. ``position`` counts from 0 among the items with the same parent."""

    parent: CurriculumItem | None
    position: int
    is_required: bool
    weight: Decimal
    min_children: int | None


@service
def add_item(*, curriculum: Curriculum, unit: Unit, actor: Actor, **fields: Unpack[ItemFields]) -> CurriculumItem:
    """Place a unit in a draft: at the end, unless ``position`` says where.

    Raises ``Conflict`` (``already_placed``) where the unit stands in this curriculum.
    """
    curriculum = locked_draft(curriculum, actor)
    if not is_visible(actor, unit):
        raise NotFound
    return _place(curriculum, unit, actor, fields)


@service
def add_unit(*, curriculum: Curriculum, actor: Actor, unit: UnitFields, **fields: Unpack[ItemFields]) -> CurriculumItem:
    """Make a unit and place it in a draft, in one step: how an editor of a single program makes units.

    The unit's slug begins with the program's, so that programs of one provider do not take each other's names.
    """
    curriculum = locked_draft(curriculum, actor)
    program = curriculum.program
    slug = unit.get("slug", "")
    if isinstance(slug, str) and slug and not slug.startswith(f"{program.slug}-"):
        slug = f"{program.slug}-{slug}"
    made = store_unit(Unit(provider=program.provider), {**unit, "slug": slug}, actor)
    return _place(curriculum, made, actor, fields)


@service
def edit_item(
    *, item: CurriculumItem, actor: Actor, expected_version: str | None = None, **changes: Unpack[ItemFields]
) -> CurriculumItem:
    """Change a place in a draft: its parent, position, weight, and what is enough there."""
    curriculum = locked_draft(item.curriculum, actor)
    item = _present(item)
    check_version(item, expected_version)
    position = changes.pop("position", None)
    changed = _write(curriculum, item, changes)
    if changed:
        save(item, changed)
    moved = (position is not None or "parent" in changed) and _renumber(item, position)
    if changed or moved:
        _record("item_edited", curriculum, item, actor)
        item.refresh_from_db()
    return item


@service
def remove_item(*, item: CurriculumItem, actor: Actor, expected_version: str | None = None) -> None:
    """Take a unit, and all that stands below it, out of a draft. The units themselves stay."""
    curriculum = locked_draft(item.curriculum, actor)
    item = _present(item)
    check_version(item, expected_version)
    _record("item_removed", curriculum, item, actor)
    item.delete()


def _present(item: CurriculumItem) -> CurriculumItem:
    """The item as it is, now that its curriculum is held."""
    try:
        return CurriculumItem.objects.get(pk=item.pk)
    except CurriculumItem.DoesNotExist:
        raise NotFound from None


def _place(curriculum: Curriculum, unit: Unit, actor: Actor, fields: ItemFields) -> CurriculumItem:
    if unit.provider_id != curriculum.program.provider_id:
        raise Refused("A curriculum places units of its own provider.", code="other_provider")
    if curriculum.items.filter(unit=unit).exists():
        raise Conflict("This unit has a place in the curriculum already.", code="already_placed")
    position = fields.pop("position", None)
    item = CurriculumItem(curriculum=curriculum, unit=unit)
    _write(curriculum, item, fields)
    item.position = curriculum.items.filter(parent=item.parent).count()
    item.save()
    if position is not None:
        _renumber(item, position)
        item.refresh_from_db()
    _record("item_added", curriculum, item, actor)
    return item


def _write(curriculum: Curriculum, item: CurriculumItem, changes: Any) -> list[str]:
    changed = assign(item, changes, ItemFields.__annotations__)
    problems = Problems()
    examine(item, problems)
    if "weight" not in problems.fields and not _is_positive(item.weight):
        problems.add("weight", "A weight is greater than 0.")
    if item.parent is not None and item.parent.curriculum_id != curriculum.pk:
        problems.add("parent", "The parent stands in another curriculum.")
    elif "parent" in changed:
        _examine_parent(item, problems)
    problems.raise_any()
    return changed


def _is_positive(weight: Any) -> bool:
    try:
        return Decimal(weight) > 0
    except (InvalidOperation, TypeError, ValueError):
        return False


def _examine_parent(item: CurriculumItem, problems: Problems) -> None:
    """Whether the draft is still a tree of bounded depth with ``item`` where it would stand."""
    rows = CurriculumItem.objects.filter(curriculum=item.curriculum_id)
    parents: dict[int, int | None] = dict(rows.values_list("pk", "parent_id"))
    key = item.pk or 0
    parents[key] = item.parent_id
    above = item.parent_id
    for _ in range(MOST_LEVELS):
        if above == key:
            problems.add("parent", "An item cannot stand below itself.")
            return
        above = parents.get(above) if above is not None else None
    if any(level_of(each, parents) == MOST_LEVELS for each in parents):
        problems.add("parent", f"Items stand at most {MOST_LEVELS} deep inside each other.")


def _renumber(item: CurriculumItem, position: int | None) -> bool:
    """Put ``item`` at ``position`` among its siblings (the end for ``None``), and number all of them anew."""
    if position is not None and (isinstance(position, bool) or not isinstance(position, int) or position < 0):
        raise Invalid(fields={"position": ["This takes a whole number, from 0."]})
    siblings = list(
        CurriculumItem.objects.filter(curriculum=item.curriculum_id, parent=item.parent_id)
        .exclude(pk=item.pk)
        .order_by("position", "pk")
    )
    place = len(siblings) if position is None else min(position, len(siblings))
    siblings.insert(place, item)
    moved = [sibling for number, sibling in enumerate(siblings) if sibling.position != number]
    for number, sibling in enumerate(siblings):
        sibling.position = number
    for sibling in moved:
        save(sibling, ["position"])
    return bool(moved)


def _record(name: str, curriculum: Curriculum, item: CurriculumItem, actor: Actor) -> None:
    record_event(
        name=name,
        instance=curriculum,
        actor=actor,
        program_id=curriculum.program_id,
        data={"item": item.uuid, "unit": item.unit.uuid, "version": curriculum.version},
    )
