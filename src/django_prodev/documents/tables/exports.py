"""A table as a file, row by row: the same columns that are read, so that it can be imported again."""

import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

from django.db.models import QuerySet

from django_prodev.documents.tables.csv_text import write_csv
from django_prodev.documents.tables.sources import FORMATS
from django_prodev.documents.tables.table import Table
from django_prodev.documents.tables.xlsx_book import write_xlsx
from django_prodev.exceptions import DocumentError
from django_prodev.services.actors import Actor

_CHUNK = 64 * 1024


def export_table(
    table: Table, *, actor: Actor, format: str = "csv", rows: QuerySet[Any] | None = None
) -> Iterator[bytes]:
    """The file, a piece at a time: all rows, or those of ``rows``, that ``actor`` may see (the system sees everything).

    Raises ``DocumentError`` for a format that is not one of ``csv`` and ``xlsx``, and while it is read for what a
    workbook has no room for.
    """
    chosen: Any = table.model._default_manager.all() if rows is None else rows
    if actor is not None:
        chosen = chosen.visible_to(actor)
    return _as_file(table, _cells(table, chosen), format)


def example_table(table: Table, *, format: str = "csv") -> Iterator[bytes]:
    """A file with the headings and one row, to be filled in."""
    return _as_file(table, iter([[column.example for column in table.columns]]), format)


def _as_file(table: Table, rows: Iterator[Sequence[str | Decimal]], format: str) -> Iterator[bytes]:
    if format not in FORMATS:
        raise DocumentError(f"{format!r} is not a format of tables; the formats are {', '.join(FORMATS)}.")
    return write_csv(table.names, rows) if format == "csv" else _pieces(table, rows)


def _cells(table: Table, rows: QuerySet[Any]) -> Iterator[list[str | Decimal]]:
    for values in table.export(rows):
        yield [
            "" if (value := values.get(column.name)) in (None, "", []) else column.write(value)
            for column in table.columns
        ]


def _pieces(table: Table, rows: Iterator[Sequence[str | Decimal]]) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as opened:
        file: BinaryIO = opened
        write_xlsx(file, table.name, table.names, rows)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk
