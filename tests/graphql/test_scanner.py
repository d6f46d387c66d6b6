"""What scanners of GraphQL servers look for, as an anonymous client: each probe is a test, and none finds anything."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.graphql.asking import ADDRESS, post

pytestmark = pytest.mark.django_db


def data(answer: Any) -> Any:
    """The data of an answer that is one, whatever its status."""
    try:
        found = json.loads(answer.content)
    except ValueError:
        return None
    return found.get("data") if isinstance(found, dict) else found


def test_alias_overloading(client: Client) -> None:
    aliases = " ".join(f"alias{at}: __typename" for at in range(101))
    assert data(post(client, f"query cop {{ {aliases} }}")) is None


def test_batches_of_queries(client: Client) -> None:
    body = json.dumps([{"query": "query cop { __typename }"}] * 10)
    answer = client.post(ADDRESS, body, content_type="application/json")
    assert answer.status_code == 400
    assert not isinstance(answer.json(), list)


def test_directive_overloading(client: Client) -> None:
    answer = post(client, "query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }")
    assert len(answer.json()["errors"]) < 2


def test_circular_introspection(client: Client) -> None:
    text = "query cop { __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"
    assert data(post(client, text)) is None


def test_field_duplication(client: Client) -> None:
    assert data(post(client, f"query cop {{ {'__typename ' * 500} }}")) is None


def test_field_suggestions(client: Client) -> None:
    for text in ("query cop { program }", "query cop { __schema { directive } }", "query cop { topic_ }"):
        assert "Did you mean" not in post(client, text).content.decode()


def test_introspection(client: Client) -> None:
    answer = post(client, "query cop { __schema { types { name fields { name } } } }")
    assert data(answer) is None
    assert answer.json()["errors"][0]["message"] == "The schema is shown to staff."


@pytest.mark.parametrize("path", ["", "graphiql", "playground", "console"])
def test_an_ide(client: Client, path: str) -> None:
    answer = client.get(ADDRESS + path, headers={"Accept": "text/html"})
    assert answer.status_code in {403, 404}
    page = answer.content.decode()
    for mark in ("graphiql.min.css", "GraphQL Playground", "GraphiQL", "graphql-playground", "<script"):
        assert mark not in page


def test_queries_by_get(client: Client) -> None:
    answer = client.get(f"{ADDRESS}?{urlencode({'query': 'query cop { __typename }'})}")
    assert (answer.status_code, data(answer)) == (400, None)


def test_mutations_by_get(client: Client) -> None:
    for headers in ({}, {"GraphQL-Require-Preflight": "1"}):
        answer = client.get(f"{ADDRESS}?{urlencode({'query': 'mutation cop { __typename }'})}", headers=headers)
        assert data(answer) is None
        assert answer.status_code in {400, 405}


def test_queries_by_a_form(client: Client) -> None:
    answer = client.post(ADDRESS, {"query": "query cop { __typename }"})
    assert (answer.status_code, data(answer)) == (415, None)
    answer = client.generic("POST", ADDRESS, "query=%7B__typename%7D", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, data(answer)) == (415, None)


def test_tracing(client: Client) -> None:
    for text in ("query cop { __typename }", "query cop { x }"):
        answer = post(client, text, headers={"X-Apollo-Tracing": "1"})
        for mark in ("tracing", "debug", "exception", "stacktrace", "queryPlan"):
            assert mark not in answer.content.decode()
        assert "extensions" not in answer.json()


def test_errors_that_nobody_handles(client: Client) -> None:
    for body in ("qwerty cop { abc }", "", "\x00", "{"):
        answer = post(client, body)
        assert answer.status_code < 500
        for mark in ("Traceback", "exception", 'File "', "django", "graphql."):
            assert mark not in answer.content.decode()
