"""The tables of stamps, and the triggers that move them. ``migrate`` brings them up to date whenever it has run."""

from django.conf import settings
from django.db import migrations

from django_prodev.cache import installation


def install(apps, schema_editor):
    installation.install(schema_editor.connection)


def remove(apps, schema_editor):
    installation.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("django_prodev", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [migrations.RunPython(install, remove, elidable=False)]
