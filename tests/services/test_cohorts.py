from datetime import UTC, datetime, timedelta

import pytest

from django_prodev import api
from django_prodev.enums import CohortStatus
from django_prodev.exceptions import Conflict, Invalid, PermissionDenied, Refused
from django_prodev.models import Event
from django_prodev.testing.factories import make_program
from tests.services.refusals import refused
from tests.services.school import School

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_a_cohort_is_planned_opened_and_put_away(school: School) -> None:
    cohort = api.create_cohort(
        program=school.program,
        actor=school.editor,
        slug="spring",
        title="Spring",
        starts_at=NOON,
        ends_at=NOON + timedelta(days=90),
        capacity=30,
        timezone="Africa/Nairobi",
        curriculum=school.curriculum,
    )
    assert cohort.status == CohortStatus.DRAFT
    api.publish_cohort(cohort=cohort, actor=school.editor)
    api.archive_cohort(cohort=cohort, actor=school.owner)
    assert list(Event.objects.order_by("pk").values_list("type", flat=True)) == [
        "prodev.cohort.created.v1",
        "prodev.cohort.published.v1",
        "prodev.cohort.archived.v1",
    ]
    with refused(Refused, "transition_not_allowed"):
        api.cancel_cohort(cohort=cohort, actor=school.owner)


def test_dates_zone_and_version_are_examined_together(school: School) -> None:
    foreign = School().curriculum
    with refused(Invalid) as caught:
        api.create_cohort(
            program=school.program,
            actor=school.editor,
            slug="spring",
            title="",
            starts_at=NOON,
            ends_at=NOON - timedelta(days=1),
            enrollment_opens_at=NOON,
            enrollment_closes_at=NOON - timedelta(days=1),
            timezone="Mars/Olympus",
            mode="telepathic",
            capacity=-1,
            curriculum=foreign,
        )
    assert set(caught.value.fields) == {
        *("title", "ends_at", "enrollment_closes_at", "timezone", "mode", "capacity", "curriculum")
    }


@pytest.mark.parametrize("moment", [datetime(2027, 3, 1), "2027-03-01", 7])  # noqa: DTZ001  what is refused
def test_a_time_has_a_zone(school: School, moment: datetime) -> None:
    with refused(Invalid) as caught:
        api.edit_cohort(cohort=school.cohort, actor=school.editor, starts_at=moment)
    assert "starts_at" in caught.value.fields


def test_a_slug_is_one_cohort_s_within_its_program(school: School) -> None:
    with refused(Conflict, "already_exists"):
        api.create_cohort(program=school.program, actor=school.editor, slug=school.cohort.slug, title="Again")
    other = make_program(provider=school.provider)
    assert api.create_cohort(program=other, actor=school.editor, slug=school.cohort.slug, title="Elsewhere")


def test_mentors_do_not_edit_cohorts(school: School) -> None:
    with refused(PermissionDenied):
        api.edit_cohort(cohort=school.cohort, actor=school.mentor, title="Mine")
