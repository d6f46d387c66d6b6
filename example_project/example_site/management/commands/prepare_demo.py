"""Fills an empty site with the documents that stand beside it and with a few people. A filled site is left alone."""

from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.management import BaseCommand, CommandError, call_command
from django.db import transaction

from django_prodev import api
from django_prodev.models import Program

DOCUMENTS = Path(settings.BASE_DIR) / "documents"
PROGRAM = "backend-engineering-program"


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Migrate; then, where there is no program yet, import the documents and make the demo's people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--person",
            action="append",
            default=[],
            metavar="NAME:PASSWORD",
            help="A person to make. The first administers the site, the others learn.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo's passwords are published. It runs only with DEBUG on.")
        call_command("migrate", verbosity=0)
        database = settings.DATABASES["default"]
        self.stdout.write(f"Database: {database['ENGINE'].rpartition('.')[2]} {database['NAME']}")
        if Program.objects.exists():
            self.stdout.write("The site has programs: nothing is imported again.")
            return
        with transaction.atomic():
            self._fill(options["person"])

    def _fill(self, people: list[str]) -> None:
        admin, *learners = [self._make_person(*person.split(":", 1)) for person in people]
        admin.is_staff = admin.is_superuser = True
        admin.save()
        self._import("curriculum.yaml", "overview.md", publish=True)
        program = Program.objects.get(slug=PROGRAM)
        for learner in learners:
            api.enroll(program=program, user=learner, actor=admin)
        self._import("journal.md", learner=learners[0].get_username(), visibility="public")

    def _import(self, *names: str, **options: Any) -> None:
        files = [str(DOCUMENTS / name) for name in names]
        call_command("prodev_import", *files, program=PROGRAM, stdout=StringIO(), **options)
        self.stdout.write(f"Imported {' and '.join(names)}")

    def _make_person(self, name: str, password: str) -> AbstractUser:
        return get_user_model().objects.create_user(name, password=password, first_name=name.title())
