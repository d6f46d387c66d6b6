"""The places of entries and projects in the lists of their topics, on PostgreSQL. Their index stands for the one before."""

from django.db import migrations

from django_prodev.models import topic_places


def install(apps, schema_editor):
    topic_places.install(schema_editor.connection)
    if schema_editor.connection.vendor == "postgresql":
        for name in topic_places.TAGGED:
            schema_editor.execute(f"DROP INDEX IF EXISTS prodev_{name}_topics_by_topic")


def remove(apps, schema_editor):
    topic_places.remove(schema_editor.connection)
    if schema_editor.connection.vendor == "postgresql":
        for name in topic_places.TAGGED:
            schema_editor.execute(
                f"CREATE INDEX prodev_{name}_topics_by_topic ON django_prodev_{name}_topics (topic_id, {name}_id)"
            )


class Migration(migrations.Migration):
    dependencies = [("django_prodev", "0003_indexes")]

    operations = [migrations.RunPython(install, remove, elidable=False)]
