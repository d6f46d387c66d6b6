"""The app: its names, and what it hangs up when Django is ready."""

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DjangoProdevConfig(AppConfig):
    name = "django_prodev"
    label = "django_prodev"
    verbose_name = _("Program learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_prodev import checks, signal_handlers  # noqa: F401  each registers what it holds
        from django_prodev.cache import stamps, tables
        from django_prodev.reading import execution, scopes

        tables.declare(scopes.stamped_tables)
        stamps.fetch_with(execution.fetch_beside)
        post_migrate.connect(_bring_stamps_up_to_date, sender=self, dispatch_uid="django_prodev.stamps")
        post_migrate.connect(_add_search_indexes, sender=self, dispatch_uid="django_prodev.search")
        post_migrate.connect(_keep_topic_places, sender=self, dispatch_uid="django_prodev.topic_places")


def _bring_stamps_up_to_date(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Install the triggers that are missing: a migration on SQLite makes a table anew, without those it had."""
    from django_prodev.cache import installation
    from django_prodev.models.tables import has_tables

    if has_tables(using):
        installation.install(connections[using])


def _add_search_indexes(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Create the search indexes that are missing: the extension they need may have come after the tables."""
    from django_prodev.models import search
    from django_prodev.models.tables import has_tables

    if has_tables(using):
        search.install(connections[using])


def _keep_topic_places(sender: AppConfig, using: str, **kwargs: Any) -> None:
    """Install the triggers that are missing: a backup may have been restored without them."""
    from django_prodev.models import topic_places
    from django_prodev.models.tables import has_tables

    if has_tables(using):
        topic_places.install(connections[using])
