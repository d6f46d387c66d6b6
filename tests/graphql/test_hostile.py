"""Requests that want to make the server work: each is answered in bounded work, in few bytes, and says nothing.

Work is counted in calls of Python functions, which is the same on every machine, and in SQL statements; seconds of the
processor are only looked at for what calls do not show, such as a pattern that goes back and forth over a long text.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from django_prodev.graphql import documents
from django_prodev.testing import count_statements, make_published_program, make_user
from tests.graphql.asking import ADDRESS, ask, post
from tests.graphql.test_bad_input import INSIDE

pytestmark = pytest.mark.django_db

MOST_CALLS = 500_000
MOST_SECONDS = 1.0
MOST_BYTES = 64_000


def calls_of(work: Callable[[], Any]) -> int:
    """How many Python functions are called by ``work``."""
    count = 0

    def counted(frame: Any, kind: str, _: Any) -> None:
        nonlocal count
        count += kind == "call"

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def chain(length: int, spreads: int, end: str) -> str:
    """Fragments that each spread the next one several times: ``spreads ** length`` when written out."""
    each = "".join(f"fragment F{at} on Query {{ {f'...F{at + 1} ' * spreads}}} " for at in range(length))
    return f"{{ ...F0 }} {each}{end}"


def nested(depth: int, of: str = "a") -> str:
    return f"{{ {of} " * depth + "{ slug }" + " }" * depth


def within(depth: int) -> str:
    return "slug" if depth == 0 else f"slug parent {{ {within(depth - 1)} }} parent {{ {within(depth - 1)} }}"


NODES = "{ topics { nodes { %s } } }"

REFUSED: dict[str, str] = {
    "a million rows": "{ programs(first: 100) { nodes { entries(first: 100) { nodes { solutions { title } } } } } }",
    "a million rows by the usual sizes": "{ programs { nodes { entries { nodes { program { entries { nodes { program "
    "{ entries { nodes { title } } } } } } } } } } }",
    "10,000 aliases": "{ " + " ".join(f"a{at}:x" for at in range(10_000)) + " }",
    "400 aliases": "{ " + " ".join(f"a{at}: __typename" for at in range(400)) + " }",
    "aliases of the dearest list": "{ " + " ".join(f"a{at}: programs {{ totalCount }}" for at in range(31)) + " }",
    "aliases in fragments": "{ ...A } fragment A on Query { "
    + " ".join(f"a{at}: __typename" for at in range(31))
    + " }",
    "5,000 repeated fields": NODES % ("slug " * 5_000),
    "480 repeated fields": NODES % ("slug " * 480),
    "repeated fields in inline fragments": NODES % ("... { slug } " * 400),
    "repeated fields at every level": NODES % within(7),
    "21 root fields": "{ " + " ".join(f"a{at}: __typename" for at in range(21)) + " }",
    "root fields in fragments": chain(5, 2, "fragment F5 on Query { __typename }"),
    "a comment of a megabyte": f"#{'x' * 1_000_000}\n{{ __typename }}",
    "a string of 99,000 blanks": f'{{ topics(first: "{" " * 99_000}") {{ totalCount }} }}',
    "a block string of blanks": f'{{ topics(first: """a{" " * 98_000}b""") {{ totalCount }} }}',
    "a name of 99,000 letters": f"{{ {'f' * 99_000} }}",
    "an argument of 99,000 letters": f"{{ topics({'f' * 98_000}: 1) {{ totalCount }} }}",
    "a number of 99,000 digits": f"{{ topics(first: {'9' * 98_000}) {{ totalCount }} }}",
    "a fragment in itself": "{ ...A } fragment A on Query { ...A }",
    "fragments in a circle": "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
    "30 fragments in every circle": "{ ...F0 } "
    + "".join(f"fragment F{at} on Query {{ {' '.join(f'...F{to}' for to in range(30))} }} " for at in range(30)),
    "31 fragments": "{ ...F0 } " + "".join(f"fragment F{at} on Query {{ __typename }} " for at in range(31)),
    "an exponential chain of fragments": chain(28, 5, "fragment F28 on Query { __typename }"),
    "an exponential chain to nowhere": chain(29, 5, ""),
    "an exponential chain in a circle": chain(28, 5, "fragment F28 on Query { ...F0 }"),
    "an exponential chain of nested fields": NODES % "...F0"
    + "".join(f"fragment F{n} on Topic {{ parent {{ ...F{n + 1} }} a: parent {{ ...F{n + 1} }} }} " for n in range(11))
    + "fragment F11 on Topic { slug }",
    "fields in fields": nested(400),
    "fields that exist in fields": "{ topics { nodes " + nested(60, "parent") + " } }",
    "inline fragments in inline fragments": "{ " + "... { " * 190 + "__typename" + " }" * 190 + " }",
    "lists in lists": "{ topics(kind: " + "[" * 900 + "]" * 900 + ") { totalCount } }",
    "150 lists in lists": "{ topics(kind: " + "[" * 150 + "SKILL" + "]" * 150 + ") { totalCount } }",
    "objects in objects": "{ topics(kind: " + "{a: " * 600 + "1" + "}" * 600 + ") { totalCount } }",
    "types in types": "query ($a: " + "[" * 600 + "Int" + "]" * 600 + ") { __typename }",
    "900 directives": "{ __typename " + "@a" * 900 + " }",
    "known directives, 6 of them": "{ __typename " + "@include(if: true) " * 6 + " }",
    "directives on the operation": "query " + "@a " * 6 + " { __typename }",
    "380 operations": " ".join(f"query A{at} {{ __typename }}" for at in range(380)),
    "operations of one name": "query A { __typename } " * 15,
    "480 variables": "query (" + "".join(f"$a{at}: Int " for at in range(480)) + ") { __typename }",
    "480 variables of one name": "query (" + "$a: Int " * 480 + ") { __typename }",
    "480 arguments of one name": "{ topics(" + "first: 1 " * 480 + ") { totalCount } }",
    "1,900 values that are none": f"{{ topics(kind: [{'X ' * 1_900}]) {{ totalCount }} }}",
    "480 fields that are none": NODES % " ".join(f"x{at}" for at in range(480)),
    "61 relations": NODES
    % " ".join(
        f"{name}: parent {{ slug parent {{ slug parent {{ slug }} }} }}" for name in (f"a{at}" for at in range(21))
    ),
    "types in circles": "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }",
    "types in circles by name": '{ __type(name: "Query") { fields { type { fields { type { fields { name } } } } } } }',
    "the schema 30 times": "{ __schema { " + " ".join(f"a{at}: types {{ name }}" for at in range(30)) + " } }",
}


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_in_bounded_work(client: Client, text: str) -> None:
    answers: list[Any] = []
    post(client, "{ __typename }")
    begun = time.process_time()
    statements = count_statements(lambda: answers.append(post(client, text)))
    seconds = time.process_time() - begun
    calls = calls_of(lambda: answers.append(post(client, text)))
    assert statements == 0
    assert calls < MOST_CALLS
    assert seconds < MOST_SECONDS
    for answer in answers:
        assert answer.status_code in {200, 413}
        assert len(answer.content) < MOST_BYTES
        found = answer.json()
        assert "data" not in found
        assert len(found["errors"]) <= 6
        assert all(error["extensions"]["code"] != "INTERNAL" for error in found["errors"])
        said = answer.content.decode().replace("Syntax Error:", "")
        assert not [word for word in INSIDE if word in said]


VARIABLES = '{"query": "query ($k: [TopicKind!]) { topics(kind: $k) { totalCount } }", "variables": {"k": %s}}'

BODIES: dict[str, bytes] = {
    "100,000 open brackets": b"[" * 99_000,
    "500 lists in a variable": (VARIABLES % ("[" * 500 + "]" * 500)).encode(),
    "40,000 lists in a variable": (VARIABLES % ("[" * 40_000 + "]" * 40_000)).encode(),
    "500 objects in a variable": (VARIABLES % ('{"a":' * 500 + "1" + "}" * 500)).encode(),
    "40,000 values in a variable": (VARIABLES % f"[{','.join(['1'] * 40_000)}]").encode(),
    "a number of 90,000 digits": (VARIABLES % ("9" * 90_000)).encode(),
    "a number beyond all": (VARIABLES % "1e999").encode(),
    "no UTF-8": (VARIABLES % '"').encode() + b"\xff\xfe",
    "half a character": (VARIABLES % r'"\ud800"').encode(),
    "a batch": json.dumps([{"query": "{ __typename }"}] * 50).encode(),
    "a batch of one": b'[{"query": "{ __typename }"}]',
    "the same key 9,000 times": b'{"query": "{ a }"' + b', "query": "{ a }"' * 4_000 + b"}",
    "a body that is too long": b'{"query": "{ __typename }", "x": "' + b"x" * 200_000 + b'"}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_a_body_is_refused_in_bounded_work(client: Client, body: bytes) -> None:
    def send() -> Any:
        return client.post(ADDRESS, body, content_type="application/json")

    begun = time.process_time()
    answer = send()
    assert time.process_time() - begun < MOST_SECONDS
    assert calls_of(send) < MOST_CALLS
    assert answer.status_code in {200, 400, 413}
    assert len(answer.content) < MOST_BYTES
    found = answer.json()
    assert found.keys() == {"errors"}
    assert not [word for word in INSIDE if word in answer.content.decode()]


def test_a_body_that_announces_its_length_is_not_even_read(client: Client) -> None:
    answer = client.generic("POST", ADDRESS, b"{}", content_type="application/json", CONTENT_LENGTH="999999999")
    assert answer.status_code == 413


@pytest.mark.parametrize("length", ["x", "-1", "9" * 50, "٣"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    answer = client.generic("POST", ADDRESS, b"{}", content_type="application/json", CONTENT_LENGTH=length)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "The length of the body is no number."


def test_the_dearest_document_that_is_served_is_served_in_bounded_work(client: Client) -> None:
    make_published_program()
    unit = "unit { slug topics { role topic { slug } } }"
    text = "{ " + " ".join(
        f"p{n}: programs(first: 5) {{ nodes {{ curriculum {{ items {{ {unit} }} }} }} }}" for n in range(9)
    )
    answers: list[Any] = []
    statements = count_statements(lambda: answers.append(post(client, text + " }")))
    assert answers[0].json()["data"]["p8"]["nodes"][0]["curriculum"]["items"]
    stamp = 1
    assert statements == stamp + 9 * 4
    assert calls_of(lambda: post(client, text + " }")) < MOST_CALLS


def test_the_memory_that_documents_take_is_bounded(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = documents.Documents(schema_of(client))
    monkeypatch.setattr(documents, "_KEPT", 1_000)
    texts = [f"query Q{at} {{ __typename }}" for at in range(100)]
    found = [kept.get(text) for text in texts]
    assert kept.get(texts[-1]) is found[-1]
    assert kept.get(texts[0]) is not found[0]
    assert sum(map(len, kept._kept)) == kept._size <= 1_000
    long = "{ __typename } #" + "x" * 20_000
    assert kept.get(long) is not kept.get(long)


def schema_of(client: Client) -> Any:
    from django_prodev.graphql.schema import schema

    assert client
    return schema.graphql_schema


def test_a_refused_document_is_not_kept(client: Client) -> None:
    kept = documents.Documents(schema_of(client))
    for text in ("{ nothing }", "{", "{ " + "a " * 3_000 + "}"):
        with pytest.raises(documents.Refused):
            kept.get(text)
    assert not kept._kept


def test_staff_get_the_whole_schema_in_the_shape_that_tools_ask_for(client: Client) -> None:
    from graphql import build_client_schema, get_introspection_query, print_schema

    client.force_login(make_user(is_staff=True))
    question = get_introspection_query(specified_by_url=True, directive_is_repeatable=True, schema_description=True)
    found = build_client_schema(ask(client, question))  # type: ignore[arg-type]
    assert print_schema(found) == print_schema(schema_of(client))
