"""Entries and projects: what a person's record, or the program's own, would become."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from django_prodev.documents.plan.outcome import Action, Request
from django_prodev.documents.plan.rows import Edition, Row, RowIndex, Wanted
from django_prodev.documents.plan.scope import Scope
from django_prodev.documents.plan.structure import Structure
from django_prodev.documents.plan.taught import taught_topics
from django_prodev.documents.plan.topic_index import TopicIndex
from django_prodev.documents.records import Record, RecordKind
from django_prodev.documents.wording import clean_title, differs, fit
from django_prodev.enums import (
    EntryKind,
    EntryStatus,
    ProjectStatus,
    Visibility,
)
from django_prodev.models import Entry, Program, Project, Topic
from django_prodev.services.catalogue_import import CatalogueChanges, Links, RowChanges

_ENTRY_KINDS = {
    RecordKind.TECHNOLOGY: EntryKind.LEARNING,
    RecordKind.CONCEPT: EntryKind.LEARNING,
    RecordKind.PROGRAM: EntryKind.REFLECTION,
}
"""The kinds of entry that records become which are no entries by themselves."""

_SUMMARY_LIMIT = 500


class Learning:
    """The entries and projects of one program that belong to one person, or to nobody."""

    def __init__(self, request: Request, structure: Structure, topics: TopicIndex, changes: CatalogueChanges) -> None:
        self.request = request
        self.program: Program = structure.program
        self.structure = structure
        self.topics = topics
        self.changes = changes
        self.scope = Scope(request.learner, structure.program, topics, changes)
        self.entries: RowIndex = RowIndex(self.scope.entries())
        self.projects: RowIndex = RowIndex(self.scope.projects())

    # What is wanted

    def read(
        self, records: list[Record], source: str, *, exactly: bool, document: dict[str, Record]
    ) -> dict[str, Action]:
        """Plan the records of one document; the answer is each record's action by its key.

        ``exactly`` drops topics that a record does not name. ``document`` has all records of the document by key.
        """
        first: list[Wanted] = []
        projects: list[Wanted] = []
        solutions: list[Record] = []
        for record in records:
            if record.kind is RecordKind.PROJECT:
                projects.append(self.wanted_project(record))
            elif record.kind is RecordKind.SOLUTION and _is_answer(record, document):
                solutions.append(record)
            else:
                first.append(self.wanted_entry(record, None))
        self.entries.match_content(first, source)
        self.projects.match_content(projects, source)
        edition = self.edition([*first, *projects], source, exactly)
        actions: dict[str, Action] = {}
        self.settle_projects(projects, source, edition, exactly, actions)
        self.settle_entries(first, source, edition, exactly, actions)
        parents = {want.record.key: want.row for want in first}
        answers = [self.wanted_entry(record, parents[record.parent or ""]) for record in solutions]
        self.entries.match_content(answers, source)
        self.settle_entries(answers, source, edition, exactly, actions)
        return actions

    def edition(self, wanted: list[Wanted], source: str, exactly: bool) -> Edition:
        """What a document is another version of, under another name."""
        if source in self.entries.sources | self.projects.sources:
            return Edition.NONE
        found = sum(want.row is not None and not want.row._state.adding for want in wanted)
        if found * 3 < len(wanted) * 2 or not wanted:
            return Edition.NONE
        return Edition.ALL if exactly else Edition.IMPORTED

    def has_learning(self, record: Record) -> bool:
        """Whether the words of a technology or concept are kept as a learning already."""
        title, text = fit(record.title, record.text)
        return bool(self.entries.by_content.get((EntryKind.LEARNING.value, id(None), title, text)))

    def wanted_entry(self, record: Record, parent: Entry | None) -> Wanted:
        title, text = fit(record.title, record.text)
        kind = _ENTRY_KINDS.get(record.kind) or EntryKind(record.kind.value)
        if kind == EntryKind.SOLUTION and parent is None:
            kind = EntryKind.LEARNING
        topics = self.topics_of(record)
        if record.kind in {RecordKind.TECHNOLOGY, RecordKind.CONCEPT}:
            topics = [*taught_topics(record, self.topics), *topics]
        return Wanted(record, kind, title, text, parent, topics)

    def wanted_project(self, record: Record) -> Wanted:
        title, text = fit(record.title or record.text.partition("\n")[0], record.text)
        return Wanted(record, "project", title, text, None, self.topics_of(record))

    def topics_of(self, record: Record) -> list[Topic]:
        references: list[dict[str, str]] = record.extra.get("topics") or [{"name": name} for name in record.topics]
        return [self.topics.resolve(reference["name"], kind=reference.get("kind", "")) for reference in references]

    # Rows

    def settle_entries(
        self, wanted: list[Wanted], source: str, edition: Edition, exactly: bool, actions: dict[str, Action]
    ) -> None:
        self.entries.match_place(wanted, source, edition)
        for want in wanted:
            if want.row is None:
                want.row = self.made_entry(want, source)
                want.is_new = True
                self.entries.add(want.row)
                self.entries.claimed.add(id(want.row))
        _own_all(wanted, edition)
        moves = self.entries.order(wanted)
        for want in wanted:
            actions[want.record.key] = self.settle(
                want,
                self.entry_fields(want),
                moves,
                self.changes.entries,
                self.changes.entry_topics,
                self.scope.entry_topics,
                exactly,
            )

    def settle_projects(
        self, wanted: list[Wanted], source: str, edition: Edition, exactly: bool, actions: dict[str, Action]
    ) -> None:
        self.projects.match_place(wanted, source, edition)
        for want in wanted:
            if want.row is None:
                want.row = self.made_project(want, source)
                want.is_new = True
                self.projects.add(want.row)
                self.projects.claimed.add(id(want.row))
        _own_all(wanted, edition)
        moves = self.projects.order(wanted)
        for want in wanted:
            actions[want.record.key] = self.settle(
                want,
                self.project_fields(want),
                moves,
                self.changes.projects,
                self.changes.project_topics,
                self.scope.project_topics,
                exactly,
            )

    def settle(
        self,
        want: Wanted,
        fields: dict[str, Any],
        moves: dict[int, int],
        rows: RowChanges,
        links: Links,
        held: dict[int, dict[int, Topic]],
        exactly: bool,
    ) -> Action:
        """Compare a row with what is wanted of it, and note what changes."""
        row: Row = want.row
        if not (want.is_new or want.is_own):
            fields = {}
        if id(row) in moves:
            fields["position"] = moves[id(row)]
        if self.request.visibility:
            fields["visibility"] = self.request.visibility
        elif self.request.learner is None and fields and want.record.extra.get("visibility"):
            fields["visibility"] = want.record.extra["visibility"]
        changed = [name for name, value in fields.items() if differs(getattr(row, name), value)]
        for name in changed:
            setattr(row, name, fields[name])
        is_linked = self.link(want, links, held.setdefault(id(row), {}), exactly and want.is_own)
        if want.is_new:
            return Action.CREATE
        if changed and row.pk:
            rows.edited.append(row)
        return Action.UPDATE if changed or is_linked else Action.UNCHANGED

    def link(self, want: Wanted, links: Links, held: dict[int, Topic], exactly: bool) -> bool:
        wanted = {topic.pk or -id(topic): topic for topic in want.topics}
        added = {key: topic for key, topic in wanted.items() if key not in held}
        removed = {key: topic for key, topic in held.items() if key not in wanted} if exactly else {}
        links.added.extend((want.row, topic) for topic in added.values())
        links.removed.extend((want.row, topic) for topic in removed.values())
        held |= added
        for key in removed:
            del held[key]
        return bool(added or removed)

    def entry_fields(self, want: Wanted) -> dict[str, Any]:
        extra = want.record.extra
        fields: dict[str, Any] = {"title": want.title, "body": want.text}
        if "occurred_on" in extra:
            fields["unit"] = self.structure.unit_called(extra.get("unit", ""))
            fields["occurred_on"] = date.fromisoformat(extra["occurred_on"]) if extra["occurred_on"] else None
            fields["accepted_at"] = datetime.fromisoformat(extra["accepted_at"]) if extra["accepted_at"] else None
        return fields

    def project_fields(self, want: Wanted) -> dict[str, Any]:
        extra = want.record.extra
        fields: dict[str, Any] = {"title": want.title, "body": want.text}
        for name in ("repository_url", "demo_url"):
            if name in extra:
                fields[name] = extra[name] or ""
        if "summary" in extra:
            fields["summary"] = clean_title(extra["summary"])[:_SUMMARY_LIMIT]
            fields["unit"] = self.structure.unit_called(extra.get("unit", ""))
        return fields

    def made_entry(self, want: Wanted, source: str) -> Entry:
        entry = Entry(
            program=self.program,
            author=self.request.learner,
            enrollment=self.scope.enrollment(),
            kind=want.kind,
            parent=want.parent,
            title=want.title,
            body=want.text,
            status=self.stated(want, "status") or EntryStatus.PUBLISHED,
            visibility=self.visibility_of(want),
            external_id=self.entries.free_id(source, want),
        )
        self.changes.entries.created.append(entry)
        return entry

    def made_project(self, want: Wanted, source: str) -> Project:
        visibility = self.visibility_of(want)
        project = Project(
            program=self.program,
            owner=self.request.learner,
            enrollment=self.scope.enrollment(),
            title=want.title,
            body=want.text,
            visibility=visibility,
            external_id=self.projects.free_id(source, want),
        )
        # Only live projects are shown to others, and a curated one waits for nobody's review.
        if self.stated(want, "status") == ProjectStatus.DRAFT:
            project.status = ProjectStatus.DRAFT
        elif self.request.learner is None:
            project.status = ProjectStatus.APPROVED
            project.submitted_at = project.reviewed_at = timezone.now()
        elif visibility != Visibility.PRIVATE:
            project.status = ProjectStatus.SUBMITTED
            project.submitted_at = timezone.now()
        self.changes.projects.created.append(project)
        return project

    def visibility_of(self, want: Wanted) -> str:
        default = Visibility.PRIVATE if self.request.learner is not None else Visibility.PUBLIC
        return str(self.request.visibility or self.stated(want, "visibility") or default)

    def stated(self, want: Wanted, name: str) -> str:
        """What a curriculum file says of a row of the program's own; of a learner's rows it does not decide."""
        return str(want.record.extra.get(name, "")) if self.request.learner is None else ""


def _own_all(wanted: list[Wanted], edition: Edition) -> None:
    """A whole program's file under a new name also orders and retags the rows that say what it says."""
    if edition is Edition.ALL:
        for want in wanted:
            want.is_own = want.is_own or want.is_first


def is_kept_here(record: Record) -> bool:
    """Whether a record becomes an entry or a project by itself."""
    return record.kind not in {RecordKind.PROGRAM, RecordKind.UNIT, RecordKind.TECHNOLOGY, RecordKind.CONCEPT}


def _is_answer(record: Record, document: dict[str, Record]) -> bool:
    above = document.get(record.parent or "")
    return above is not None and above.kind is RecordKind.CHALLENGE


def keys_of(records: Iterable[Record]) -> dict[str, Record]:
    """Records by their key."""
    return {record.key: record for record in records}
