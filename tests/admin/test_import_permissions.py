"""Who is offered the import of documents in the admin, and for what."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from django_prodev.enums import Role
from django_prodev.models import Entry, Job, Program
from django_prodev.testing import make_membership, make_program, make_provider, make_published_program, make_user
from tests.admin.pages import address, client_of, make_staff, superuser_client, told
from tests.admin.uploading import UPLOAD, errors, fields_of, press, reviewed, upload
from tests.documents.proposals import SURE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]


@pytest.fixture
def client() -> Client:
    return superuser_client()


def staff(role: Role = Role.EDITOR, **fields: Any) -> Any:
    person = make_staff()
    make_membership(user=person, role=role, **fields)
    return person


def test_whoever_has_no_role_for_a_provider_is_offered_nothing() -> None:
    make_provider()
    program = make_published_program()
    people = [
        make_staff(),
        make_user(),
        make_user(is_staff=True),
        staff(Role.MENTOR, provider=program.provider),
        staff(Role.EDITOR, program=program),
    ]
    for person in people:
        response = client_of(person).get(UPLOAD)
        assert response.status_code in {302, 403}
        assert upload(client_of(person), ("a.md", SURE)).status_code in {302, 403}
    assert not Job.objects.exists()
    assert Client().get(UPLOAD).status_code == 302


def test_an_editor_imports_for_their_provider_and_no_other() -> None:
    mine, other = make_provider(name="Mine"), make_provider(name="Elsewhere", slug="elsewhere")
    client = client_of(staff(Role.EDITOR, provider=mine))
    page = client.get(UPLOAD).content.decode()
    assert "Mine" in page
    assert "Elsewhere" not in page
    assert "Select a valid choice" in errors(upload(client, ("a.md", SURE), provider=other.pk))
    hidden = make_program(provider=other)
    assert "Select a valid choice" in errors(upload(client, ("a.md", SURE), provider=mine.pk, program=hidden.pk))
    press(client, reviewed(client, ("a.md", SURE), provider=mine.pk), "import")
    assert Program.objects.get(slug="harbour").provider == mine


def test_a_role_that_is_lost_meanwhile_writes_nothing() -> None:
    person = staff(Role.EDITOR, provider=make_provider())
    client = client_of(person)
    review = reviewed(client, ("a.md", SURE))
    sent = fields_of(client.get(review)) | {"go": "import"}
    person.prodev_memberships.all().delete()
    make_membership(user=person, role=Role.EDITOR, provider=make_provider(slug="other"))
    page = client.post(review, sent, follow=True)
    assert "You may not import documents for the provider" in told(page)[0]
    assert not Program.objects.exists()


def test_only_owners_import_somebodys_record() -> None:
    provider, ada = make_provider(), make_user("ada")
    editor, owner = (client_of(staff(role, provider=provider)) for role in (Role.EDITOR, Role.OWNER))
    for name in (ada.get_username(), "nobody"):
        told_editor = errors(upload(editor, ("a.md", SURE), learner=name))
        assert told_editor == "Only owners of the provider may import somebody’s record."
    assert errors(upload(owner, ("a.md", SURE), learner="nobody")) == "There is no user of this name."
    press(owner, reviewed(owner, ("a.md", SURE), learner=ada.get_username()), "import")
    assert set(Entry.objects.values_list("author", flat=True)) == {ada.pk}


def test_an_upload_is_its_uploaders_alone(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    sent = fields_of(client.get(review))
    other = superuser_client()
    for response in (other.get(review, follow=True), other.post(review, sent | {"go": "import"}, follow=True)):
        assert "is not here any more" in told(response)[0]
    other.post(review, sent | {"go": "discard"})
    assert Job.objects.count() == 1
    job = Job.objects.get()
    assert "sources" not in other.get(address(Job, "change", job.pk)).content.decode()


def test_the_pages_need_the_token_of_their_forms() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert upload(client, ("a.md", SURE)).status_code == 403
    client.get(UPLOAD)
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    review = upload(client, ("a.md", SURE), csrfmiddlewaretoken=token).headers["Location"]
    assert client.post(review, {"go": "discard"}).status_code == 403
    assert Job.objects.count() == 1


def test_the_import_is_linked_where_programs_are(client: Client) -> None:
    for page in (address(Program, "changelist"), "/admin/django_prodev/"):
        assert f'href="{UPLOAD}"' in client.get(page).content.decode()
    assert UPLOAD not in client_of(make_user(is_staff=True)).get("/admin/").content.decode()
