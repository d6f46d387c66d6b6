"""Give a person everything that is stored about them, as JSON or as a portfolio in Markdown."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from django_prodev.api import export_learner, portfolio


class Command(BaseCommand):
    help = "Export everything about a learner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument("--format", choices=("json", "markdown"), default="json")
        parser.add_argument("--output", default="", metavar="FILE", help="The file to write. Without it, stdout.")

    def handle(self, *args: Any, **options: Any) -> None:
        model = get_user_model()
        try:
            user = model._default_manager.get_by_natural_key(options["username"])
        except model.DoesNotExist:
            raise CommandError(f"There is no user {options['username']!r}.") from None
        exported = export_learner(user=user, actor=None)
        as_json = options["format"] == "json"
        text = json.dumps(exported, ensure_ascii=False, indent=2) + "\n" if as_json else portfolio(exported)
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["output"]).write_text(text, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{options['output']}: the file cannot be written ({error.strerror}).") from error
