"""Actions on a row's own page, and what the page that asks works out before it is confirmed."""

import re
from typing import Any

import pytest
from django.test import Client

from django_prodev.enums import CohortStatus, CurriculumStatus, EnrollmentStatus, ProjectStatus
from django_prodev.models import Curriculum, Enrollment, Event
from django_prodev.testing import (
    make_cohort,
    make_curriculum,
    make_enrollment,
    make_item,
    make_program,
    make_progress,
    make_project,
    make_published_program,
    make_user,
)
from tests.admin.pages import address, client_of, make_staff, superuser_client, told

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]


@pytest.fixture
def client() -> Client:
    return superuser_client()


def links(client: Client, row: Any) -> list[str]:
    page = client.get(address(type(row), "change", row.pk)).content.decode()
    return re.findall(r'href="[^"]*/act/([a-z_]+)/"', page)


def confirm(client: Client, row: Any, action: str, page: Any) -> Any:
    given = {"confirmed": "yes", "seal": page.context["seal"]}
    return client.post(address(type(row), "act", row.pk, action), given, follow=True)


def five_units_and_a_draft_with_more() -> tuple[Curriculum, list[Enrollment]]:
    """Three people who did four of five units, and one who did none; the draft asks for a sixth unit of more weight."""
    program = make_published_program(units=5)
    units = [item.unit for item in program.curricula.get().items.order_by("position")]
    people = [make_enrollment(program=program) for _ in range(4)]
    for enrollment in people[:3]:
        for unit in units[:4]:
            make_progress(enrollment=enrollment, unit=unit, status="completed")
    make_enrollment(program=program, curriculum=program.curricula.get())
    draft = make_curriculum(program=program, version=2)
    for unit in units:
        make_item(curriculum=draft, unit=unit)
    make_item(curriculum=draft)
    return draft, people


def test_publishing_a_curriculum_is_shown_before_it_is_done(client: Client) -> None:
    draft, _ = five_units_and_a_draft_with_more()
    assert "publish_curricula" in links(client, draft)
    page = client.get(address(Curriculum, "act", draft.pk, "publish_curricula"))
    assert "4 enrolments follow this version: 3 drop from 80 % to 66 %, 1 stays as it is." in page.content.decode()
    assert "1 enrolment is held to another version and does not move." in page.content.decode()
    assert not Event.objects.exists()
    response = confirm(client, draft, "publish_curricula", page)
    draft.refresh_from_db()
    assert draft.status == CurriculumStatus.PUBLISHED
    assert told(response) == ["Publish: 1 row."]
    assert "publish_curricula" not in links(client, draft)


def test_a_plan_that_no_longer_holds_is_shown_again(client: Client) -> None:
    draft, people = five_units_and_a_draft_with_more()
    data = {"action": "publish_curricula", "_selected_action": draft.pk}
    page = client.post(address(Curriculum, "changelist"), data)
    Enrollment.objects.filter(pk=people[0].pk).delete()
    again = client.post(address(Curriculum, "changelist"), data | {"confirmed": "yes", "seal": page.context["seal"]})
    assert "things have changed" in again.content.decode()
    assert "3 enrolments follow this version: 2 drop from 80 % to 66 %" in again.content.decode()
    draft.refresh_from_db()
    assert draft.status == CurriculumStatus.DRAFT


def test_what_cannot_be_published_says_why(client: Client) -> None:
    draft = make_curriculum(program=make_program())
    make_item(curriculum=draft, min_children=2)
    page = client.get(address(Curriculum, "act", draft.pk, "publish_curricula"))
    assert "This cannot be published as it is:" in page.content.decode()
    response = confirm(client, draft, "publish_curricula", page)
    assert told(response)[0].startswith(f"{draft}: ")


def test_waiting_people_are_moved_up(client: Client) -> None:
    cohort = make_cohort(program=make_published_program(), status=CohortStatus.PUBLISHED, capacity=2)
    waiting = [make_enrollment(cohort=cohort, status=EnrollmentStatus.WAITLISTED) for _ in range(3)]
    page = client.get(address(type(cohort), "act", cohort.pk, "move_up_waiting"))
    assert "3 wait, and 2 places are free." in page.content.decode()
    confirm(client, cohort, "move_up_waiting", page)
    statuses = [Enrollment.objects.get(pk=row.pk).status for row in waiting]
    assert statuses == ["active", "active", "waitlisted"]


def test_a_project_is_reviewed_on_its_page(client: Client) -> None:
    owner = make_user("ada")
    project = make_project(
        status=ProjectStatus.SUBMITTED,
        enrollment=make_enrollment(program=make_published_program(), user=owner),
        repository_url="https://code.example.org/shop",
    )
    assert links(client, project) == ["approve_projects", "request_project_changes", "withdraw_projects"]
    page = client.get(address(type(project), "act", project.pk, "approve_projects"))
    assert f"by {owner}" in page.content.decode()
    assert "https://code.example.org/shop" in page.content.decode()
    response = confirm(client, project, "approve_projects", page)
    project.refresh_from_db()
    assert (project.status, told(response)) == (ProjectStatus.APPROVED, ["Approve: 1 row."])


def test_only_what_fits_a_row_is_offered(client: Client) -> None:
    program = make_published_program()
    offered = {
        status: set(links(client, make_enrollment(program=program, status=status)))
        for status in (EnrollmentStatus.REQUESTED, EnrollmentStatus.PAUSED, EnrollmentStatus.WITHDRAWN)
    }
    assert offered == {
        "requested": {"approve_request", "reject_request", "withdraw_enrollment"},
        "paused": {"resume_enrollment", "withdraw_enrollment", "expire_enrollment"},
        "withdrawn": set(),
    }


def test_a_page_of_a_hidden_row_or_an_unknown_action_is_not_there(client: Client) -> None:
    program = make_program()
    assert client.get(address(type(program), "act", program.pk, "delete_selected")).status_code == 404
    assert client.get(address(type(program), "act", program.pk, "nothing")).status_code == 404
    for asked in (program.pk, 10**9):
        page = client_of(make_staff()).get(address(type(program), "act", asked, "publish_programs"))
        assert page.status_code == 404
