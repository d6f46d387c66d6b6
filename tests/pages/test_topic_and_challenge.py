"""The pages of a topic, of a challenge, and of what learners wrote."""

from typing import Any

import pytest
from django.test import Client

from django_prodev.enums import EntryKind, EntryStatus, Visibility
from django_prodev.models import Program, Topic
from django_prodev.testing import (
    assert_same_statements,
    make_enrollment,
    make_entry,
    make_program,
    make_published_program,
    make_solution,
    make_topic,
    make_unit,
    make_unit_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

SHARED: dict[str, Any] = {"author": None, "status": EntryStatus.PUBLISHED, "visibility": Visibility.PUBLIC}


def address_of(program: Program) -> str:
    return f"/learning/programs/{program.provider.slug}/{program.slug}/"


def topic_page(client: Client, topic: Topic) -> str:
    answer = client.get(f"/learning/topics/{topic.kind}/{topic.slug}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_topic_names_the_units_and_challenges_that_deal_with_it(client: Client) -> None:
    topic = make_topic(name="Grammar", description="What a *language* allows.")
    unit = make_unit(title="Context-free grammars")
    make_unit_topic(unit=unit, topic=topic)
    make_unit_topic(unit=unit, topic=topic, role="practices")
    program = make_published_program(units=[unit])
    make_entry(program=program, kind=EntryKind.CHALLENGE, title="Left recursion", topics=[topic], **SHARED)
    page = topic_page(client, topic)
    assert "<em>language</em>" in page
    assert page.count("Context-free grammars") == 1
    assert f'href="{address_of(program)}#unit-{unit.uuid}"' in page
    assert "Left recursion" in page


def test_a_topic_names_nothing_of_programs_that_are_hidden(client: Client) -> None:
    topic = make_topic()
    for title, fields in (("of a draft", {"status": "draft"}), ("of an unlisted one", {"visibility": "unlisted"})):
        unit = make_unit(title=f"Unit {title}")
        make_unit_topic(unit=unit, topic=topic)
        program = make_published_program(units=[unit], title=f"Program {title}", **fields)
        make_entry(program=program, kind=EntryKind.CHALLENGE, title=f"Challenge {title}", topics=[topic], **SHARED)
    page = topic_page(client, topic)
    assert "of a draft" not in page
    assert "of an unlisted one" not in page


@pytest.mark.parametrize("address", ["/learning/topics/concept/nothing/", "/learning/topics/nothing/grammar/"])
def test_an_unknown_topic_is_not_found(client: Client, address: str) -> None:
    make_topic(slug="grammar")
    assert client.get(address).status_code == 404


def test_a_challenge_has_its_own_page(client: Client) -> None:
    program = make_published_program()
    challenge = make_entry(program=program, kind=EntryKind.CHALLENGE, title="It leaks", **SHARED)
    make_solution(challenge, body="Close the **file**.")
    page = client.get(f"{address_of(program)}challenges/{challenge.uuid}/").content.decode()
    assert "<h1>It leaks</h1>" in page
    assert "<strong>file</strong>" in page


def test_a_challenge_is_not_found_where_it_is_hidden_or_of_another_program_or_kind(client: Client) -> None:
    program = make_published_program()
    private = make_entry(program=program, kind=EntryKind.CHALLENGE, status=EntryStatus.PUBLISHED)
    elsewhere = make_entry(program=make_published_program(), kind=EntryKind.CHALLENGE, **SHARED)
    practice = make_entry(program=program, kind=EntryKind.PRACTICE, **SHARED)
    for entry in (private, elsewhere, practice):
        assert client.get(f"{address_of(program)}challenges/{entry.uuid}/").status_code == 404


def test_a_challenge_of_a_hidden_program_is_not_found(client: Client) -> None:
    program = make_program()
    challenge = make_entry(program=program, kind=EntryKind.CHALLENGE, **SHARED)
    assert client.get(f"{address_of(program)}challenges/{challenge.uuid}/").status_code == 404


def test_the_journal_shows_newest_first_page_by_page(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"PAGE_SIZE": 2}
    program = make_published_program()
    made = [make_entry(program=program, **SHARED | {"author": make_user()}) for _ in range(5)]
    seen, after = [], ""
    while True:
        page = client.get(f"{address_of(program)}journal/", {"after": after} if after else {}).context["page"]
        seen += page.rows
        after = page.next
        if not after:
            break
    assert seen == made[::-1]


def test_an_empty_journal_says_so(client: Client) -> None:
    page = client.get(f"{address_of(make_published_program())}journal/").content.decode()
    assert "Nobody has shared anything here yet." in page


@pytest.mark.parametrize("where", ["topic", "journal", "challenge"])
def test_the_number_of_statements_does_not_grow_with_the_rows(client: Client, settings: Any, where: str) -> None:
    settings.DJANGO_PRODEV = {"PAGE_SIZE": 200}
    program, topic, made = make_published_program(units=0), make_topic(), []
    author = make_enrollment(program=program).user
    challenge = make_entry(program=program, kind=EntryKind.CHALLENGE, **SHARED)
    addresses = {
        "topic": f"/learning/topics/{topic.kind}/{topic.slug}/",
        "journal": f"{address_of(program)}journal/",
        "challenge": f"{address_of(program)}challenges/{challenge.uuid}/",
    }

    def grow(rows: int) -> None:
        for _ in range(rows - len(made)):
            unit = make_unit()
            make_unit_topic(unit=unit, topic=topic)
            make_published_program(units=[unit])
            shared = SHARED | {"author": author}
            made.append(make_entry(program=program, kind=EntryKind.CHALLENGE, topics=[topic], **shared))
            make_solution(challenge, author=author)
            make_solution(made[-1], author=author)

    assert assert_same_statements(grow, lambda: client.get(addresses[where])) <= 6
