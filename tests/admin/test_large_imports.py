"""A large document in the admin is reviewed page by page, within Django's limits and in few statements."""

from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from django_prodev.models import Entry, Job, Topic
from django_prodev.testing import count_statements, make_provider
from tests.admin.pages import superuser_client
from tests.admin.uploading import fields_of, press, reviewed

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]


@pytest.fixture
def client() -> Client:
    return superuser_client()


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


def test_a_site_that_separates_thousands_keeps_every_row(client: Client, settings: Any) -> None:
    settings.USE_THOUSAND_SEPARATOR = True
    review = reviewed(client, ("long.md", long_overview(600)))
    last = client.get(review).context["pages"]
    page = press(client, f"{review}?page={last}", "check")
    assert page.context["page"][-1].number > 1000
    assert Job.objects.get().result["revision"] == 1
    corrected = f"title__{page.context['page'][-1].number}"
    press(client, f"{review}?page={last}", "check", **{corrected: "Corrected"})
    press(client, review, "import")
    assert Entry.objects.count() == 1201
    assert Entry.objects.filter(title="Corrected").exists()


def test_a_page_holds_so_much_text_that_it_can_be_sent_back(client: Client) -> None:
    long = "\n".join(f"  Line {number} of what happened, word by word." for number in range(1_500))
    told_at_length = "".join(f"- **Problem:** Slow {n}\n{long}\n  - **Solution:** An index\n" for n in range(6))
    practices = "\n## Best practices\n\n- Write the test first\n"
    review = reviewed(client, ("long.md", f"# Harbour\n\n## Challenges\n\n{told_at_length}{practices}"))
    pages = client.get(review).context["pages"]
    assert pages > 1
    for number in range(1, pages + 1):
        sent = fields_of(client.get(f"{review}?page={number}"))
        assert sum(len(value.encode()) for value in sent.values()) < site.DATA_UPLOAD_MAX_MEMORY_SIZE
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
