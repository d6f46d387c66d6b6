"""What is plainly valid is valid: the quick look at a document accepts nothing that the standard rules refuse."""

import re
from typing import Any

import pytest
from graphql import GraphQLError, parse, specified_rules, validate
from hypothesis import given, settings
from hypothesis import strategies as st

from django_prodev.graphql.acceptance import is_plainly_valid
from django_prodev.graphql.schema import schema

CORE = schema.graphql_schema

PLAIN = (
    "{ programs(first: 3, orderBy: TITLE, status: [PUBLISHED]) { nodes { id title curriculum { version } } } }",
    "query Q($n: Int, $id: ID!) { entries(first: $n) { edges { cursor node { title } } } entry(id: $id) { kind } }",
    'query Q($kinds: [EntryKind!]) { entries(kind: $kinds, last: 2, accepted: true, program: "a") { totalCount } }',
    '{ node(id: "x") { id __typename } __typename }',
    "{ a: topics(first: 1) { nodes { n: name name parent { slug } } } b: topics { pageInfo { hasNextPage } } }",
)
NOT_PLAIN = (
    "{ programs { nodes { title title } } }",
    "{ programs @include(if: true) { nodes { title } } }",
    "query ($n: Int = 3) { programs(first: $n) { nodes { title } } }",
    "{ ...F } fragment F on Query { __typename }",
    "{ ... on Query { __typename } }",
    "{ __schema { types { name } } }",
    "mutation { __typename }",
)
WRONG = (
    "{ programs }",
    "{ programs { nodes { title { x } } } }",
    "{ programs { nodes { nothing } } }",
    "{ programs(first: 1, first: 2) { nodes { title } } }",
    '{ programs(first: "1") { nodes { title } } }',
    "{ programs(first: 99999999999) { nodes { title } } }",
    "{ programs(nothing: 1) { nodes { title } } }",
    "{ entry { title } }",
    "{ entry(id: null) { title } }",
    "{ entry(id: [1]) { title } }",
    "{ entry(id: {a: 1}) { title } }",
    "{ programs(orderBy: NOTHING) { nodes { title } } }",
    '{ programs(orderBy: "TITLE") { nodes { title } } }',
    "{ programs(status: [PUBLISHED, null]) { nodes { title } } }",
    "query ($n: String) { programs(first: $n) { nodes { title } } }",
    "query ($id: ID) { entry(id: $id) { title } }",
    "query ($n: Int) { programs { nodes { title } } }",
    "{ programs(first: $n) { nodes { title } } }",
    "query ($n: Int, $n: Int) { programs(first: $n) { nodes { title } } }",
    '{ entries(parent: "no uuid") { nodes { title } } }',
)

TOKENS = re.compile(r'"[^"]*"|[\w$]+|[^\s\w]')


def refused(text: str) -> bool:
    return bool(validate(CORE, parse(text), specified_rules))


@pytest.mark.parametrize("text", PLAIN)
def test_everyday_documents_are_accepted_at_once(text: str) -> None:
    assert is_plainly_valid(CORE, parse(text))
    assert not refused(text)


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_what_needs_the_standard_rules_is_left_to_them(text: str) -> None:
    assert not is_plainly_valid(CORE, parse(text))
    assert not refused(text)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_never_accepted(text: str) -> None:
    assert not is_plainly_valid(CORE, parse(text))
    assert refused(text)


@st.composite
def spoilt(draw: Any) -> str:
    """A plain document in which some tokens are left out, doubled, or replaced by tokens of others."""
    tokens = TOKENS.findall(draw(st.sampled_from(PLAIN)))
    others = TOKENS.findall(" ".join((*PLAIN, *NOT_PLAIN, *WRONG)))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(tokens) - 1))
        put = draw(st.sampled_from([(), (tokens[at],) * 2, (draw(st.sampled_from(others)),)]))
        tokens[at : at + 1] = put
        if not tokens:
            return "{"
    return " ".join(tokens)


@settings(max_examples=400)
@given(spoilt())
def test_a_spoilt_document_is_not_accepted_where_the_rules_refuse_it(text: str) -> None:
    try:
        document = parse(text)
    except GraphQLError:
        return
    if is_plainly_valid(CORE, document):
        assert not validate(CORE, document, specified_rules), text
