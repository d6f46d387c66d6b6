"""Figures about groups of people that say nothing about one of them. A pure computation.

A figure is shown where at least ``minimum`` people are behind it, and as many are not: otherwise it could be turned
into a statement about individuals by whoever knows the group (small cells, and their complements).
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many people are from ``least`` to ``most`` percent, both included."""

    least: int
    most: int
    people: int


BOUNDS = ((0, 0), (1, 24), (25, 49), (50, 74), (75, 99), (100, 100))


def distribution(percentages: Sequence[int], minimum: int) -> list[Bucket]:
    """The people by percentage, neighbouring buckets joined until each holds ``minimum``; none for a smaller group."""
    if len(percentages) < minimum:
        return []
    joined: list[Bucket] = []
    least = 0
    people = 0
    for lower, upper in BOUNDS:
        people += sum(lower <= percent <= upper for percent in percentages)
        if people >= minimum or (minimum <= 1):
            joined.append(Bucket(least, upper, people))
            least, people = upper + 1, 0
    if least <= 100:
        last = joined.pop()
        joined.append(Bucket(last.least, 100, last.people + people))
    return joined


def shown(people: int, of: int, minimum: int) -> int | None:
    """The figure, or ``None`` where it or its complement is about fewer than ``minimum`` people."""
    if minimum <= 1:
        return people
    return people if people >= minimum and of - people >= minimum else None
