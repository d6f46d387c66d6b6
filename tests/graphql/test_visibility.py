"""Nobody sees what is not theirs, at any level: hidden rows leave no trace in an answer.

The world has drafts and private rows at every place; each viewer's answers are held to the ORM's ``visible_to``, and to
the answers of a world where the hidden rows do not exist.
"""

import json
from typing import Any

import pytest
from django.test import Client

from django_prodev.models import Entry
from django_prodev.reading.catalog import LISTED
from django_prodev.testing import make_entry, make_published_program, make_solution, make_unit
from tests.graphql.asking import ask, list_of, listed, post
from tests.models.world import PEOPLE, World, make_world

pytestmark = pytest.mark.django_db

HIDDEN = "Kept from others"


@pytest.fixture
def world() -> World:
    return make_world()


def test_a_list_and_its_count_hold_exactly_what_the_viewer_may_see(world: World) -> None:
    for entity in LISTED:
        manager: Any = entity.model._default_manager
        for name in (*PEOPLE, "anonymous"):
            client, person = Client(), world.people[name]
            if person is not None:
                client.force_login(person)
            text = f"{{ {listed(entity)}(first: 100) {{ totalCount nodes {{ uuid }} }} }}"
            found = ask(client, text)[listed(entity)]
            expected = {str(row.uuid) for row in manager.visible_to(person)}
            assert {node["uuid"] for node in found["nodes"]} == expected, name
            assert found["totalCount"] == len(found["nodes"]) == len(expected), name


def test_no_answer_holds_a_word_of_what_is_hidden(world: World, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"GRAPHQL_MAX_FIELDS": 2_000, "GRAPHQL_MAX_COST": 1_000_000}
    assert world.people
    for marked in LISTED:
        manager: Any = marked.model._default_manager
        for field in {"title", "name", "notes", "description", "body", "summary"} & marked.by_name.keys():
            manager.exclude(pk__in=manager.visible_to(None).values("pk")).update(**{field: HIDDEN})
    for entity in LISTED:
        answer = post(Client(), list_of(entity, 1))
        assert "errors" not in answer.json()
        assert HIDDEN not in answer.content.decode(), entity.name


def test_nested_lists_counts_filters_and_search_pass_over_hidden_rows(client: Client) -> None:
    program = make_published_program(slug="open", units=[make_unit(slug="shown")])
    unit = program.curricula.get().items.get().unit
    public: dict[str, Any] = {"program": program, "unit": unit, "status": "published", "visibility": "public"}
    challenge = make_entry(kind="challenge", title="shown", author=None, **public)
    make_solution(challenge, title="shown", author=None)
    query = """{
        programs { nodes { entries { totalCount nodes { title solutions { title parent { title } } } }
            searched: entries(search: "hidden") { totalCount } drafts: entries(kind: [SOLUTION]) { totalCount }
            curricula { totalCount } cohorts { totalCount } projects { totalCount } } }
        units { nodes { entries { totalCount nodes { title } } } }
        entries(topic: "t", solved: true) { totalCount }
        solved: entries(solved: true) { totalCount }
        open: entries(solved: false) { totalCount }
        byProgram: entries(program: "secret") { totalCount }
        byUnit: units(program: "secret") { totalCount }
    }"""
    bare = post(client, query).content
    secret = make_published_program(slug="secret", visibility="private", units=[make_unit(slug="hidden")])
    make_entry(title="hidden", author=None, **{**public, "program": secret})
    make_entry(title="hidden", author=None, **{**public, "visibility": "mentors"})
    make_entry(title="hidden", author=None, **{**public, "status": "draft"})
    make_solution(challenge, title="hidden", author=None, visibility="private")
    other = make_entry(kind="challenge", title="hidden", author=None, **{**public, "visibility": "program"})
    make_solution(other, title="hidden", author=None)
    assert Entry.objects.filter(title="hidden").count() == 6
    with_hidden = post(client, query)
    assert b"errors" not in with_hidden.content
    assert with_hidden.content == bare
    shown = json.loads(bare)["data"]
    assert shown["programs"]["nodes"][0]["entries"]["totalCount"] == 2
    assert shown["solved"] == {"totalCount": 1}
