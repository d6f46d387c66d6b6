"""Importing documents in the admin: what is shown, what is kept of a page, and that only what was shown is written."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from django_prodev.exceptions import DocumentError
from django_prodev.models import Entry, Job, Program, Provider, Unit
from django_prodev.testing import make_entry, make_program, make_provider, make_published_program, make_user
from tests.admin.pages import address, superuser_client, told
from tests.admin.uploading import UPLOAD, Fields, fields_of, press, reviewed, row_of
from tests.documents.curricula import CURRICULUM, OVERVIEW
from tests.documents.proposals import PROPOSED, SURE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]


@pytest.fixture
def client() -> Client:
    return superuser_client()


def entries() -> list[tuple[str, str]]:
    return sorted(Entry.objects.values_list("kind", "title"))


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


def test_a_section_can_be_read_as_another_reader_sees_it(client: Client) -> None:
    review = reviewed(client, ("harbour.md", PROPOSED))
    page = client.get(review)
    assert page.content.count(b"Read it so") == 2
    practice = row_of(page, "practice-1").number
    page = press(client, review, "read:0:11:1", **{f"title__{practice}": "Test first"})
    assert told(page) == ["Read otherwise. What you had decided about records that are still there is kept."]
    assert [row.record.title for row in page.context["page"] if row.record.kind == "challenge"] == [
        "Orders twice",
        "Clocks",
        "Queues",
    ]
    assert row_of(page, "practice-1").record.title == "Test first"
    assert row_of(page, "challenge-1").action == "create"
    press(client, review, "import")
    assert entries()[:3] == [("challenge", "Clocks"), ("challenge", "Orders twice"), ("challenge", "Queues")]
    assert ("practice", "Test first") in entries()


@pytest.mark.parametrize("button", ["read", "read:0:11:3", "read:1:11:1", "read:0:3:1", "read:a:b:c", "read:0:11:0"])
def test_a_reading_that_no_button_offers_changes_nothing(client: Client, button: str) -> None:
    review = reviewed(client, ("harbour.md", PROPOSED))
    page = press(client, review, button)
    assert told(page) == []
    assert row_of(page, "challenge-1").record.title == "Slow pages"
    assert Job.objects.get().result["revision"] == 1


def test_another_reading_that_cannot_be_is_told_and_keeps_the_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = reviewed(client, ("harbour.md", PROPOSED))
    # As after a release whose readers see something else in the same text.
    monkeypatch.setattr("django_prodev.documents.sources.read_overview", _read_nothing)
    page = press(client, review, "read:0:11:1")
    assert told(page) == ["harbour.md: There are no challenges."]
    assert row_of(page, "challenge-1").record.title == "Slow pages"


def _read_nothing(*args: object, **options: object) -> None:
    raise DocumentError("There are no challenges.")


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


def test_every_field_has_its_label(client: Client) -> None:
    review = reviewed(client, ("harbour.md", SURE), ("c.json", json.dumps(CURRICULUM)))
    parsed = Fields(client.get(review).content.decode())
    kinds = ("kind-", "title-", "text-", "topics-", "parent-")
    named = {field for field in parsed.ids if field.startswith(kinds)}
    assert named
    assert named <= parsed.labelled


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
