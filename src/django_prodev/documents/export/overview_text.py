"""A program as a plain Markdown overview, where it says no more than an overview can say.

The text is read back with the same reader that imports it, and handed out only if every record, topic and order comes
back. So no rule of that reader is repeated here.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.text import slugify

from django_prodev.documents.export.snapshot import definitions
from django_prodev.documents.host_vocabulary import host_vocabulary
from django_prodev.documents.overview import read_overview
from django_prodev.documents.plan.taught import taught_slug, taught_topics
from django_prodev.documents.plan.topic_index import TopicIndex
from django_prodev.documents.records import Document, Record, RecordKind
from django_prodev.documents.topics import TopicMatcher
from django_prodev.documents.wording import fit
from django_prodev.enums import TopicKind, UnitKind
from django_prodev.exceptions import DocumentError

_PLAIN_KEYS = {
    "program": {"slug", "title", "description"},
    "units": {"slug", "title", "kind", "description", "topics"},
    "projects": {"title", "body", "topics"},
    "entries": {"kind", "title", "body", "topics", "solutions"},
}
_SECTIONS = {
    "technology": "Technologies",
    "concept": "Concepts",
    "learning": "Learnings",
    "challenge": "Challenges and solutions",
    "practice": "Best practices",
    "takeaway": "Takeaways",
    "project": "Projects",
}
_KINDS_TAUGHT = ("technology", "concept")
_TAUGHT = "taught"
_ATTEMPTS = 3
_BLOCK = re.compile(r"[-*+>|#`~] |\d+[.)] |```|~~~|\|")
_LONGEST = 200_000
"""Characters of a text that is tried as a plain overview; longer ones are not worth reading twice."""


def write_overview(curriculum: dict[str, Any]) -> str | None:
    """The plain overview of a curriculum, or ``None`` where it would not read back to the same records."""
    rows = _Rows(curriculum)
    if not rows.are_plain:
        return None
    as_headings: set[str] = set()
    for _attempt in range(_ATTEMPTS):
        text = "\n".join(rows.lines(as_headings)) + "\n"
        if len(text) > _LONGEST:
            return None
        wrong = rows.misread(text)
        if not wrong:
            return text
        if wrong <= as_headings:
            return None
        # Lists are what people write; a section that does not read back as one is tried with headings.
        as_headings |= wrong
    return None


class _Rows:
    """A curriculum's rows as an overview groups them."""

    def __init__(self, curriculum: dict[str, Any]) -> None:
        self.curriculum = curriculum
        self.program: dict[str, Any] = curriculum["program"]
        self.kinds = {topic["name"]: topic["kind"] for topic in curriculum.get("topics", [])}
        self.units: list[dict[str, Any]] = curriculum.get("units", [])
        self.sections: dict[str, list[dict[str, Any]]] = {}
        for entry in curriculum.get("entries", []):
            if entry["kind"] != "reflection":
                self.sections.setdefault(entry["kind"], []).append(entry)
        if "projects" in curriculum:
            self.sections["project"] = curriculum["projects"]
        self.reflections = [entry for entry in curriculum.get("entries", []) if entry["kind"] == "reflection"]

    def runs(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """The units in their order, cut where technologies and concepts follow each other.

        A concept that the vocabulary knows by its name is known under either heading, so it stays where it stands.
        """
        kinds = [self.kind_of(unit) for unit in self.units]
        current = next((kind for kind in kinds if kind), "concept")
        run: list[dict[str, Any]] = []
        for unit, kind in zip(self.units, kinds, strict=True):
            if kind and kind != current and run:
                yield current, run
                run = []
            current = kind or current
            run.append(unit)
        if run:
            yield current, run

    def kind_of(self, unit: dict[str, Any]) -> str:
        if any(self.kinds.get(str(name)) == TopicKind.TECHNOLOGY for name in unit.get("topics", [])):
            return "technology"
        return "" if TopicMatcher.shipped().exact(unit["title"]) else "concept"

    @property
    def are_plain(self) -> bool:
        """Whether nothing is said that only the marked form can carry."""
        if set(self.program) - _PLAIN_KEYS["program"] or self.program["slug"] != slugify(self.program["title"]):
            return False
        for section in ("units", "projects", "entries"):
            if any(set(row) - _PLAIN_KEYS[section] for row in self.curriculum.get(section, [])):
                return False
        return all(unit["kind"] == UnitKind.LESSON for unit in self.units)

    # Writing

    def lines(self, as_headings: set[str]) -> Iterator[str]:
        yield f"# {self.program['title']}"
        if self.program.get("description"):
            yield from ("", "## Overview", "", self.program["description"])
        for reflection in self.reflections:
            yield from ("", f"## {reflection.get('title', '')}", "", reflection.get("body", ""))
        groups = [*self.runs(), *((kind, self.sections[kind]) for kind in _SECTIONS if kind in self.sections)]
        for kind, rows in groups:
            yield from ("", f"## {_SECTIONS[kind]}", "")
            as_item = (_TAUGHT if kind in _KINDS_TAUGHT else kind) not in as_headings
            for row in rows:
                yield from _challenge(row, as_item) if kind == "challenge" else _row(row, as_item, kind)

    # Reading back

    def misread(self, text: str) -> set[str]:
        """The kinds whose rows do not read back from a text; of anything else that does not, ``program``."""
        try:
            document = read_overview(text, vocabulary=host_vocabulary())
        except DocumentError:
            return {"program"}
        wrong = self.misread_words(document)
        return wrong or (set() if self.same_topics(document) else {"program"})

    def misread_words(self, document: Document) -> set[str]:
        wrong = set()
        program = [fit(record.title, record.text) for record in document.of(RecordKind.PROGRAM)]
        if program != [(self.program["title"], self.program.get("description", ""))]:
            wrong.add("program")
        sections = self.sections | {"reflection": self.reflections, _TAUGHT: self.units}
        for kind in (*_SECTIONS, "reflection"):
            name, kinds = (_TAUGHT, _KINDS_TAUGHT) if kind in _KINDS_TAUGHT else (kind, (kind,))
            read = [_said(record) for record in document.of(*map(RecordKind, kinds))]
            if read != [_words(row) for row in sections.get(name, [])]:
                wrong.add(name)
        challenges = {record.key: _said(record) for record in document.of(RecordKind.CHALLENGE)}
        read_solutions = [
            (challenges[record.parent or ""], _said(record)) for record in document.of(RecordKind.SOLUTION)
        ]
        wanted = [
            (_words(challenge), _words(solution))
            for challenge in self.sections.get("challenge", [])
            for solution in challenge.get("solutions", [])
        ]
        return wrong if read_solutions == wanted else wrong | {"challenge"}

    def same_topics(self, document: Document) -> bool:
        """Whether an import of the document makes the same topics, and links each row to its own."""
        index = TopicIndex([], [])
        units = {unit["slug"]: unit for unit in self.units}
        met: dict[str, int] = {}
        for record in document.of(RecordKind.TECHNOLOGY, RecordKind.CONCEPT):
            base = taught_slug(self.program["slug"], record.title)
            met[base] = met.get(base, 0) + 1
            unit = units.get(taught_slug(self.program["slug"], record.title, met[base]))
            names = sorted(topic.name for topic in taught_topics(record, index))
            if unit is None or names != sorted(map(str, unit.get("topics", []))):
                return False
        solutions = [
            solution for entry in self.sections.get("challenge", []) for solution in entry.get("solutions", [])
        ]
        groups = self.sections | {"reflection": self.reflections, "solution": solutions}
        for kind in ("learning", "challenge", "solution", "practice", "takeaway", "project", "reflection"):
            for record, row in zip(document.of(RecordKind(kind)), groups.get(kind, []), strict=True):
                names = sorted({index.resolve(name).name for name in record.topics})
                if names != sorted(map(str, row.get("topics", []))):
                    return False
        return bool(definitions(index.created) == self.curriculum.get("topics", []))


def _words(row: dict[str, Any]) -> tuple[str, str]:
    return row.get("title", ""), row.get("description", row.get("body", ""))


def _said(record: Record) -> tuple[str, str]:
    return fit(record.title, record.text)


def _item(text: str, bullet: str = "- ", indent: str = "  ") -> str:
    first, *rest = text.split("\n")
    return "\n".join([f"{bullet}{first}", *(f"{indent}{line}" if line else "" for line in rest)])


def _row(row: dict[str, Any], as_item: bool, kind: str) -> Iterator[str]:
    title, text = _words(row)
    if as_item or not text:
        is_derived = kind not in {"technology", "concept"} and bool(text) and not _is_name(title, text)
        yield _item(text if is_derived else _led(title, text) if text else _bare(title, kind))
    else:
        yield from (f"### {title}", "", text, "")


def _led(title: str, text: str) -> str:
    """A bold title and its text: on the same line, unless the text begins with a list or a table."""
    return f"**{title}:**\n{text}" if _BLOCK.match(text) else f"**{title}:** {text}"


def _bare(title: str, kind: str) -> str:
    return f"**{title}**" if kind in {"technology", "concept"} else title


def _is_name(title: str, text: str) -> bool:
    """Whether a title says something of its own, and is not only the beginning of its text."""
    start = title.rstrip("…").casefold()
    return start[:20] not in text.replace("*", "").replace("`", "").casefold()[: len(start) + 40]


def _challenge(row: dict[str, Any], as_item: bool) -> Iterator[str]:
    title, text = _words(row)
    solutions = [_words(solution)[1] or _words(solution)[0] for solution in row.get("solutions", [])]
    if as_item:
        yield _item(f"**Challenge:** {text or title}")
        for solution in solutions:
            yield _item(f"**Solution:** {solution}", "  - ", "    ")
        return
    yield from (f"### {title}", "")
    if text:
        yield from (text, "")
    for solution in solutions:
        yield from (f"**Solution:** {solution}", "")
