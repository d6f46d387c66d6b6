"""What an import of a table came to: sums, the first rows of each kind, and all of them to whoever wants to listen."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django_prodev.documents.tables.csv_text import write_csv
from django_prodev.services.row_batches import RowAction, Verdict

MOST_SHOWN = 100
"""The most rows of each kind, errors and others, that a report keeps, however long the file is."""


@dataclass(slots=True)
class TableReport:
    """``is_written`` says that the good rows are in the database; in a preview, and where one bad row stopped all, none
    is."""

    table: str
    file: str
    is_preview: bool
    notes: list[str] = field(default_factory=list)
    counts: Counter[RowAction] = field(default_factory=Counter)
    errors: list[Verdict] = field(default_factory=list)
    rows: list[Verdict] = field(default_factory=list)
    is_written: bool = False

    def add(self, verdicts: Iterable[Verdict]) -> None:
        for verdict in verdicts:
            self.counts[verdict.action] += 1
            kept = self.errors if verdict.action is RowAction.ERROR else self.rows
            if len(kept) < MOST_SHOWN:
                kept.append(verdict)

    @property
    def has_errors(self) -> bool:
        return self.counts[RowAction.ERROR] > 0

    @property
    def changes(self) -> int:
        """How many rows create or update something."""
        return self.counts[RowAction.CREATE] + self.counts[RowAction.UPDATE]


def report_as_json(report: TableReport) -> dict[str, Any]:
    """The report with JSON values. The shape is stable: keys may be added, none changes its meaning."""
    return {
        "prodev_table": 1,
        "table": report.table,
        "file": report.file,
        "dry_run": report.is_preview,
        "written": report.is_written,
        "counts": {action.value: report.counts[action] for action in RowAction},
        "notes": report.notes,
        "errors": [verdict_as_json(verdict) for verdict in report.errors],
        "rows": [verdict_as_json(verdict) for verdict in report.rows],
    }


def verdict_as_json(verdict: Verdict) -> dict[str, Any]:
    """One row of the report, and one line of the full report."""
    told: dict[str, Any] = {"row": verdict.number, "about": verdict.about, "action": verdict.action.value}
    if verdict.changes:
        told["changes"] = dict(verdict.changes)
    if verdict.troubles:
        told["troubles"] = {name: list(sentences) for name, sentences in verdict.troubles.items()}
    return told


def verdict_as_line(verdict: Verdict) -> str:
    """One row for people: ``Row 3 (ada), status: 'learning' is not one of: …``."""
    row = f"Row {verdict.number}{f' ({verdict.about})' if verdict.about else ''}"
    if verdict.action is RowAction.ERROR:
        told = [
            f"{name}: {' '.join(sentences)}" if name else " ".join(sentences)
            for name, sentences in verdict.troubles.items()
        ]
        return f"{row}, {' '.join(told)}"
    changes = "; ".join(f"{name}: {change}" for name, change in verdict.changes.items())
    return f"{row}, {verdict.action.value}{f' ({changes})' if changes else ''}"


def verdicts_as_csv(verdicts: Iterable[Verdict]) -> Iterator[bytes]:
    """The full report as a table: a line for each column that changes or is wrong, and one for a row with neither."""

    def lines() -> Iterator[list[str]]:
        for one in verdicts:
            said = {name: " ".join(sentences) for name, sentences in one.troubles.items()} or dict(one.changes)
            for name, text in said.items() or {"": ""}.items():
                yield [str(one.number), one.about, one.action.value, name, text]

    return write_csv(("row", "about", "result", "column", "message"), lines())
