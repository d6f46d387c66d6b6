"""A list of people as staff paste it, or as a spreadsheet saves it: text to lines. Nothing is looked up here."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

MOST_LINES = 1_000

_HEADS = {
    "person": ("person", "learner", "user", "username", "user name", "login"),
    "email": ("email", "e-mail", "e-mail address", "email address", "mail"),
    "cohort": ("cohort",),
    "due": ("due", "due date", "due at", "due_at"),
}
_COLUMN = {head: column for column, heads in _HEADS.items() for head in heads}
_DELIMITERS = "\t;,"
_NAMED_ADDRESS = re.compile(r"[^<>]*<([^<>@\s]+@[^<>\s]+)>")


class Unreadable(Exception):
    """The text as a whole is no list; the message says why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One person. ``wrong`` says what cannot be read; ``number`` counts the lines of the text from 1."""

    number: int
    person: str
    cohort: str = ""
    due_at: datetime | None = None
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class PeopleList:
    lines: Sequence[Line]
    left_out: Sequence[str] = field(default_factory=tuple)
    """The heads of columns that say nothing about an enrolment."""


def read_people(text: str) -> PeopleList:
    """The people in ``text``: one to a line, with a cohort and a due date where more cells follow.

    Cells are parted by tabs, semicolons or commas. A first line of headings may put them in another order. Raises
    ``Unreadable`` where there are no people, more than ``MOST_LINES``, or two columns of one kind.
    """
    try:
        rows = _rows(text)
    except csv.Error as error:
        raise Unreadable(_("This is not a list that can be read: %s.") % error) from None
    if not rows:
        raise Unreadable(_("There is nobody in this list."))
    first = [cell.casefold() for cell in rows[0][1]]
    if first[0] not in _COLUMN and not any(head in _COLUMN for head in first[1:]):
        return PeopleList([_by_position(number, cells) for number, cells in _bounded(rows)])
    if len(rows) == 1:
        raise Unreadable(_("There are headings and nobody under them."))
    columns = [_COLUMN.get(head, "") for head in first]
    known = [column for column in columns if column]
    if len(known) != len(set(known)):
        raise Unreadable(_("Two columns of this list mean the same."))
    if not {"person", "email"} & set(known):
        raise Unreadable(_("No column of this list says who: name one “username” or “email”."))
    left_out = [head for head, column in zip(rows[0][1], columns, strict=True) if head and not column]
    return PeopleList([_by_head(number, cells, columns) for number, cells in _bounded(rows[1:])], left_out)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The lines that are not blank, with their numbers and their cells."""
    text = text.lstrip("\ufeff")
    head = next((line for line in text.splitlines() if line.strip(" \t;,")), "")
    delimiter = next((mark for mark in _DELIMITERS if mark in head), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True, strict=True)
    rows = ((reader.line_num, [cell.strip() for cell in row]) for row in reader)
    return [(number, cells) for number, cells in rows if any(cells)]


def _bounded(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    if len(rows) > MOST_LINES:
        raise Unreadable(
            _("This list has %(count)d people; at most %(most)d are taken at once.")
            % {"count": len(rows), "most": MOST_LINES}
        )
    return rows


def _by_position(number: int, cells: list[str]) -> Line:
    """Without headings: the person first, and then a cell that is a date is when they are due."""
    person, *others = cells
    texts = [text for text in others if text]
    dates = [text for text in texts if _is_date(text)]
    cohorts = [text for text in texts if not _is_date(text)]
    if len(dates) > 1 or len(cohorts) > 1:
        return Line(number, person, wrong=_("A line is a person, and then at most one cohort and one due date."))
    return _line(number, person, "".join(cohorts), "".join(dates))


def _by_head(number: int, cells: list[str], columns: list[str]) -> Line:
    if len(cells) > len(columns) and any(cells[len(columns) :]):
        return Line(number, cells[0], wrong=_("This line has more cells than there are headings."))
    given = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
    person = given.get("person") or given.get("email", "")
    return _line(number, person, given.get("cohort", ""), given.get("due", ""))


def _line(number: int, person: str, cohort: str, due: str) -> Line:
    if named := _NAMED_ADDRESS.fullmatch(person):
        person = named[1]
    if not person:
        return Line(number, "", wrong=_("This line does not say who."))
    if not due:
        return Line(number, person, cohort)
    due_at = _moment(due)
    if due_at is None:
        return Line(number, person, cohort, wrong=_("A due date is written as 2030-01-31 or 2030-01-31 18:00."))
    return Line(number, person, cohort, due_at)


def _is_date(text: str) -> bool:
    return bool(re.match(r"\d{4}-\d{1,2}-\d{1,2}", text))


def _moment(text: str) -> datetime | None:
    """A day lasts until its last minute, in the site's time zone."""
    try:
        day: date | None = parse_date(text)
        moment = datetime.combine(day, time(23, 59)) if day else parse_datetime(text)
        if moment is None or not 1 < moment.year < 9999:
            return None
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    except (ValueError, OverflowError):
        return None
