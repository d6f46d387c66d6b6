"""Indexes for every list, filter and order; columns that one of several begins with need none of their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("django_prodev", "0002_stamps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="enrollment",
            name="cohort",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enrollments",
                to="django_prodev.cohort",
                verbose_name="cohort",
            ),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="program",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enrollments",
                to="django_prodev.program",
                verbose_name="program",
            ),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="user",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="prodev_enrollments",
                to=settings.AUTH_USER_MODEL,
                verbose_name="learner",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="author",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="prodev_entries",
                to=settings.AUTH_USER_MODEL,
                verbose_name="author",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="program",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="django_prodev.program",
                verbose_name="program",
            ),
        ),
        migrations.AlterField(
            model_name="entry",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="entries",
                to="django_prodev.unit",
                verbose_name="unit",
            ),
        ),
        migrations.AlterField(
            model_name="progress",
            name="enrollment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="progress",
                to="django_prodev.enrollment",
                verbose_name="enrolment",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="program",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="projects",
                to="django_prodev.program",
                verbose_name="program",
            ),
        ),
        migrations.AddIndex(
            model_name="cohort",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_cohort_newest"),
        ),
        migrations.AddIndex(
            model_name="cohort",
            index=models.Index(fields=["title", "uuid"], name="prodev_cohort_title"),
        ),
        migrations.AddIndex(
            model_name="curriculum",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_curriculum_newest"),
        ),
        migrations.AddIndex(
            model_name="curriculum",
            index=models.Index(fields=["version", "uuid"], name="prodev_curriculum_by_version"),
        ),
        migrations.AddIndex(
            model_name="curriculumitem",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_item_newest"),
        ),
        migrations.AddIndex(
            model_name="curriculumitem",
            index=models.Index(fields=["position", "uuid"], name="prodev_item_position"),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_enrollment_newest"),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(fields=["status", "-created_at", "-uuid"], name="prodev_enrollment_by_status"),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(fields=["program", "-created_at", "-uuid"], name="prodev_enrollment_of_program"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["unit", "-created_at", "-uuid"], name="prodev_entry_unit"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("status", "published"), ("visibility", "public")),
                fields=["-created_at", "-uuid"],
                name="prodev_entry_public",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_membership_newest"),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_progress_newest"),
        ),
        migrations.AddIndex(
            model_name="progress",
            index=models.Index(fields=["status", "-created_at", "-uuid"], name="prodev_progress_by_status"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["title", "uuid"], name="prodev_project_title"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ("submitted", "changes_requested", "approved")), ("visibility", "public")
                ),
                fields=["-created_at", "-uuid"],
                name="prodev_project_public",
            ),
        ),
        migrations.AddIndex(
            model_name="provider",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_provider_newest"),
        ),
        migrations.AddIndex(
            model_name="topic",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_topic_newest"),
        ),
        migrations.AddIndex(
            model_name="unit",
            index=models.Index(fields=["-created_at", "-uuid"], name="prodev_unit_newest"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["status", "-created_at", "-uuid"], name="prodev_project_by_status"),
        ),
        # The tables between have no model to declare an index on: a topic's entries and projects without reading them.
        *(
            migrations.RunSQL(
                f"CREATE INDEX prodev_{name}_topics_by_topic ON django_prodev_{name}_topics (topic_id, {name}_id)",
                f"DROP INDEX prodev_{name}_topics_by_topic",
            )
            for name in ("entry", "project")
        ),
    ]
