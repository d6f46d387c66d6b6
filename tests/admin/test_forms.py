"""How a form writes: through a service, what changed alone, by the version it was made from, with roles."""

import pytest
from django.test import Client

from django_prodev import api
from django_prodev.enums import (
    ProgramStatus,
    Role,
)
from django_prodev.models import (
    Event,
    Program,
)
from django_prodev.testing import (
    make_membership,
    make_program,
    make_provider,
    make_published_program,
    make_user,
)
from tests.admin.pages import (
    address,
    client_of,
    errors_of,
    form_of,
    make_staff,
    superuser_client,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]

PROGRAM = {
    "title": "Backend",
    "slug": "backend",
    "summary": "",
    "description": "# What it is",
    "outcomes": "Write an API\n\n  Test it ",
    "level": "",
    "language": "en",
    "effort_hours": "120",
    "visibility": "public",
    "admission": "request",
    "external_id": "",
}


@pytest.fixture
def client() -> Client:
    return superuser_client()


def test_a_program_is_created(client: Client) -> None:
    provider = make_provider()
    response = client.post(address(Program, "add"), PROGRAM | {"provider": provider.pk})
    program = Program.objects.get()
    assert response.status_code == 302
    assert (program.provider, program.status, program.outcomes) == (
        provider,
        ProgramStatus.DRAFT,
        ["Write an API", "Test it"],
    )
    event = Event.objects.get()
    assert (event.type, event.actor) == ("prodev.program.created.v1", client.get("/admin/").context["user"])


def test_a_refusal_stands_at_its_fields_and_keeps_what_was_typed(client: Client) -> None:
    program = make_program(slug="backend")
    posted = PROGRAM | {"provider": program.provider.pk, "language": "not a tag", "title": "Kept"}
    response = client.post(address(Program, "add"), posted)
    errors = errors_of(response)
    assert set(errors) == {"slug", "language"}
    assert 'value="Kept"' in response.content.decode()
    assert (Program.objects.count(), Event.objects.count()) == (1, 0)


def test_only_what_changed_is_written_and_recorded(client: Client) -> None:
    program = make_program(outcomes=["One", "Two"])
    client.post(address(Program, "change", program.pk), form_of(client, program) | {"title": "Other"})
    event = Event.objects.get()
    assert (event.type, event.data) == ("prodev.program.edited.v1", {"fields": ["title"]})
    client.post(address(Program, "change", program.pk), form_of(client, program))
    assert Event.objects.count() == 1


def test_a_lost_update_is_refused(client: Client) -> None:
    program = make_program(title="As it was")
    first, second = form_of(client, program), form_of(client, program)
    client.post(address(Program, "change", program.pk), first | {"title": "Mine"})
    response = client.post(address(Program, "change", program.pk), second | {"summary": "Theirs"})
    assert errors_of(response) == {"__all__": ["This was changed by someone else since it was read."]}
    program.refresh_from_db()
    assert (program.title, program.summary) == ("Mine", "")


def test_every_write_of_a_form_is_seen_by_the_version_of_the_row(client: Client) -> None:
    program = make_program()
    before = api.version_of(program)
    assert form_of(client, program)["version"] == before
    client.post(address(Program, "change", program.pk), form_of(client, program) | {"title": "Other"})
    program.refresh_from_db()
    assert api.version_of(program) != before


def test_the_state_of_a_program_is_no_field_of_its_form(client: Client) -> None:
    program = make_program()
    posted = form_of(client, program) | {"status": "published", "provider": make_provider().pk}
    client.post(address(Program, "change", program.pk), posted)
    program.refresh_from_db()
    assert program.status == ProgramStatus.DRAFT
    assert program.provider_id != make_provider().pk


def test_a_permission_of_django_is_not_a_role_here() -> None:
    user = make_staff()
    program = make_published_program()
    client = client_of(user)
    page = client.get(address(Program, "change", program.pk))
    assert page.status_code == 200
    assert not page.context["has_change_permission"]
    assert client.post(address(Program, "change", program.pk), {"title": "X"}).status_code == 403
    response = client.post(address(Program, "add"), PROGRAM | {"provider": program.provider.pk})
    assert errors_of(response) == {"__all__": ["You may not do this."]}
    make_membership(user=user, program=program, role=Role.EDITOR)
    page = client.get(address(Program, "change", program.pk))
    assert page.context["has_change_permission"]


def test_a_role_here_is_not_a_permission_of_django() -> None:
    program = make_published_program()
    user = make_user(is_staff=True)
    make_membership(user=user, program=program, role=Role.OWNER)
    assert client_of(user).get(address(Program, "change", program.pk)).status_code == 403
