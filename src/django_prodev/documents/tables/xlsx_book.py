"""XLSX workbooks in and out, a row at a time. The only module that knows the libraries for them.

A workbook is a zip of XML parts, so it is looked over before a library opens it: how much it unpacks to, and that no
part declares a document type, without which there are no entities to expand.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import IO, Any, BinaryIO
from xml.parsers import expat

from django_prodev.documents.tables.columns import Cell
from django_prodev.documents.tables.formulas import guard_look_alikes, unguard
from django_prodev.exceptions import DocumentError, DocumentTooLarge

_MOST_PARTS = 2_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LONGEST_CELL = 32_767
_MOST_ROWS = 1_048_576
_MOST_CELLS = 600
_MOST_BESIDE = 32_000_000
_LEAST_UNPACKED = 20_000_000
_MOST_TIMES = 50
"""How many times its size a workbook may unpack to: XML of tables packs about 25 times."""
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, expat.ExpatError, SyntaxError, EOFError, OSError),
    *(LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, RecursionError),
    *(NotImplementedError, RuntimeError),
)
"""What reading a workbook that is damaged, or made to do damage, raises in the libraries.

The last two are ``zipfile``'s, for a way of packing that it does not know and for an archive that needs a password.
"""


class XlsxSource:
    """The rows of one sheet: values as they are typed, of formulas what they gave when the workbook was stored."""

    def __init__(self, file: BinaryIO, *, sheet: str, most_unpacked: int) -> None:
        import openpyxl

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about charts and styles, which nobody asks for
                _look_over(file, most_unpacked)
                file.seek(0)
                self.book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except _BROKEN as error:
            raise _unreadable() from error
        names = [one.title for one in self.book.worksheets]
        if not names:
            raise DocumentError("The workbook has no sheet with cells.")
        if sheet and sheet not in names:
            raise DocumentError(f"The workbook has no sheet {sheet!r}; it has {', '.join(names[:50])}.")
        self.sheet: Any = self.book[sheet] if sheet else self.book.worksheets[0]
        self.total = self.sheet.max_row or 0
        self.done = 0
        # Some programs write wrong dimensions; without them every row is read.
        self.sheet.reset_dimensions()

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        rows = self.sheet.iter_rows(values_only=True)
        while True:
            try:
                values = next(rows)
            except StopIteration:
                return
            except _BROKEN as error:
                raise _unreadable() from error
            self.done += 1
            if self.done > _MOST_ROWS or len(values) > _MOST_CELLS:
                raise DocumentTooLarge(f"The sheet has more than {_MOST_ROWS:,} rows, or {_MOST_CELLS:,} cells in one.")
            yield self.done, [_cell(value) for value in values]

    def progress(self) -> tuple[int, int]:
        """How many rows of how many are read."""
        return self.done, max(self.total, self.done + 1)


def _unreadable() -> DocumentError:
    return DocumentError("The workbook is damaged and cannot be read; store it again as .xlsx, or as CSV.")


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return unguard(_ESCAPED.sub(_unescape, value))
    if isinstance(value, timedelta):
        return str(value)
    cell: Cell = value
    return cell


def _unescape(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _look_over(file: BinaryIO, most_unpacked: int) -> None:
    size = file.seek(0, io.SEEK_END)
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names:
            raise DocumentError(f"The file is {_kind(names)}, not an XLSX workbook; store it as .xlsx or as CSV.")
        if len(parts) > _MOST_PARTS or len(names) < len(parts):
            raise DocumentError("The workbook has more parts than one has; store it again as .xlsx, or as CSV.")
        # Sheets are read in a stream; everything else is held in memory at once.
        sheets = sum(part.file_size for part in parts if part.filename.startswith("xl/worksheets/"))
        others = sum(part.file_size for part in parts) - sheets
        most = min(most_unpacked, max(_LEAST_UNPACKED, size * _MOST_TIMES))
        if sheets > most or others > min(most, _MOST_BESIDE):
            raise DocumentTooLarge(f"The workbook unpacks to more than the {most:,} bytes that are read of it.")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    _refuse_document_type(stream)


def _kind(names: set[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "a Word document"
    if any(name.startswith("ppt/") for name in names):
        return "a presentation"
    if "xl/workbook.bin" in names:
        return "a binary workbook (.xlsb)"
    if "content.xml" in names:
        return "an OpenDocument file (.ods)"
    return "a zip archive"


class _RootReached(Exception):
    """The document type would have stood before this."""


def _refuse_document_type(stream: IO[bytes]) -> None:
    """Raise ``DocumentError`` where the XML declares a document type; reads no further than to the root element."""

    def refuse(*_: Any) -> None:
        raise DocumentError("The workbook declares XML entities, which no spreadsheet program does; it is not read.")

    def stop(*_: Any) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        while chunk := stream.read(4_096):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except _RootReached:
        return


def write_xlsx(file: BinaryIO, name: str, headings: Sequence[str], rows: Iterable[Sequence[str | Decimal]]) -> None:
    """Write a workbook with one sheet. Every text is stored as text, so none is a formula; a number is a number.

    The same rows give the same bytes. Raises ``DocumentError`` for what a workbook has no room for.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for position, heading in enumerate(headings):
            sheet.write_string(0, position, heading, bold)
        for number, row in enumerate(rows, start=1):
            if number >= _MOST_ROWS:
                raise DocumentError(f"A sheet has room for {_MOST_ROWS:,} rows; export to CSV instead.")
            for position, cell in enumerate(row):
                _write_cell(sheet, number, position, cell)


def _write_cell(sheet: Any, number: int, position: int, cell: str | Decimal) -> None:
    if isinstance(cell, Decimal):
        sheet.write_number(number, position, float(cell))
        return
    text = guard_look_alikes(cell)
    if len(text) > _LONGEST_CELL:
        raise DocumentError(
            f"Row {number + 1}: a cell of a workbook has room for {_LONGEST_CELL:,} characters; export to CSV instead."
        )
    if text:
        sheet.write_string(number, position, text)
