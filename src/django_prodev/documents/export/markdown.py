"""The curriculum format as a Markdown overview.

A program that says no more than an overview can say is written as a plain one. It is read back before it is handed
out; where any record would come back otherwise, the marked form is written instead.
"""

from collections.abc import Iterator
from typing import Any

from django_prodev.documents.export import yaml_text
from django_prodev.documents.export.overview_text import write_overview
from django_prodev.documents.export.snapshot import definitions
from django_prodev.documents.marks import CLOSE, SECTIONS, SOLUTION_LABEL, guarded, mark
from django_prodev.documents.plan.topic_index import TopicIndex

_TEXTS = {"title", "description", "body", "units", "solutions", "kind"}


def write(curriculum: dict[str, Any]) -> str:
    """The Markdown text of a curriculum: a plain overview if that reads back to the same, otherwise a marked one."""
    plain = write_overview(curriculum)
    return plain if plain is not None else write_marked(curriculum)


def write_marked(curriculum: dict[str, Any]) -> str:
    """The marked Markdown text of a curriculum, whatever it holds."""
    return "\n".join(_marked_lines(curriculum)) + "\n"


def _marked_lines(curriculum: dict[str, Any]) -> Iterator[str]:
    program = dict(curriculum["program"])
    title, description = program.pop("title"), program.pop("description", "")
    head = curriculum | {"program": program, "topics": _untold(curriculum.get("topics", []))}
    for section in ("units", "projects", "entries"):
        head.pop(section, None)
    if not head["topics"]:
        del head["topics"]
    yield "---"
    yield yaml_text.write(head).rstrip("\n")
    yield "---"
    yield ""
    yield from _record(1, title, "program", {}, description)
    if curriculum.get("units"):
        yield from ("", f"## {SECTIONS['unit']}")
        yield from _units(curriculum["units"], "", 3)
    if curriculum.get("projects"):
        yield from ("", f"## {SECTIONS['project']}")
        for project in curriculum["projects"]:
            yield from _titled(3, "project", project)
    section = ""
    for entry in curriculum.get("entries", []):
        if entry["kind"] != section:
            section = entry["kind"]
            yield from ("", f"## {SECTIONS[section]}")
        yield from _titled(3, entry["kind"], entry)
        for solution in entry.get("solutions", []):
            if not solution.get("title"):
                yield from ("", SOLUTION_LABEL)
            yield from _titled(4, "solution", solution)


def _units(units: list[dict[str, Any]], parent: str, level: int) -> Iterator[str]:
    for unit in units:
        fields = {"kind": unit["kind"]} | _fields(unit) | ({"parent": parent} if parent else {})
        yield ""
        yield from _record(level, unit["title"], "unit", fields, unit.get("description", ""))
        yield from _units(unit.get("units", []), unit["slug"], min(level + 1, 6))


def _titled(level: int, kind: str, value: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield from _record(level, value.get("title", ""), kind, _fields(value), value.get("body", ""))


def _record(level: int, title: str, kind: str, fields: dict[str, Any], text: str) -> Iterator[str]:
    if title:
        yield from (f"{'#' * level} {title}", "")
    else:
        fields = fields | {"untitled": True}
    yield mark(kind, fields)
    if text:
        yield from ("", guarded(text), "")
    yield CLOSE


def _fields(value: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key not in _TEXTS}


def _untold(topics: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The definitions that must be written down: not those that an import makes from the name alone."""
    index = TopicIndex([], [])
    told = [topic for topic in topics if definitions([TopicIndex([], []).resolve(topic["name"])]) == [topic]]
    untold = [topic for topic in topics if topic not in told]
    for topic in untold:
        index.define(topic)
    for topic in told:
        index.resolve(topic["name"])
    return untold if definitions(index.created) == topics else topics
