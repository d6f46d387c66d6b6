"""A compiled plan: a fixed number of SQL statements, and the functions that assemble their rows.

Running a plan does what depends on the data; everything that depends on what is asked was done by ``compiler``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django_prodev.conf import prodev_settings
from django_prodev.exceptions import ProdevError
from django_prodev.models.viewer import Viewer
from django_prodev.reading import cursors
from django_prodev.reading.assembly import Build, first_column
from django_prodev.reading.listing import COUNT_LIMIT, Listing
from django_prodev.reading.selection import Page, Wrap
from django_prodev.reading.statement import Row, Statement

Values = Mapping[str, Any]


class AnswerTooLarge(ProdevError):
    """More rows hang under a page than one answer may hold."""

    default_code = "answer_too_large"

    def __init__(self, most: int) -> None:
        super().__init__(f"The answer would hold more than {most:,} rows of one kind: ask for a smaller page.")


@dataclass(slots=True)
class Level:
    """One statement of a plan: its rows hang on the column ``parent_at`` of the level above.

    A folded statement is part of the one above, whose column ``folded_at`` holds its rows.
    """

    statement: Statement
    build: Build
    children: list["Level"] = field(default_factory=list)
    parent_at: int = 0
    is_folded: bool = False
    folded_at: int = 0
    page: "Paging | None" = None

    def assemble(self, rows: list[Row], values: Values) -> Any:
        """Fetch what hangs under these rows, and build them."""
        return self.build(rows, *(child.fetch(rows, values) for child in self.children))

    def fetch(self, parents: list[Row], values: Values) -> Any:
        """The answers for these parents, as a lookup by key."""
        if self.is_folded:
            rows = self.statement.unfold(row[self.folded_at] for row in parents)
            return self.assemble(self._few_enough(rows, values), values)
        keys = first_column(parents, self.parent_at)
        if not keys:
            return _no_rows
        bound = {**values, "keys": keys}
        rows = self._few_enough(self.statement.run(bound), values)
        answers = self.assemble(rows, values)
        return answers if self.page is None else self.page.group(rows, answers, keys, bound)

    @staticmethod
    def _few_enough(rows: list[Row], values: Values) -> list[Row]:
        if len(rows) >= values["most"]:
            raise AnswerTooLarge(values["most"] - 1)
        return rows


def _bound(viewer: Viewer, values: Values) -> dict[str, Any]:
    """What is bound to the slots of every statement of a plan."""
    return {**values, "viewer": viewer.user_id, "most": prodev_settings.MAX_NESTED_ROWS + 1}


def _no_rows(key: Any, default: Any = None) -> Any:
    return default


@dataclass(slots=True)
class Paging:
    """How fetched rows become pages: where the sort value and the UUID are, and what each page is wrapped in."""

    listing: Listing
    value_at: int
    uuid_at: int
    wrap: Wrap | None
    count: Statement | None = None

    def page(self, rows: list[Row], nodes: list[Any], size: int, total: int | None) -> Page:
        """The page that these rows are, of which one more than ``size`` was fetched where there are more."""
        more = len(rows) > size
        if more:
            rows, nodes = rows[:size], nodes[:size]
        if self.listing.backwards:
            rows, nodes = rows[::-1], nodes[::-1]
        return Page(
            nodes=nodes,
            cursors=_Cursors(self, rows),
            has_next=self.listing.before if self.listing.backwards else more,
            has_previous=more if self.listing.backwards else self.listing.after,
            total=total,
        )

    def group(self, rows: list[Row], nodes: list[Any], keys: list[Any], values: Values) -> Any:
        """The pages of many parents, by the key in the first column."""
        wrap = self.wrap
        assert wrap is not None
        size = values[self.listing.slot("limit")] - 1
        found: dict[Any, tuple[list[Row], list[Any]]] = {key: ([], []) for key in keys}
        for row, node in zip(rows, nodes, strict=True):
            of_parent = found[row[0]]
            of_parent[0].append(row)
            of_parent[1].append(node)
        totals = {key: limited(total) for key, total in self.count.run(values)} if self.count else {}
        missing = 0 if self.count else None
        return {
            key: wrap(self.page(some, built, size, totals.get(key, missing))) for key, (some, built) in found.items()
        }.get


def limited(total: int) -> int | None:
    """A count as it is answered: none where it was cut off."""
    return total if total <= COUNT_LIMIT else None


class _Cursors(Sequence[str]):
    """The cursors of a page, made when they are looked at: most answers show two of them."""

    def __init__(self, paging: Paging, rows: list[Row]) -> None:
        self._paging = paging
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: Any) -> Any:
        row = self._rows[at]
        paging = self._paging
        return cursors.encode(paging.listing.order, row[paging.value_at], row[paging.uuid_at])


@dataclass(slots=True)
class Plan:
    """A compiled selection for everyone in one scope. It holds no data and no viewer, and may be kept and shared."""

    root: Level
    statements: int

    def page(self, viewer: Viewer, values: Values, size: int) -> Page:
        """One page of the list that the plan was compiled for; ``size`` is in rows."""
        paging = self.root.page
        assert paging is not None
        bound = {**_bound(viewer, values), paging.listing.slot("limit"): size + 1}
        rows = self.root.statement.run(bound)
        kept = rows[:size]
        nodes = self.root.assemble(kept, bound)
        total = limited(paging.count.run(bound)[0][0]) if paging.count else None
        return paging.page(rows, nodes, size, total)

    def one(self, viewer: Viewer, values: Values) -> Any:
        """The one row that the plan was compiled for, or ``None`` where there is none that the viewer may see."""
        bound = _bound(viewer, values)
        rows = self.root.statement.run(bound)
        return self.root.assemble(rows, bound)[0] if rows else None
