"""Read a table from CSV or XLSX: say what becomes of each row, and write all of them or none."""

import os
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import IO, Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from django_prodev.api import (
    TABLE_FORMATS,
    TABLES,
    TableReport,
    TableRequest,
    plan_table,
    report_as_json,
    run_table,
    table_named,
    verdict_as_json,
    verdict_as_line,
)
from django_prodev.exceptions import ProdevError
from django_prodev.management.progress import ProgressBar
from django_prodev.management.users import user_named

_MOST_LINES = 20


class Command(BaseCommand):
    help = (
        "Import enrolments, progress or topics from a CSV or XLSX file, in one transaction. Where a row is bad nothing "
        "is written, unless --good-rows-only. Importing the same file again changes nothing."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        lines = ["Tables and their columns (* is required):"]
        for table in TABLES.values():
            names = (f"{column.name}{'*' if column.is_required else ''}" for column in table.columns)
            lines += [f"  {table.name}: {', '.join(names)}"]
        kwargs |= {"epilog": "\n".join(lines), "formatter_class": RawDescriptionHelpFormatter}
        return super().create_parser(prog_name, subcommand, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", metavar="TABLE", help=f"{', '.join(TABLES)}.")
        parser.add_argument("file", metavar="FILE", help="CSV or XLSX.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would become of the rows, write nothing.")
        parser.add_argument(
            "--good-rows-only", action="store_true", help="Write the good rows, leave the bad ones out."
        )
        parser.add_argument("--actor", default="", metavar="USERNAME", help="Whose permissions hold. Without it, all.")
        parser.add_argument("--format", default="auto", metavar="FORMAT", help=f"auto, {', '.join(TABLE_FORMATS)}.")
        parser.add_argument(
            "--sheet", default="", metavar="NAME", help="The sheet of a workbook. Without it, the first."
        )
        parser.add_argument("--output", default="text", choices=["text", "json"], help="How the result is printed.")
        parser.add_argument("--report", default="", metavar="FILE", help="Every row's result, as lines of JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self.run_with(options)
        except ProdevError as error:
            raise CommandError(" ".join(str(error).split())) from error
        if options["output"] == "json":
            self.stdout.write(orjson.dumps(report_as_json(report), option=orjson.OPT_INDENT_2).decode())
        else:
            self.show(report)
        if report.has_errors and not (report.is_written or report.is_preview):
            raise CommandError("Nothing was written, because some rows are bad. --good-rows-only writes the others.")

    def run_with(self, options: dict[str, Any]) -> TableReport:
        table = table_named(options["table"])
        actor = user_named("--actor", options["actor"])
        run = plan_table if options["dry_run"] else run_table
        with _ReportFile(options["report"]) as lines:
            return run(
                TableRequest(
                    table=table,
                    path=Path(options["file"]),
                    name=options["file"],
                    actor=actor,
                    format=options["format"],
                    sheet=options["sheet"],
                    good_rows_only=options["good_rows_only"],
                    on_start=lines.restart,
                    on_verdicts=lines.write,
                    on_progress=ProgressBar(self.stderr, "Reading" if options["dry_run"] else "Importing"),
                )
            )

    def show(self, report: TableReport) -> None:
        for note in report.notes:
            self.stdout.write(note)
        for verdict in report.rows[:_MOST_LINES]:
            self.stdout.write(verdict_as_line(verdict))
        counts = report_as_json(report)["counts"]
        bad = counts["error"]
        if sum(counts.values()) - bad > _MOST_LINES:
            self.stdout.write("…")
        for verdict in report.errors:
            self.stdout.write(self.style.ERROR(verdict_as_line(verdict)))
        if bad > len(report.errors):
            self.stdout.write(f"… and {bad - len(report.errors):,} more bad rows; --report has all of them.")
        self.stdout.write(", ".join(f"{count:,} {action}" for action, count in counts.items()))
        if report.is_preview:
            self.stdout.write("Dry run: nothing was written.")
        elif report.is_written and not report.changes:
            self.stdout.write("Nothing to change.")


class _ReportFile:
    """The full report: a line of JSON for each row. Without a path nothing is kept."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.file: IO[bytes] | None = None

    def __enter__(self) -> "_ReportFile":
        if self.path:
            try:
                # Errors may quote what a file says of people, so the report is its owner's.
                self.file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
            except OSError as error:
                raise CommandError(f"{self.path}: the file cannot be written ({error.strerror}).") from error
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()

    def restart(self) -> None:
        if self.file is not None:
            self.file.seek(0)
            self.file.truncate()

    def write(self, verdicts: list[Any]) -> None:
        if self.file is not None:
            self.file.writelines(orjson.dumps(verdict_as_json(one)) + b"\n" for one in verdicts)
