"""Bad input gets a clear error with a place and a code: bounded, and with nothing of the inside in it."""

import json
from typing import Any

import pytest
from django.test import Client

from django_prodev.testing import make_published_program
from tests.graphql.asking import ADDRESS, post, refused

pytestmark = pytest.mark.django_db

INSIDE = ("Traceback", "django", "graphql", "psycopg", "sqlite", 'File "', "SELECT", "Error:", "Exception")

QUERIES = {
    "{ nothing }": "Cannot query field 'nothing' on type 'Query'.",
    "{ topics { nodes { nothing } } }": "Cannot query field 'nothing' on type 'Topic'.",
    "{ topics(size: 3) { totalCount } }": "Unknown argument 'size' on field 'Query.topics'.",
    "{ topics }": "Field 'topics' of type 'TopicConnection' must have a selection of subfields.",
    "{ topics { totalCount { x } } }": "Field 'totalCount' must not have a selection",
    "{ topics(kind: [NOTHING]) { totalCount } }": "Value 'NOTHING' does not exist in 'TopicKind' enum.",
    "{ topics(orderBy: NOTHING) { totalCount } }": "Value 'NOTHING' does not exist in 'TopicOrder' enum.",
    '{ topics(first: "3") { totalCount } }': 'Int cannot represent non-integer value: "3"',
    "{ topics(search: 3) { totalCount } }": "String cannot represent a non string value: 3",
    "{ topics(first: 99999999999) { totalCount } }": "non 32-bit signed integer value: 99999999999",
    f"{{ topics(first: {'9' * 5000}) {{ totalCount }} }}": "A value cannot be read as the type it should have.",
    "{ topics(first: 0) { totalCount } }": "“0” is no page size: it takes a whole number from 1 to 100.",
    "{ topics(first: -1) { totalCount } }": "“-1” is no page size",
    "{ topics(last: 101) { totalCount } }": "“101” is no page size: it takes a whole number from 1 to 100.",
    "{ topics(first: 1, last: 1) { totalCount } }": "last: Give first or this, not both.",
    '{ topics(after: "") { totalCount } }': "after: This is no cursor of this list in this order",
    '{ topics(before: "bm90aGluZw") { totalCount } }': "before: This is no cursor of this list in this order",
    f'{{ topics(after: "{"A" * 5000}") {{ totalCount }} }}': "after: This is no cursor",
    '{ topics(after: "☃") { totalCount } }': "after: This is no cursor",
    r'{ topics(search: "\u0000") { totalCount } }': "search: It must not hold NUL characters.",
    f'{{ topics(search: "{"x" * 201}") {{ totalCount }} }}': "search: It takes at most 200 characters; this has 201.",
    r'{ topics(slug: "a\u0000b") { totalCount } }': "slug: It must not hold NUL characters.",
    "{ topics(kind: []) { totalCount } }": "kind: Nothing is not one of",
    '{ entries(parent: "x") { totalCount } }': "This is not a UUID.",
    "{ entries(parent: 3) { totalCount } }": "A UUID is written as a string.",
    "{ entries(solved: 1) { totalCount } }": "Boolean cannot represent a non boolean value: 1",
    '{ topic(id: "\\u0000") { slug } }': "id: This is no identifier",
    '{ node(id: "") { id } }': "id: This is no identifier",
    "{ node { id } }": "Field 'node' argument 'id' of type 'ID!' is required",
    "{ topic(id: null) { slug } }": "Expected value of type 'ID!', found null.",
    "{ topics { nodes { slug } }": "Syntax Error: Expected Name, found <EOF>.",
    '{ topics(search: "\\uD83D") { totalCount } }': "Syntax Error: Invalid Unicode escape sequence",
    "fragment F on Topic { slug }": "Fragment 'F' is never used.",
    "subscription { topics { totalCount } }": "",
    "mutation { nothing }": "",
    "query A { __typename } query B { __typename }": "The document has several operations: say which in operationName.",
}


@pytest.mark.parametrize(("text", "message"), QUERIES.items(), ids=[text[:40] for text in QUERIES])
def test_a_bad_document_is_refused_in_words(client: Client, text: str, message: str) -> None:
    errors = refused(client, text)
    assert any(message in error["message"] for error in errors), errors
    assert all(error["extensions"]["code"] != "INTERNAL" for error in errors)
    said = json.dumps(errors)
    assert not [word for word in INSIDE if word in said.replace("Syntax Error:", "")]


VARIABLES: list[tuple[str, dict[str, Any], str]] = [
    ("query ($n: Int) { topics(first: $n) { totalCount } }", {"n": "3"}, "Int cannot represent non-integer value: '3'"),
    ("query ($n: Int) { topics(first: $n) { totalCount } }", {"n": 2.5}, "Int cannot represent non-integer value: 2.5"),
    ("query ($n: Int) { topics(first: $n) { totalCount } }", {"n": 2**40}, "non 32-bit signed integer value"),
    ("query ($n: Int) { topics(first: $n) { totalCount } }", {"n": 101}, "“101” is no page size"),
    ("query ($n: Int) { topics(first: $n) { totalCount } }", {"n": {"a": [1]}}, "Int cannot represent"),
    ("query ($s: String) { topics(search: $s) { totalCount } }", {"s": ["x"]}, "String cannot represent"),
    ("query ($s: String) { topics(search: $s) { totalCount } }", {"s": "a\x00"}, "It must not hold NUL characters."),
    (
        "query ($k: [TopicKind!]) { topics(kind: $k) { totalCount } }",
        {"k": ["skill"]},
        "does not exist in 'TopicKind' enum",
    ),
    ("query ($k: [TopicKind!]) { topics(kind: $k) { totalCount } }", {"k": [None]}, "not to be None"),
    ("query ($u: UUID) { entries(parent: $u) { totalCount } }", {"u": 3}, "This is not a UUID."),
    ("query ($u: UUID) { entries(parent: $u) { totalCount } }", {"u": "x" * 90_000}, "This is not a UUID."),
    ("query ($i: ID!) { node(id: $i) { id } }", {}, "Variable '$i' of required type 'ID!' was not provided."),
    ("query ($i: ID!) { node(id: $i) { id } }", {"i": {}}, "ID cannot represent value"),
    ("query ($t: Topic) { topics { totalCount } }", {}, "Variable '$t' cannot be non-input type 'Topic'."),
    ("query ($n: String) { topics(first: $n) { totalCount } }", {}, "used in position expecting type 'Int'"),
    ("{ topics(first: $n) { totalCount } }", {"n": 1}, "Variable '$n' is not defined."),
]


@pytest.mark.parametrize(("text", "variables", "message"), VARIABLES, ids=[f"{v}"[:40] for _, v, _ in VARIABLES])
def test_a_bad_variable_is_refused_in_words(client: Client, text: str, variables: dict[str, Any], message: str) -> None:
    errors = refused(client, text, **variables)
    assert any(message in error["message"] for error in errors), errors
    assert all(len(error["message"]) <= 300 for error in errors)
    assert not [word for word in INSIDE if word in json.dumps(errors)]


def test_a_variable_that_is_not_asked_for_is_passed_over(client: Client) -> None:
    answer = post(client, "{ topics { totalCount } }", {"more": [1]})
    assert answer.json() == {"data": {"topics": {"totalCount": 0}}}


BODIES: dict[bytes, tuple[int, str]] = {
    b" ": (400, "The body is not JSON."),
    b"null": (400, "The body is an object"),
    b"[]": (400, "several at once are not served"),
    b'"{ __typename }"': (400, "The body is an object"),
    b"{}": (400, "“query” is missing"),
    b'{"query": ""}': (400, "“query” is missing"),
    b'{"query": null}': (400, "“query” is missing"),
    b'{"query": 3}': (400, "“query” is missing"),
    b'{"query": ["{ __typename }"]}': (400, "“query” is missing"),
    b'{"query": "{ __typename }", "variables": []}': (400, "“variables” is not an object."),
    b'{"query": "{ __typename }", "variables": "{}"}': (400, "“variables” is not an object."),
    b'{"query": "{ __typename }", "extensions": 1}': (400, "“extensions” is not an object."),
    b'{"query": "{ __typename }", "operationName": {}}': (400, "“operationName” is not a text."),
    b'{"query": "{ __typename }", "operationName": "B"}': (200, "The document has no operation of that name."),
    b'{"query": "\xff\xfe"}': (400, "The body is not JSON."),
    '{"query": "{ __typename }"}'.encode("utf-16"): (400, "The body is not JSON."),
    b'{"query": "{ topics(search: \\"\\ud800\\") { totalCount } }"}': (400, "The body is not JSON."),
    b'{"query": "{ __typename }", "variables": {"n": 1e999}}': (400, "The body is not JSON."),
    b'{"query": "{ __typename }", "variables": {"n": NaN}}': (400, "The body is not JSON."),
    b'{"query": "\x00"}': (400, "The body is not JSON."),
}


@pytest.mark.parametrize(("body", "expected"), BODIES.items(), ids=[repr(body)[:40] for body in BODIES])
def test_a_bad_body_is_refused_in_words(client: Client, body: bytes, expected: tuple[int, str]) -> None:
    status, message = expected
    answer = client.post(ADDRESS, body, content_type="application/json")
    assert answer.status_code == status, answer.content
    (error,) = answer.json()["errors"]
    assert message in error["message"]


def test_an_answer_that_would_hold_too_many_rows_is_refused(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"MAX_NESTED_ROWS": 100}
    make_published_program(units=101)
    text = "{ ok: topics { totalCount } programs { nodes { curriculum { items { position } } } } }"
    answer = post(client, text).json()
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "ANSWER_TOO_LARGE"
    assert error["path"] == ["programs"]
    assert answer["data"] == {"ok": {"totalCount": 0}, "programs": None}
