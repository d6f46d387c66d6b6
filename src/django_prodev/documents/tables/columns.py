"""Columns of tables: how each is called, what its cells may hold, and how a cell becomes a value and back.

A cell of a CSV file is a text; one of an XLSX workbook may also be a number, a truth value, or a date.
"""

import re
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, TypeAlias

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

Cell: TypeAlias = str | int | float | bool | datetime | date | time | None

_SLUG = re.compile(r"[-a-zA-Z0-9_]+\Z")
_LONGEST_SHOWN = 40


class CellTrouble(Exception):
    """What is wrong with a cell, as a sentence that says what is allowed."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``read`` makes a value of a cell that is not empty, ``write`` a cell of a value.

    ``aliases`` are other headings that people give it; case, blanks, hyphens and underscores make no difference.
    """

    name: str
    help: str
    read: Callable[[Cell], Any]
    write: Callable[[Any], str | Decimal] = lambda value: text(str(value))
    is_required: bool = False
    aliases: tuple[str, ...] = ()
    example: str = ""


def folded(heading: str) -> str:
    """A heading by which columns are told, whatever its case and punctuation."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    return re.sub(r"[\s_\-.:*\u200b\ufeff]+", "", text)


def as_text(cell: Cell) -> str:
    """A cell as a text; a whole number has no decimals."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def shown(cell: Cell) -> str:
    """A cell as errors quote it."""
    text = "".join(char if char.isprintable() else " " for char in as_text(cell))
    return repr(text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…")


def text(cell: Cell) -> str:
    """A free text. Blanks around it go, and lines end in one way."""
    value = as_text(cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    if "\x00" in value:
        raise CellTrouble("This must not hold NUL characters.")
    return value


def slug(cell: Cell) -> str:
    value = text(cell)
    if not _SLUG.match(value):
        raise CellTrouble(f"{shown(cell)} is not a slug: it takes letters, digits, hyphens and underscores.")
    return value


def choice(values: type[Enum]) -> Callable[[Cell], str]:
    """One of the values of an enumeration; "In progress" is ``in_progress``."""
    known = {folded(str(one.value)): str(one.value) for one in values}

    def read(cell: Cell) -> str:
        found = known.get(folded(as_text(cell)))
        if found is None:
            raise CellTrouble(f"{shown(cell)} is not one of: {', '.join(known.values())}.")
        return found

    return read


def fraction(cell: Cell) -> Decimal:
    """A number from 0 to 1, to four decimals."""
    trouble = CellTrouble(f"{shown(cell)} is not a number from 0 to 1 with at most four decimals, such as 0.85.")
    if isinstance(cell, bool | date | time):
        raise trouble
    try:
        # A workbook holds binary fractions, whose last digits nobody wrote.
        value = Decimal(repr(round(cell, 10)) if isinstance(cell, float) else as_text(cell).strip().replace(",", "."))
    except InvalidOperation:
        raise trouble from None
    if not value.is_finite() or not 0 <= value <= 1 or value != round(value, 4):
        raise trouble
    return round(value, 4)


def write_fraction(value: Decimal) -> Decimal:
    return value.normalize() if value else Decimal(0)


def moment(*, at: time) -> Callable[[Cell], datetime]:
    """A moment by ISO 8601, or a cell with a date. Without a zone it is the site's; a day means ``at`` on that day."""

    def read(cell: Cell) -> datetime:
        try:
            found = _moment(cell, at)
        except (ValueError, OverflowError):
            found = None
        if found is None or not 1 < found.year < 9999:
            raise CellTrouble(
                f"{shown(cell)} is not a date: it takes one by ISO 8601, such as 2030-01-31 or 2030-01-31T09:00:00Z."
            )
        return timezone.make_aware(found) if timezone.is_naive(found) else found

    return read


def _moment(cell: Cell, at: time) -> datetime | None:
    if isinstance(cell, datetime):
        # Spreadsheets store a day as the moment when it begins.
        return cell if cell.time() != time() else datetime.combine(cell.date(), at)
    if isinstance(cell, date):
        return datetime.combine(cell, at)
    if not isinstance(cell, str):
        return None
    value = cell.strip()
    day = parse_date(value) if len(value) <= 10 else None
    return datetime.combine(day, at) if day is not None else parse_datetime(value)


def write_moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def identifier(cell: Cell) -> uuid.UUID:
    try:
        return uuid.UUID(as_text(cell).strip())
    except ValueError:
        raise CellTrouble(f"{shown(cell)} is not an identifier (a UUID): leave the cell empty.") from None


def texts(cell: Cell) -> list[str]:
    """Texts with a semicolon between them; a backslash before a semicolon makes it part of a text."""
    found, current, chars = [], "", iter(text(cell))
    for char in chars:
        if char == "\\":
            current += next(chars, "\\")
        elif char == ";":
            found.append(current.strip())
            current = ""
        else:
            current += char
    return [one for one in [*found, current.strip()] if one]


def write_texts(values: Sequence[str]) -> str:
    cells = (text(value).replace("\\", "\\\\").replace(";", "\\;") for value in values)
    return "; ".join(cell for cell in cells if cell)
