"""Errors suggest nothing: who may not see the schema cannot have it guessed for them."""

import json
from typing import Any

import pytest
from django.test import Client
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType

from django_prodev.graphql.schema import schema
from tests.graphql.asking import post

pytestmark = pytest.mark.django_db

TYPES = [
    each
    for name, each in schema.graphql_schema.type_map.items()
    if isinstance(each, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
]

WORDS = ("program", "course", "user", "me", "viewer", "topic", "unit", "entry", "author", "provider", "cohort", "node")
"""What somebody would try who knows learning systems."""


def near(name: str) -> list[str]:
    """Names that are one slip away from ``name``."""
    return [name[:-1], name + "s", name + "x", name[0] + name, name[1:], name.swapcase()]


def said(client: Client, text: str, **variables: Any) -> str:
    answer = post(client, text, variables)
    assert "errors" in answer.json()
    return " ".join(error["message"] for error in answer.json()["errors"])


def test_no_field_of_the_root_is_given_away(client: Client) -> None:
    query = schema.graphql_schema.query_type
    assert query is not None
    given_away: set[str] = set()
    for guess in [*(guess for name in query.fields for guess in near(name)), *(word + "z" for word in WORDS)]:
        message = said(client, f"{{ {guess} {{ x }} }}").replace(f"'{guess}'", "")
        given_away |= {field for field in query.fields if f"'{field}'" in message}
    assert given_away == set()


def test_no_field_below_is_given_away(client: Client) -> None:
    paths = {
        "Topic": "{ topics { nodes { %s } } }",
        "Program": "{ programs { nodes { %s } } }",
        "Entry": "{ entries { nodes { %s } } }",
        "TopicConnection": "{ topics { %s } }",
        "TopicEdge": "{ topics { edges { %s } } }",
        "PageInfo": "{ topics { pageInfo { %s } } }",
        "Node": '{ node(id: "x") { %s } }',
    }
    for kind, path in paths.items():
        fields = next(each for each in TYPES if each.name == kind).fields
        for name in fields:
            for guess in near(name):
                message = said(client, path % guess).replace(f"'{guess}'", "").replace(f"type '{kind}'", "")
                assert "'" not in message, (kind, guess, message)
                assert "Did you mean" not in message


def test_no_argument_and_no_value_of_an_enum_is_given_away(client: Client) -> None:
    query = schema.graphql_schema.query_type
    assert query is not None
    for name in query.fields["topics"].args:
        for guess in near(name):
            message = said(client, f"{{ topics({guess}: 1) {{ totalCount }} }}")
            assert message.replace(guess, "") == "Unknown argument '' on field 'Query.topics'."
    for kind, argument in (("TopicKind", "kind"), ("TopicOrder", "orderBy")):
        enum = schema.graphql_schema.type_map[kind]
        assert isinstance(enum, GraphQLEnumType)
        for value in enum.values:
            for guess in near(value):
                message = said(client, f"{{ topics({argument}: {guess}) {{ totalCount }} }}")
                assert message.replace(guess, "") == f"Value '' does not exist in '{kind}' enum."


def test_variables_give_nothing_away_either(client: Client) -> None:
    text = "query ($kind: [TopicKind!]) { topics(kind: $kind) { totalCount } }"
    enum = schema.graphql_schema.type_map["TopicKind"]
    assert isinstance(enum, GraphQLEnumType)
    for value in enum.values:
        for guess in near(value):
            message = said(client, text, kind=[guess]).replace(guess, "")
            assert message.endswith("Value '' does not exist in 'TopicKind' enum.")


def test_inputs_give_nothing_away_either(client: Client) -> None:
    mutation = schema.graphql_schema.mutation_type
    assert mutation is not None
    for name, definition in list(mutation.fields.items())[:4]:
        kind: Any = definition.args["input"].type
        inner = getattr(kind, "of_type", kind)
        assert isinstance(inner, GraphQLInputObjectType)
        for field in inner.fields:
            for guess in near(field):
                text = f"mutation ($input: {kind}) {{ {name}(input: $input) {{ __typename }} }}"
                message = said(client, text, input={guess: 1})
                assert "Did you mean" not in message
                written = f"mutation {{ {name}(input: {{{guess}: 1}}) {{ __typename }} }}"
                assert "Did you mean" not in said(client, written)


def test_unknown_types_are_not_completed(client: Client) -> None:
    for each in (each for each in TYPES if not each.name.endswith("Payload")):
        for guess in near(each.name)[:2]:
            message = said(client, f"fragment F on {guess} {{ x }} {{ ...F }}")
            assert "Did you mean" not in message
            assert f"'{each.name}'" not in message


def test_a_host_that_shows_its_schema_need_not_guess_either(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"GRAPHQL_INTROSPECTION": True}
    assert "Did you mean" not in json.dumps(post(client, "{ topcs { nodes { slg } } }").json())
