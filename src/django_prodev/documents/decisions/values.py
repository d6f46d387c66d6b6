"""A decision about one record, and the decisions about one source. Plain values; nothing is checked here."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from django_prodev.documents.records import Document, RecordKind


class Verdict(StrEnum):
    """What becomes of a record. Keeping one that is only proposed accepts it."""

    KEEP = "keep"
    DROP = "drop"


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about the record with this key. What is ``None`` stays as it was read.

    ``parent`` is the key of the record that this one belongs to, empty for none; ``topics`` are names.
    """

    key: str
    verdict: Verdict = Verdict.KEEP
    kind: RecordKind | None = None
    title: str | None = None
    text: str | None = None
    parent: str | None = None
    topics: tuple[str, ...] | None = None

    @property
    def corrects(self) -> bool:
        """Whether anything is to be other than it was read."""
        return any(value is not None for value in (self.kind, self.title, self.text, self.parent, self.topics))


@dataclass(frozen=True, slots=True)
class ChosenReading:
    """The shape reader that a person chose for the section that begins at this line."""

    section: int
    reader: str


@dataclass(frozen=True, slots=True)
class SourceDecisions:
    """The decisions about one file, and the digests of the bytes and of the reading that they are about.

    ``readings`` are those that were chosen; the digest is that of the document as it is read with them.
    """

    file: str
    source: str
    reading: str
    decisions: tuple[Decision, ...]
    readings: tuple[ChosenReading, ...] = ()


def digest_of_reading(document: Document) -> str:
    """A digest of all that decisions lean on: another reading of the same bytes has another one."""
    digest = hashlib.sha256(document.format.encode())
    for record in document.records:
        for part in (record.key, record.kind.value, record.parent or "", record.title, record.text):
            digest.update(f"{len(part)}:{part}".encode())
    return digest.hexdigest()
