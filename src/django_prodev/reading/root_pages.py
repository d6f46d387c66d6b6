"""How PostgreSQL is asked for a page of a list, so that it costs the same in a table of any size.

Three shapes, by what narrows the list:

- *Along an index*: nothing does, or what an index of the list's order begins with or is made for.
- *By keys*: a filter names rows of another table (a program, a unit), whose pages are read by an index and merged.
- *Near and far*: what is in question cannot be told from an index in that order; see ``circles``.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import BigIntegerField, Q

from django_prodev.models.among import circles
from django_prodev.models.viewer import Viewer
from django_prodev.reading.circles import MOST_CIRCLES, NearAndFar, Question, driver, merged
from django_prodev.reading.entities import Entity
from django_prodev.reading.listing import COUNT_LIMIT, Listing, Narrowing
from django_prodev.reading.slots import LateralKey, NumberSlot
from django_prodev.reading.statement import LIMIT_MARK, Statement

RULE_WINDOW, FOUND_WINDOW = 1_000, 2_000
"""How many rows are looked through near, before the page is looked for otherwise: what that costs sets the number."""

Prepare = Callable[[Any, NumberSlot | None], Statement]


class RootPage:
    """The page of one list, for one scope of viewers."""

    def __init__(self, entity: Entity, listing: Listing, viewer: Viewer, rule: Q) -> None:
        self.entity = entity
        self.listing = listing
        self.rule = rule
        self.narrowings = listing.narrowings(entity, viewer, addressed=False)
        self._by_keys = next((each for each in self.narrowings if each.keys is not None and not each.scattered), None)
        self._question = None if self._by_keys else self._asked()

    def statement(self, prepare: Prepare, value_at: int, uuid_at: int) -> "Statement | NearAndFar":
        """The statement of the page. ``prepare`` makes one of a queryset; a row's place is at these of its columns."""
        if self._by_keys is not None:
            page = prepare(self.listing.paginate(self._of_key(self._by_keys), self.entity), self.listing.limit)
            return merged(self._by_keys.keys, page, value_at + 1, uuid_at + 1, self.listing, LIMIT_MARK)
        if self._question is None:
            return prepare(self.listing.paginate(self._narrowed(), self.entity), self.listing.limit)
        row = prepare(self.entity.rows().filter(pk=LateralKey(BigIntegerField())), None)
        question = self._question
        return NearAndFar(question.near(row), question.far(row), question.window, self.listing.limit)

    def count(self) -> Statement:
        """How many rows the list has, counted up to the limit."""
        if self._by_keys is not None:
            bounded = Statement.prepare(self._of_key(self._by_keys).values_list("pk")[: COUNT_LIMIT + 1])
            return bounded.of_keys(Statement.prepare(self._by_keys.keys), COUNT_LIMIT + 1).counted()
        if self._question is None or self._question.is_selective:
            return Statement.prepare(self._narrowed().values_list("pk")[: COUNT_LIMIT + 1]).counted()
        whole = replace(self.listing, after=False, before=False)
        return replace(self._question, listing=whole).counted()

    def _narrowed(self, *, without: Narrowing | None = None) -> Any:
        rows = self.entity.rows().filter(self.rule)
        return rows.filter(*(each.condition for each in self.narrowings if each is not without))

    def _of_key(self, narrowing: Narrowing) -> Any:
        return self._narrowed(without=narrowing).filter(**{narrowing.column: LateralKey(BigIntegerField())})

    def _asked(self) -> Question | None:
        """What is to be looked for near and far; none where an index has it together."""
        hidden = self.rule if any(driver(each) for each in circles(self.rule)) else Q()
        indexed = [each for each in self.narrowings if each.is_indexed]
        others = [each for each in self.narrowings if not each.is_indexed]
        found = [each for each in others if each.keys is not None]
        placed = next((each for each in found if each.placed is not None), None)
        rows = self.entity.rows().filter(*(each.condition for each in indexed))
        if not hidden:
            rows = rows.filter(self.rule)
        if found:
            branches = [(hidden, *(each.gathered or each.condition for each in others))]
            window = RULE_WINDOW if placed else FOUND_WINDOW
        elif hidden:
            branches = [(*each, *(other.condition for other in others)) for each in circles(hidden)]
            window = RULE_WINDOW
        else:
            return None
        if len(branches) > MOST_CIRCLES:
            return None
        condition = _all((hidden, *(each.probe for each in others if each is not placed)))
        kept = None if placed is None else placed.placed
        return Question(
            self.entity, self.listing, rows, condition, branches, window, is_selective=bool(found), placed=kept
        )


def _all(conditions: Iterable[Q]) -> Q:
    whole = Q()
    for each in conditions:
        whole &= each
    return whole
