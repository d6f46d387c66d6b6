"""What a document says, before any table is touched: records, and the pieces left out.

Every reader of documents (Markdown overview, curriculum file) ends in a ``Document`` of these. They are plain values:
no model, no query, no setting comes in here.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RecordKind(StrEnum):
    """What a record is. The values are the ones printed by ``prodev_import --output json``."""

    PROGRAM = "program"
    TECHNOLOGY = "technology"
    CONCEPT = "concept"
    CHALLENGE = "challenge"
    SOLUTION = "solution"
    PRACTICE = "practice"
    TAKEAWAY = "takeaway"
    LEARNING = "learning"
    REFLECTION = "reflection"
    PROJECT = "project"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Lines:
    """A run of source lines, counted from 1, both ends included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that a document tells.

    ``key`` is unique in its document and stable for the same text; ``parent`` is the key of the record this one
    belongs to (a solution's challenge, a unit's module), or ``None``. ``text`` is Markdown. ``confidence`` is how sure
    the reading is, from 0 to 1; ``reader`` names the shape reader that made it, and ``why`` says what it went by.
    ``extra`` holds what only one kind of document knows (a unit's slug, weight or position), with JSON values.
    """

    key: str
    kind: RecordKind
    title: str
    text: str
    lines: Lines
    parent: str | None = None
    topics: tuple[str, ...] = ()
    confidence: float = 1.0
    reader: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A piece of the source that became no record, and why (a sentence for the person who wrote the document)."""

    lines: Lines
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Considered:
    """What one shape reader saw in a section: how many challenges and solutions, how sure it was, and why."""

    reader: str
    confidence: float
    challenges: int
    solutions: int
    why: str


@dataclass(frozen=True, slots=True)
class Choice:
    """How a section was read, where several readers had a say: ``considered`` has the reading that was taken first.

    ``section`` is the line that the section begins at. It names the section whichever reading is taken, and ``lines``
    are those that the reading which was taken tells of.
    """

    section: int
    lines: Lines
    considered: tuple[Considered, ...]

    @property
    def rivals(self) -> tuple[Considered, ...]:
        """The readings that could be taken instead."""
        return self.considered[1:]


@dataclass(frozen=True, slots=True)
class Document:
    """Everything read from one source. ``format`` is ``markdown``, ``json`` or ``yaml``.

    ``is_structured`` says that the document states the whole structure of its program, where an overview only tells of
    it. ``reader`` is who read it, ``confidence`` how sure it was that this is a document for it, from 0 to 1, and
    ``because`` by what, in half a sentence.
    """

    format: str
    records: tuple[Record, ...]
    left_out: tuple[LeftOut, ...]
    choices: tuple[Choice, ...] = ()
    is_structured: bool = False
    reader: str = ""
    confidence: float = 1.0
    because: str = ""

    def of(self, *kinds: RecordKind) -> tuple[Record, ...]:
        """The records of these kinds, in the order of the document."""
        return tuple(record for record in self.records if record.kind in kinds)
