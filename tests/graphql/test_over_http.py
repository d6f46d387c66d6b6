"""GraphQL over HTTP: methods, media types, statuses, and what a page of another site cannot send."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from django_prodev.testing import make_topic, make_user
from tests.graphql.asking import ADDRESS, post

pytestmark = pytest.mark.django_db

TYPENAME = {"query": "{ __typename }"}
DATA = {"data": {"__typename": "Query"}}
NEWER = "application/graphql-response+json"
HEADER = {"GraphQL-Require-Preflight": "1"}


def get(client: Client, query: dict[str, str], headers: dict[str, str] | None = None) -> Any:
    return client.get(f"{ADDRESS}?{urlencode(query)}", headers=headers or {})


@pytest.mark.parametrize("name", ["GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Requested-With"])
def test_a_get_needs_a_header_that_no_form_can_send(client: Client, name: str) -> None:
    assert get(client, TYPENAME).status_code == 400
    assert "GraphQL-Require-Preflight" in get(client, TYPENAME).json()["errors"][0]["message"]
    assert get(client, TYPENAME, {name: "x"}).json() == DATA


def test_a_get_carries_variables_and_the_name_of_the_operation(client: Client) -> None:
    make_topic(name="a")
    query = {
        "query": "query A { __typename } query B ($n: Int) { topics(first: $n) { nodes { name } } }",
        "operationName": "B",
        "variables": '{"n": 1}',
        "extensions": "{}",
    }
    assert get(client, query, HEADER).json() == {"data": {"topics": {"nodes": [{"name": "a"}]}}}
    answer = get(client, {**query, "variables": "{"}, HEADER)
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "“variables” is not JSON.")


def test_head_is_a_get_without_its_body(client: Client) -> None:
    answer = client.head(f"{ADDRESS}?{urlencode(TYPENAME)}", headers=HEADER)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_get_writes_nothing(client: Client) -> None:
    client.force_login(make_user(is_superuser=True))
    text = "mutation { createTopic(input: {}) { clientMutationId } }"
    answer = get(client, {"query": text}, HEADER)
    assert answer.status_code in {200, 400, 405}
    if answer.status_code == 405:
        assert answer.headers["Allow"] == "POST"


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = getattr(client, method)(ADDRESS)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, POST, HEAD, OPTIONS"


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "",
    ],
)
def test_a_body_that_a_form_could_send_is_refused(client: Client, kind: str) -> None:
    for body in (json.dumps(TYPENAME), urlencode(TYPENAME)):
        answer = client.generic("POST", ADDRESS, body, content_type=kind)
        assert answer.status_code == 415
        assert "data" not in answer.json()


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/JSON;charset=UTF-8"]
)
def test_json_in_utf8_is_read(client: Client, kind: str) -> None:
    assert client.generic("POST", ADDRESS, json.dumps(TYPENAME), content_type=kind).json() == DATA


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("application/json", "application/json"),
        (NEWER, NEWER),
        (f"{NEWER}, application/json;q=0.9", NEWER),
        (f"{NEWER};q=0.5, application/json", "application/json"),
        (f"{NEWER};q=0, */*", "application/json"),
        ("text/html, */*;q=0.1", "application/json"),
        (f"{NEWER};q=x, */*;q=0.1", "application/json"),
        ("x" * 5_000, "application/json"),
    ],
)
def test_the_answer_is_of_a_kind_that_is_accepted(client: Client, accept: str | None, kind: str) -> None:
    answer = post(client, "{ __typename }", headers={} if accept is None else {"Accept": accept})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, f"{kind}; charset=utf-8")
    assert {"Accept", "Authorization", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_kind_that_is_not_spoken_is_refused(client: Client) -> None:
    answer = post(client, "{ __typename }", headers={"Accept": "text/plain"})
    assert answer.status_code == 406


@pytest.mark.parametrize(("accept", "status"), [("application/json", 200), (NEWER, 400)])
def test_the_newer_kind_has_the_status_of_the_request(client: Client, accept: str, status: int) -> None:
    for text in ("{", "{ nothing }", "query ($a: Int!) { topics(first: $a) { totalCount } }"):
        assert post(client, text, headers={"Accept": accept}).status_code == status
    partly = post(client, "{ topics(first: 0) { totalCount } }", headers={"Accept": accept})
    assert (partly.status_code, partly.json()["data"]) == (200, {"topics": None})


def test_introspection_is_for_staff_and_where_the_site_allows_it(client: Client, settings: Any) -> None:
    questions = (
        "{ __schema { queryType { name } } }",
        '{ __type(name: "Topic") { name } }',
        "{ ...F } fragment F on Query { ... { __schema { queryType { name } } } }",
        "{ topics { totalCount } a: __schema { queryType { name } } }",
    )
    for text in questions:
        assert post(client, text).json()["errors"][0]["extensions"] == {"code": "INTROSPECTION_DENIED"}
    client.force_login(make_user())
    assert "errors" in post(client, questions[0]).json()
    client.force_login(make_user(is_staff=True))
    for text in questions:
        assert "errors" not in post(client, text).json()
    client.logout()
    settings.DJANGO_PRODEV = {"GRAPHQL_INTROSPECTION": True}
    for text in questions:
        assert "errors" not in post(client, text).json()


def test_the_operation_that_is_not_run_may_introspect(client: Client) -> None:
    body = {"query": "query A { __typename } query B { __schema { queryType { name } } }", "operationName": "A"}
    assert client.post(ADDRESS, body, content_type="application/json").json() == DATA
    answer = client.post(ADDRESS, {**body, "operationName": "B"}, content_type="application/json").json()
    assert answer["errors"][0]["extensions"] == {"code": "INTROSPECTION_DENIED"}
