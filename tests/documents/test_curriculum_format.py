"""Curricula as JSON and YAML: what is read, and what a file that cannot be read is told."""

import json
import time
import tracemalloc
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from django_prodev.documents.curriculum import parse_json, parse_yaml, read_curriculum
from django_prodev.documents.curriculum.schema import curriculum_schema
from django_prodev.documents.curriculum.tree import MAX_DEPTH
from django_prodev.documents.records import Lines, RecordKind
from django_prodev.documents.sources import read_document
from django_prodev.exceptions import DocumentError
from tests.documents.curricula import CURRICULUM


def minimal(**parts: Any) -> dict[str, Any]:
    return {"prodev": 1, "program": {"title": "Tides"}} | parts


def refusal(value: dict[str, Any]) -> str:
    with pytest.raises(DocumentError) as caught:
        read_curriculum(value, "json")
    return str(caught.value)


def test_the_shipped_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(curriculum_schema())


def test_units_come_in_their_order_with_parents_and_topics() -> None:
    document = read_curriculum(CURRICULUM, "json")
    units = document.of(RecordKind.UNIT)
    assert [(unit.key, unit.parent) for unit in units] == [
        ("unit/foundations", None),
        ("unit/first-endpoint", "unit/foundations"),
        ("unit/errors", "unit/foundations"),
        ("unit/on-call", None),
    ]
    assert units[1].extra["topics"] == [
        {"role": "teaches", "name": "Django"},
        {"role": "practices", "name": "Observability"},
    ]
    assert units[2].extra["weight"] == "2.5"
    assert units[3].extra["topics"] == [{"role": "requires", "name": "Observability"}]


def test_solutions_belong_to_their_challenge() -> None:
    document = read_curriculum(CURRICULUM, "json")
    assert {solution.parent for solution in document.of(RecordKind.SOLUTION)} == {"entry/1"}
    assert document.of(RecordKind.CHALLENGE)[0].key == "entry/1"


def test_json_and_yaml_of_one_curriculum_give_the_same_records() -> None:
    from_json = read_document(json.dumps(CURRICULUM), name="a.json")
    from_yaml = read_document(json.dumps(CURRICULUM, ensure_ascii=False), name="a.yaml")
    assert [record.extra for record in from_json.records] == [record.extra for record in from_yaml.records]
    assert [record.text for record in from_json.records] == [record.text for record in from_yaml.records]


def test_records_tell_their_source_lines() -> None:
    yaml_text = (
        "prodev: 1\nprogram:\n  title: Tides\nunits:\n"
        "  - title: Ebb\n    description: |\n      one\n      two\n\n  - title: Flow\n"
    )
    units = read_document(yaml_text, name="a.yaml").of(RecordKind.UNIT)
    assert [unit.lines for unit in units] == [Lines(5, 8), Lines(10, 10)]
    json_text = (
        '{"prodev": 1,\n "program": {"title": "Tides"},\n "units": [\n'
        '  {"title": "Ebb"},\n  {\n   "title": "Flow"\n  }\n ]}'
    )
    units = read_document(json_text, name="a.json").of(RecordKind.UNIT)
    assert [unit.lines for unit in units] == [Lines(4, 4), Lines(5, 7)]


def test_yaml_words_that_other_tools_guess_about_stay_text() -> None:
    value = parse_yaml(
        "a: no\nb: 2026-01-01\nc: 1e3\nd: 012\ne: 1_000\nf: 12:30\ng: .inf\nh: 7\ni: 1.5\nj: true\nk: ~\n"
    )
    assert value == {
        "a": "no",
        "b": "2026-01-01",
        "c": "1e3",
        "d": "012",
        "e": "1_000",
        "f": "12:30",
        "g": ".inf",
        "h": 7,
        "i": 1.5,
        "j": True,
        "k": None,
    }


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ({"prodev": 2}, "$.prodev: 2 is not a version that is read; it takes 1."),
        ({"colour": 1}, "$: 'colour' is not a known key; allowed are prodev, provider, program, topics"),
        ({"program": {}}, "$.program: title is missing."),
        ({"program": {"title": " "}}, "$.program.title: ' ' is not allowed; it takes text that is not blank."),
        ({"program": {"title": 3}}, "$.program.title: 3 is not text."),
        ({"program": {"title": "x" * 251}}, "$.program.title: the text has 251 characters; at most 250."),
        ({"units": [{"title": "a", "kind": "week"}]}, "$.units[0].kind: 'week' is not allowed; it takes 'module',"),
        ({"units": [{"title": "a", "weight": 0}]}, "$.units[0].weight: 0 is too small; the least is 0.01."),
        ({"units": [{"title": "a", "weight": 1.005}]}, "$.units[0].weight: 1.005 is not allowed"),
        ({"units": [{"title": "a", "url": "javascript:x"}]}, "it takes a web address that begins with http"),
        ({"units": [{"title": "a", "slug": "a b"}]}, "it takes letters, digits, hyphens and underscores."),
        ({"units": [{"title": "a", "slug": "a\n"}]}, "it takes letters, digits, hyphens and underscores."),
        ({"units": [{"title": "a"}, {"title": "A"}]}, "$.units[1].slug: 'a' names a unit that stands in this file"),
        ({"units": [{"title": "a", "units": [{"title": 1}]}]}, "$.units[0].units[0].title: 1 is not text."),
        ({"entries": [{"kind": "challenge"}]}, "$.entries[0]: title or body is missing."),
        ({"entries": [{"kind": "challenge", "body": " \n"}]}, "$.entries[0]: title and body are both blank."),
        ({"entries": [{"kind": "practice", "body": "a", "solutions": [{"body": "b"}]}]}, "$.entries[0].solutions: "),
        ({"entries": [{"kind": "practice", "body": "a", "unit": "z"}]}, "$.entries[0].unit: 'z' is not the slug"),
        ({"entries": [{"kind": "practice", "body": "a", "occurred_on": "4.3.26"}]}, "is not a date, as in 2026-01-31."),
        ({"entries": [{"kind": "practice", "body": "a\x00"}]}, "$.entries[0].body: the text has a NUL character."),
        ({"entries": [{"kind": "practice", "body": "\ud800"}]}, "half of a surrogate pair."),
        ({"projects": [{"title": "a", "id": "file:x:y"}]}, 'not beginning with "file:".'),
        ({"topics": [{"name": "a", "kind": "mood"}]}, "$.topics[0].kind: 'mood' is not allowed; it takes 'technology'"),
        ({"program": {"title": "a", "outcomes": ["b"] * 1_001}}, "the list has 1,001 items; at most 1,000."),
        ({"topics": ["a"]}, "$.topics[0]: 'a' is not a mapping."),
    ],
)
def test_a_wrong_value_is_told_with_its_path_and_what_is_allowed(parts: dict[str, Any], told: str) -> None:
    message = refusal(minimal(**parts))
    assert told in message
    assert "\n" not in message
    assert len(message) < 400


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"prodev": 1,}', "Not valid JSON, line 1: a key in double quotes is expected."),
        ('{"a": 1\n "b": 2}', "Not valid JSON, line 2: a comma or } is expected."),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ('{"a": 1} x', "there is text after the end"),
        ('{"a": 1, "a": 2}', "Line 1: the key 'a' stands twice in one mapping."),
        ('{"a": ' + "9" * 5000 + "}", "a number has too many digits"),
        ('{"a": "\x01"}', "Not valid JSON, line 1: invalid control character"),
        ("[" * 100_000, f"Line 1: lists and mappings are nested more than {MAX_DEPTH} deep."),
        ('{"a":' * 100_000, "nested more than"),
        ("[" + "0," * 600_000 + "0]", "The file holds more than 500,000 values."),
        ("[" + "[]," * 1_000 + "0]", "is not a mapping"),
        ("", "Not valid JSON, line 1: expecting value."),
        ('{"a"', "a colon is expected"),
        ('{"a": 1', "a comma or } is expected"),
        ("[1, 2]", "is not a mapping"),
    ],
)
def test_json_that_cannot_be_read_gets_one_line(text: str, told: str) -> None:
    with pytest.raises(DocumentError, match=r"^[^\n]+$") as caught:
        read_curriculum(parse_json(text), "json")
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: &x 1\nb: *x\n", "Line 1: anchors and aliases"),
        ("a: !!python/object/apply:os.system [x]\n", "Line 1: tags"),
        ("a: !!binary aGk=\n", "Line 1: tags"),
        ("a: 1\na: 2\n", "Line 2: the key 'a' stands twice"),
        ("? [a]\n: 1\n", "Line 1: a key must be text"),
        ("a: 1\n---\nb: 2\n", "Line 2: a second document begins"),
        ("a: [1\nb: 2\n", "Not valid YAML, line 2"),
        ("a: \x07\n", "Not valid YAML"),
        ("[" * 100_000, "nested more than"),
        ("- " * 100_000 + "x", "nested more than"),
        ("[" + "0, " * 600_000 + "0]", "The file holds more than 500,000 values."),
        ("? " * 5_000 + "x", "a key must be text"),
        ("", "is not a mapping"),
        ("just words", "is not a mapping"),
    ],
)
def test_yaml_that_cannot_be_read_gets_one_line(text: str, told: str) -> None:
    with pytest.raises(DocumentError, match=r"^[^\n]+$") as caught:
        read_curriculum(parse_yaml(text), "yaml")
    assert told in str(caught.value)


@pytest.mark.parametrize("parse", [parse_json, parse_yaml])
def test_deep_nesting_costs_little(parse: Any) -> None:
    tracemalloc.start()
    started = time.process_time()
    for text in ("[" * 1_000_000, "[" * 100_000 + "]" * 100_000, "{" * 100_000, '{"a":[' * 100_000):
        with pytest.raises(DocumentError):
            parse(text)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert time.process_time() - started < 5
    assert peak < 50_000_000


def test_twenty_levels_of_units_are_read() -> None:
    unit: dict[str, Any] = {"title": "unit 18"}
    for level in range(17, 0, -1):
        unit = {"title": f"unit {level}", "units": [unit]}
    text = json.dumps(minimal(units=[unit]))
    assert len(read_document(text, name="a.json").of(RecordKind.UNIT)) == 18
