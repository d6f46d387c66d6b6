"""What an import is asked for, and what it would do: values that a command, a page or a test can show."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django_prodev.documents.decisions.values import ChosenReading, Decision
from django_prodev.documents.records import Document, LeftOut, Record
from django_prodev.enums import Visibility
from django_prodev.services.catalogue_import import CatalogueChanges


class Action(StrEnum):
    """What happens to a record."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document and where it came from: ``name`` as the user gave it, ``source`` as rows remember it.

    ``digest`` is that of its bytes, empty where there were none; ``decisions`` are what was decided about its records.
    ``text`` is kept where a section of it may be read otherwise, and ``readings`` are the readings that were chosen.
    """

    name: str
    source: str
    document: Document
    digest: str = ""
    decisions: tuple[Decision, ...] = ()
    text: str = field(default="", repr=False)
    readings: tuple[ChosenReading, ...] = ()


@dataclass(frozen=True, slots=True)
class Request:
    """What an import is asked to do.

    ``program`` and ``provider`` are slugs, empty where the documents say. ``learner`` is the user whose record the
    documents are, ``None`` where they are the program's own. ``visibility`` is empty where the defaults hold.
    ``accept_proposals`` keeps the records that no reader is sure of.
    """

    documents: tuple[SourceDocument, ...]
    program: str = ""
    provider: str = ""
    learner: Any = None
    publish: bool = False
    visibility: Visibility | None = None
    accept_proposals: bool = False


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A record, the file it stands in, and what happens to it; ``reason`` says why where that is not plain."""

    file: str
    record: Record
    action: Action
    reason: str = ""


@dataclass(slots=True)
class ProgramOutcome:
    """What happens to one program: the row itself, its status afterwards, and its curriculum."""

    slug: str
    title: str
    provider: str
    action: Action
    status: str
    curriculum_version: int | None = None
    curriculum_action: Action = Action.UNCHANGED
    curriculum_status: str = ""
    removed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    """What an import would do. ``changes`` are the rows, ready to be written by the transaction that made the plan."""

    request: Request
    programs: list[ProgramOutcome]
    records: list[PlannedRecord]
    changes: CatalogueChanges

    def left_out(self) -> list[tuple[str, LeftOut]]:
        """Every piece that became no record, with its file."""
        return [(source.name, piece) for source in self.request.documents for piece in source.document.left_out]

    def counts(self) -> dict[str, int]:
        """How many records each action has; ``left_out`` counts pieces and records."""
        counted = Counter(planned.action for planned in self.records)
        counted[Action.LEFT_OUT] += len(self.left_out())
        return {action.value: counted[action] for action in Action}
