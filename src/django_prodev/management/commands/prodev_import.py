"""Read overviews and curricula from files: print what would change, ask where asked to, then change it."""

import sys
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from django_prodev.api import (
    ImportPlan,
    ImportRequest,
    import_formats,
    plan_as_json,
    plan_as_lines,
    plan_digest,
    plan_import,
    read_decision_file,
    read_file,
    run_import,
    with_decisions,
    write_decisions,
)
from django_prodev.enums import ProgramStatus, Visibility
from django_prodev.exceptions import ProdevError
from django_prodev.management.progress import ProgressBar
from django_prodev.management.review import Quit, Review, Scope
from django_prodev.management.users import user_named

_NOTHING = "Nothing was written."
_MUCH_TO_READ = 20_000
"""Lines, each counted once for every step of its reading: what has fewer is read before a bar could be seen."""


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
        parser.add_argument("--accept-proposals", action="store_true", help="Also write what no reader is sure of.")
        parser.add_argument("--interactive", action="store_true", help="Ask in the terminal about what is not sure.")
        parser.add_argument(
            "--review",
            default=Scope.DOUBTFUL.value,
            choices=[scope.value for scope in Scope],
            help="What --interactive asks about: proposals, all that is doubtful (the default), or every record.",
        )
        parser.add_argument("--decisions", default="", metavar="FILE", help="Apply the decisions of an earlier review.")
        parser.add_argument("--save-decisions", default="", metavar="FILE", help="Keep the decisions of the review.")

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
        if options["interactive"]:
            _check_terminal(options)
        request = _request(options, ProgressBar(self.stderr, "Reading"))
        if options["interactive"]:
            try:
                self.interactive(request, options)
            except (Quit, EOFError, KeyboardInterrupt):
                self.stdout.write("")
                raise CommandError(_NOTHING) from None
            return
        self.save_decisions(request, options)
        if options["dry_run"]:
            self.show(plan_import(request), options)
            return
        as_json = options["output"] == "json"
        plan = self.write(request, None if as_json else lambda plan: self.show(plan, options))
        if as_json:
            self.show(plan, options)
        else:
            self.conclude(plan)

    # Asking

    def interactive(self, request: ImportRequest, options: dict[str, Any]) -> None:
        """Ask about the records, show what would be written, ask once more, and write exactly that."""
        plan_import(request)  # what is wrong with the files is said before any question is asked
        review = Review(input, self.stdout.write, Scope(options["review"]))
        request = replace(request, documents=review.run(request.documents))
        shown = plan_import(request)
        self.show(shown, options)
        if options["dry_run"]:
            self.save_decisions(request, options)
        else:
            self.confirm(request, shown, options)

    def confirm(self, request: ImportRequest, shown: ImportPlan, options: dict[str, Any]) -> None:
        while True:
            answer = input("Write this? [y/N] ").strip().lower()
            if answer not in {"y", "yes"}:
                raise Quit
            self.save_decisions(request, options)
            digest = plan_digest(shown)
            try:
                plan = self.write(request, lambda plan, digest=digest: _check_unchanged(plan, digest))
            except _OtherPlanError as other:
                self.stdout.write("The data was changed meanwhile. This is what would be written now:")
                shown = other.plan
                self.show(shown, options)
                continue
            self.conclude(plan)
            return

    def save_decisions(self, request: ImportRequest, options: dict[str, Any]) -> None:
        if not options["save_decisions"]:
            return
        path = Path(options["save_decisions"])
        try:
            path.write_text(write_decisions(request.documents), encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(f"--save-decisions: {path} cannot be written ({error}).") from error

    # Writing

    def write(self, request: ImportRequest, on_plan: Any) -> ImportPlan:
        return run_import(request, on_plan=on_plan, on_progress=ProgressBar(self.stderr, "Writing"))

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


class _OtherPlanError(Exception):
    """What would be written is not what was shown."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__()
        self.plan = plan


def _check_unchanged(plan: ImportPlan, digest: str) -> None:
    if plan_digest(plan) != digest:
        raise _OtherPlanError(plan)


def _check_terminal(options: dict[str, Any]) -> None:
    if options["output"] == "json":
        raise CommandError("--interactive: questions and JSON cannot share the output; use --decisions for JSON.")
    if not sys.stdin.isatty():
        raise CommandError(
            "--interactive asks in a terminal, and standard input is not one; "
            "use --decisions with a saved review, or --accept-proposals."
        )


def _request(options: dict[str, Any], bar: ProgressBar) -> ImportRequest:
    def on_progress(done: int, total: int) -> None:
        if total > _MUCH_TO_READ:
            bar(done, total)

    for path in options["files"]:
        if path.lower().endswith((".csv", ".tsv", ".xlsx")):
            raise CommandError(f"{path}: tables are imported by prodev_import_table.")
    documents = tuple(
        read_file(path, format=options["format"], on_progress=on_progress) for path in dict.fromkeys(options["files"])
    )
    if options["decisions"]:
        documents = with_decisions(documents, read_decision_file(options["decisions"]))
    return ImportRequest(
        documents=documents,
        program=options["program"],
        provider=options["provider"],
        learner=user_named("--learner", options["learner"]),
        publish=options["publish"],
        visibility=Visibility(options["visibility"]) if options["visibility"] else None,
        accept_proposals=options["accept_proposals"],
    )
