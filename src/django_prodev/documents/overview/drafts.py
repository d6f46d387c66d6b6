"""Records in the making: what was read, before keys and topics are given, and the words it stands in."""

from collections.abc import Iterable
from dataclasses import dataclass

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges import Challenge, Reading
from django_prodev.documents.overview.entries import Entry
from django_prodev.documents.overview.inline import SHORT, plain, short_title, unstopped
from django_prodev.documents.records import Lines, RecordKind


@dataclass(slots=True)
class Draft:
    """A record before keys and topics are given."""

    kind: RecordKind
    title: str
    text: str
    lines: Lines
    confidence: float
    reader: str
    group: str = ""
    solution: "Draft | None" = None
    why: str = ""


def draft_of(challenge: Challenge, reading: Reading) -> Draft:
    whole = [*challenge.title, *challenge.text, *challenge.solution]
    title_text = " ".join(line.text.strip() for line in challenge.title) or joined(challenge.text)
    title = short_title(title_text) or title_text.strip()[:SHORT]
    body = challenge.text if title == unstopped(plain(title_text)) else [*challenge.title, *challenge.text]
    solution = None
    if challenge.is_solved:
        text = joined(challenge.solution)
        solution = Draft(
            RecordKind.SOLUTION,
            short_title(text) or text[:SHORT],
            text,
            span(challenge.solution),
            reading.confidence,
            reading.reader,
            why=reading.why,
        )
    lines = span([*challenge.title, *challenge.text] or whole)
    return Draft(
        RecordKind.CHALLENGE,
        title,
        joined(body),
        lines,
        reading.confidence,
        reading.reader,
        solution=solution,
        why=reading.why,
    )


def draft_of_entry(entry: Entry) -> Draft:
    """An entry as the draft of a record."""
    text = joined(entry.text)
    return Draft(entry.kind, entry.title, text, span(entry.sources), entry.confidence, entry.reader, entry.group)


def joined(lines: Iterable[Line]) -> str:
    out: list[str] = []
    for line in lines:
        text = line.text.rstrip()
        if text or (out and out[-1]):
            out.append(text)
    return "\n".join(out).strip("\n").strip()


def span(lines: Iterable[Line]) -> Lines:
    numbers = [line.number for line in lines if line.number] or [1]
    return Lines(min(numbers), max(numbers))
