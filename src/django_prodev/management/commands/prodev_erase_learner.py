"""Erase a person from the learning data. The user account itself is the host site's to delete."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from django_prodev.api import erase_learner
from django_prodev.exceptions import ProdevError


class Command(BaseCommand):
    help = "Erase everything about a learner, or separate it from them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument(
            "--keep-statistics", action="store_true", help="Keep enrolments and progress, without the person."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would be erased, and erase nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        model = get_user_model()
        try:
            user = model._default_manager.get_by_natural_key(options["username"])
        except model.DoesNotExist:
            raise CommandError(f"There is no user {options['username']!r}.") from None
        try:
            report = erase_learner(
                user=user, actor=None, keep_statistics=options["keep_statistics"], dry_run=options["dry_run"]
            )
        except ProdevError as error:
            raise CommandError(error.message) from error
        for name, count in asdict(report).items():
            if count:
                self.stdout.write(f"{name.replace('_', ' ')}: {count}")
        self.stdout.write("Nothing was erased: this was a dry run." if options["dry_run"] else "Erased.")
