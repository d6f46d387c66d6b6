"""What is exported is imported again without a change, and brings back what was deleted, byte for byte."""

from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from django_prodev.enums import EnrollmentStatus
from django_prodev.models import Enrollment, Progress, Topic
from django_prodev.testing.factories import make_enrollment, make_progress, make_topic, make_user
from tests.documents.tabling import actions, exported, imported, troubles
from tests.services.school import School

FORMATS = pytest.mark.parametrize("format", ["csv", "xlsx"])


def full_school() -> School:
    school = School(capacity=5)
    for name in ("=1+1", "+49", "-x", "@ada"):
        make_enrollment(cohort=school.cohort, user=make_user(name), due_at=timezone.now())
    make_enrollment(cohort=school.cohort, user=make_user("last"), status=EnrollmentStatus.WAITLISTED)
    make_enrollment(cohort=school.cohort, email="new@example.org", status=EnrollmentStatus.INVITED)
    units = school.all_units
    make_progress(enrollment=school.enrollment, unit=units[0], status="completed", score=Decimal("0.8333"))
    make_progress(enrollment=school.enrollment, unit=units[1], status="waived")
    make_progress(enrollment=school.enrollment, unit=units[2])
    parent = make_topic(kind="technology", slug="python", name="=Python()", aliases=["a;b", "c\\d", "-e"])
    make_topic(kind="concept", slug="orm", name="ORM", description="x\n- y;=z\n\t@q", parent=parent)
    return school


@pytest.mark.django_db
@FORMATS
@pytest.mark.parametrize("table", ["enrollments", "progress", "topics"])
def test_what_was_exported_changes_nothing(table: str, format: str) -> None:
    school = full_school()
    data = exported(table, format=format)
    report = imported(table, data, actor=school.owner)
    assert set(actions(report).values()) == {"unchanged"}, troubles(report)
    assert exported(table, format=format) == data


@pytest.mark.django_db
@FORMATS
def test_an_export_brings_back_what_was_deleted(format: str) -> None:
    full_school()
    before = {table: exported(table, format=format) for table in ("enrollments", "progress", "topics")}
    Progress.objects.all().delete()
    Enrollment.objects.all().delete()
    Topic.objects.all().delete()
    Enrollment.objects.update()
    for table, data in before.items():
        report = imported(table, data)
        assert report.is_written, (table, troubles(report))
    for table, data in before.items():
        assert exported(table, format=format) == data, table


class TestTopics(TestCase):
    """Whatever a topic's texts are."""

    @settings(max_examples=40)
    @given(
        name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip),
        description=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60),
        aliases=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12), max_size=3),
    )
    def test_texts_come_back_from_both_formats(self, name: str, description: str, aliases: list[str]) -> None:
        topic = make_topic(kind="concept", slug="one", name=name, description=description, aliases=aliases)
        for kind in ("csv", "xlsx"):
            data = exported("topics", format=kind)
            report = imported("topics", data)
            assert set(actions(report).values()) == {"unchanged"}, (kind, report)
            Topic.objects.all().delete()
            imported("topics", data)
            made = Topic.objects.get()
            assert made.name == name.strip()
            assert exported("topics", format=kind) == data
            Topic.objects.all().delete()
            topic.pk = None
            topic.save(force_insert=True)
