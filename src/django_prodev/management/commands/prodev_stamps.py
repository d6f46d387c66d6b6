"""``prodev_stamps``: whether the stamps of the cache are moved by every table, and mending it where they are not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections

from django_prodev.cache import installation, stamps
from django_prodev.cache.triggers import DIALECTS


class Command(BaseCommand):
    help = "Say which tables move the stamps of the cache, install what is missing, count up what is logged."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="The alias of the database.")
        parser.add_argument("--install", action="store_true", help="Install the triggers that are missing.")
        parser.add_argument("--fold", action="store_true", help="Count up what is logged; stamps keep their values.")

    def handle(self, *args: Any, database: str, install: bool, fold: bool, **options: Any) -> None:
        if database not in connections:
            raise CommandError(f"There is no database {database!r}: there are {', '.join(connections)}.")
        connection = connections[database]
        if connection.vendor not in DIALECTS:
            raise CommandError(f"Stamps are kept on {' and '.join(DIALECTS)}, not on {connection.vendor}.")
        if install:
            for table in installation.install(connection):
                self.stdout.write(f"installed  {table}")
        state = installation.inspect(connection)
        if not state.stamped:
            raise CommandError("The tables are not there: run manage.py migrate.")
        for stamped in sorted(state.stamped, key=lambda each: (each.scope, each.table)):
            wrong = stamped.table in state.missing or stamped.table in state.stale or not state.has_tables
            self.stdout.write(f"{'MISSING' if wrong else 'ok':<9}  {stamped.scope:<20} {stamped.table}")
        if not state.is_whole:
            raise CommandError("Nothing is cached while triggers are missing: run manage.py prodev_stamps --install.")
        if fold:
            folded = 0
            while some := stamps.fold_stamps(using=database):
                folded += some
            self.stdout.write(f"folded     {folded:,} writes")
