"""Commands that print a page of the documentation, and hold a file against it. What a page says comes in elsewhere."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class PageCommand(BaseCommand):
    """Prints ``page()``. With ``--check FILE`` it says whether the file is that page, and exits with 1 if it is not."""

    requires_system_checks: list[str] = []

    def page(self) -> str:
        """The page's text, which each command makes of something else."""
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", default="", metavar="FILE", help="Exit with 1 unless this file is the page.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(self.page(), ending="")
            return
        path = Path(options["check"])
        command = type(self).__module__.rpartition(".")[2]
        try:
            present = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path} cannot be read ({error}).") from error
        if present != self.page():
            raise CommandError(f"{path} is not current. Write it with: manage.py {command} > {path}")
        self.stdout.write(f"{path} is current.")
