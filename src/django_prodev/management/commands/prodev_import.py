"""Read overviews and curricula from files: print what would change, then change it."""

from argparse import ArgumentParser
from typing import Any

import orjson
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from django_prodev.api import (
    ImportPlan,
    ImportRequest,
    import_formats,
    plan_as_json,
    plan_as_lines,
    plan_import,
    read_file,
    run_import,
)
from django_prodev.enums import ProgramStatus, Visibility
from django_prodev.exceptions import ProdevError
from django_prodev.management.progress import ProgressBar


class Command(BaseCommand):
    help = (
        "Import learning programs from Markdown overviews and from curricula in JSON or YAML. All files of one call "
        "are one transaction, and importing them again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="Markdown, JSON or YAML.")
        parser.add_argument("--program", default="", metavar="SLUG", help="The program. Without it, each title's own.")
        parser.add_argument("--provider", default="", metavar="SLUG", help="Who offers it, where several do.")
        parser.add_argument("--learner", default="", metavar="USERNAME", help="Whose record the documents are.")
        parser.add_argument("--dry-run", action="store_true", help="Print the plan and write nothing.")
        parser.add_argument("--format", default="auto", metavar="FORMAT", help=f"auto, {', '.join(import_formats())}.")
        parser.add_argument("--output", default="text", choices=["text", "json"], help="How the plan is printed.")
        parser.add_argument("--publish", action="store_true", help="Publish the program and its curriculum.")
        parser.add_argument(
            "--visibility", default="", choices=["", *Visibility.values], help="Who may see the entries and projects."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.run_with(options)
        except ProdevError as error:
            raise CommandError(" ".join(str(error).split())) from error

    def run_with(self, options: dict[str, Any]) -> None:
        if options["format"] not in {"auto", *import_formats()}:
            raise CommandError(
                f"--format: {options['format']!r} is not a format; it takes auto, {', '.join(import_formats())}."
            )
        request = ImportRequest(
            documents=tuple(read_file(path, format=options["format"]) for path in dict.fromkeys(options["files"])),
            program=options["program"],
            provider=options["provider"],
            learner=_learner(options["learner"]),
            publish=options["publish"],
            visibility=Visibility(options["visibility"]) if options["visibility"] else None,
        )
        if options["dry_run"]:
            self.show(plan_import(request), options)
            return
        as_json = options["output"] == "json"
        plan = run_import(
            request,
            on_plan=None if as_json else lambda plan: self.show(plan, options),
            on_progress=ProgressBar(self.stderr, "Writing"),
        )
        if as_json:
            self.show(plan, options)
        else:
            self.conclude(plan)

    def show(self, plan: ImportPlan, options: dict[str, Any]) -> None:
        if options["output"] == "json":
            value = plan_as_json(plan, dry_run=options["dry_run"])
            self.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
            return
        for line in plan_as_lines(plan):
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")

    def conclude(self, plan: ImportPlan) -> None:
        if not len(plan.changes):
            self.stdout.write("Nothing to change.")
        for program in plan.programs:
            if program.status == ProgramStatus.PUBLISHED:
                self.stdout.write(f"The program {program.slug} is published.")
            else:
                hint = "; --publish publishes it" if program.status == ProgramStatus.DRAFT else ""
                self.stdout.write(f"The program {program.slug} is {program.status}{hint}.")


def _learner(username: str) -> Any:
    if not username:
        return None
    model = get_user_model()
    try:
        return model._default_manager.get_by_natural_key(username)
    except model.DoesNotExist:
        raise CommandError(f"--learner: there is no user {username!r}.") from None
