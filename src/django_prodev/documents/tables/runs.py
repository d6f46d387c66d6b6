"""An import of a table: a preview of it, and the thing itself. They are one code, told whether to hold and to write.

Memory is that of one batch, whatever the size of the file: its rows are read, judged, written and forgotten.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django_prodev.conf import prodev_settings
from django_prodev.documents.tables.report import TableReport
from django_prodev.documents.tables.sources import RowSource, open_source
from django_prodev.documents.tables.table import Header, Table, read_header
from django_prodev.exceptions import Busy, Conflict, DocumentError, DocumentTooLarge
from django_prodev.services.actors import Actor
from django_prodev.services.row_batches import Row, RowAction, RowService, Verdict
from django_prodev.services.transactions import service

BATCH = 1_000
"""Rows that are judged and written together: so many statements for so many rows."""

_ATTEMPTS = 3
_MOST_BLANK = 100_000
"""How many rows may be empty."""


def _silent(*_: object) -> None:
    return


@dataclass(frozen=True, slots=True)
class TableRequest:
    """What is imported, by whom (``None`` is the system), and whether bad rows keep the good ones out.

    ``name`` is what the file is called in errors. ``is_uploaded`` says that somebody waits for a page, so that
    ``TABLE_UPLOAD_MAX_ROWS`` holds. ``on_verdicts`` is given the verdicts on all rows, a batch at a time;
    ``on_start`` is called before the first of them, and again where somebody else was first and it all begins anew.
    ``on_progress`` is told how much of how much is read.
    """

    table: Table
    path: Path
    name: str
    actor: Actor
    format: str = "auto"
    sheet: str = ""
    good_rows_only: bool = False
    is_uploaded: bool = False
    on_start: Callable[[], object] = _silent
    on_verdicts: Callable[[list[Verdict]], object] = _silent
    on_progress: Callable[[int, int], object] = _silent


class _Undone(Exception):
    """Leaves the transaction without a trace."""


def plan_table(request: TableRequest) -> TableReport:
    """What ``run_table`` would do at this moment, with nothing written and nobody kept waiting.

    Raises ``DocumentError``, or one of its kinds, where the file cannot be read as this table.
    """
    return _named(request, lambda: _go_through(request, is_preview=True))


def run_table(request: TableRequest) -> TableReport:
    """Import a table in one transaction.

    Where any row is bad, nothing is written, unless ``good_rows_only``: then the others are. Importing the same file
    again writes nothing.

    Raises ``DocumentError``; and ``Conflict`` or ``Busy`` where others keep writing the same rows.
    """
    return _named(request, lambda: _run(request))


def _run(request: TableRequest) -> TableReport:
    for attempt in range(1, _ATTEMPTS + 1):
        report: list[TableReport] = []
        try:
            _run_once(request, report)
        except _Undone:
            pass
        except (Conflict, Busy):
            # Somebody else wrote the same rows at this moment. What they wrote is there when it is all read again.
            if attempt == _ATTEMPTS:
                raise
            continue
        return report[-1]
    raise AssertionError


@service
def _run_once(request: TableRequest, reports: list[TableReport]) -> None:
    report = _go_through(request, is_preview=False)
    reports.append(report)
    if report.has_errors and not request.good_rows_only:
        raise _Undone
    report.is_written = True


def _named(request: TableRequest, run: Callable[[], TableReport]) -> TableReport:
    try:
        return run()
    except DocumentError as error:
        error.args = (f"{request.name}: {error}", *error.args[1:])
        error.message = str(error)
        raise


def _go_through(request: TableRequest, *, is_preview: bool) -> TableReport:
    report = TableReport(request.table.name, request.name, is_preview)
    request.on_start()
    judge: RowService = request.table.service(actor=request.actor, holds=not is_preview)

    # Only of rows that are not answered yet, because they wait for later ones.
    names: dict[int, str] = {}

    def answer(given: list[Verdict]) -> None:
        verdicts = [replace(one, about=one.about or names.pop(one.number, "")) for one in given]
        verdicts.sort(key=lambda verdict: verdict.number)
        report.add(verdicts)
        if not is_preview and (request.good_rows_only or not report.has_errors):
            judge.write()
        request.on_verdicts(verdicts)

    with open_source(request.path, request.table, format=request.format, sheet=request.sheet) as source:
        for rows, bad in _batches(source, request, report.notes):
            names.update((row.number, request.table.call(row)) for row in rows)
            answer([*bad, *judge.judge(rows)])
            request.on_progress(*source.progress())
    answer(judge.finish())
    request.on_progress(1, 1)
    return report


def _batches(source: RowSource, request: TableRequest, notes: list[str]) -> Iterator[tuple[list[Row], list[Verdict]]]:
    """The rows of a file in batches, with the verdicts on those whose cells cannot be read."""
    table, most = request.table, prodev_settings.TABLE_MAX_ROWS
    hint = ""
    if request.is_uploaded and most > prodev_settings.TABLE_UPLOAD_MAX_ROWS:
        most, hint = prodev_settings.TABLE_UPLOAD_MAX_ROWS, f" here; prodev_import_table reads {most:,}"
    header: Header | None = None
    rows: list[Row] = []
    bad: list[Verdict] = []
    count = 0
    for number, cells in source.rows():
        if number > most + _MOST_BLANK:
            raise DocumentTooLarge(
                f"The table has more than the {most:,} rows that are read{hint}, most of them empty."
            )
        if header is None:
            if any(cell not in {None, ""} and str(cell).strip() for cell in cells):
                header = read_header(table, number, cells)
                notes += header.notes
            continue
        row, troubles = header.row(number, cells)
        if row is None:
            continue
        count += 1
        if count > most:
            raise DocumentTooLarge(f"The table has more than the {most:,} rows that are read{hint}.")
        if troubles:
            bad.append(Verdict(number, RowAction.ERROR, troubles=troubles, about=table.call(row)))
        else:
            rows.append(row)
        if len(rows) + len(bad) == BATCH:
            yield rows, bad
            rows, bad = [], []
    if header is None:
        raise DocumentError(f"There is no header row. The table {table.name} has the columns {_listed(table.names)}.")
    if rows or bad:
        yield rows, bad


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
