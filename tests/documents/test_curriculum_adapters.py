"""Adapters of foreign JSON and YAML: what they recognise by shape, what they make of it, and what they leave out."""

import json
from copy import deepcopy
from typing import Any

import pytest
from django.test import override_settings

from django_prodev.documents.curriculum.adapters import (
    Adapted,
    Node,
    ParsedSource,
    Recognition,
    Slugs,
    adapters,
    humanized,
    unit_value,
)
from django_prodev.documents.records import Document, RecordKind
from django_prodev.documents.sources import import_formats, read_document
from django_prodev.exceptions import DocumentError
from tests.documents.foreign_curricula import COURSE, OUTLINE, SUPERBLOCK, TRACK


def read(value: Any, name: str = "a-file.json", **options: Any) -> Document:
    return read_document(value if isinstance(value, str) else json.dumps(value, indent=1), name=name, **options)


def outline(document: Document) -> list[tuple[str, str, str]]:
    """Each unit's parent, title and kind."""
    titles = {record.key: record.title for record in document.records}
    return [
        (titles.get(record.parent or "", ""), record.title, record.extra["kind"])
        for record in document.of(RecordKind.UNIT)
    ]


def topics(document: Document, title: str) -> set[tuple[str, str]]:
    record = next(record for record in document.of(RecordKind.UNIT) if record.title == title)
    return {(topic["name"], topic["role"]) for topic in record.extra["topics"]}


def test_a_track_becomes_modules_of_exercises_with_the_concepts_they_are_about() -> None:
    document = read(TRACK)
    assert (document.reader, document.confidence) == ("exercism", 0.95)
    assert outline(document) == [
        ("", "Concept exercises", "module"),
        ("Concept exercises", "Low Water", "lesson"),
        ("Concept exercises", "Spring", "lesson"),
        ("Concept exercises", "Neap", "lesson"),
        ("", "Practice exercises", "module"),
        ("Practice exercises", "Buoy", "lesson"),
    ]
    assert topics(document, "Spring") == {("Tides", "teaches"), ("Harbour Basics", "requires")}
    assert topics(document, "Buoy") == {("Tides", "practices")}
    assert topics(document, "Neap") == {("Moons", "teaches")}
    units = {record.title: record.extra for record in document.of(RecordKind.UNIT)}
    assert (units["Neap"]["required"], units["Spring"]["required"]) == (False, True)
    assert (units["Spring"]["slug"], units["Spring"]["id"]) == ("harbourish-spring", "u-2")
    assert [topic["name"] for topic in document.records[0].extra["topics"]] == [
        "Harbour Basics",
        "Tides",
        "Never Practised",
    ]


def test_what_is_deprecated_or_has_no_place_is_left_out_with_its_lines() -> None:
    left_out = {piece.text.partition(":")[0]: piece for piece in read(TRACK).left_out}
    assert set(left_out) == {"active", "uuid", "slug", "foregone", "tags"}
    assert "deprecated" in left_out["slug"].reason
    lines = json.dumps(TRACK, indent=1).split("\n")
    for piece in left_out.values():
        shown = "\n".join(lines[piece.lines.first - 1 : piece.lines.last])
        assert piece.text.partition(":")[0] in shown


def test_an_older_track_is_one_list_of_exercises() -> None:
    value = {"language": "Old", "exercises": [{"slug": "one", "topics": ["loops"]}, {"slug": "two", "topics": []}]}
    document = read(value)
    assert (document.reader, document.confidence) == ("exercism", 0.8)
    assert outline(document) == [("", "One", "lesson"), ("", "Two", "lesson")]
    assert topics(document, "One") == {("Loops", "practices")}


def test_a_superblock_is_called_as_its_file_and_has_chapters_of_modules_of_blocks() -> None:
    document = read(SUPERBLOCK, name="harbour-data-v9.json")
    assert (document.reader, document.confidence) == ("freecodecamp", 0.9)
    assert document.because == "blocks of modules of chapters"
    assert document.records[0].title == "Harbour data v9"
    assert outline(document) == [
        ("", "Harbour data", "module"),
        ("Harbour data", "Reading tide tables", "module"),
        ("Reading tide tables", "Lecture Node.js buoys", "lesson"),
        ("Reading tide tables", "Lab tide clock", "project"),
        ("Reading tide tables", "Quiz tides", "milestone"),
        ("Harbour data", "Empty harbour", "module"),
        ("", "Harbour exam", "module"),
        ("Harbour exam", "Harbour exam", "module"),
        ("Harbour exam", "Exam harbour", "milestone"),
    ]
    assert topics(document, "Lecture Node.js buoys") == {("Node.js", "teaches")}


@pytest.mark.parametrize(
    ("value", "units"),
    [
        ({"blocks": ["learn-ropes", "learn-knots"]}, ["Learn ropes", "Learn knots"]),
        (
            {"name": "CSS at sea", "dashedName": "css-at-sea", "challengeOrder": [{"id": "5a", "title": "One"}]},
            ["One"],
        ),
        (
            {
                "sea": {
                    "intro": ["Read."],
                    "blocks": {"ropes": {"challenges": {"name": "Ropes", "challengeOrder": [["5b", "Tie"]]}}},
                }
            },
            ["Ropes", "Tie"],
        ),
        ({"modules": [{"dashedName": "a", "blocks": ["b"]}]}, ["A", "B"]),
    ],
)
def test_superblocks_of_other_depths_are_read(value: dict[str, Any], units: list[str]) -> None:
    document = read(value)
    assert document.reader == "freecodecamp"
    assert [record.title for record in document.of(RecordKind.UNIT)] == units


def test_a_course_has_base_stages_in_order_and_extensions_that_may_be_left() -> None:
    document = read(COURSE, name="course.yml")
    assert (document.reader, document.confidence) == ("codecrafters", 0.95)
    program = document.records[0]
    assert (program.title, program.extra["enforce_order"], program.extra["level"]) == (
        "Build a lighthouse",
        True,
        "intermediate",
    )
    assert outline(document) == [
        ("", "Base stages", "module"),
        ("Base stages", "Lay the ground", "lesson"),
        ("Base stages", "Light the lamp", "lesson"),
        ("", "Fog horn", "module"),
        ("Fog horn", "Blow the horn", "lesson"),
    ]
    required = {record.title: record.extra["required"] for record in document.of(RecordKind.UNIT)}
    assert (required["Base stages"], required["Fog horn"], required["Blow the horn"]) == (True, False, True)
    assert topics(document, "Base stages") == {("Light sources", "teaches"), ("Redis", "teaches")}
    assert topics(document, "Lay the ground") == {("Go TCP server", "teaches")}
    assert [piece.text.partition(":")[0] for piece in document.left_out] == ["languages", "testimonials"]
    assert [(piece.lines.first, piece.lines.last) for piece in document.left_out] == [(8, 10), (13, 14)]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"exercises": []},
        {"exercises": {"concept": [{"slug": "a"}]}},
        {"exercises": [{"name": "push-ups", "repetitions": 10}]},
        {"stages": ["build", "test"]},
        {"stages": [{"script": "make"}]},
        {"blocks": []},
        {"blocks": 3},
        {"challenges": [1, 2]},
        {"modules": [{"path": "a.js"}]},
        {"name": "a-package", "version": "1.0", "dependencies": {}},
        [],
    ],
)
def test_what_has_no_such_shape_is_refused_and_nobody_guesses(value: Any) -> None:
    with pytest.raises(DocumentError) as error:
        read(value)
    assert "exercism, freecodecamp, codecrafters" in str(error.value)


def test_the_shape_decides_and_not_the_name() -> None:
    assert read(TRACK, name="course-definition.json").reader == "exercism"
    assert read(json.dumps({"stages": [{"slug": "a", "name": "A"}]}), name="config.json").reader == "codecrafters"
    assert read(json.dumps(SUPERBLOCK), name="x.yml").reader == "freecodecamp"


def test_a_format_may_name_an_adapter_which_then_reads_or_says_why_not() -> None:
    assert import_formats() == ("markdown", "json", "yaml", "exercism", "freecodecamp", "codecrafters", "outline")
    unsure = {"exercises": [{"slug": "a"}], "language": "L"}
    with pytest.raises(DocumentError):
        read(unsure)
    document = read(unsure, format="exercism")
    assert (document.reader, document.because, len(document.records)) == ("exercism", "named by --format", 2)
    with pytest.raises(DocumentError, match="exercism reads json and yaml, not markdown"):
        read(OUTLINE, name="a.md", format="exercism")
    with pytest.raises(DocumentError, match="'tarot' is not a format; the formats are auto, markdown, json, yaml, ex"):
        read(TRACK, format="tarot")


def test_values_of_other_types_are_left_out_and_do_not_stop_the_rest() -> None:
    value = deepcopy(TRACK)
    value["exercises"]["concept"][0] |= {"concepts": "basics", "prerequisites": [3, "tides"], "uuid": 12, "status": []}
    value["exercises"]["concept"].append("not an exercise")
    document = read(value)
    assert topics(document, "Low Water") == {("Tides", "requires")}
    texts = "\n".join(piece.text for piece in document.left_out)
    assert all(part in texts for part in ("prerequisites: 3", "concept: not an exercise"))
    first = next(record for record in document.records if record.title == "Low Water")
    assert "- Concepts: basics" in first.text


def test_a_long_title_is_cut_and_opens_the_description() -> None:
    value = {"stages": [{"slug": "a", "name": "long " * 80}], "slug": "s", "languages": []}
    record = read(value).of(RecordKind.UNIT)[1]
    assert len(record.title) <= 250
    assert record.text.startswith("long long")


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("introduction-to-nodejs", "Introduction to Node.js"),
        ("rest_api-and-sql", "REST API and SQL"),
        ("error-handling", "Error handling"),
        ("", ""),
        ("-", ""),
    ],
)
def test_a_slug_is_written_out_as_the_vocabulary_writes(slug: str, title: str) -> None:
    assert humanized(slug) == title


def test_slugs_are_short_enough_and_never_the_same() -> None:
    slugs = Slugs("p")
    given = [slugs.unit(name, "module") for name in ("a", "a", "a", "x" * 400, "x" * 400, "x" * 401, "صفحة", "!!!")]
    assert len(set(given)) == len(given)
    assert all(len(slug) <= 150 for slug in given)
    assert given[:3] == ["p-a", "p-module-a", "p-module-a-2"]


class LogbookAdapter:
    """An adapter as a host would write it: a logbook with watches."""

    name = "logbook"
    formats = frozenset({"json", "yaml"})

    def recognize(self, source: ParsedSource) -> Recognition | None:
        if isinstance(source.value, dict) and isinstance(source.value.get("watches"), list):
            return Recognition(0.9, f"{len(source.value['watches'])} watches")
        return None

    def read(self, source: ParsedSource) -> Adapted:
        book = Node(source.value)
        slugs = Slugs("logbook")
        units = [
            unit_value(watch.lines, watch.title("what"), watch.facts(), slug=slugs.unit(watch.title("what")))
            for watch in book.nodes("watches")
        ]
        value = {"prodev": 1, "program": {"title": book.title("ship"), "slug": "logbook"}, "units": units}
        return Adapted(value, tuple(book.left_out()))


class BrokenAdapter(LogbookAdapter):
    name = "broken"

    def read(self, source: ParsedSource) -> Adapted:
        return Adapted({"prodev": 1, "program": {"title": source.value["no such key"]}})


class CarelessAdapter(LogbookAdapter):
    name = "careless"

    def read(self, source: ParsedSource) -> Adapted:
        return Adapted({"prodev": 1, "program": {"title": "A", "colour": "red"}})


def registered(*names: str) -> Any:
    return override_settings(DJANGO_PRODEV={"CURRICULUM_ADAPTERS": [f"{__name__}.{name}" for name in names]})


LOGBOOK = {"ship": "Tern", "watches": [{"what": "Dog watch", "hours": 2}], "cargo": ["tea"]}


def test_a_host_registers_an_adapter_of_its_own() -> None:
    with registered("LogbookAdapter"):
        assert next(iter(adapters())) == "logbook"
        document = read(LOGBOOK)
    assert (document.reader, document.because) == ("logbook", "1 watches")
    assert outline(document) == [("", "Dog watch", "lesson")]
    assert [piece.text for piece in document.left_out] == ['cargo: ["tea"]']
    with pytest.raises(DocumentError):
        read(LOGBOOK)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("BrokenAdapter", "broken: the document cannot be read (KeyError: 'no such key')."),
        ("CarelessAdapter", "careless: $.program: 'colour' is not a known key"),
    ],
)
def test_an_adapter_that_fails_is_named_in_the_error(name: str, message: str) -> None:
    with registered(name), pytest.raises(DocumentError) as error:
        read(LOGBOOK)
    assert str(error.value).startswith(message)
