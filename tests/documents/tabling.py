"""Importing and exporting tables in a test: texts and bytes in, verdicts out."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django_prodev.documents.tables.catalog import table_named
from django_prodev.documents.tables.exports import export_table
from django_prodev.documents.tables.report import TableReport
from django_prodev.documents.tables.runs import TableRequest, plan_table, run_table
from django_prodev.documents.tables.xlsx_book import write_xlsx


def _request(table: str, content: str | bytes, path: Path, **options: Any) -> TableRequest:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return TableRequest(**{"table": table_named(table), "path": path, "name": "file", "actor": None} | options)


def planned(table: str, content: str | bytes, **options: Any) -> TableReport:
    """What importing this file would do."""
    with tempfile.TemporaryDirectory() as folder:
        return plan_table(_request(table, content, Path(folder) / "file", **options))


def imported(table: str, content: str | bytes, **options: Any) -> TableReport:
    """What importing this file did."""
    with tempfile.TemporaryDirectory() as folder:
        return run_table(_request(table, content, Path(folder) / "file", **options))


def exported(table: str, **options: Any) -> bytes:
    return b"".join(export_table(table_named(table), **{"actor": None} | options))


def actions(report: TableReport) -> dict[int, str]:
    """What becomes of each row, by its number."""
    return {one.number: one.action.value for one in sorted([*report.rows, *report.errors], key=lambda one: one.number)}


def troubles(report: TableReport) -> dict[int, dict[str, str]]:
    """What is wrong with each bad row, by its number and the column."""
    return {one.number: {name: " ".join(said) for name, said in one.troubles.items()} for one in report.errors}


def lines(*rows: Sequence[object]) -> str:
    """Rows as CSV, with cells that need no quotes."""
    return "".join(",".join("" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def workbook(headings: Sequence[str], *rows: Sequence[Any]) -> bytes:
    """A workbook of texts and numbers."""
    file = io.BytesIO()
    write_xlsx(file, "rows", headings, rows)
    return file.getvalue()
