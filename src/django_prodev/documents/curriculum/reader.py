"""A parsed curriculum file to records. Every reference inside the file is checked here; no table is touched."""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.text import slugify

from django_prodev.documents.curriculum.schema import check_schema
from django_prodev.documents.curriculum.tree import Table, shown
from django_prodev.documents.records import Document, Lines, Record, RecordKind
from django_prodev.documents.wording import clean_text, clean_title, short_digest
from django_prodev.exceptions import DocumentError

READER = "curriculum"
_STATED = ("status", "visibility", "id")
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_curriculum(value: Any, format: str, *, reader: str = READER) -> Document:
    """The records of a curriculum file, given its parsed value.

    ``format`` and ``reader`` are told on in the document. Raises ``DocumentError`` with the JSON path where the value
    does not follow the schema, a unit's slug stands twice, or an entry or a project names a unit that the file does not
    have.
    """
    if not isinstance(value, dict):
        raise DocumentError(f"$: {shown(value)} is not a mapping; a curriculum file begins with the key prodev.")
    _refuse_unwritable(value)
    check_schema(value)
    records = tuple(_Reader(value, reader).records())
    because = "it begins with the key prodev"
    return Document(format, records, (), is_structured=True, reader=reader, because=because)


def _refuse_unwritable(value: Any, path: str = "$") -> None:
    """Refuse what no database keeps as text: NUL and halves of surrogate pairs."""
    if isinstance(value, str):
        if "\x00" in value:
            raise DocumentError(f"{path}: the text has a NUL character.")
        if _SURROGATE.search(value):
            raise DocumentError(f"{path}: the text has half of a surrogate pair.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            _refuse_unwritable(key, f"{path} (a key)")
            _refuse_unwritable(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            _refuse_unwritable(inner, f"{path}[{index}]")


class _Reader:
    def __init__(self, value: dict[str, Any], name: str) -> None:
        self.value = value
        self.name = name
        self.lines = _lines(value, Lines(1, 1))
        self.unit_slugs: set[str] = set()

    def records(self) -> Iterator[Record]:
        yield self.program()
        yield from self.units(self.value.get("units", []), None, "$.units", self.lines)
        for index, project in enumerate(self.value.get("projects", [])):
            yield self.project(project, index)
        for index, entry in enumerate(self.value.get("entries", [])):
            yield from self.entry(entry, index)

    def program(self) -> Record:
        fields = self.value["program"]
        extra = {name: fields[name] for name in fields if name not in {"title", "description"}}
        for section in ("provider", "topics"):
            if section in self.value:
                extra[section] = self.value[section]
        return Record(
            key="program",
            kind=RecordKind.PROGRAM,
            title=clean_title(fields["title"]),
            text=clean_text(fields.get("description", "")),
            lines=_lines(fields, self.lines),
            reader=self.name,
            extra=extra,
        )

    def units(self, units: list[Any], parent: str | None, path: str, outer: Lines) -> Iterator[Record]:
        for index, unit in enumerate(units):
            here = f"{path}[{index}]"
            title = clean_title(unit["title"])
            slug = unit.get("slug") or slugify(title)[:150] or f"unit-{short_digest(title)}"
            if slug in self.unit_slugs:
                raise DocumentError(f"{here}.slug: {shown(slug)} names a unit that stands in this file already.")
            self.unit_slugs.add(slug)
            weight = unit.get("weight", 1)
            if round(weight, 2) != weight:
                raise DocumentError(f"{here}.weight: {shown(weight)} is not allowed; at most two decimal places are.")
            topics = [_unit_topic(topic, "teaches") for topic in unit.get("topics", [])]
            topics += [_unit_topic(topic, "requires") for topic in unit.get("requires", [])]
            lines = _lines(unit, outer)
            yield Record(
                key=f"unit/{slug}",
                kind=RecordKind.UNIT,
                title=title,
                text=clean_text(unit.get("description", "")),
                lines=lines,
                parent=parent,
                topics=_names(topics),
                reader=self.name,
                extra={
                    "slug": slug,
                    "is_named": "slug" in unit and self.name == READER,
                    "kind": unit.get("kind", "module" if unit.get("units") else "lesson"),
                    "url": unit.get("url", ""),
                    "effort_minutes": unit.get("effort_minutes"),
                    "id": unit.get("id", ""),
                    "required": unit.get("required", True),
                    "weight": str(weight),
                    "min_children": unit.get("min_children"),
                    "topics": topics,
                },
            )
            yield from self.units(unit.get("units", []), f"unit/{slug}", f"{here}.units", lines)

    def project(self, project: Any, index: int) -> Record:
        topics = [_topic(topic) for topic in project.get("topics", [])]
        self.check_unit(project, f"$.projects[{index}]")
        extra = {name: project.get(name, "") for name in ("repository_url", "demo_url", "unit", *_STATED)}
        return Record(
            key=f"project/{index + 1}",
            kind=RecordKind.PROJECT,
            title=clean_title(project["title"]),
            text=clean_text(project.get("body", "")),
            lines=_lines(project, self.lines),
            topics=_names(topics),
            reader=self.name,
            extra=extra | {"summary": clean_title(project.get("summary", "")), "topics": topics},
        )

    def entry(self, entry: Any, index: int) -> Iterator[Record]:
        path = f"$.entries[{index}]"
        key = f"entry/{index + 1}"
        solutions = entry.get("solutions", [])
        if solutions and entry["kind"] != "challenge":
            raise DocumentError(f"{path}.solutions: a {entry['kind']} has no solutions; a challenge has.")
        yield self.entry_record(entry, RecordKind(entry["kind"]), key, None, path, self.lines)
        for number, solution in enumerate(solutions):
            yield self.entry_record(
                solution,
                RecordKind.SOLUTION,
                f"{key}/solution/{number + 1}",
                key,
                f"{path}.solutions[{number}]",
                _lines(entry, self.lines),
            )

    def entry_record(
        self, entry: Any, kind: RecordKind, key: str, parent: str | None, path: str, outer: Lines
    ) -> Record:
        topics = [_topic(topic) for topic in entry.get("topics", [])]
        self.check_unit(entry, path)
        title, text = clean_title(entry.get("title", "")), clean_text(entry.get("body", ""))
        if not title and not text:
            raise DocumentError(f"{path}: title and body are both blank.")
        extra = {name: entry.get(name, "") for name in ("unit", "occurred_on", "accepted_at", *_STATED)}
        return Record(
            key=key,
            kind=kind,
            title=title,
            text=text,
            lines=_lines(entry, outer),
            parent=parent,
            topics=_names(topics),
            reader=self.name,
            extra=extra | {"topics": topics},
        )

    def check_unit(self, row: Any, path: str) -> None:
        unit = row.get("unit")
        if unit and unit not in self.unit_slugs:
            raise DocumentError(f"{path}.unit: {shown(unit)} is not the slug of a unit in this file.")


def _lines(value: Any, outer: Lines) -> Lines:
    return value.lines if isinstance(value, Table) else outer


def _topic(topic: Any) -> dict[str, str]:
    named = {"name": topic} if isinstance(topic, str) else dict(topic)
    return named | {"name": clean_title(named["name"])}


def _unit_topic(topic: Any, role: str) -> dict[str, str]:
    return {"role": role} | _topic(topic)


def _names(topics: list[dict[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(topic["name"] for topic in topics))
