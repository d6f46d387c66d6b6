"""How a list is narrowed, sorted and paged: the part of it that changes the SQL.

The values (what to look for, where to go on) are bound to slots when a plan is run; what is here decides which slots
there are. A page is found by its row's place (keyset), never by counting rows from the start, so a page deep in a
list costs what the first one costs.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import BooleanField, CharField, F, Q, QuerySet, UUIDField

from django_prodev.models.viewer import Viewer
from django_prodev.reading.entities import Entity, Filter, Order, ValueType
from django_prodev.reading.slots import InSlot, ListSlot, NumberSlot, Slot

COUNT_LIMIT = 10_000
"""Rows are counted up to this number: counting on costs time in proportion, and tells a reader little."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The structure of one list.

    ``filters`` are the names of the filters in use, each with whether several values are given. ``after`` and
    ``before`` say that the page starts, or ends, at a cursor; ``backwards`` that it is the last page of what is left.
    ``name`` sets its slots apart from those of other lists in the same plan.
    """

    order: Order
    filters: tuple[tuple[str, bool], ...] = ()
    search: bool = False
    after: bool = False
    before: bool = False
    backwards: bool = False
    counted: bool = False
    name: str = ""

    def slot(self, part: str) -> str:
        """The name of one of this list's slots."""
        return f"{self.name}{part}"

    @property
    def limit(self) -> NumberSlot:
        return NumberSlot(self.slot("limit"))

    def narrow(self, rows: "QuerySet[Any, Any]", entity: Entity, viewer: Viewer, addressed: bool) -> Any:
        """Apply the filters and the search."""
        for name, several in self.filters:
            rows = rows.filter(self._condition(entity.filter_by_name[name], several, viewer, addressed))
        if self.search:
            term = Slot(self.slot("search"), CharField())
            found = Q()
            for path in entity.search:
                found |= Q(**{f"{path}__icontains": term})
            rows = rows.filter(found)
        return rows

    def _condition(self, each: Filter, several: bool, viewer: Viewer, addressed: bool) -> Any:
        name = self.slot(f"filter.{each.name}")
        if each.build is not None:
            return each.build(viewer, addressed, Slot(name, _FIELDS[each.value_type]()))
        if several:
            return InSlot(F(each.column), ListSlot(name, CharField()))
        return Q(**{each.column: Slot(name, CharField())})

    def paginate(self, rows: "QuerySet[Any, Any]", entity: Entity) -> Any:
        """Sort, and keep what lies beyond the cursors."""
        column = entity.model._meta.get_field(self.order.column)
        assert isinstance(column, models.Field)
        if self.after:
            rows = rows.filter(self._beyond("after", column, descending=self.order.descending))
        if self.before:
            rows = rows.filter(self._beyond("before", column, descending=not self.order.descending))
        return rows.order_by(*self.ordering())

    def ordering(self) -> list[str]:
        """The columns to fetch by: turned round for a page that is read backwards."""
        sign = "-" if self.order.descending != self.backwards else ""
        return [f"{sign}{self.order.column}", f"{sign}uuid"]

    def _beyond(self, cursor: str, column: "models.Field[Any, Any]", *, descending: bool) -> Q:
        """Rows on the far side of a cursor.

        The first condition alone follows from the others; it is what lets PostgreSQL start in the middle of an index.
        """
        name = self.order.column
        value = Slot(self.slot(f"{cursor}.value"), column)
        identifier = Slot(self.slot(f"{cursor}.uuid"), UUIDField())
        side = "lt" if descending else "gt"
        return Q(**{f"{name}__{side}e": value}) & (
            Q(**{f"{name}__{side}": value}) | Q(**{name: value, f"uuid__{side}": identifier})
        )


_FIELDS: dict[ValueType, Callable[[], "models.Field[Any, Any]"]] = {
    ValueType.STRING: CharField,
    ValueType.UUID: UUIDField,
    ValueType.BOOLEAN: BooleanField,
}


def cursor_values(listing: Listing, cursor: str, place: tuple[Any, uuid.UUID]) -> dict[str, Any]:
    """The slot values of a cursor (``after`` or ``before``)."""
    return {listing.slot(f"{cursor}.value"): place[0], listing.slot(f"{cursor}.uuid"): place[1]}
