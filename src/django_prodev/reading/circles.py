"""Pages of which only few rows of a large table are in question, on PostgreSQL.

What a person may see, what holds a word, what carries a topic: none of it can be told from an index in the order of the
list, and a planner that guesses wrong walks through the whole table for one page. So the page is looked for twice:

1. *Near*: along the index, from where the page begins, through so many rows and no further. Where many rows are in
   question the page is full soon.
2. *Far*, where it is not: circle by circle (own rows, those of own programs, of own cohorts …), each by an index of its
   own, whose first rows are merged. A circle is a branch of the rule's ``OR``; what drives it is its ``Among``.

Both give the same page. Neither costs more than what is looked through near, and what is in the person's circles.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Case, Q, Value, When, Window
from django.db.models.functions import Cast, RowNumber

from django_prodev.models.among import Among, Circle
from django_prodev.reading.entities import Entity
from django_prodev.reading.listing import COUNT_LIMIT, Listing, Placed
from django_prodev.reading.slots import LateralKey, NumberSlot
from django_prodev.reading.statement import LIMIT_MARK, Row, Statement

MOST_CIRCLES = 24
"""A rule with more branches than this is looked through near and far alike."""


def driver(circle: Circle) -> Among | None:
    """The condition that a circle's rows are fetched by: the last, which is the narrowest, of those that name keys."""
    found = [each for each in circle if isinstance(each, Among)]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class NearAndFar:
    """Two statements for one page: ``far`` is run where the ``window`` of ``near`` ended before the page was full."""

    near: Statement
    far: Statement
    window: int
    limit: NumberSlot

    @property
    def parts(self) -> "tuple[Statement, ...]":
        """Both statements: what the page depends on."""
        return (self.near, self.far)

    def run(self, values: Mapping[str, Any]) -> list[Row]:
        """Bind the slots and fetch the page."""
        rows = self.near.run(values)
        if rows and rows[-1][-1] == self.window and (len(rows) < values[self.limit.name] or not rows[-1][-2]):
            return self.far.run(values)
        return rows


@dataclass(frozen=True, slots=True)
class Question:
    """Which rows a page is made of.

    ``rows`` are those that an index in the list's order has together; of them those are in question for which
    ``condition`` holds. ``circles`` are the same rows once more, branch by branch. Those that are ``selective`` have an
    index that finds them all at once, in whatever order. Where a filter's rows are ``placed`` in that order, those are
    looked through instead, and ``condition`` is without it.
    """

    entity: Entity
    listing: Listing
    rows: Any
    condition: Q
    circles: Sequence[Circle]
    window: int
    is_selective: bool = False
    placed: Placed | None = None

    def near(self, row: Statement) -> Statement:
        """The page, as far as it lies within the window; ``row`` is the statement of one row by its ``LateralKey``.

        Two more columns say whether a row is in question, and its number. The last row of the window comes along in any
        case: it tells that the window ended.
        """
        keys = self._along_order() if self.placed is None else self._along_places(self.placed)
        looked_at = f"({keys.sql}) AS prodev_window (key, seen, number)"
        found = f"SELECT * FROM {looked_at} WHERE seen OR number = {self.window} LIMIT {LIMIT_MARK}"
        sql = (
            f"SELECT prodev_rows.*, {LateralKey.ALIAS}.seen, {LateralKey.ALIAS}.number FROM ({found}) AS "
            f"{LateralKey.ALIAS} CROSS JOIN LATERAL ({row.sql}) AS prodev_rows ORDER BY {LateralKey.ALIAS}.number"
        )
        return replace(row, sql=sql, params=(*keys.params, *row.params), limit=self.listing.limit)

    def _along_order(self) -> Statement:
        """The key of each row of the window, whether it is in question, and its number."""
        place = Window(RowNumber(), order_by=self.listing.ordering())
        walk = self.listing.paginate(self.rows, self.entity).annotate(
            prodev_seen=_whether(self.condition), prodev_number=place
        )
        return Statement.prepare(walk.values_list("pk", "prodev_seen", "prodev_number")[: self.window])

    def _along_places(self, placed: Placed) -> Statement:
        """The same of the rows that a filter has the places of. A row of several owners has as many, and is one.

        ``OFFSET`` keeps the planner from joining all rows: each is asked about by its key, until the page is full.
        """
        owned = placed.owned.using(self.rows.db)
        columns = ("pk", self.listing.order.column, "uuid")
        places = Statement.prepare(self.listing.paginate(owned, self.entity).values_list(*columns)[: self.window])
        owners = Statement.prepare(placed.owners)
        row = self.rows.filter(self.condition, pk=LateralKey(BigIntegerField()))
        asked = Statement.prepare(row.values_list("pk"))
        each, order = LateralKey.ALIAS, f"value {self.listing.direction}, uuid {self.listing.direction}"
        window = (
            f"SELECT prodev_each.*, ROW_NUMBER() OVER (ORDER BY {order}) FROM (SELECT DISTINCT prodev_places.* FROM "
            f"({owners.sql}) AS {each} (key) CROSS JOIN LATERAL ({places.sql}) AS prodev_places (key, value, uuid)) "
            f"AS prodev_each ORDER BY {order} LIMIT {self.window}"
        )
        sql = (
            f"SELECT {each}.key, prodev_asked.key IS NOT NULL, {each}.number "
            f"FROM ({window}) AS {each} (key, value, uuid, number) "
            f"LEFT JOIN LATERAL ({asked.sql} OFFSET 0) AS prodev_asked (key) ON true ORDER BY {order}"
        )
        return replace(owners, sql=sql, params=(*owners.params, *places.params, *asked.params))

    def far(self, row: Statement) -> Statement:
        """The page from all circles."""
        pages = [self._circle(each, LIMIT_MARK) for each in self.circles]
        union = " UNION ".join(f"({page.sql})" for page in pages)
        sign = self.listing.direction
        sql = (
            f"SELECT prodev_rows.* FROM (SELECT * FROM ({union}) AS prodev_circles (key, value, uuid) "
            f"ORDER BY value {sign}, uuid {sign} LIMIT {LIMIT_MARK}) AS {LateralKey.ALIAS} "
            f"CROSS JOIN LATERAL ({row.sql}) AS prodev_rows ORDER BY {LateralKey.ALIAS}.value {sign}, "
            f"{LateralKey.ALIAS}.uuid {sign}"
        )
        params = (*(param for page in pages for param in page.params), *row.params)
        return replace(row, sql=sql, params=params, limit=self.listing.limit)

    def counted(self) -> Statement:
        """How many rows are in question, counted up to the limit."""
        most = str(COUNT_LIMIT + 1)
        pages = [self._circle(each, most) for each in self.circles]
        union = " UNION ".join(f"(SELECT key FROM ({page.sql}) AS prodev_page (key, value, uuid))" for page in pages)
        sql = f"SELECT COUNT(*) FROM (SELECT * FROM ({union}) AS prodev_circles LIMIT {most}) AS prodev_counted"
        return replace(pages[0], sql=sql, params=tuple(param for page in pages for param in page.params))

    def _circle(self, circle: Circle, most: str) -> Statement:
        """The first rows of one circle: their keys and places."""
        if self.is_selective:
            return self._sorted(self.rows.filter(*circle), most)
        found = driver(circle)
        rows = self.rows.filter(*(each for each in circle if each is not found))
        if found is not None:
            rows = rows.filter(**{found.name: LateralKey(BigIntegerField())})
        paged = self.listing.paginate(rows, self.entity).values_list("pk", self.listing.order.column, "uuid")
        page = Statement.prepare(paged, limit=self.listing.limit)
        page = replace(page, sql=page.sql.removesuffix(LIMIT_MARK) + most, limit=None, converters=(), uuids=())
        return page if found is None else merged(found.rows, page, 2, 3, self.listing, most)

    def _sorted(self, rows: Any, most: str) -> Statement:
        """The first of few rows. ``OFFSET`` keeps the planner from walking along the order, hoping to meet them."""
        columns = ("pk", self.listing.order.column, "uuid")
        few = Statement.prepare(self.listing.paginate(rows, self.entity).order_by().values_list(*columns))
        sign = self.listing.direction
        sql = f"SELECT * FROM ({few.sql} OFFSET 0) AS prodev_few ORDER BY 2 {sign}, 3 {sign} LIMIT {most}"
        return replace(few, sql=sql, converters=(), uuids=())


def merged(keys: Any, page: Statement, value_at: int, uuid_at: int, listing: Listing, most: str) -> Statement:
    """The first rows of many keys' pages. ``page`` is the page of one ``LateralKey``; columns count from 1."""
    each = Statement.prepare(keys.distinct())
    sign = listing.direction
    sql = (
        f"SELECT prodev_pages.* FROM ({each.sql}) AS {LateralKey.ALIAS} (key) "
        f"CROSS JOIN LATERAL ({page.sql}) AS prodev_pages ORDER BY {value_at} {sign}, {uuid_at} {sign} LIMIT {most}"
    )
    return replace(page, sql=sql, params=(*each.params, *page.params))


def _whether(condition: Q) -> Cast:
    """A condition as a column. What is known to hold nowhere is false, which the ORM writes for a ``Case`` alone."""
    return Cast(Case(When(condition, then=Value(True)), default=Value(False)), BooleanField())
