"""Actions over the rows of a list, and what no page of the admin offers."""

from typing import Any

import pytest
from django.test import Client

from django_prodev.enums import (
    CurriculumStatus,
    ProgramStatus,
)
from django_prodev.models import (
    Event,
    Program,
)
from django_prodev.testing import (
    make_cohort,
    make_curriculum,
    make_event,
    make_job,
    make_program,
    make_progress,
    make_provider,
    make_published_program,
    make_topic,
    make_unit,
    make_unit_topic,
)
from tests.admin.pages import (
    act,
    address,
    client_of,
    make_staff,
    superuser_client,
    told,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]


@pytest.fixture
def client() -> Client:
    return superuser_client()


def test_programs_are_published_and_retired_by_actions(client: Client) -> None:
    ready = make_program()
    make_curriculum(program=ready, status=CurriculumStatus.PUBLISHED)
    bare = make_program(title="Bare")
    response = act(client, ready, "publish_programs", bare)
    ready.refresh_from_db()
    assert ready.status == ProgramStatus.PUBLISHED
    assert told(response) == [
        "Publish the chosen programs: 1 row.",
        "Bare: A program needs a published curriculum before it can be published.",
    ]
    act(client, ready, "retire_programs")
    act(client, bare, "draft_curricula")
    ready.refresh_from_db()
    assert (ready.status, bare.curricula.count()) == (ProgramStatus.RETIRED, 1)


def test_an_action_asks_before_it_acts(client: Client) -> None:
    program = make_program(title="<b>Bold</b>")
    page = client.post(
        address(Program, "changelist"), {"action": "publish_programs", "_selected_action": program.pk}
    ).content.decode()
    assert "&lt;b&gt;Bold&lt;/b&gt;" in page
    assert "Everyone whom the visibility of a program names will see it." in page
    assert not Event.objects.exists()


def test_an_action_reaches_only_what_the_person_may_see() -> None:
    hidden = make_program()
    make_curriculum(program=hidden, status=CurriculumStatus.PUBLISHED)
    act(client_of(make_staff()), hidden, "publish_programs")
    hidden.refresh_from_db()
    assert hidden.status == ProgramStatus.DRAFT


def test_an_action_takes_only_so_many_rows(client: Client) -> None:
    provider = make_provider()
    rows = [Program(provider=provider, slug=f"p{n}", title=f"P{n}") for n in range(501)]
    Program.objects.bulk_create(rows)
    data = {"action": "publish_programs", "_selected_action": Program.objects.first(), "select_across": "1"}
    data["_selected_action"] = Program.objects.earliest("pk").pk
    response = client.post(address(Program, "changelist"), data, follow=True)
    assert told(response) == ["This takes at most 500 rows at once."]


@pytest.mark.parametrize("make", [make_event, make_job, make_unit_topic])
def test_what_happened_and_what_runs_is_only_read(client: Client, make: Any) -> None:
    row = make()
    page = client.get(address(type(row), "change", row.pk))
    assert page.status_code == 200
    assert client.get(address(type(row), "add")).status_code == 403
    assert client.post(address(type(row), "change", row.pk), {}).status_code == 403
    assert client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


def test_rows_without_a_service_for_it_are_not_deleted(client: Client) -> None:
    for row in (make_published_program(), make_provider(), make_topic(), make_unit(), make_cohort(), make_progress()):
        assert client.post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
