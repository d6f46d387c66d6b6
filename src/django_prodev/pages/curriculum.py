"""A program's curriculum as a tree that a template can walk."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from django_prodev.conf import prodev_settings
from django_prodev.enums import CurriculumStatus
from django_prodev.models import Curriculum, CurriculumItem, Program, UnitTopic

DEEPEST = 6
"""Levels that a page shows below each other; what stands deeper is shown on the last of them."""

_SHOWN_FIRST = (CurriculumStatus.PUBLISHED, CurriculumStatus.DRAFT, CurriculumStatus.SUPERSEDED)


@dataclass(slots=True)
class Branch:
    """A place in the curriculum and what stands under it."""

    item: CurriculumItem
    children: "list[Branch]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    """A version of the structure. ``is_cut`` says that it has more places than a page shows."""

    curriculum: Curriculum
    branches: list[Branch]
    units: int
    is_cut: bool


def outline_of(program: Program, viewer: Any) -> Outline | None:
    """The structure of ``program`` that ``viewer`` may see: the published one, otherwise the latest draft."""
    versions = Curriculum.objects.visible_to(viewer, addressed=True).filter(program=program).order_by("-version")
    shown = min(versions, key=lambda version: _SHOWN_FIRST.index(CurriculumStatus(version.status)), default=None)
    if shown is None:
        return None
    most = prodev_settings.MAX_NESTED_ROWS
    topics = UnitTopic.objects.select_related("topic").order_by("topic__name", "role")
    items = list(
        CurriculumItem.objects.filter(curriculum=shown)
        .select_related("unit")
        .prefetch_related(Prefetch("unit__unit_topics", queryset=topics))
        .order_by("position", "id")[: most + 1]
    )
    return Outline(shown, _tree(items[:most]), min(len(items), most), len(items) > most)


def _tree(items: list[CurriculumItem]) -> list[Branch]:
    branches = {item.pk: Branch(item) for item in items}
    roots: list[Branch] = []
    for branch in branches.values():
        above = _ancestors(branch, branches)
        if not above:
            roots.append(branch)
        else:
            above[max(0, len(above) - DEEPEST + 1)].children.append(branch)
    return roots


def _ancestors(branch: Branch, branches: dict[int, Branch]) -> list[Branch]:
    """What ``branch`` stands under, the nearest first. Ends where a row names itself among its own ancestors."""
    above: list[Branch] = []
    seen = {branch.item.pk}
    parent = branch.item.parent_id
    while parent in branches and parent not in seen:
        seen.add(parent)
        above.append(branches[parent])
        parent = branches[parent].item.parent_id
    return above
