"""The app: its names, and what it hangs up when Django is ready."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DjangoProdevConfig(AppConfig):
    name = "django_prodev"
    label = "django_prodev"
    verbose_name = _("Program learning")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_prodev import checks, signal_handlers  # noqa: F401  each registers what it holds
