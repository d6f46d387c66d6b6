"""A file that holds a table: its size, its format, and its rows one after another."""

import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from django_prodev.conf import prodev_settings
from django_prodev.documents.tables.columns import Cell
from django_prodev.documents.tables.csv_text import CsvSource
from django_prodev.documents.tables.table import Table
from django_prodev.documents.tables.xlsx_book import XlsxSource
from django_prodev.exceptions import DocumentError, DocumentTooLarge, UndecodableDocument

FORMATS = ("csv", "xlsx")

_UNPACKED = 4
"""How many times ``TABLE_MAX_BYTES`` a workbook may unpack to."""

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_NOT_TEXT = (b"PK", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"\x7fELF", b"BZh", b"7z\xbc\xaf")


class RowSource(Protocol):
    """The rows of a file, with their numbers, and how far the reading is."""

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]: ...

    def progress(self) -> tuple[int, int]: ...


@contextmanager
def open_source(path: Path, table: Table, *, format: str = "auto", sheet: str = "") -> Iterator[RowSource]:
    """Open a file for its rows.

    Raises ``DocumentError``, or one of its kinds, where it is no regular file, larger than ``TABLE_MAX_BYTES``, or in
    another format.
    """
    if format not in {"auto", *FORMATS}:
        raise DocumentError(f"{format!r} is not a format of tables; the formats are auto, {', '.join(FORMATS)}.")
    most = prodev_settings.TABLE_MAX_BYTES
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DocumentError("This is not a file.")
        if found.st_size > most:
            raise DocumentTooLarge(f"The file has {found.st_size:,} bytes; at most {most:,} are read.")
        file = path.open("rb")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"The file cannot be opened ({reason}).") from error
    with file:
        yield _source(file, found.st_size, table, format, sheet, most)


def _source(file: BinaryIO, size: int, table: Table, format: str, sheet: str, most: int) -> RowSource:
    head = file.read(8)
    if head.startswith(_OLD_OFFICE):
        raise DocumentError("The file is an old Excel workbook (.xls), or has a password; store it as .xlsx or CSV.")
    is_zip = head.startswith(_ZIP)
    if format == "xlsx" and not is_zip:
        raise DocumentError("The file is not an XLSX workbook.")
    if is_zip and format != "csv":
        return XlsxSource(file, sheet=sheet, most_unpacked=most * _UNPACKED)
    if head.startswith(_NOT_TEXT):
        raise UndecodableDocument("The file is not CSV but a binary format.")
    if sheet:
        raise DocumentError("A CSV file has no sheets.")
    return CsvSource(file, size, table)
