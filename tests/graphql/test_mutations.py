"""What mutations promise by Relay's and GraphQL's conventions. That they do what REST does is in ``tests/writing``."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from graphql import GraphQLInputObjectType, GraphQLNonNull, GraphQLObjectType

from django_prodev import api
from django_prodev.graphql.schema import schema
from django_prodev.graphql.types import global_id
from django_prodev.models import Program
from django_prodev.reading.catalog import PROGRAM
from django_prodev.services.permission_table import Who
from django_prodev.testing.factories import make_user
from django_prodev.writing.catalog import COMMANDS
from tests.writing.asking import GRAPHQL, camel, over_graphql, state
from tests.writing.world import World

EDIT = """mutation Edit($input: EditProgramInput!) {
  editProgram(input: $input) { clientMutationId program { uuid title revision } errors { field messages } } }"""


def post(client: Client, text: str, **variables: Any) -> Any:
    body = json.dumps({"query": text, "variables": variables})
    return client.post(GRAPHQL, body, content_type="application/json").json()


def edit(world: World, **given: Any) -> Any:
    return post(world.clients[Who.EDITOR], EDIT, input={"id": global_id(PROGRAM, world.program.uuid), **given})


@pytest.mark.parametrize("name", [*COMMANDS, "bulk_enroll"])
def test_every_mutation_takes_one_input_and_has_a_payload_of_its_own(name: str) -> None:
    mutations = schema.graphql_schema.mutation_type
    assert mutations is not None
    field = mutations.fields[camel(name)]
    kind = f"{camel(name)[0].upper()}{camel(name)[1:]}"
    assert set(field.args) == {"input"}
    taken = field.args["input"].type
    assert isinstance(taken, GraphQLNonNull)
    assert isinstance(taken.of_type, GraphQLInputObjectType)
    assert isinstance(field.type, GraphQLObjectType)
    assert (taken.of_type.name, field.type.name) == (f"{kind}Input", f"{kind}Payload")
    assert {"clientMutationId", "errors"} <= set(field.type.fields)
    assert field.description
    assert all(each.description for each in taken.of_type.fields.values())


def test_inputs_are_those_of_the_commands() -> None:
    for name, command in COMMANDS.items():
        kind = schema.graphql_schema.type_map[f"{camel(name)[0].upper()}{camel(name)[1:]}Input"]
        assert isinstance(kind, GraphQLInputObjectType)
        own = {"clientMutationId"} | ({"id"} if command.subject else set())
        own |= {"expectedVersion"} if command.versioned else set()
        assert set(kind.fields) == own | {camel(each) for each in command.by_name}
        for each in command.inputs:
            assert isinstance(kind.fields[camel(each.name)].type, GraphQLNonNull) is each.required


def test_what_the_client_calls_it_comes_back_with_the_row(world: World, db: None) -> None:
    payload = edit(world, title="Rowing", clientMutationId="m-1")["data"]["editProgram"]
    assert payload["clientMutationId"] == "m-1"
    assert payload["errors"] == []
    assert payload["program"] == {
        "uuid": str(world.program.uuid),
        "title": "Rowing",
        "revision": api.version_of(Program.objects.get(pk=world.program.pk)),
    }


def test_an_expected_version_guards_an_edit(world: World, db: None) -> None:
    seen = api.version_of(Program.objects.get(pk=world.program.pk))
    assert edit(world, title="First", expectedVersion=seen)["data"]["editProgram"]["errors"] == []
    for old in (seen, "", "é"):
        answer = edit(world, title="Second", expectedVersion=old)
        assert answer["errors"][0]["extensions"]["code"] == "CONFLICT"
        assert answer["data"] == {"editProgram": None}
    assert Program.objects.get(pk=world.program.pk).title == "First"
    assert edit(world, title="Third", expectedVersion=None)["data"]["editProgram"]["errors"] == []


def test_everything_that_is_wrong_comes_at_once_and_by_the_input_s_name(world: World, db: None) -> None:
    before = state()
    payload = edit(world, slug="no slug", title="", effortHours=-1, language="?", enforceOrder=None)["data"][
        "editProgram"
    ]
    assert [error["field"] for error in payload["errors"]] == ["enforceOrder"], (
        "what is no value comes before the rules"
    )
    payload = edit(world, slug="no slug", title="", effortHours=-1, language="?")["data"]["editProgram"]
    assert {error["field"] for error in payload["errors"]} == {"slug", "title", "effortHours", "language"}
    assert all(error["messages"] for error in payload["errors"])
    assert payload["program"] is None
    assert state() == before


def test_identifiers_that_are_none_are_all_named(world: World, db: None) -> None:
    given = {"curriculum": "x", "unit": "Zm9v", "parent": "1"}
    answer = over_graphql(world.clients[Who.EDITOR], "add_item", None, given)
    assert (answer.code, set(answer.fields)) == ("invalid", set(given))
    answer = over_graphql(world.clients[Who.EDITOR], "edit_program", "x", {"title": "X"})
    assert (answer.code, set(answer.fields)) == ("invalid", {"id"})


def test_a_hidden_reference_is_as_if_absent(world: World, db: None) -> None:
    answers = [
        over_graphql(world.clients[Who.THE_LEARNER], "enroll", None, {"program": str(key)})
        for key in (world.hidden["program"].uuid, uuid.uuid4())
    ]
    assert answers[0].raw == answers[1].raw
    assert set(answers[0].fields) == {"program"}


def test_nobody_can_find_out_who_has_an_account(world: World, db: None) -> None:
    names = (make_user("stranger").get_username(), "no such name")
    answers = [
        over_graphql(world.clients[Who.THE_LEARNER], "set_project_members", world.project, {"members": [name]})
        for name in names
    ]
    assert answers[0].raw == answers[1].raw


def test_nobody_writes_without_signing_in(world: World, db: None) -> None:
    before = state()
    assert over_graphql(Client(), "edit_program", world.program, {"title": "X"}).code == "not_authenticated"
    assert over_graphql(Client(), "edit_program", "nonsense", {"title": "X"}).code == "not_authenticated"
    assert state() == before


def test_a_mutation_comes_by_post_and_as_json(world: World, db: None) -> None:
    text = f'mutation {{ editProgram(input: {{ id: "{world.program.uuid}", title: "X" }}) {{ errors {{ field }} }} }}'
    client = world.clients[Who.EDITOR]
    got = client.get(GRAPHQL, {"query": text}, headers={"X-Requested-With": "x"})
    assert (got.status_code, got.headers["Allow"]) == (405, "POST")
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert client.generic("POST", GRAPHQL, json.dumps({"query": text}), content_type).status_code == 415
    assert Program.objects.get(pk=world.program.pk).title == world.program.title


def test_of_several_mutations_each_stands_for_itself(world: World, db: None) -> None:
    text = f"""mutation {{
      a: editProgram(input: {{ id: "{world.program.uuid}", title: "First" }}) {{ program {{ title }} }}
      b: editProgram(input: {{ id: "{uuid.uuid4()}", title: "None" }}) {{ program {{ title }} }}
      c: editProgram(input: {{ id: "{world.program.uuid}", summary: "Third" }}) {{ program {{ title summary }} }} }}"""
    answer = post(world.clients[Who.EDITOR], text)
    assert answer["data"] == {
        "a": {"program": {"title": "First"}},
        "b": None,
        "c": {"program": {"title": "First", "summary": "Third"}},
    }
    assert [error["path"] for error in answer["errors"]] == [["b"]]


VALUES: list[Any] = [
    None,
    True,
    -1,
    2**63,
    1.5,
    "\x00",
    [],
    [None],
    {},
    {"a": 1},
    "*" * 10_000,
    "9999-12-31T23:59:59-14:00",
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("name", ["write_entry", "create_cohort", "grant_role", "set_unit_topics"])
def test_no_value_makes_an_error_of_ours(world: World, db: None, name: str, value: Any) -> None:
    kind = f"{camel(name)[0].upper()}{camel(name)[1:]}"
    for each in COMMANDS[name].by_name:
        text = f"mutation M($input: {kind}Input!) {{ {camel(name)}(input: $input) {{ errors {{ field messages }} }} }}"
        given: dict[str, Any] = {camel(each): value}
        if COMMANDS[name].subject:
            given["id"] = str(world.unit.uuid)
        answer = world.clients[Who.SUPERUSER].post(
            GRAPHQL, json.dumps({"query": text, "variables": {"input": given}}), content_type="application/json"
        )
        assert answer.status_code in (200, 400)
        assert "INTERNAL" not in answer.content.decode()
