"""Whatever is uploaded or sent back, the admin's import says what is wrong with it and shows no markup of it."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from django_prodev.admin.import_forms import ENDINGS
from django_prodev.models import Job
from django_prodev.testing import make_provider, make_published_program
from tests.admin.pages import superuser_client
from tests.admin.uploading import UPLOAD, Fields, errors, fields_of, reviewed, upload
from tests.documents.curricula import OVERVIEW
from tests.documents.proposals import SURE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]


@pytest.fixture
def client() -> Client:
    return superuser_client()


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
