"""What a table's batch service takes and gives: rows with typed values in, a verdict on each of them out.

A service of this kind is an object that lives as long as one file is read. It judges a batch of rows in their order,
in a fixed number of statements, and writes the good ones of that batch when it is told to: a preview is the same thing
without the writing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from django_prodev.exceptions import ProdevError


class RowAction(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number as a spreadsheet counts, and its values by column. An empty cell has none."""

    number: int
    values: Mapping[str, Any]

    def get(self, column: str) -> Any:
        return self.values.get(column)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a row: what changes by column, or the sentences about what is wrong by column.

    What is wrong with no single column stands under ``""``. ``about`` is what people call the row.
    """

    number: int
    action: RowAction
    changes: Mapping[str, str] = field(default_factory=dict)
    troubles: Mapping[str, Sequence[str]] = field(default_factory=dict)
    about: str = ""


class RowService(Protocol):
    """The batch service of one table."""

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        """Say what becomes of rows. One that leans on a later row may be answered with that one."""

    def write(self) -> None:
        """Write what was judged good since the last call. Not called in a preview."""

    def finish(self) -> list[Verdict]:
        """Answer for the rows that still wait for others, and do what comes after the last row."""


def judge_each(rows: Iterable[Row], judge: Callable[[Row], Verdict | None]) -> list[Verdict]:
    """The verdict on each row; what ``judge`` refuses is one too."""
    verdicts = []
    for row in rows:
        try:
            verdict = judge(row)
        except ProdevError as error:
            verdict = refusal(row, error)
        if verdict is not None:
            verdicts.append(verdict)
    return verdicts


def refusal(row: Row, error: ProdevError) -> Verdict:
    return Verdict(row.number, RowAction.ERROR, troubles=error.fields or {"": [error.message]})


def step(before: Any, after: Any) -> str:
    """How a change of one value is told."""
    return f"{_short(before)} → {_short(after)}"


def _short(value: Any) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else f"{text[:59]}…"
