"""The writes of an import: whatever its documents hold, a fixed list of bulk steps in one transaction.

What is to be written is worked out by the caller, inside the transaction and under its locks, as unsaved rows in
``CatalogueChanges``. No document, format or matching rule is known here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from django_prodev.enums import CurriculumStatus, ProgramStatus
from django_prodev.models import (
    Curriculum,
    CurriculumItem,
    Enrollment,
    Entry,
    Event,
    Program,
    Project,
    Provider,
    Topic,
    Unit,
    UnitTopic,
)
from django_prodev.models.base import Record
from django_prodev.services.actors import Actor, User
from django_prodev.services.curricula import publish_curriculum
from django_prodev.services.events import build_event, record_events
from django_prodev.services.programs import publish_program
from django_prodev.services.transactions import service

RowT = TypeVar("RowT", bound=models.Model)

_BATCH = 500
"""Rows in one statement: it bounds the memory of a statement, and SQLite's parameters."""

_PROGRAM = (
    *("title", "summary", "description", "outcomes", "level", "language", "effort_hours"),
    *("visibility", "admission", "enforce_order", "external_id"),
)
_UNIT = ("kind", "title", "description", "url", "effort_minutes", "external_id")
_ITEM = ("parent", "position", "is_required", "weight", "min_children")
_ENTRY = (
    *("parent", "unit", "title", "body", "position"),
    *("visibility", "occurred_on", "accepted_at", "external_id"),
)
_PROJECT = (
    *("unit", "title", "summary", "body", "repository_url", "demo_url", "position"),
    *("status", "visibility", "submitted_at", "external_id"),
)


@dataclass(slots=True)
class RowChanges:
    """Rows of one table: unsaved ones to create, changed ones to store, keys to delete."""

    created: list[Any] = field(default_factory=list)
    edited: list[Any] = field(default_factory=list)
    deleted: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.created) + len(self.edited) + len(self.deleted)


@dataclass(slots=True)
class Links:
    """Rows of a table between two others, as pairs of (possibly unsaved) rows."""

    added: list[tuple[Any, Topic]] = field(default_factory=list)
    removed: list[tuple[Any, Topic]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)


@dataclass(slots=True)
class CatalogueChanges:
    """Everything that one import writes. Rows refer to each other as instances, saved or not.

    A parent stands before its children, in ``items`` and in ``entries``. ``published`` are the programs to publish
    with their drafts; ``learner`` is whose record it is, if anyone's.
    """

    providers: RowChanges = field(default_factory=RowChanges)
    programs: RowChanges = field(default_factory=RowChanges)
    topics: RowChanges = field(default_factory=RowChanges)
    units: RowChanges = field(default_factory=RowChanges)
    unit_topics: RowChanges = field(default_factory=RowChanges)
    curricula: RowChanges = field(default_factory=RowChanges)
    items: RowChanges = field(default_factory=RowChanges)
    enrollments: RowChanges = field(default_factory=RowChanges)
    projects: RowChanges = field(default_factory=RowChanges)
    entries: RowChanges = field(default_factory=RowChanges)
    project_topics: Links = field(default_factory=Links)
    entry_topics: Links = field(default_factory=Links)
    published: list[Program] = field(default_factory=list)
    imported: list[Program] = field(default_factory=list)
    learner: User | None = None

    def __len__(self) -> int:
        """How many rows are written, which is what progress is counted in."""
        return len(self.published) + sum(len(rows) for rows in self._groups())

    def _groups(self) -> Iterable[RowChanges | Links]:
        yield from (self.providers, self.programs, self.topics, self.units, self.unit_topics)
        yield from (self.curricula, self.items, self.enrollments, self.projects, self.entries)
        yield from (self.project_topics, self.entry_topics)


Prepare = Callable[[], CatalogueChanges]
OnProgress = Callable[[int, int], None]


@service
def write_catalogue(*, prepare: Prepare, actor: Actor, on_progress: OnProgress | None = None) -> CatalogueChanges:
    """Call ``prepare`` inside a transaction, write what it returns, and return it.

    ``prepare`` reads, and takes the locks it needs. ``on_progress`` is told how many rows of how many are written.
    Nothing at all is written where nothing changes. Raises what ``prepare`` raises, ``Conflict`` where somebody
    created the same rows meanwhile, and ``Busy``.
    """
    changes = prepare()
    if len(changes):
        _Writer(changes, actor, on_progress or _silent).run()
    return changes


def _silent(_done: int, _total: int) -> None:
    return


class _Writer:
    def __init__(self, changes: CatalogueChanges, actor: Actor, on_progress: OnProgress) -> None:
        self.changes = changes
        self.actor = actor
        self.on_progress = on_progress
        self.now: datetime = timezone.now()
        self.done = 0
        self.events: list[tuple[Event, Record]] = []

    def run(self) -> None:
        changes = self.changes
        self.write(Provider, changes.providers)
        self.write(Program, changes.programs, _PROGRAM)
        self.topics()
        self.write(Unit, changes.units, _UNIT)
        self.write(UnitTopic, changes.unit_topics)
        self.write(Curriculum, changes.curricula)
        self.write_by_level(CurriculumItem, changes.items, _ITEM)
        self.write(Enrollment, changes.enrollments)
        self.write(Project, changes.projects, _PROJECT)
        self.write_by_level(Entry, changes.entries, _ENTRY)
        self.link(Project.topics.through, "project_id", changes.project_topics)
        self.link(Entry.topics.through, "entry_id", changes.entry_topics)
        self.publish()
        self.tell()

    def write(self, model: type[RowT], rows: RowChanges, fields: tuple[str, ...] = ()) -> None:
        manager = model._default_manager
        for batch in _batches(rows.created):
            manager.bulk_create(batch)
            self.advance(len(batch))
        for batch in _batches(rows.edited):
            for row in batch:
                row.updated_at = self.now
            manager.bulk_update(batch, (*fields, "updated_at"))
            self.advance(len(batch))
        for keys in _batches(rows.deleted):
            manager.filter(pk__in=keys).delete()
            self.advance(len(keys))

    def write_by_level(self, model: type[RowT], rows: RowChanges, fields: tuple[str, ...]) -> None:
        """Create parents before children: a statement (or a few batches) for each level of the tree."""
        waiting = rows.created
        while waiting:
            ready = [row for row in waiting if row.parent is None or row.parent.pk is not None]
            waiting = [row for row in waiting if row.parent is not None and row.parent.pk is None]
            self.write(model, RowChanges(created=ready))
        self.write(model, RowChanges(edited=rows.edited, deleted=rows.deleted), fields)

    def topics(self) -> None:
        """Create topics that somebody else may be creating too: whoever is second takes the first one's row."""
        # In one order for everyone, so that two imports never wait for each other's rows.
        created = sorted(self.changes.topics.created, key=lambda topic: (topic.kind, topic.slug))
        for batch in _batches(created):
            Topic.objects.bulk_create(batch, ignore_conflicts=True)
            stored = {
                (topic.kind, topic.slug): topic.pk
                for topic in Topic.objects.filter(slug__in=[topic.slug for topic in batch]).only("pk", "kind", "slug")
            }
            for topic in batch:
                topic.pk = stored[topic.kind, topic.slug]
                topic._state.adding = False
            self.advance(len(batch))
        self.write(Topic, RowChanges(edited=self.changes.topics.edited), ("name", "description", "aliases", "uri"))

    def link(self, through: Any, column: str, links: Links) -> None:
        for batch in _batches(links.added):
            through._default_manager.bulk_create(
                [through(**{column: row.pk, "topic_id": topic.pk}) for row, topic in batch], ignore_conflicts=True
            )
            self.advance(len(batch))
        for batch in _batches(links.removed):
            condition = models.Q()
            for row, topic in batch:
                condition |= models.Q(**{column: row.pk, "topic_id": topic.pk})
            through._default_manager.filter(condition).delete()
            self.advance(len(batch))

    def publish(self) -> None:
        for program in self.changes.published:
            draft = program.curricula.filter(status=CurriculumStatus.DRAFT).first()
            if draft:
                publish_curriculum(curriculum=draft, actor=self.actor)
            if program.status == ProgramStatus.DRAFT:
                program.status = publish_program(program=program, actor=self.actor).status
            self.advance(1)

    def tell(self) -> None:
        changes = self.changes
        for enrollment in changes.enrollments.created:
            self.event("activated", enrollment, enrollment.program, {"from": None, "to": "active", "source": "import"})
        counted = {
            "units": len(changes.units),
            "topics": len(changes.topics),
            "entries": len(changes.entries),
            "projects": len(changes.projects),
        }
        for program in changes.imported:
            self.event("imported", program, program, counted)
        record_events(self.events)

    def event(self, name: str, instance: Record, program: Program, data: dict[str, Any]) -> None:
        learner = self.changes.learner
        event = build_event(
            name=name,
            instance=instance,
            actor=self.actor,
            subject_id=learner.pk if learner is not None else None,
            program_id=program.pk,
            data=data,
        )
        self.events.append((event, instance))

    def advance(self, rows: int) -> None:
        self.done += rows
        self.on_progress(self.done, len(self.changes))


def _batches(rows: list[RowT] | list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
