"""Which row a record means: matching of entries and projects, within one person's record or the program's own.

A row is the record's if it says the same; failing that, if it came from the same document and has the same title or
place. A document that is seen for the first time, and of which two thirds say what rows say already, is an edition of
those rows under another file name.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from django_prodev.documents.records import Record
from django_prodev.documents.wording import clean_text, clean_title, short_digest
from django_prodev.models import Project, Topic

Row: TypeAlias = Any
"""An entry or a project: both have a title, a body, a position and an identifier."""

_SOURCE_PREFIX = "file:"


def source_named(name: str) -> str:
    """What rows remember of the document they came from, given its file name without folder and ending."""
    return f"{_SOURCE_PREFIX}{name}"


def source_of(external_id: str) -> str:
    """The document that a row came from, or an empty string where its identifier is the host's own."""
    return ":".join(external_id.split(":")[:2]) if external_id.startswith(_SOURCE_PREFIX) else ""


def own_id(external_id: str) -> str:
    """A row's identifier, where it is the host's own and not one that an import made up."""
    return "" if external_id.startswith(_SOURCE_PREFIX) else external_id


class Edition(Enum):
    """What a document under a new name is a version of: nothing, imported rows, or all rows of its program."""

    NONE = "none"
    IMPORTED = "imported"
    ALL = "all"

    def covers(self, external_id: str) -> bool:
        """Whether such a document may change a row. What people wrote by hand only a whole program's file may."""
        return self is Edition.ALL or (self is Edition.IMPORTED and bool(source_of(external_id)))


@dataclass(slots=True)
class Wanted:
    """A record as a row would hold it, and the row it turned out to mean.

    A row is ``is_own`` where the record's document may change it, ``is_first`` where no other document of this import
    has spoken for it.
    """

    record: Record
    kind: str
    title: str
    text: str
    parent: Any = None
    topics: list[Topic] = field(default_factory=list)
    row: Row | None = None
    is_new: bool = False
    is_own: bool = False
    is_first: bool = False

    @property
    def group(self) -> tuple[str, int]:
        """Rows are ordered among those with the same kind and parent."""
        return self.kind, id(self.parent)

    @property
    def content(self) -> tuple[str, int, str, str]:
        return (*self.group, self.title, self.text)


class RowIndex:
    """The rows of one scope, and which of them a document of this import has claimed."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows: list[Row] = []
        self.claimed: set[int] = set()
        self.by_content: dict[Any, list[Row]] = defaultdict(list)
        self.by_external_id: dict[str, Row] = {}
        self.stored: dict[Any, list[Row]] = defaultdict(list)
        self.next_position: dict[Any, int] = defaultdict(int)
        for row in rows:
            self.add(row)
            self.stored[_group(row)].append(row)
            self.next_position[_group(row)] = row.position + 1
        self.sources = {source_of(row.external_id) for row in rows}

    def add(self, row: Row) -> None:
        """Let later records find this row, stored or to be created."""
        group = _group(row)
        title, text = clean_title(row.title), clean_text(row.body)
        self.rows.append(row)
        self.by_content[(*group, title, text)].append(row)
        if row.external_id:
            self.by_external_id[row.external_id] = row

    def match_content(self, wanted: list[Wanted], source: str) -> None:
        """Give each record the row with its identifier, or that says the same: the second of two alike the second."""
        met: dict[Any, int] = defaultdict(int)
        for want in wanted:
            identifier = want.record.extra.get("id", "")
            found = self.by_external_id.get(identifier) if identifier else None
            if found is None:
                same = self.by_content.get(want.content, [])
                nth = met[want.content]
                met[want.content] += 1
                found = same[nth] if nth < len(same) else None
            if found is not None:
                self.claim(want, found, source_of(found.external_id) == source or bool(identifier))

    def match_place(self, wanted: list[Wanted], source: str, edition: Edition) -> None:
        """Give what is left a row of the same document with the same title, then the one in the same place."""
        groups: dict[Any, list[Wanted]] = defaultdict(list)
        for want in wanted:
            groups[want.group].append(want)
        for group, members in groups.items():
            own = [
                row
                for row in self.stored[group]
                if not own_id(row.external_id)
                and (source_of(row.external_id) == source or edition.covers(row.external_id))
            ]
            for place, want in enumerate(members):
                if want.row is not None or want.record.extra.get("id"):
                    continue
                alike = [row for row in own if want.title and clean_title(row.title) == want.title]
                for row in (*alike, *own[place : place + 1]):
                    if id(row) not in self.claimed:
                        self.claim(want, row, True)
                        break

    def claim(self, want: Wanted, row: Row, is_own: bool) -> None:
        # A row that another document of this import speaks for already is shared, not taken over.
        want.row, want.is_first = row, id(row) not in self.claimed
        want.is_own = is_own and want.is_first
        self.claimed.add(id(row))

    def order(self, wanted: list[Wanted]) -> dict[int, int]:
        """Positions by the row's ``id()``, for the rows that must move and the ones that are new.

        Rows stay where they are while their order is the document's; what is new is put behind them.
        """
        groups: dict[Any, list[Wanted]] = defaultdict(list)
        for want in wanted:
            if want.row is not None and (want.is_new or want.is_own):
                groups[want.group].append(want)
        moves: dict[int, int] = {}
        for group, members in groups.items():
            rows = [want.row for want in members if want.row is not None]
            kept = [(row.position, row.pk or 0) for want, row in zip(members, rows, strict=True) if not want.is_new]
            in_order = kept == sorted(kept) and not any(want.is_new for want in members[: len(kept)])
            start = self.next_position[group] if in_order else 0
            moving = rows[len(kept) :] if in_order else rows
            for position, row in enumerate(moving, start=start):
                moves[id(row)] = position
                self.next_position[group] = max(self.next_position[group], position + 1)
        return moves

    def free_id(self, source: str, want: Wanted) -> str:
        """An identifier for a row that is made from a record: the record's own, or one that names its document."""
        if identifier := want.record.extra.get("id", ""):
            return str(identifier)
        above = want.parent.external_id if want.parent is not None else ""
        base = f"{source}:{want.kind}:{short_digest(above, want.title, want.text)}"
        name, number = base, 1
        while name in self.by_external_id:
            number += 1
            name = f"{base}:{number}"
        return name


def _group(row: Row) -> tuple[str, int]:
    if isinstance(row, Project):
        return "project", id(None)
    return str(row.kind), id(row.parent)
