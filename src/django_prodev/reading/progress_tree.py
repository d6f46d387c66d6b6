"""How far a person is in a curriculum: a pure, exact computation over items and the units that are done.

A unit that is completed or waived counts whole, any other not at all. A group is the mean of its required children by
weight, or, with ``min_children`` = n, the mean of the n children that are furthest, each counting the same (so doing
more never lowers it). Optional children of a group without ``min_children`` do not count. What asks for nothing does
not count either: an empty group, and a curriculum of optional units, which is 0 % and never complete by itself.

Percentages are floored and computed without rounding: 100 appears exactly where the completion predicate holds.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import NamedTuple


class Item(NamedTuple):
    """An item of a curriculum. Items are given in the order of their positions."""

    key: int
    parent: int | None
    unit: int
    is_required: bool = True
    weight: Decimal = Decimal(1)
    min_children: int | None = None


ROOT = None
"""The parent of the topmost items."""


class Tree:
    """A curriculum, prepared once for any number of people."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items: dict[int, Item] = {}
        self.children: dict[int | None, list[Item]] = defaultdict(list)
        for item in items:
            self.items[item.key] = item
            self.children[item.parent].append(item)
        self.by_unit = {item.unit: item for item in self.items.values()}
        self.counted: dict[int | None, list[Item]] = {}
        self._in_order: list[Item] = []
        self._groups: set[int] = set()
        self._has_choice = False
        self._arrange(ROOT)
        self.leaf_units = frozenset(item.unit for item in self._in_order) - self._groups
        self._shares, self._whole = self._as_integers() if not self._has_choice else ({}, 1)

    def walk(self) -> list[Item]:
        """Every item, each before what stands inside it."""
        return self._in_order

    def is_group(self, item: Item) -> bool:
        return item.key in self.children

    def needed(self, key: int | None) -> int | None:
        """Of how many counted children a group is the mean; ``None`` where it is of all of them."""
        item = self.items[key] if key is not None else None
        if item is None or item.min_children is None:
            return None
        return min(item.min_children, len(self.counted[key]))

    def _arrange(self, key: int | None) -> None:
        below = self.children.get(key, ())
        asked = []
        for item in below:
            self._in_order.append(item)
            if item.key in self.children:
                self._groups.add(item.unit)
                self._has_choice = self._has_choice or item.min_children is not None
                self._arrange(item.key)
                if not self.counted[item.key]:
                    continue
            else:
                self.counted[item.key] = []
            asked.append(item)
        parent = self.items[key] if key is not None else None
        if parent is None or parent.min_children is None:
            asked = [item for item in asked if item.is_required]
        elif parent.min_children == 0:
            asked = []
        self.counted[key] = asked

    def shares(self) -> dict[int, Fraction]:
        """What part of the whole each counted item stands for, by its key. A child of "any n" stands for one nth."""
        shares: dict[int, Fraction] = {}

        def divide(key: int | None, whole: Fraction) -> None:
            counted = self.counted[key]
            needed = self.needed(key)
            total = sum((Fraction(item.weight) for item in counted), Fraction(0))
            for item in counted:
                part = whole / needed if needed is not None else whole * Fraction(item.weight) / total
                shares[item.key] = part
                divide(item.key, part)

        divide(ROOT, Fraction(1))
        return shares

    def _as_integers(self) -> tuple[dict[int, int], int]:
        """The shares of the leaves over their common denominator: without "any n", progress is a sum of these."""
        leaves: list[tuple[int, int, int]] = []

        def divide(key: int | None, numerator: int, denominator: int) -> None:
            counted = self.counted[key]
            ratios = [item.weight.as_integer_ratio() for item in counted]
            common = lcm(*(below for _, below in ratios))
            weights = [above * (common // below) for above, below in ratios]
            denominator *= sum(weights)
            for item, weight in zip(counted, weights, strict=True):
                if item.key in self.children:
                    divide(item.key, numerator * weight, denominator)
                else:
                    leaves.append((item.unit, numerator * weight, denominator))

        if self.counted[ROOT]:
            divide(ROOT, 1, 1)
        whole = lcm(*(denominator for _, _, denominator in leaves))
        return {unit: numerator * (whole // denominator) for unit, numerator, denominator in leaves}, whole

    def fraction(self, done: Set[int], key: int | None = ROOT) -> Fraction:
        """How much of the whole, or of one group, is done by the units ``done``: from 0 to 1."""
        if key is ROOT and not self._has_choice and self._groups.isdisjoint(done):
            return Fraction(self._sum(done), self._whole)
        return self._mean(done, key)

    def _mean(self, done: Set[int], key: int | None) -> Fraction:
        if key is not None and self.items[key].unit in done:
            return Fraction(1)
        counted = self.counted[key]
        if not counted:
            return Fraction(0)
        needed = self.needed(key)
        if needed is not None:
            furthest = sorted((self._mean(done, item.key) for item in counted), reverse=True)[:needed]
            return sum(furthest, Fraction(0)) / needed
        total = sum((Fraction(item.weight) for item in counted), Fraction(0))
        return sum((Fraction(item.weight) * self._mean(done, item.key) for item in counted), Fraction(0)) / total

    def is_complete(self, done: Set[int], key: int | None = ROOT) -> bool:
        """The completion predicate."""
        return self.fraction(done, key) == 1

    def percent(self, done: Set[int]) -> int:
        """The percentage to show, from 0 to 100, floored."""
        if not self._has_choice and self._groups.isdisjoint(done):
            return 100 * self._sum(done) // self._whole
        share = self.fraction(done)
        return 100 * share.numerator // share.denominator

    def _sum(self, done: Set[int]) -> int:
        shares = self._shares
        return sum([shares[unit] for unit in done if unit in shares])

    def missing(self, done: Set[int]) -> list[Item]:
        """The leaves that would still bring the person further, in their order."""
        return list(self._missing(done, ROOT))

    def _missing(self, done: Set[int], key: int | None) -> Iterator[Item]:
        if self.is_complete(done, key):
            return
        for item in self.counted[key]:
            if item.unit in done:
                continue
            if self.is_group(item):
                yield from self._missing(done, item.key)
            else:
                yield item
