"""Markdown whose records are marked by comments, so that it reads back exactly, whatever the texts in it hold.

A marked record is a heading with its title, a comment ``<!-- prodev:KIND {…} -->`` with what prose cannot carry, the
text as it is, and ``<!-- /prodev -->``. Front matter carries the program. Readers see an ordinary overview.
"""

import json
import re
from dataclasses import replace
from typing import Any

from django_prodev.documents.curriculum import parse_json, parse_yaml, read_curriculum
from django_prodev.documents.curriculum.tree import Table
from django_prodev.documents.records import Document, LeftOut, Lines
from django_prodev.exceptions import DocumentError

CLOSE = "<!-- /prodev -->"
SECTIONS = {
    "unit": "Curriculum",
    "project": "Projects",
    "learning": "Learnings",
    "challenge": "Challenges and solutions",
    "practice": "Best practices",
    "takeaway": "Takeaways",
    "reflection": "Reflections",
}
MAX_RECORDS = 50_000
SOLUTION_LABEL = "**Solution:**"

_SCAFFOLD = {f"## {title}" for title in SECTIONS.values()} | {SOLUTION_LABEL, ""}
_OPEN = re.compile(r"<!-- prodev:([a-z]+) (\{.*\}) -->")
_LIKE_A_MARK = re.compile(r"<!-- (\\*)(/?prodev)")
_HEADING = re.compile(r"#{1,6} (.*)")
_BREAKS = re.compile(r"\r\n?")


def mark(kind: str, fields: dict[str, Any]) -> str:
    """The comment that opens a record. Two hyphens would end a comment in HTML, so none stand in it."""
    payload = json.dumps(fields, ensure_ascii=False, separators=(", ", ": ")).replace("--", "-\\u002d")
    return f"<!-- prodev:{kind} {payload} -->"


def guarded(text: str) -> str:
    """A text in which nothing reads as a mark."""
    return "\n".join(_LIKE_A_MARK.sub(r"<!-- \\\1\2", line, count=1) for line in text.split("\n"))


def has_marks(text: str) -> bool:
    """Whether a Markdown text was written with marks."""
    if not text.startswith(("---\nprodev:", "---\r\nprodev:")):
        return False
    return "\n---\n" in _BREAKS.sub("\n", text)


def read_marked(text: str) -> Document:
    """The records of a marked Markdown text; what stands outside the marks is left out.

    Raises ``DocumentError`` with the line where a mark is not closed or says what the curriculum format does not know.
    """
    return _Reader(_BREAKS.sub("\n", text)).document()


class _Reader:
    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.used: set[int] = set()
        self.records = 0
        self.value: Any = {}
        self.units: dict[str, Table] = {}
        self.challenge: Table | None = None

    def document(self) -> Document:
        start = self.front_matter()
        at = start
        while at < len(self.lines):
            opening = _OPEN.fullmatch(self.lines[at].rstrip())
            at = self.record(at, opening) if opening else at + 1
            self.records += opening is not None
            if self.records > MAX_RECORDS:
                raise DocumentError(f"The document has more than {MAX_RECORDS:,} marked records.")
        read = read_curriculum(self.value, "markdown")
        return replace(read, left_out=tuple(self.left_out()), because="its records are marked by comments")

    def front_matter(self) -> int:
        end = self.lines.index("---", 1)
        self.value = parse_yaml("\n".join(self.lines[:end]))
        self.used.update(range(end + 1))
        for section in ("units", "projects", "entries"):
            if section in self.value:
                raise DocumentError(f"$.{section}: in Markdown these stand as marked records, not in front matter.")
        program = self.value.setdefault("program", Table())
        if not isinstance(program, Table):
            raise DocumentError("$.program: this is not a mapping.")
        program.lines = Lines(1, end + 1)
        return end + 1

    def record(self, at: int, opening: re.Match[str]) -> int:
        """Read the record whose mark stands on line ``at``; the answer is the line after it."""
        end = self.closing(at)
        try:
            fields = parse_json(opening[2])
        except DocumentError as error:
            raise DocumentError(f"Line {at + 1}: the mark cannot be read ({error})") from error
        is_untitled = bool(fields.pop("untitled", False))
        title_at = None if is_untitled else self.title_line(at)
        body = "\n".join(_LIKE_A_MARK.sub(_unguard, line, count=1) for line in self.lines[at + 1 : end])
        if not is_untitled:
            if title_at is None:
                raise DocumentError(f"Line {at + 1}: a heading is missing above the mark.")
            heading = _HEADING.fullmatch(self.lines[title_at])
            fields["title"] = heading[1] if heading else ""
            self.used.add(title_at)
        fields.lines = Lines((at if title_at is None else title_at) + 1, end + 1)
        self.used.update(range(at, end + 1))
        self.keep(opening[1], fields, body, at)
        return end + 1

    def closing(self, at: int) -> int:
        for end in range(at + 1, len(self.lines)):
            line = self.lines[end].rstrip()
            if line == CLOSE:
                return end
            if _OPEN.fullmatch(line):
                break
        raise DocumentError(f"Line {at + 1}: the mark is not closed; {CLOSE} is missing.")

    def title_line(self, at: int) -> int | None:
        """The heading above a mark, with nothing but blank lines between."""
        for line in range(at - 1, -1, -1):
            if self.lines[line].strip():
                is_title = line not in self.used and self.lines[line].strip() not in _SCAFFOLD
                return line if is_title and _HEADING.fullmatch(self.lines[line]) else None
        return None

    def keep(self, kind: str, fields: Any, body: str, at: int) -> None:
        body_key = "description" if kind in {"program", "unit"} else "body"
        if body.strip():
            fields[body_key] = body
        if kind == "program":
            fields.lines = Lines(1, fields.lines.last)
            self.value["program"] = _merged(self.value["program"], fields)
        elif kind == "unit":
            above = self.units.get(str(fields.pop("parent", "")))
            (self.value if above is None else above).setdefault("units", []).append(fields)
            self.units[str(fields.get("slug", ""))] = fields
        elif kind == "project":
            self.value.setdefault("projects", []).append(fields)
        elif kind == "solution":
            if self.challenge is None:
                raise DocumentError(f"Line {at + 1}: a solution stands before any challenge.")
            self.challenge.setdefault("solutions", []).append(fields)
        else:
            entry = _merged(Table(kind=kind), fields)
            entry.lines = fields.lines
            self.value.setdefault("entries", []).append(entry)
            self.challenge = entry if kind == "challenge" else None

    def left_out(self) -> list[LeftOut]:
        pieces: list[LeftOut] = []
        run: list[int] = []
        for number, line in enumerate([*self.lines, ""]):
            if number in self.used or line.strip() in _SCAFFOLD:
                if run:
                    text = "\n".join(self.lines[run[0] : run[-1] + 1])
                    reason = "stands outside the marks of this exported document"
                    pieces.append(LeftOut(Lines(run[0] + 1, run[-1] + 1), text, reason))
                run = []
            else:
                run.append(number)
        return pieces


def _unguard(match: re.Match[str]) -> str:
    return f"<!-- {match[1][1:]}{match[2]}"


def _merged(first: Table, second: Table) -> Table:
    merged = Table(first | second)
    merged.lines = second.lines
    return merged
