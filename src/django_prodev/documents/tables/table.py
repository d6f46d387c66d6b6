"""What a table is: its columns, the service that judges and writes its rows, and the rows of an export.

One file of this room describes one table; ``catalog`` lists them.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet

from django_prodev.documents.tables.columns import Cell, CellTrouble, Column, as_text, folded, shown
from django_prodev.exceptions import DocumentError
from django_prodev.services.row_batches import Row, RowService

_ERROR_VALUES = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"})
_FEWEST_ALIKE = 0.75
_LONGEST_HEADING = 100
_LONGEST_TOLD = 60
MOST_COLUMNS = 500
"""How many cells a header row has at most."""


@dataclass(frozen=True)
class Table:
    """A table that is imported and exported.

    ``service`` is called with ``actor`` and ``holds``. ``export`` gives the values by column of the rows of a QuerySet
    of ``model``, in an order in which they can be imported. ``one_of`` are groups of columns of which a file has at
    least one. ``program`` is the path from a row to its program, where it has one. ``about`` are the columns by which
    people know a row.
    """

    name: str
    help: str
    model: type[Model]
    columns: tuple[Column, ...]
    service: Callable[..., RowService]
    export: Callable[[QuerySet[Any]], Iterator[Mapping[str, Any]]]
    one_of: tuple[tuple[str, ...], ...] = ()
    program: str = ""
    about: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    def call(self, row: Row) -> str:
        """What people call a row: its telling cells."""
        told = (row.get(name) for name in self.about)
        return ", ".join(" ".join(str(value).split())[:_LONGEST_TOLD] for value in told if value is not None)

    def find(self, heading: str) -> Column | None:
        """The column that a heading means."""
        return self._by_heading.get(folded(heading[:_LONGEST_HEADING]))

    @cached_property
    def _by_heading(self) -> dict[str, Column]:
        known = {folded(alias): column for column in self.columns for alias in column.aliases}
        return known | {folded(column.name): column for column in self.columns}


@dataclass(slots=True)
class Header:
    """Which column stands where in a file, and what was noticed about the headings."""

    columns: list[Column | None]
    notes: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)

    def row(self, number: int, cells: Sequence[Cell]) -> tuple[Row | None, dict[str, list[str]]]:
        """The row with its values, or ``None`` where it is empty; and what is wrong with its cells, by column."""
        values: dict[str, Any] = {}
        troubles: dict[str, list[str]] = {}
        is_empty = True
        for position, cell in enumerate(cells):
            if cell is None or (isinstance(cell, str) and not cell.strip()):
                continue
            is_empty = False
            if position >= len(self.columns) or not self.headings[position]:
                # The first is enough: a row may have any number of them.
                if "" not in troubles:
                    text = f"Cell {position + 1} ({shown(cell)}) has no heading; the header row has {len(self.columns)}"
                    troubles[""] = [f"{text} cells. Is there a delimiter too many?"]
                continue
            column = self.columns[position]
            if column is None:
                continue
            try:
                values[column.name] = _value(column, cell)
            except CellTrouble as trouble:
                troubles.setdefault(column.name, []).append(str(trouble))
        if is_empty:
            return None, {}
        for missing in (one for one in self.columns if one is not None and one.is_required):
            if missing.name not in values and missing.name not in troubles:
                troubles[missing.name] = ["This is required."]
        return Row(number, values), troubles


def _value(column: Column, cell: Cell) -> Any:
    if isinstance(cell, str) and cell in _ERROR_VALUES:
        raise CellTrouble(f"The workbook has the error {cell} here; it takes a value.")
    return column.read(cell)


def read_header(table: Table, number: int, cells: Sequence[Cell]) -> Header:
    """The header row, which says what stands in which column.

    Raises ``DocumentError`` where two headings mean one column, or one is missing that has to be there.
    """
    headings = ["" if cell is None else as_text(cell).strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise DocumentError(f"Row {number} has {len(headings):,} cells; a header row has at most {MOST_COLUMNS}.")
    columns = [table.find(heading) if heading else None for heading in headings]
    known = f"The table {table.name} has the columns {', '.join(table.names)}."
    if not any(columns):
        found = ", ".join(shown(heading) for heading in headings[:20])
        raise DocumentError(f"Row {number} is no header row: none of {found} is a heading. {known}")
    notes = []
    by_name: dict[str, str] = {}
    for heading, column in zip(headings, columns, strict=True):
        if column is None:
            if heading:
                notes.append(_not_read(table, heading))
        elif column.name in by_name:
            raise DocumentError(
                f"Row {number}: {shown(by_name[column.name])} and {shown(heading)} both mean the column {column.name}."
            )
        else:
            by_name[column.name] = heading
    missing = [column.name for column in table.columns if column.is_required and column.name not in by_name]
    missing += [" or ".join(group) for group in table.one_of if not by_name.keys() & {*group}]
    if missing:
        hint = " ".join(note for note in notes if "Did you mean" in note)
        raise DocumentError(f"Row {number} has no heading {', '.join(missing)}. {known} {hint}".rstrip())
    return Header(columns, notes, headings)


def _not_read(table: Table, heading: str) -> str:
    alike = difflib.get_close_matches(folded(heading), [folded(name) for name in table.names], 1, _FEWEST_ALIKE)
    meant = next((name for name in table.names if alike and folded(name) == alike[0]), "")
    hint = f" Did you mean {meant}?" if meant else ""
    return f"The column {shown(heading)} is not read.{hint}"
