"""CSV in and out, a row at a time, in any encoding and with any usual delimiter."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import BinaryIO

from django_prodev.documents.decoding import encoding_of
from django_prodev.documents.tables.columns import Cell
from django_prodev.documents.tables.formulas import guard, unguard
from django_prodev.documents.tables.table import MOST_COLUMNS, Table
from django_prodev.exceptions import DocumentError, DocumentTooLarge, UndecodableDocument

DELIMITERS = ",;\t|"

_SAMPLE = 64 * 1024
_CHUNK = 256 * 1024
_ROWS_OF_SAMPLE = 20
_LONGEST_ROW = 2_000_000


class CsvSource:
    """The rows of a CSV file, numbered as a spreadsheet numbers them: blank ones count."""

    def __init__(self, file: BinaryIO, size: int, table: Table) -> None:
        self.file = file
        self.size = size
        self.encoding, self.start = detect_encoding(file)
        self.delimiter, self.has_declaration = sniff(_sample(file, self.encoding, self.start), table)

    def rows(self) -> Iterator[tuple[int, Sequence[Cell]]]:
        """Raises ``DocumentError`` with the line where the file is no CSV."""
        self.file.seek(self.start)
        text = io.TextIOWrapper(self.file, self.encoding, errors="strict", newline="")
        try:
            lines = _Lines(text)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            number, begins = 0, 1
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise DocumentError(f"{_what_is_wrong(error)} (the row begins in line {begins}).") from None
                begins = reader.line_num + 1
                lines.used = 0
                number += 1
                if number == 1 and self.has_declaration:
                    continue
                yield number, [unguard(cell) for cell in cells]
        finally:
            text.detach()

    def progress(self) -> tuple[int, int]:
        """How many bytes of how many are read."""
        return min(self.file.tell(), self.size), self.size


class _Lines:
    """The lines of a text, as long as one row has not used up more of them than a row may have."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.used = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.text.readline(_LONGEST_ROW + 1)
        self.used += len(line)
        if self.used > _LONGEST_ROW:
            raise DocumentTooLarge(f"A row has more than {_LONGEST_ROW:,} characters; perhaps a quote is not closed.")
        if not line:
            raise StopIteration
        return line


def _what_is_wrong(error: csv.Error) -> str:
    told = str(error)
    if "unexpected end" in told:
        return "A quoted cell is not closed"
    if "field larger" in told:
        return f"A cell has more than {csv.field_size_limit():,} characters; perhaps a quote is not closed"
    if "expected after" in told:
        return "Text follows a closing quote; a quote inside a quoted cell is written twice"
    return f"This is no CSV: {told}"


def detect_encoding(file: BinaryIO) -> tuple[str, int]:
    """The encoding of a file and where its text begins: by its mark, else by reading it once from end to end."""
    file.seek(0)
    head = file.read(_SAMPLE)
    encoding, start = encoding_of(head, is_whole=len(head) < _SAMPLE)
    file.seek(start)
    try:
        _check(file, encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8" or start:
            raise UndecodableDocument(f"The file is not {encoding} text: {error.reason}.") from None
        # What cannot be read stands behind the head: detect by what is around it.
        file.seek(max(0, _fails_at(file) - _SAMPLE // 2))
        encoding, _ = encoding_of(b"\xff" + file.read(_SAMPLE))
        file.seek(0)
        try:
            _check(file, encoding)
        except UnicodeDecodeError as failed:
            raise UndecodableDocument(f"The file is not {encoding} text: {failed.reason}.") from None
    return encoding, start


def _check(file: BinaryIO, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    has_text = False
    while chunk := file.read(_CHUNK):
        text = decoder.decode(chunk)
        if "\x00" in text:
            raise UndecodableDocument("The file has NUL bytes and is not text.")
        has_text = has_text or bool(text.strip())
    decoder.decode(b"", final=True)
    if not has_text:
        raise UndecodableDocument("The file is empty.")


def _fails_at(file: BinaryIO) -> int:
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    read = 0
    while chunk := file.read(_CHUNK):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return read + error.start
        read += len(chunk)
    return read


def _sample(file: BinaryIO, encoding: str, start: int) -> str:
    file.seek(start)
    return codecs.getincrementaldecoder(encoding)().decode(file.read(_SAMPLE))


def sniff(sample: str, table: Table) -> tuple[str, bool]:
    """The delimiter of a text, and whether it is declared in a first line ``sep=;`` as Excel writes it.

    It is the one by which the first row has the most headings of ``table``; where that does not tell, the one by which
    the first rows have most cells.
    """
    first, _, _ = sample.partition("\n")
    declared = first.strip().strip('"')
    if declared.lower().startswith("sep=") and len(declared) == 5:
        return declared[4], True
    if first.rstrip("\r").lower() == "sep=\t":
        return "\t", True

    def fitness(delimiter: str) -> tuple[int, int, int]:
        rows = _first_rows(sample, delimiter)
        header = next((row for row in rows if any(cell.strip() for cell in row)), [])
        columns = [table.find(cell) for cell in header[:MOST_COLUMNS] if cell.strip()]
        known = {column.name for column in columns if column is not None}
        return len(known), len(header), -DELIMITERS.index(delimiter)

    return max(DELIMITERS, key=fitness), False


def _first_rows(sample: str, delimiter: str) -> list[list[str]]:
    rows = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == _ROWS_OF_SAMPLE:
                break
    except csv.Error:
        pass
    return rows


class _Line:
    """A file for the writer of the standard library that keeps one row."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text = text


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str | Decimal]]) -> Iterator[bytes]:
    """The file piece by piece: UTF-8, commas, lines ended as RFC 4180 says, no cell a formula."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(headings)
    yield line.text.encode()
    for row in rows:
        writer.writerow([guard(cell) if isinstance(cell, str) else format(cell, "f") for cell in row])
        yield line.text.encode()
