"""Write a program, or a learner's record of it, as a document that ``prodev_import`` reads back, or as JSON-LD."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from django_prodev.api import EXPORT_FORMATS, export_program
from django_prodev.exceptions import ProdevError
from django_prodev.management.files import replacing
from django_prodev.management.users import user_named
from django_prodev.models import Program


class Command(BaseCommand):
    help = "Export a program, or one learner's record of it, as Markdown, JSON or YAML, or a program as JSON-LD."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("program", metavar="PROGRAM_SLUG")
        parser.add_argument("--provider", default="", metavar="SLUG", help="Who offers it, where several do.")
        parser.add_argument("--learner", default="", metavar="USERNAME", help="Whose entries and projects.")
        parser.add_argument("--format", default="markdown", metavar="FORMAT", help=f"{', '.join(EXPORT_FORMATS)}.")
        parser.add_argument("--output", default="", metavar="FILE", help="The file to write. Without it, stdout.")

    def handle(self, *args: Any, **options: Any) -> None:
        program = _program(options["program"], options["provider"])
        try:
            text = export_program(
                program, format=options["format"], learner=user_named("--learner", options["learner"])
            )
        except ProdevError as error:
            raise CommandError(" ".join(str(error).split())) from error
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            with replacing(Path(options["output"])) as file:
                file.write(text.encode())
        except OSError as error:
            raise CommandError(f"{options['output']}: the file cannot be written ({error.strerror}).") from error


def _program(slug: str, provider: str) -> Program:
    found = Program.objects.filter(slug=slug).select_related("provider").order_by("provider__slug")
    programs = list(found.filter(provider__slug=provider) if provider else found)
    if not programs:
        of = f" of the provider {provider!r}" if provider else ""
        raise CommandError(f"There is no program {slug!r}{of}.")
    if len(programs) > 1:
        names = ", ".join(program.provider.slug for program in programs)
        raise CommandError(f"Several providers have a program {slug!r}; name one (--provider): {names}.")
    return programs[0]
