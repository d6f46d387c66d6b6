"""Importing documents in the admin: what is shown, what is kept of a page, and that only what was shown is written."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from django_prodev.admin.import_forms import ENDINGS
from django_prodev.enums import Role
from django_prodev.models import Entry, Job, Program, Provider, Topic, Unit
from django_prodev.testing import (
    count_statements,
    make_entry,
    make_membership,
    make_program,
    make_provider,
    make_published_program,
    make_user,
)
from tests.admin.pages import address, client_of, make_staff, superuser_client, told
from tests.admin.uploading import UPLOAD, Fields, fields_of, press, reviewed, row_of, upload
from tests.documents.curricula import CURRICULUM, OVERVIEW
from tests.documents.proposals import PROPOSED, SURE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]


@pytest.fixture
def client() -> Client:
    return superuser_client()


def entries() -> list[tuple[str, str]]:
    return sorted(Entry.objects.values_list("kind", "title"))


def errors(response: Any) -> str:
    assert response.status_code == 200
    form = response.context["form"]
    return " ".join(text for texts in form.errors.values() for text in texts)


def staff(role: Role = Role.EDITOR, **fields: Any) -> Any:
    person = make_staff()
    make_membership(user=person, role=role, **fields)
    return person


# From the upload to the program


def test_an_upload_shows_its_plan_and_writes_nothing_until_import_is_pressed(client: Client) -> None:
    review = reviewed(client, ("overview.md", OVERVIEW))
    page = client.get(review)
    text = page.content.decode()
    assert "<strong>Backend apprenticeship</strong>" in text
    assert "Import 10 records" in text
    assert "stands under “" in text
    assert row_of(page, "challenge-1").action == "create"
    assert not Program.objects.exists()
    assert not Provider.objects.exists()
    response = press(client, review, "import")
    assert told(response) == ["Imported: 10 created, 0 updated, 0 unchanged."]
    program = Program.objects.get()
    assert response.redirect_chain[-1][0] == address(Program, "change", program.pk)
    assert program.status == "draft"
    assert "Imported overview.md." in client.get(address(Program, "history", program.pk)).content.decode()


def test_the_same_document_again_has_nothing_to_write(client: Client) -> None:
    press(client, reviewed(client, ("overview.md", OVERVIEW)), "import")
    page = client.get(reviewed(client, ("overview.md", OVERVIEW)))
    assert b"There is nothing to write." in page.content
    assert b'value="import"' not in page.content


def test_what_is_only_proposed_is_not_ticked_and_can_be_ticked_at_once(client: Client) -> None:
    review = reviewed(client, ("harbour.md", PROPOSED))
    page = client.get(review)
    assert not row_of(page, "challenge-1").is_ticked
    assert row_of(page, "practice-1").is_ticked
    assert b"No reader is sure of 4 records." in page.content
    page = press(client, review, "accept")
    assert row_of(page, "challenge-1").action == "create"
    press(client, review, "import")
    assert [kind for kind, _ in entries()] == ["challenge", "challenge", "practice", "solution", "solution"]


def test_each_field_of_a_row_corrects_the_record(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    rows = {row.original.key: row.number for row in client.get(review).context["page"]}
    practice, solution, challenge = rows["practice-1"], rows["solution-1"], rows["challenge-1"]
    changes = {
        f"kind__{practice}": "takeaway",
        f"title__{practice}": "Test first",
        f"text__{practice}": "Red,\r\n**green**.",
        f"topics__{practice}": "TDD, Tests",
        f"parent__{solution}": "challenge-2",
        f"keep__{challenge}": None,
    }
    page = press(client, review, "check", **changes)
    assert b"<strong>green</strong>" in page.content
    assert row_of(page, "challenge-1").action == "left_out"
    assert row_of(page, "solution-1").above.title == "Lost messages"
    press(client, review, "import")
    takeaway = Entry.objects.get(kind="takeaway")
    assert (takeaway.title, takeaway.body) == ("Test first", "Red,\n**green**.")
    assert set(takeaway.topics.values_list("name", flat=True)) == {"Test-driven development", "Tests"}
    assert {entry.parent.title for entry in Entry.objects.filter(kind="solution")} == {"Lost messages"}
    assert not Entry.objects.filter(title="Slow pages").exists()


def test_a_page_that_is_sent_back_as_it_came_decides_nothing(client: Client) -> None:
    review = reviewed(client, ("overview.md", OVERVIEW), ("c.json", json.dumps(CURRICULUM)), ("p.md", PROPOSED))
    press(client, review, "check")
    assert Job.objects.get().result["revision"] == 1


def test_pressing_import_with_changes_shows_them_first(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    page = press(client, review, "import", title__1="Slow queries")
    assert told(page) == ["You changed something just now. This is what would be written: import it if it is right."]
    assert not Program.objects.exists()
    press(client, review, "import")
    assert ("challenge", "Slow queries") in entries()


def test_what_does_not_fit_is_said_at_its_row_and_keeps_the_rest(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    rows = {row.original.key: row.number for row in client.get(review).context["page"]}
    page = press(client, review, "import", **{f"kind__{rows['challenge-1']}": "practice", "title__0": "Port"})
    assert "challenge-1 is no challenge that is kept" in row_of(page, "solution-1").problems[0]
    assert row_of(page, "program-1").record.title == "Port"
    assert 'role="alert"' in page.content.decode()
    assert b'value="import"' not in page.content
    page = press(client, review, "import")
    assert not Program.objects.exists()
    press(client, review, "check", **{f"parent__{rows['solution-1']}": "challenge-2"})
    press(client, review, "import")
    assert Program.objects.get().title == "Port"


def test_a_curriculum_keeps_its_program_and_its_units_their_kind(client: Client) -> None:
    make_provider(slug="harbour")
    review = reviewed(client, ("c.json", json.dumps(CURRICULUM)))
    page = client.get(review)
    program = row_of(page, "program")
    assert program.is_fixed
    sent = fields_of(page)
    assert f"keep-{program.number}" not in sent
    unit = next(row for row in page.context["page"] if row.original.kind == "unit")
    assert f"kind-{unit.number}" not in sent
    press(client, review, "import", **{f"title__{unit.number}": "Renamed", f"kind__{unit.number}": "practice"})
    press(client, review, "import")
    assert Unit.objects.filter(title="Renamed").exists()


def test_several_files_are_one_import(client: Client) -> None:
    review = reviewed(client, ("a.md", OVERVIEW), ("b.md", SURE))
    press(client, review, "import")
    assert set(Program.objects.values_list("slug", flat=True)) == {"backend-apprenticeship", "harbour"}


def test_the_choices_of_the_command_are_the_forms(client: Client) -> None:
    program = make_published_program()
    ada = make_user("ada")
    options = {
        "provider": program.provider_id,
        "program": program.pk,
        "learner": ada.get_username(),
        "visibility": "mentors",
    }
    review = reviewed(client, ("harbour.md", SURE), **options)
    assert f"as the record of {ada.get_username()}" in client.get(review).content.decode()
    press(client, review, "import")
    assert set(Entry.objects.values_list("program", "author", "visibility")) == {(program.pk, ada.pk, "mentors")}
    review = reviewed(client, ("other.md", OVERVIEW), provider=program.provider_id, publish="on")
    press(client, review, "import")
    assert Program.objects.get(slug="backend-apprenticeship").status == "published"


def test_discarding_leaves_nothing(client: Client) -> None:
    page = press(client, reviewed(client, ("harbour.md", SURE)), "discard")
    assert told(page) == ["The upload was discarded. Nothing was written."]
    assert not Job.objects.exists()


# What changes meanwhile


def test_where_the_data_changed_the_plan_is_shown_again(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE), provider=make_provider().pk)
    sent = fields_of(client.get(review)) | {"go": "import"}
    program = make_program(provider=Provider.objects.get(), slug="harbour", title="Harbour")
    make_entry(program=program, kind="practice", title="Write the test first", body="", author=None, enrollment=None)
    page = client.post(review, sent, follow=True)
    assert "the data has changed since this page was made" in told(page)[0]
    assert Entry.objects.count() == 1
    assert row_of(page, "practice-1").action != "create"
    press(client, review, "import")
    assert Entry.objects.filter(kind="challenge").count() == 2


def test_a_page_without_a_digest_or_with_another_writes_nothing(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    for digest in (None, "", "0" * 64):
        assert "has changed" in told(press(client, review, "import", digest=digest))[0]
    assert not Program.objects.exists()


def test_of_two_tabs_the_second_overwrites_nothing(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    first, second = fields_of(client.get(review)), fields_of(client.get(review))
    client.post(review, first | {"title-1": "First", "go": "check"})
    page = client.post(review, second | {"title-1": "Second", "go": "check"}, follow=True)
    assert "another tab has changed the same upload" in told(page)[0]
    assert row_of(page, "challenge-1").record.title == "First"
    page = client.post(review, second | {"go": "import"}, follow=True)
    assert "another tab has changed" in told(page)[0]
    assert not Program.objects.exists()


def test_import_pressed_twice_imports_once(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    sent = fields_of(client.get(review)) | {"go": "import"}
    assert "Imported" in told(client.post(review, sent, follow=True))[0]
    page = client.post(review, sent, follow=True)
    assert "it was imported, discarded, or older than a day" in told(page)[0]
    assert page.redirect_chain[-1][0] == UPLOAD
    assert Program.objects.count() == 1


def test_an_upload_is_gone_after_a_day_and_after_its_import(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    Job.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    assert "older than a day" in told(client.get(review, follow=True))[0]
    second = reviewed(client, ("harbour.md", SURE))
    assert Job.objects.count() == 1
    press(client, second, "import")
    job = Job.objects.get()
    assert job.status == "succeeded"
    assert list(job.result) == ["counts"]


def test_an_upload_that_another_release_kept_is_gone(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    job = Job.objects.get()
    job.result["content"]["sources"] = "x"
    job.save()
    assert "is not here any more" in told(client.get(review, follow=True))[0]


def test_a_document_whose_program_was_retired_meanwhile_says_so(client: Client) -> None:
    program = make_published_program(slug="harbour")
    review = reviewed(client, ("harbour.md", SURE), provider=program.provider_id, publish="on")
    Program.objects.update(status="retired")
    page = client.get(review)
    assert "is retired and cannot be published" in page.content.decode()
    assert b'value="import"' not in page.content


# Who may


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


# Bad input


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.pdf", b"%PDF-1.7", "a.pdf: this takes .md, .markdown, .json, .yaml, .yml, .txt."),
        ("a.md", b"%PDF-1.7", "is not text but a binary format"),
        ("a.md", b"\x00\xff" * 50, "a.md: "),
        ("a.md", b"", "The submitted file is empty."),
        ("a.md", b"# A recipe\n\nBoil the water.\n", "tells of no challenge"),
        ("a.json", b'{"prodev": 1}', "program is missing"),
        ("a.json", b"[" * 50_000, "nested more than"),
        ("a.yaml", b"a: &a [x]\nb: [*a, *a]\n", "a.yaml: "),
        ("a.txt", b"\xff\xfe\x00", "a.txt: "),
        ("<b>.md", b"x", "tells of no challenge"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_at_the_field(client: Client, name: str, data: bytes, message: str) -> None:
    response = upload(client, (name, data))
    assert message in errors(response)
    assert b"<b>.md" not in response.content
    assert not Job.objects.exists()


@hypothesis_settings(max_examples=25)
@given(st.sampled_from(ENDINGS), st.binary(max_size=300) | st.text(st.characters(codec="utf-8")).map(str.encode))
def test_whatever_a_file_holds_the_form_answers(ending: str, data: bytes) -> None:
    assert upload(superuser_client(), (f"a{ending}", data)).status_code in {200, 302}


def test_files_are_counted_while_they_are_read(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"UPLOAD_MAX_BYTES": 200_000}
    large = SURE.encode() + b"\n" * 200_000
    for files in ([("a.md", large)], [("a.md", large[:150_000]), ("b.md", large[:150_000])]):
        assert errors(upload(client, *files)).startswith("The files have more than 200,000 bytes together. Larger ones")
    settings.DJANGO_PRODEV = {"DOCUMENT_MAX_BYTES": 100_000}
    assert "manage.py prodev_import" in errors(upload(client, ("a.md", large)))
    assert upload(client, ("a.md", large[:90_000])).status_code == 302


def test_nothing_two_of_a_name_and_no_file_are_refused(client: Client) -> None:
    assert "two files have this name" in errors(upload(client, ("a.md", SURE), ("a.md", OVERVIEW)))
    assert "This field is required." in errors(client.post(UPLOAD, {}))
    program = make_published_program()
    other = make_provider(slug="other")
    assert "another provider" in errors(upload(client, ("a.md", SURE), provider=other.pk, program=program.pk))


def test_several_providers_have_to_be_chosen_from(client: Client) -> None:
    make_provider()
    make_provider(slug="other")
    assert "This field is required." in errors(upload(client, ("a.md", SURE), provider=""))


@pytest.mark.parametrize(
    "changed",
    [
        {"rows": "9999999999,-1,x,99,1,1"},
        {"rows": ""},
        {"kind-1": "unit", "kind-2": "<script>"},
        {"parent-2": "nothing"},
        {"title-1": "a\0b", "text-1": "\0"},
        {"title-1": "x" * 10_000, "topics-1": "," * 5_000 + "a" * 400},
        {"page": "x", "show": "y", "revision": "1e3"},
        {"go": "page:99999999999999999999"},
        {"go": "show:\u202e"},
        {"go": ""},
    ],
)
def test_no_field_breaks_a_review(client: Client, changed: dict[str, str]) -> None:
    review = reviewed(client, ("harbour.md", SURE))
    sent = fields_of(client.get(review)) | {"go": "check"} | changed
    assert client.post(review, sent, follow=True).status_code == 200
    assert client.get(f"{review}?page=1e5&show=%00").status_code == 200
    assert client.get(f"{UPLOAD}?program=99999999999999999999").status_code == 200


HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>" onfocus="alert(3)'


def test_no_text_of_a_document_is_markup_of_the_page(client: Client) -> None:
    text = (
        f"# {HOSTILE}\n\n## {HOSTILE} Challenges\n\n- **Problem:** {HOSTILE}\n"
        f"  - **Solution:** [x](javascript:alert(4)) </textarea>{HOSTILE}\n\n"
        f"## Best practices\n\n- {HOSTILE}: </textarea><script>alert(5)</script>\n"
    )
    page = client.get(reviewed(client, ("a.md", text))).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert not {name for name in Fields(page).attributes if name.startswith("on")}
    assert 'href="javascript' not in page
    assert page.count("</textarea>") == page.count("<textarea")


# Large documents


def long_overview(challenges: int) -> str:
    told = "".join(
        f"- **Problem:** Page {number} is slow\n  - **Solution:** Index {number} of PostgreSQL\n"
        for number in range(challenges)
    )
    return f"# Harbour\n\n## Challenges\n\n{told}\n## Best practices\n\n- Write the test first\n"


def test_a_long_document_is_reviewed_page_by_page_within_djangos_limits(client: Client) -> None:
    review = reviewed(client, ("long.md", long_overview(250)))
    page = client.get(review)
    assert page.context["pages"] == 11
    assert len(fields_of(page)) < 500
    assert [row.original.kind for row in page.context["page"]][-2:] == ["challenge", "solution"]
    page = press(client, f"{review}?page=2", "page:3", title__60="Corrected on page 2")
    assert page.context["at"] == 3
    page = press(client, f"{review}?page=3", "show:practice")
    assert [row.original.kind for row in page.context["page"]] == ["practice"]
    press(client, review, "import")
    assert Entry.objects.count() == 501
    assert Entry.objects.filter(title="Corrected on page 2").exists()


def test_a_page_holds_so_much_text_that_it_can_be_sent_back(client: Client) -> None:
    long = "\n".join(f"  Line {number} of what happened, word by word." for number in range(1_500))
    told_at_length = "".join(f"- **Problem:** Slow {n}\n{long}\n  - **Solution:** An index\n" for n in range(6))
    practices = "\n## Best practices\n\n- Write the test first\n"
    review = reviewed(client, ("long.md", f"# Harbour\n\n## Challenges\n\n{told_at_length}{practices}"))
    pages = client.get(review).context["pages"]
    assert pages > 1
    for number in range(1, pages + 1):
        sent = fields_of(client.get(f"{review}?page={number}"))
        assert sum(len(value.encode()) for value in sent.values()) < settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        assert client.post(review, sent | {"go": "check"}).status_code == 302
    assert Job.objects.get().result["revision"] == 1


def test_statements_do_not_grow_with_the_records(client: Client) -> None:
    counted = []
    Topic.objects.create(kind="technology", slug="postgresql", name="PostgreSQL")
    for number in (1, 10, 100):
        review = reviewed(client, ("long.md", long_overview(number)), provider=make_provider(slug=f"p{number}").pk)
        client.get(review)
        sent = fields_of(client.get(review)) | {"go": "check", "title-1": "Other"}
        shown = count_statements(lambda review=review: client.get(review))
        kept = count_statements(lambda review=review, sent=sent: client.post(review, sent))
        counted.append((shown, kept))
    assert len(set(counted)) == 1, counted


def test_every_field_has_its_label(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE), ("c.json", json.dumps(CURRICULUM)))
    parsed = Fields(client.get(review).content.decode())
    kinds = ("kind-", "title-", "text-", "topics-", "parent-")
    named = {field for field in parsed.ids if field.startswith(kinds)}
    assert named
    assert named <= parsed.labelled
