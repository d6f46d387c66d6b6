"""Print the GraphQL schema in its own language (SDL), or check that a file holds it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Print the GraphQL schema (SDL)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--schema",
            default="django_prodev.graphql.schema.schema",
            metavar="DOTTED.PATH",
            help="The schema: this package's, or one of the site that inherits its queries.",
        )
        parser.add_argument(
            "--check", default="", metavar="FILE", help="Print nothing; fail where FILE is not the schema."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text = f"{_schema(options['schema'])}\n"
        if not options["check"]:
            self.stdout.write(text, ending="")
            return
        path = Path(options["check"])
        try:
            current = path.read_text(encoding="utf-8") == text
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{path}: the file cannot be read ({error.__class__.__name__}).") from error
        if not current:
            raise CommandError(f"{path} is not the schema: write it anew with prodev_graphql_schema > {path}")


def _schema(name: str) -> Any:
    try:
        return import_string(name)
    except ImportError as error:
        raise CommandError(f"--schema: {name} cannot be imported ({error}).") from error
