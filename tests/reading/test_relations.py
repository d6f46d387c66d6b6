"""What a row leads to: joined where the rules make that safe, fetched by its own rule where they do not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.test import override_settings

from django_prodev.models import Provider
from django_prodev.models.viewer import Viewer
from django_prodev.models.visibility import NOBODY, VisibilityPolicy
from django_prodev.reading.catalog import (
    CURRICULUM,
    CURRICULUM_ITEM,
    ENTRY,
    LISTED,
    PERSON,
    PROGRAM,
    PROJECT,
    PROVIDER,
    TOPIC,
    UNIT,
    UNIT_TOPIC,
)
from django_prodev.reading.plan import AnswerTooLarge
from django_prodev.reading.selection import Selection
from django_prodev.testing import (
    count_statements,
    make_curriculum,
    make_entry,
    make_item,
    make_membership,
    make_program,
    make_project,
    make_provider,
    make_published_program,
    make_solution,
    make_topic,
    make_unit,
    make_unit_topic,
    make_user,
)
from tests.reading.asking import one, page, pages_of, select, whole
from tests.reading.library import Library

pytestmark = pytest.mark.django_db

PUBLIC = {"status": "published", "visibility": "public"}


class OpenHouse(VisibilityPolicy):
    """Hides one provider and one topic from everyone, and shows entries whatever their program."""

    def provider(self, viewer: Viewer, addressed: bool) -> Q:
        return ~Q(slug="hidden")

    def topic(self, viewer: Viewer, addressed: bool) -> Q:
        return ~Q(slug="hidden")

    def entry(self, viewer: Viewer, addressed: bool) -> Q:
        return Q(status="published")


class Shut(VisibilityPolicy):
    """Nobody sees anything."""

    def rule(self, model: Any, viewer: Viewer, *, addressed: bool = False) -> Q:
        return NOBODY


@pytest.fixture
def _open_house() -> Iterator[None]:
    with override_settings(DJANGO_PRODEV={"VISIBILITY_POLICY": f"{__name__}.OpenHouse"}):
        yield


def test_a_fetched_relation_is_null_where_its_row_is_hidden() -> None:
    author = make_user("author")
    hidden = make_program(title="Not yet")
    challenge = make_entry(kind="challenge", author=make_user(), program=hidden, visibility="private")
    solution = make_solution(
        challenge,
        author=author,
        program=hidden,
        unit=make_unit(),
        project=make_project(program=hidden),
        visibility="private",
    )
    link = {"program": select(PROGRAM, "title"), "parent": select(ENTRY, "title"), "unit": select(UNIT, "title")}
    answer = one(select(ENTRY, "title", **link, project=select(PROJECT, "title")), author, uuid=solution.uuid)
    assert answer == {"title": solution.title, "program": None, "parent": None, "unit": None, "project": None}


@pytest.mark.djangos_user
def test_a_fetched_relation_is_shown_where_its_row_is_seen() -> None:
    library = Library(1).shelves[0]
    selection = select(
        ENTRY,
        parent=select(ENTRY, "title"),
        program=select(PROGRAM, "slug"),
        unit=select(UNIT, "slug"),
        author=select(PERSON, "name"),
    )
    assert one(selection, uuid=library["solution"].uuid) == {
        "parent": {"title": library["challenge"].title},
        "program": {"slug": "program-0"},
        "unit": None,
        "author": {"name": "reader-1"},
    }


def test_a_reverse_relation_is_the_published_row_alone() -> None:
    program = make_published_program(units=0)
    make_curriculum(program=program, status="superseded")
    make_curriculum(program=program, status="draft")
    editor = make_membership(program=program).user
    without = make_published_program(units=0)
    without.curricula.all().delete()
    selection = select(PROGRAM, curriculum=select(CURRICULUM, "version", "status"))
    for viewer in (None, editor, make_user(is_superuser=True)):
        assert one(selection, viewer, uuid=program.uuid) == {"curriculum": {"version": 1, "status": "published"}}
        assert one(selection, viewer, uuid=without.uuid) == {"curriculum": None}


def test_to_many_relations_hold_only_what_is_seen_in_their_order() -> None:
    library = Library(1).shelves[0]
    make_solution(library["challenge"], title="hidden", author=make_user(), visibility="private")
    make_solution(library["challenge"], title="accepted", accepted_at=library["challenge"].created_at)
    selection = select(ENTRY, solutions=select(ENTRY, "title", topics=select(TOPIC, "slug")))
    assert one(selection, uuid=library["challenge"].uuid) == {
        "solutions": [
            {"title": "accepted", "topics": []},
            {"title": library["solution"].title, "topics": [{"slug": "narrow-0"}]},
        ]
    }
    children = select(CURRICULUM_ITEM, unit=select(UNIT, "slug"))
    tree = select(CURRICULUM, sections=select(CURRICULUM_ITEM, children=children))
    assert one(tree, uuid=library["curriculum"].uuid) == {"sections": [{"children": [{"unit": {"slug": "part-0"}}]}]}


def test_a_unit_in_a_draft_and_in_a_published_curriculum_shows_the_published_placement_alone() -> None:
    unit = make_unit(slug="both")
    program = make_published_program(provider=unit.provider, units=[unit])
    draft = make_curriculum(program=program)
    make_item(curriculum=draft, unit=unit)
    found = page(select(CURRICULUM, "version", items=select(CURRICULUM_ITEM, unit=select(UNIT, "slug")))).nodes
    assert found == [{"version": 1, "items": [{"unit": {"slug": "both"}}]}]


def test_nothing_more_is_read_for_an_answer_that_is_too_large(settings: Any) -> None:
    settings.DJANGO_PRODEV = {"MAX_NESTED_ROWS": 100}
    programs = [make_published_program(units=50) for _ in range(2)]
    unit = select(UNIT, topics=select(UNIT_TOPIC, "role"))
    items = select(CURRICULUM, items=select(CURRICULUM_ITEM, unit=unit))
    assert [len(node["items"]) for node in page(items).nodes] == [50, 50]
    make_item(curriculum=programs[0].curricula.get())

    def refused() -> None:
        with pytest.raises(AnswerTooLarge, match="more than 100 rows") as caught:
            page(items)
        assert caught.value.code == "answer_too_large"

    assert count_statements(refused) == 2


def test_joined_relations_are_fetched_by_their_rule_under_a_policy_of_the_host() -> None:
    hidden, shown = make_provider(slug="hidden"), make_provider(slug="shown")
    wide = make_topic(slug="hidden")
    for provider in (hidden, shown):
        unit = make_unit(provider=provider, slug=f"in-{provider.slug}")
        make_published_program(slug=provider.slug, provider=provider, units=[unit])
        make_unit_topic(unit=unit, topic=make_topic(slug=f"of-{provider.slug}", parent=wide))
        make_unit_topic(unit=unit, topic=wide)
    programs = select(PROGRAM, "slug", provider=select(PROVIDER, "slug"))
    units = select(UNIT, topics=select(UNIT_TOPIC, topic=select(TOPIC, "slug", parent=select(TOPIC, "slug"))))
    assert count_statements(lambda: page(programs)) == 1
    assert page(programs).nodes == [
        {"slug": "hidden", "provider": {"slug": "hidden"}},
        {"slug": "shown", "provider": {"slug": "shown"}},
    ]
    with override_settings(DJANGO_PRODEV={"VISIBILITY_POLICY": f"{__name__}.OpenHouse"}):
        assert count_statements(lambda: page(programs)) == 2
        assert page(programs).nodes == [
            {"slug": "hidden", "provider": None},
            {"slug": "shown", "provider": {"slug": "shown"}},
        ]
        answers = page(units).nodes
    assert [[tagged["topic"] for tagged in answer["topics"]] for answer in answers] == [
        [{"slug": "of-hidden", "parent": None}, None],
        [{"slug": "of-shown", "parent": None}, None],
    ]


@pytest.mark.usefixtures("_open_house")
def test_topics_hidden_by_a_policy_of_the_host_are_left_out_of_lists_and_found_by_no_filter() -> None:
    hidden, shown = make_topic(slug="hidden"), make_topic(slug="shown")
    make_entry(author=None, topics=[hidden, shown], program=make_published_program(), **PUBLIC)
    entries = select(ENTRY, topics=select(TOPIC, "slug"))
    assert page(entries).nodes == [{"topics": [{"slug": "shown"}]}]
    assert page(entries, filters={"topic": "hidden"}).nodes == []
    assert len(page(entries, filters={"topic": "shown"}).nodes) == 1


def test_a_policy_that_hides_everything_gives_empty_lists() -> None:
    Library(1)
    branch, values = pages_of(PROVIDER, "programs", select(PROGRAM, "slug"), counted=True)
    with override_settings(DJANGO_PRODEV={"VISIBILITY_POLICY": f"{__name__}.Shut"}):
        for entity in LISTED:
            found = page(whole(entity), counted=True)
            assert (found.nodes, found.total) == ([], 0)
        provider = Provider.objects.get()
        assert one(Selection(PROVIDER, (branch,)), values=values, uuid=provider.uuid) is None


def test_an_address_opens_an_unlisted_program_and_what_hangs_on_it_but_nothing_beside_it() -> None:
    provider = make_provider(slug="home")
    unit = make_unit(provider=provider, slug="shared")
    listed = make_published_program(provider=provider, slug="listed", units=[unit])
    unlisted = make_published_program(provider=provider, slug="unlisted", visibility="unlisted", units=[unit])
    for program in (listed, unlisted):
        make_entry(title=program.slug, author=None, program=program, unit=unit, **PUBLIC)
    items = select(CURRICULUM_ITEM, unit=select(UNIT, "slug"))
    opened = select(PROGRAM, "slug", curriculum=select(CURRICULUM, items=items))
    assert one(opened, uuid=unlisted.uuid) == {
        "slug": "unlisted",
        "curriculum": {"items": [{"unit": {"slug": "shared"}}]},
    }
    for row, name, selection in (
        (provider, "programs", select(PROGRAM, "slug")),
        (unit, "entries", select(ENTRY, "title")),
    ):
        entity = PROVIDER if row is provider else UNIT
        for filters in ({}, {"program": "unlisted"} if row is unit else {"provider": "home"}):
            branch, values = pages_of(entity, name, selection, filters=filters, counted=True)
            answer = one(Selection(entity, (branch,)), values=values, uuid=row.uuid)[name]
            found = [value for node in answer["nodes"] for value in node.values()]
            assert found == ([] if "program" in filters else ["listed"])
            assert answer["total"] == len(found)
