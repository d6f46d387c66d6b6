"""The list of programs."""

from typing import Any

import pytest
from django.test import Client

from django_prodev.testing import assert_same_statements, make_program, make_published_program, make_user

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str = "/learning/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_home_lists_published_programs_with_links_to_their_pages(client: Client) -> None:
    program = make_published_program(title="Compilers", summary="From text to machine code", effort_hours=90)
    page = text_of(client)
    assert f'href="/learning/programs/{program.provider.slug}/{program.slug}/">Compilers</a>' in page
    assert "From text to machine code" in page
    assert "90 hours" in page


def test_home_hides_drafts_and_unlisted_programs(client: Client) -> None:
    make_program(title="Not yet")
    make_published_program(title="Whoever has the address", visibility="unlisted")
    page = text_of(client)
    assert "Not yet" not in page
    assert "Whoever has the address" not in page
    assert "No program is published yet." in page


def test_an_empty_home_tells_staff_what_to_do(client: Client) -> None:
    client.force_login(make_user(is_staff=True))
    page = text_of(client)
    assert "python manage.py prodev_import overview.md" in page
    assert 'href="/admin/django_prodev/program/"' in page


def test_home_shows_a_superuser_drafts_marked_as_such(client: Client) -> None:
    make_program(title="Not yet")
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert '<li class="state">draft</li>' in text_of(client)


def test_home_is_split_into_pages_that_miss_and_repeat_nothing(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"PAGE_SIZE": 3}
    for number in range(7):
        make_published_program(title=f"Program {number % 2}", slug=f"p-{number}", units=0)
    seen, address = [], "/learning/"
    while address:
        page = client.get(address).context["page"]
        seen += [row.slug for row in page.rows]
        address = f"/learning/?after={page.next}" if page.next else ""
    assert sorted(seen) == [f"p-{number}" for number in range(7)]


@pytest.mark.parametrize("after", ["nonsense", "0", "00000000-0000-0000-0000-000000000000", "\x00", "1" * 5000])
def test_a_malformed_or_unknown_page_is_not_found(client: Client, after: str) -> None:
    assert client.get("/learning/", {"after": after}).status_code == 404


def test_a_page_after_a_hidden_program_is_not_found(client: Client) -> None:
    hidden = make_program()
    assert client.get("/learning/", {"after": str(hidden.uuid)}).status_code == 404


def test_pages_answer_only_reads(client: Client) -> None:
    assert client.head("/learning/").status_code == 200
    assert client.post("/learning/").status_code == 405


def test_home_needs_as_many_statements_for_a_hundred_programs_as_for_one(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"PAGE_SIZE": 200}
    made = []

    def grow(rows: int) -> None:
        made.extend(make_published_program(units=0) for _ in range(rows - len(made)))

    assert assert_same_statements(grow, lambda: text_of(client)) == 2  # the stamp, and the rows
