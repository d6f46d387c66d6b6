"""Write a table as CSV or XLSX, with the columns that ``prodev_import_table`` reads back."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from django_prodev.api import TABLE_FORMATS, TABLES, example_table, export_table, table_named
from django_prodev.exceptions import ProdevError
from django_prodev.management.files import replacing
from django_prodev.management.users import user_named


class Command(BaseCommand):
    help = "Export enrolments, progress or topics as CSV or XLSX. No cell is a formula to a spreadsheet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", metavar="TABLE", help=f"{', '.join(TABLES)}.")
        parser.add_argument("--program", default="", metavar="SLUG", help="Only of this program (not for topics).")
        parser.add_argument("--provider", default="", metavar="SLUG", help="Only of this provider (not for topics).")
        parser.add_argument("--actor", default="", metavar="USERNAME", help="Only what they may see. Without it, all.")
        parser.add_argument("--example", action="store_true", help="The headings and one row, to be filled in.")
        parser.add_argument("--format", default="", metavar="FORMAT", help=f"{', '.join(TABLE_FORMATS)}.")
        parser.add_argument("--output", default="", metavar="FILE", help="The file to write. Without it, stdout.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.write(self.pieces(options), options["output"])
        except ProdevError as error:
            raise CommandError(" ".join(str(error).split())) from error

    def pieces(self, options: dict[str, Any]) -> Iterator[bytes]:
        table = table_named(options["table"])
        ending = Path(options["output"]).suffix.lower().lstrip(".")
        chosen = options["format"] or (ending if ending in TABLE_FORMATS else "csv")
        if options["example"]:
            return example_table(table, format=chosen)
        rows = table.model._default_manager.all()
        for option, path in (("program", "slug"), ("provider", "provider__slug")):
            if options[option] and not table.program:
                raise CommandError(f"--{option}: {table.name} belong to no {option}.")
            if options[option]:
                rows = rows.filter(**{f"{table.program}__{path}": options[option]})
        return export_table(table, actor=user_named("--actor", options["actor"]), format=chosen, rows=rows)

    def write(self, pieces: Iterator[bytes], path: str) -> None:
        if not path:
            # Bytes, where the stream takes them: an XLSX is no text, and the lines of CSV have ends of their own.
            stream = getattr(self.stdout._out, "buffer", None)
            if stream is None:
                self.stdout.write(b"".join(pieces).decode(), ending="")
                return
            self.stdout.flush()
            stream.writelines(pieces)
            stream.flush()
            return
        try:
            with replacing(Path(path)) as file:
                file.writelines(pieces)
        except OSError as error:
            raise CommandError(f"{path}: the file cannot be written ({error.strerror}).") from error
