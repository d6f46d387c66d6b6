"""A program's own page."""

import json
from typing import Any

import pytest
from django.test import Client

from django_prodev.enums import CurriculumStatus, EntryKind, EntryStatus, ProjectStatus, Visibility
from django_prodev.models import Curriculum, Program
from django_prodev.testing import (
    assert_same_statements,
    make_curriculum,
    make_enrollment,
    make_entry,
    make_item,
    make_membership,
    make_program,
    make_project,
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


def text_of(client: Client, program: Program) -> str:
    answer = client.get(address_of(program))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_program_is_shown_with_its_markdown_as_html(client: Client) -> None:
    program = make_published_program(description="It is *hard* work.", outcomes=["Write a parser"])
    page = text_of(client, program)
    assert "<p>It is <em>hard</em> work.</p>" in page
    assert "<li>Write a parser</li>" in page


def test_markup_in_titles_and_texts_is_shown_as_text(client: Client) -> None:
    program = make_published_program(title="<script>1</script>", description="<script>2</script>", summary='"><b>')
    make_entry(program=program, kind=EntryKind.CHALLENGE, title="<i>3</i>", body="<img onerror=x>", **SHARED)
    page = text_of(client, program)
    assert page.count("<script") == page.count('<script type="application/ld+json">') == 1
    assert "<i>3</i>" not in page
    assert "<img" not in page
    assert 'content="&quot;&gt;&lt;b&gt;"' in page


def test_a_program_that_everybody_may_see_is_told_to_search_engines(client: Client) -> None:
    program = make_published_program(title="</script><b>Tides</b>", units=3)
    page = text_of(client, program)
    written = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    value = json.loads(written)
    assert (value["name"], len(value["hasCourse"])) == ("</script><b>Tides</b>", 3)
    assert value["url"].startswith("http://testserver/")


@pytest.mark.parametrize("visibility", ["unlisted", "private"])
def test_a_program_that_is_not_public_is_told_to_nobody(client: Client, visibility: str) -> None:
    program = make_published_program(visibility=visibility)
    client.force_login(make_user(is_superuser=True))
    assert "ld+json" not in text_of(client, program)


def test_the_curriculum_is_a_tree_with_topics(client: Client) -> None:
    program = make_published_program(units=0)
    curriculum = Curriculum.objects.get(program=program)
    module = make_item(curriculum=curriculum, unit=make_unit(provider=program.provider, title="Parsing"))
    lesson = make_unit(provider=program.provider, title="Grammars", url="https://example.org/grammars")
    make_item(curriculum=curriculum, unit=lesson, parent=module)
    make_unit_topic(unit=lesson, topic=make_topic(name="Grammar", kind="concept", slug="grammar"))
    outline = client.get(address_of(program)).context["outline"]
    assert [branch.item.unit.title for branch in outline.branches] == ["Parsing"]
    assert [branch.item.unit.title for branch in outline.branches[0].children] == ["Grammars"]
    page = text_of(client, program)
    assert 'href="https://example.org/grammars"' in page
    assert '<a href="/learning/topics/concept/grammar/">Grammar</a>' in page


def test_a_very_deep_curriculum_is_shown_whole(client: Client) -> None:
    program = make_published_program(units=0)
    curriculum, parent = Curriculum.objects.get(program=program), None
    for depth in range(40):
        unit = make_unit(provider=program.provider, title=f"Level {depth}.")
        parent = make_item(curriculum=curriculum, unit=unit, parent=parent)
    page = text_of(client, program)
    assert all(f"Level {depth}." in page for depth in range(40))


def test_places_that_stand_in_a_circle_do_not_stop_the_page(client: Client) -> None:
    program = make_published_program(units=2)
    first, second = Curriculum.objects.get(program=program).items.all()
    first.parent, second.parent = second, first
    first.save()
    second.save()
    assert client.get(address_of(program)).status_code == 200


def test_a_draft_curriculum_is_shown_only_to_those_who_write_it(client: Client) -> None:
    program = make_program(status="published")
    make_item(curriculum=make_curriculum(program=program), unit=make_unit(provider=program.provider, title="Secret"))
    assert "Secret" not in text_of(client, program)
    client.force_login(make_membership(program=program, role="editor").user)
    assert "Secret" in text_of(client, program)


def test_the_published_curriculum_is_shown_while_its_successor_is_written(client: Client) -> None:
    program = make_published_program(units=1)
    make_curriculum(program=program)
    client.force_login(make_membership(program=program, role="editor").user)
    assert client.get(address_of(program)).context["outline"].curriculum.status == CurriculumStatus.PUBLISHED


def test_a_challenge_stands_with_its_solutions_the_accepted_one_first(client: Client) -> None:
    program = make_published_program()
    challenge = make_entry(program=program, kind=EntryKind.CHALLENGE, title="It leaks", **SHARED)
    make_solution(challenge, title="Restart it", position=0)
    make_solution(challenge, title="Close the file", position=1, accepted_at="2026-05-01T10:00Z")
    page = text_of(client, program)
    assert page.index("It leaks") < page.index("Close the file") < page.index("Restart it")


def test_a_solution_named_after_its_first_words_says_them_once(client: Client) -> None:
    program = make_published_program()
    challenge = make_entry(program=program, kind=EntryKind.CHALLENGE, **SHARED)
    make_solution(challenge, title="Close the file before…", body="Close the `file` before **it** leaks.")
    page = text_of(client, program)
    assert "<h4>Solution</h4>" in page
    assert "before…" not in page


def test_private_entries_projects_and_solutions_are_shown_to_nobody_else(client: Client) -> None:
    program = make_published_program()
    enrollment = make_enrollment(program=program)
    challenge = make_entry(program=program, kind=EntryKind.CHALLENGE, title="Open question", **SHARED)
    make_solution(challenge, title="My secret answer", author=enrollment.user, visibility=Visibility.PRIVATE)
    make_entry(enrollment=enrollment, title="My secret note", status=EntryStatus.PUBLISHED)
    make_entry(program=program, title="Unfinished", **SHARED | {"status": EntryStatus.DRAFT})
    make_project(enrollment=enrollment, title="My secret project", status=ProjectStatus.SUBMITTED)
    hidden = ("My secret answer", "My secret note", "Unfinished", "My secret project")
    for user in (None, make_user(), make_enrollment(program=program).user):
        client.logout()
        if user:
            client.force_login(user)
        page = text_of(client, program)
        assert "Open question" in page
        assert [text for text in hidden if text in page] == []
    client.force_login(enrollment.user)
    page = text_of(client, program)
    assert [text for text in hidden if text in page] == [text for text in hidden if text.startswith("My")]


def test_a_learner_is_shown_by_name_never_by_login(client: Client) -> None:
    program = make_published_program()
    for user in (make_user("ada@example.com", first_name="Ada", last_name="L."), make_user("b@example.com")):
        make_entry(program=program, title="Note", **SHARED | {"author": user})
    page = text_of(client, program)
    assert "Ada L." in page
    assert "a learner" in page
    assert "@example.com" not in page


def test_a_draft_program_is_found_by_its_team_only(client: Client) -> None:
    program = make_program()
    assert client.get(address_of(program)).status_code == 404
    client.force_login(make_membership(program=program, role="observer").user)
    assert client.get(address_of(program)).status_code == 200


def test_an_unlisted_program_is_found_by_its_address_with_everything_on_it(client: Client) -> None:
    program = make_published_program(visibility="unlisted", units=[make_unit(title="Unit of the unlisted")])
    make_entry(program=program, kind=EntryKind.PRACTICE, title="Practice of the unlisted", **SHARED)
    page = text_of(client, program)
    assert "Unit of the unlisted" in page
    assert "Practice of the unlisted" in page


def test_the_page_points_to_the_journal_when_learners_wrote_more_than_it_shows(client: Client) -> None:
    program = make_published_program()
    for number in range(6):
        make_entry(program=program, title=f"Note {number}", **SHARED | {"author": make_user()})
    page = text_of(client, program)
    assert "Note 5" in page
    assert "Note 0" not in page
    assert f'href="{address_of(program)}journal/"' in page
    assert "Note 0" in client.get(f"{address_of(program)}journal/").content.decode()


def test_a_program_needs_as_many_statements_with_a_hundred_of_everything_as_with_one(client: Client) -> None:
    program = make_published_program(units=0)
    curriculum = Curriculum.objects.get(program=program)
    learner = make_enrollment(program=program).user
    topic, made = make_topic(), []

    def grow(rows: int) -> None:
        for _ in range(rows - len(made)):
            unit = make_unit(provider=program.provider)
            made.append(make_item(curriculum=curriculum, unit=unit, parent=made[0] if made else None))
            make_unit_topic(unit=unit, topic=topic)
            make_solution(make_entry(program=program, kind=EntryKind.CHALLENGE, topics=[topic], **SHARED))
            make_entry(program=program, topics=[topic], **SHARED | {"author": learner})
            make_project(
                program=program,
                owner=None,
                topics=[topic],
                visibility=Visibility.PUBLIC,
                status=ProjectStatus.SUBMITTED,
            )

    assert assert_same_statements(grow, lambda: text_of(client, program)) <= 14  # the stamp among them
