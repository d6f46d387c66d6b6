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
from django.db.models import BigIntegerField, BooleanField, CharField, F, OuterRef, Q, QuerySet, UUIDField

from django_prodev.models.viewer import Viewer
from django_prodev.reading.entities import Entity, Filter, Order, ValueType
from django_prodev.reading.slots import ArrayOf, InSlot, LateralKey, ListSlot, NumberSlot, Slot, UnseenSlot

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
    def is_descending(self) -> bool:
        """Whether rows are fetched from the highest value down: the order, turned round for a page read backwards."""
        return self.order.descending != self.backwards

    @property
    def direction(self) -> str:
        """The word of SQL for it."""
        return "DESC" if self.is_descending else "ASC"

    @property
    def limit(self) -> NumberSlot:
        return NumberSlot(self.slot("limit"))

    def narrow(self, rows: "QuerySet[Any, Any]", entity: Entity, viewer: Viewer, addressed: bool) -> Any:
        """Apply the filters and the search."""
        for each in self.narrowings(entity, viewer, addressed):
            rows = rows.filter(each.condition)
        return rows

    def narrowings(self, entity: Entity, viewer: Viewer, addressed: bool) -> "list[Narrowing]":
        """The filters and the search, each by itself."""
        found = [
            self._filter(entity.filter_by_name[name], several, viewer, addressed) for name, several in self.filters
        ]
        if self.search:
            term = Slot(self.slot("search"), CharField())
            holds = Q()
            for path in entity.search:
                holds |= Q(**{f"{path}__icontains": term})
            found.append(Narrowing(holds, holds, "pk", entity.rows().filter(holds).values("pk"), gathered=holds))
        return found

    def _filter(self, each: Filter, several: bool, viewer: Viewer, addressed: bool) -> "Narrowing":
        name = self.slot(f"filter.{each.name}")
        if each.choices is not None:
            values = InSlot(F(each.column), ListSlot(name, CharField()))
            condition = Q(values) if several else Q(**{each.column: Slot(name, CharField())})
            return Narrowing(condition, condition, is_indexed=True)
        value = Slot(name, _FIELDS[each.value_type]())
        if each.keys is None:
            assert each.build is not None
            condition = each.build(viewer, addressed, value)
            return Narrowing(condition, condition)
        keys = each.keys(viewer, addressed, value)
        condition = Q(**{f"{each.column}__in": keys})
        if each.column != "pk":
            return Narrowing(condition, condition, each.column, keys)
        probe = Q(pk__in=keys.filter(**{each.key_column: OuterRef("pk")}))
        gathered = Q(InSlot(F("pk"), ArrayOf(keys)))
        placed = None
        if each.places is not None and each.places.order == self.order.column:
            owned = each.places.rows.filter(**{each.places.column: LateralKey(BigIntegerField())})
            placed = Placed(each.places.owners(viewer, addressed, value), owned)
        return Narrowing(condition, probe, "pk", keys, gathered=gathered, placed=placed)

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
        sign = "-" if self.is_descending else ""
        return [f"{sign}{self.order.column}", f"{sign}uuid"]

    def _beyond(self, cursor: str, column: "models.Field[Any, Any]", *, descending: bool) -> Q:
        """Rows on the far side of a cursor.

        The first condition alone follows from the others; it is what lets PostgreSQL start in the middle of an index.
        """
        name = self.order.column
        value = UnseenSlot(self.slot(f"{cursor}.value"), column)
        identifier = UnseenSlot(self.slot(f"{cursor}.uuid"), UUIDField())
        side = "lt" if descending else "gt"
        return Q(**{f"{name}__{side}e": value}) & (
            Q(**{f"{name}__{side}": value}) | Q(**{name: value, f"uuid__{side}": identifier})
        )


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Keys of ``owners``, and the places of the rows that one of them (a ``LateralKey``) has."""

    owners: Any
    owned: Any


@dataclass(frozen=True, slots=True, eq=False)
class Narrowing:
    """One filter, or the search, as conditions.

    ``condition`` is what it means; ``probe`` the same, to be asked of one row after another. Where it comes to keys,
    these are what ``column`` must be among. ``is_indexed`` says that an index in the list's order begins with it, or
    that it leaves a good part of the rows. ``gathered`` is the condition where all its rows are to be found at once.
    ``placed`` says where its rows are kept in the list's order.
    """

    condition: Q
    probe: Q
    column: str = ""
    keys: Any = None
    is_indexed: bool = False
    gathered: Q | None = None
    placed: Placed | None = None

    @property
    def scattered(self) -> bool:
        """Whether no index has the rows of these keys in the list's order."""
        return self.column == "pk"


_FIELDS: dict[ValueType, Callable[[], "models.Field[Any, Any]"]] = {
    ValueType.STRING: CharField,
    ValueType.UUID: UUIDField,
    ValueType.BOOLEAN: BooleanField,
}


def cursor_values(listing: Listing, cursor: str, place: tuple[Any, uuid.UUID]) -> dict[str, Any]:
    """The slot values of a cursor (``after`` or ``before``)."""
    return {listing.slot(f"{cursor}.value"): place[0], listing.slot(f"{cursor}.uuid"): place[1]}
