"""Lists, single rows, ``node``, and the cursors of connections, for every entity."""

from typing import Any

import pytest
from django.test import Client

from django_prodev.graphql.types import global_id, type_name
from django_prodev.reading.catalog import LISTED
from django_prodev.reading.entities import Entity, Many
from django_prodev.testing import make_entry, make_program, make_published_program, make_topic, make_user
from tests.graphql.asking import EACH, ask, camel, everything, list_of, listed, object_type, refused, single
from tests.reading.library import Library

pytestmark = pytest.mark.django_db

AROUND = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"


@pytest.fixture
def reader(client: Client) -> Client:
    """Someone who sees all of a library of four shelves."""
    client.force_login(Library(4).reader)
    return client


def page(client: Client, entity: Entity, **arguments: Any) -> dict[str, Any]:
    """A page of a list, with the arguments given as variables."""
    types = object_type("Query").fields[listed(entity)].args
    declared = " ".join(f"${name}: {types[name].type}" for name in arguments)
    given = " ".join(f"{name}: ${name}" for name in arguments)
    shown = f"edges {{ cursor node {{ id }} }} {AROUND} totalCount"
    text = f"query Page({declared}) {{ {listed(entity)}({given}) {{ {shown} }} }}"
    found: dict[str, Any] = ask(client, text, **arguments)[listed(entity)]
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [edge["node"]["id"] for edge in found["edges"]]


def test_the_list_the_single_row_and_node_show_the_same(reader: Client) -> None:
    for entity in LISTED:
        (edge, *_) = ask(reader, list_of(entity))[listed(entity)]["edges"]
        row, fields = edge["node"], everything(entity)
        assert row["__typename"] == type_name(entity)
        assert row["id"] == global_id(entity, row["uuid"])
        text = (
            f"query ($id: ID!, $uuid: ID!) {{ a: {single(entity)}(id: $id) {fields} "
            f"b: {single(entity)}(id: $uuid) {fields} node(id: $id) {{ id ... on {type_name(entity)} {fields} }} }}"
        )
        found = ask(reader, text, id=row["id"], uuid=row["uuid"])
        assert found == {"a": row, "b": row, "node": row}


def test_both_cursors_lead_through_the_list_and_back_without_a_gap(reader: Client) -> None:
    for entity in LISTED:
        for order in entity.orders:
            name = order.column.upper() + ("_DESC" if order.descending else "")
            whole = ids(page(reader, entity, first=50, orderBy=name))
            assert len(whole) == len(set(whole)) >= 4
            forward: list[str] = []
            after: dict[str, str] = {}
            while True:
                found = page(reader, entity, first=3, orderBy=name, **after)
                assert found["pageInfo"]["hasPreviousPage"] is bool(after)
                assert found["pageInfo"]["startCursor"] == found["edges"][0]["cursor"]
                assert found["totalCount"] == len(whole)
                forward += ids(found)
                after = {"after": found["pageInfo"]["endCursor"]}
                if not found["pageInfo"]["hasNextPage"]:
                    break
            assert forward == whole
            backward: list[str] = []
            before: dict[str, str] = {}
            while True:
                found = page(reader, entity, last=3, orderBy=name, **before)
                assert found["pageInfo"]["hasNextPage"] is bool(before)
                backward = ids(found) + backward
                before = {"before": found["pageInfo"]["startCursor"]}
                if not found["pageInfo"]["hasPreviousPage"]:
                    break
            assert backward == whole


def test_between_two_cursors_lies_what_is_between_them(client: Client) -> None:
    for number in range(6):
        make_topic(name=f"t{number}")
    cursors = [edge["cursor"] for edge in page(client, EACH["topic"], first=6)["edges"]]
    found = page(client, EACH["topic"], after=cursors[0], before=cursors[4], first=2)
    names = [edge["cursor"] for edge in found["edges"]]
    assert names == cursors[1:3]
    assert found["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": True,
        "startCursor": cursors[1],
        "endCursor": cursors[2],
    }


def test_an_empty_page_has_no_cursors(client: Client) -> None:
    assert page(client, EACH["topic"], first=1) == {
        "edges": [],
        "totalCount": 0,
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False, "startCursor": None, "endCursor": None},
    }


def test_pages_in_pages_go_on_from_their_own_cursors(client: Client) -> None:
    programs = [make_published_program(title=f"p{number}") for number in range(2)]
    for program in programs:
        for number in range(5):
            make_entry(program=program, author=None, title=f"e{number}", status="published", visibility="public")
    text = """query ($entries: String) { programs(first: 2) { nodes { title entries(first: 3, after: $entries,
        orderBy: CREATED_AT) { totalCount nodes { title } pageInfo { hasNextPage endCursor } } } } }"""
    first = ask(client, text)["programs"]["nodes"]
    assert [node["title"] for node in first] == ["p0", "p1"]
    for node in first:
        assert [entry["title"] for entry in node["entries"]["nodes"]] == ["e0", "e1", "e2"]
        assert node["entries"]["totalCount"] == 5
        assert node["entries"]["pageInfo"]["hasNextPage"] is True
    rest = ask(client, text, entries=first[0]["entries"]["pageInfo"]["endCursor"])["programs"]["nodes"]
    assert [entry["title"] for entry in rest[0]["entries"]["nodes"]] == ["e3", "e4"]
    assert rest[0]["entries"]["pageInfo"]["hasNextPage"] is False


def test_the_same_relation_may_be_asked_for_twice_under_two_names(client: Client) -> None:
    program = make_published_program()
    for number in range(4):
        make_entry(program=program, author=None, title=f"e{number}", status="published", visibility="public")
    text = """{ programs { nodes { old: entries(first: 1, orderBy: CREATED_AT) { nodes { title } }
        recent: entries(first: 2) { nodes { title } totalCount } } } }"""
    assert ask(client, text)["programs"]["nodes"] == [
        {
            "old": {"nodes": [{"title": "e0"}]},
            "recent": {"nodes": [{"title": "e3"}, {"title": "e2"}], "totalCount": 4},
        }
    ]


def test_every_paged_relation_takes_what_its_list_takes() -> None:
    query = object_type("Query")
    for entity in EACH.values():
        for relation in entity.relations:
            if isinstance(relation, Many) and relation.paged:
                nested = object_type(type_name(entity)).fields[camel(relation.name)]
                assert nested.args.keys() == query.fields[listed(EACH[relation.target])].args.keys()


def test_an_unlisted_program_is_found_by_its_own_address_only(client: Client) -> None:
    program = make_published_program(visibility="unlisted")
    identifier = global_id(EACH["program"], program.uuid)
    text = """query ($id: ID!) { program(id: $id) { slug curriculum { items { unit { slug } } } }
        node(id: $id) { id } programs { totalCount } units { totalCount } providers { nodes { id } } }"""
    found = ask(client, text, id=identifier)
    assert found["program"]["slug"] == program.slug
    assert len(found["program"]["curriculum"]["items"]) == 3
    assert found["node"] == {"id": identifier}
    assert (found["programs"], found["units"], found["providers"]) == (
        {"totalCount": 0},
        {"totalCount": 0},
        {"nodes": []},
    )


def test_what_is_hidden_is_answered_like_what_is_absent(client: Client) -> None:
    hidden = make_program()
    for identifier in (hidden.uuid, "00000000-0000-0000-0000-000000000000"):
        text = "query ($id: ID!, $uuid: ID!) { node(id: $id) { id } program(id: $uuid) { slug } }"
        found = ask(client, text, id=global_id(EACH["program"], identifier), uuid=str(identifier))
        assert found == {"node": None, "program": None}


def test_an_identifier_of_another_type_finds_nothing(client: Client) -> None:
    topic = make_topic()
    identifier = global_id(EACH["topic"], topic.uuid)
    assert ask(client, "query ($id: ID!) { program(id: $id) { id } }", id=identifier) == {"program": None}
    (error,) = refused(client, '{ node(id: "nothing") { id } }')
    assert error["extensions"]["fields"] == {"id": ["This is no identifier: use one that an answer gave."]}


@pytest.mark.djangos_user
def test_a_person_is_a_name_and_nothing_else(client: Client) -> None:
    author = make_user("ada", first_name="Ada", last_name="Lovelace", email="ada@example.com")
    program = make_published_program()
    make_entry(program=program, author=author, status="published", visibility="public")
    assert ask(client, "{ entries { nodes { author { name } } } }")["entries"]["nodes"] == [
        {"author": {"name": "Ada Lovelace"}}
    ]
    (error,) = refused(client, "{ entries { nodes { author { email } } } }")
    assert error["message"] == "Cannot query field 'email' on type 'Person'."
