"""Whether an arrangement of units can be finished at all. A pure computation over plain values."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class PlacedUnit(NamedTuple):
    """An item of a curriculum."""

    key: int
    parent: int | None
    title: str
    is_required: bool
    min_children: int | None


MOST_LEVELS = 20
"""How deep parts may stand inside each other."""


def faults_of(items: Sequence[PlacedUnit]) -> list[str]:
    """Sentences for a person, saying why nobody could finish this; none where somebody can."""
    if not items:
        return ["A curriculum needs at least one unit."]
    keys = {item.key for item in items}
    parents = {item.key: item.parent for item in items}
    children: dict[int | None, list[PlacedUnit]] = defaultdict(list)
    for item in items:
        children[item.parent].append(item)
    faults = []
    for item in items:
        if item.parent is not None and item.parent not in keys:
            faults.append(f"“{item.title}” stands in a part of another curriculum.")
        elif _is_in_circle(item.key, parents):
            faults.append(f"“{item.title}” stands inside itself.")
        elif level_of(item.key, parents) == MOST_LEVELS:
            faults.append(f"“{item.title}” stands below more than {MOST_LEVELS - 1} others.")
        if item.min_children is not None and item.min_children > len(children[item.key]):
            faults.append(
                f"“{item.title}” asks for {item.min_children} of its parts, but has {len(children[item.key])}."
            )
    return faults


def _is_in_circle(key: int, parents: dict[int, int | None]) -> bool:
    parent = parents[key]
    seen = set()
    while parent is not None and parent in parents and parent not in seen:
        if parent == key:
            return True
        seen.add(parent)
        parent = parents[parent]
    return False


def level_of(key: int, parents: Mapping[int, int | None]) -> int:
    """How many items this one stands below, counted to ``MOST_LEVELS``, which is what a circle comes to."""
    level = 0
    parent = parents[key]
    while parent is not None and level < MOST_LEVELS:
        parent = parents.get(parent)
        level += 1
    return level
