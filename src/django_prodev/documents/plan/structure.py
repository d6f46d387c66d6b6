"""Units and their arrangement: what a program's curriculum would become.

A published curriculum is never touched: where the arrangement differs, a draft is written. Units themselves live for
ever and are edited where they stand.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Max

from django_prodev.documents.plan.outcome import Action
from django_prodev.documents.plan.rows import source_of
from django_prodev.documents.plan.topic_index import TopicIndex
from django_prodev.documents.records import Record
from django_prodev.documents.wording import clean_text, differs, fit
from django_prodev.enums import CurriculumStatus, TopicRole, UnitKind
from django_prodev.models import Curriculum, CurriculumItem, Program, Topic, Unit, UnitTopic
from django_prodev.services.catalogue_import import CatalogueChanges

_IN_ONE_STATEMENT = 1_000


class Place(NamedTuple):
    """Where a unit stands: what one arrangement says of it."""

    parent: str
    position: int
    is_required: bool
    weight: Decimal
    min_children: int | None


@dataclass(slots=True)
class StoredStructure:
    """The arrangement that a program has: its draft, or else what is published."""

    curriculum: Curriculum | None
    items: dict[str, CurriculumItem]
    places: dict[str, Place]
    last_version: int


class Structure:
    """The units and the arrangement of one program, as they are and as the documents want them."""

    def __init__(self, program: Program, topics: TopicIndex, changes: CatalogueChanges) -> None:
        self.program = program
        self.topics = topics
        self.changes = changes
        self.stored = _stored_structure(program)
        self.units: dict[str, Unit] = {slug: item.unit for slug, item in self.stored.items.items()}
        self.unit_topics: dict[str, dict[tuple[int, str], UnitTopic]] = {}
        self.wanted: dict[str, Place] = {}
        self.counts: dict[str, int] = defaultdict(int)
        self.edited: set[str] = set()
        self.claimed: dict[str, str] = {}
        self.called: dict[str, str] = {}
        self.sources = {source_of(unit.external_id) for unit in self.units.values()}
        self.load_topics(self.units.values())

    @property
    def is_new(self) -> bool:
        """Whether the program had no curriculum before this import."""
        return self.stored.curriculum is None

    # Units

    def unit_called(self, slug: str) -> Unit | None:
        """The unit that a file calls so, which may be stored under another slug."""
        return self.units.get(self.called.get(slug, slug))

    def prepare(self, slugs: Iterable[str]) -> None:
        """Read the provider's units with these slugs, in one statement a thousand."""
        missing = [slug for slug in dict.fromkeys(slugs) if slug not in self.units]
        if self.program.provider._state.adding:
            return
        for start in range(0, len(missing), _IN_ONE_STATEMENT):
            batch = missing[start : start + _IN_ONE_STATEMENT]
            found = list(Unit.objects.filter(provider=self.program.provider, slug__in=batch))
            self.units |= {unit.slug: unit for unit in found}
            self.load_topics(found)

    def load_topics(self, units: Iterable[Unit]) -> None:
        by_pk = {unit.pk: unit.slug for unit in units if unit.pk}
        keys = list(by_pk)
        for start in range(0, len(keys), _IN_ONE_STATEMENT):
            batch = keys[start : start + _IN_ONE_STATEMENT]
            for link in UnitTopic.objects.filter(unit_id__in=batch):
                slug = by_pk[link.unit_id]
                self.unit_topics.setdefault(slug, {})[link.topic_id, link.role] = link

    def put(self, slug: str, fields: dict[str, Any], wanted: list[tuple[Topic, str]], *, exactly: bool) -> Action:
        """Make or edit a unit. ``exactly`` drops topics that are not wanted, too."""
        unit = self.units.get(slug)
        action = Action.UNCHANGED
        if unit is None:
            unit = Unit(provider=self.program.provider, slug=slug, **fields)
            self.units[slug] = unit
            self.changes.units.created.append(unit)
            action = Action.CREATE
        elif any(differs(getattr(unit, name), value) for name, value in fields.items()):
            for name, value in fields.items():
                setattr(unit, name, value)
            if unit.pk and slug not in self.edited:
                self.edited.add(slug)
                self.changes.units.edited.append(unit)
            action = Action.UPDATE
        if self.put_topics(unit, wanted, exactly=exactly) and action is Action.UNCHANGED:
            action = Action.UPDATE
        return action

    def put_topics(self, unit: Unit, wanted: list[tuple[Topic, str]], *, exactly: bool) -> bool:
        held = self.unit_topics.setdefault(unit.slug, {})
        keys = {(_identity(topic), role) for topic, role in wanted}
        added = [(topic, role) for topic, role in wanted if (_identity(topic), role) not in held]
        for topic, role in added:
            if (_identity(topic), role) in held:
                continue
            link = UnitTopic(unit=unit, topic=topic, role=role)
            held[_identity(topic), role] = link
            self.changes.unit_topics.created.append(link)
        dropped = [key for key in held if key not in keys] if exactly else []
        for key in dropped:
            link = held.pop(key)
            if link.pk:
                self.changes.unit_topics.deleted.append(link.pk)
            else:
                self.changes.unit_topics.created.remove(link)
        return bool(added or dropped)

    # The arrangement

    def place(self, slug: str, parent: str = "", fields: dict[str, Any] | None = None) -> None:
        """Say where a unit shall stand: behind what was placed under ``parent`` before it."""
        if slug in self.wanted:
            return
        values: dict[str, Any] = {"is_required": True, "weight": Decimal(1), "min_children": None} | (fields or {})
        self.wanted[slug] = Place(parent, self.counts[parent], **values)
        self.counts[parent] += 1

    def keep_stored(self) -> None:
        """Start from the arrangement that is there: for documents that add to it and do not state the whole."""
        for slug, place in self.stored.places.items():
            self.wanted.setdefault(slug, place)
            self.counts[place.parent] = max(self.counts[place.parent], place.position + 1)

    def moved(self, slug: str) -> bool:
        """Whether a unit's place differs from the stored one."""
        return self.wanted.get(slug) != self.stored.places.get(slug)

    def removed(self) -> list[str]:
        """Slugs of units that the arrangement no longer has."""
        return [slug for slug in self.stored.places if slug not in self.wanted]

    def write(self) -> tuple[Curriculum, Action]:
        """Put the arrangement into the changes: into the draft, or into the next version."""
        stored = self.stored
        current = stored.curriculum
        if current is not None and self.wanted == stored.places:
            return current, Action.UNCHANGED
        if current is not None and current.status == CurriculumStatus.DRAFT:
            self.fill(current, stored.items)
            return current, Action.UPDATE
        draft = Curriculum(program=self.program, version=stored.last_version + 1)
        self.changes.curricula.created.append(draft)
        self.fill(draft, {})
        return draft, Action.CREATE

    def fill(self, curriculum: Curriculum, held: dict[str, CurriculumItem]) -> None:
        items: dict[str, CurriculumItem] = {}
        for slug in self.wanted:
            items[slug] = held.get(slug) or CurriculumItem(curriculum=curriculum, unit=self.units[slug])
        for slug, place in self.wanted.items():
            item = items[slug]
            fields = place._asdict() | {"parent": items[place.parent] if place.parent else None}
            is_moved = any(getattr(item, name) != value for name, value in fields.items())
            for name, value in fields.items():
                setattr(item, name, value)
            if item._state.adding:
                self.changes.items.created.append(item)
            elif is_moved:
                self.changes.items.edited.append(item)
        self.changes.items.deleted.extend(item.pk for slug, item in held.items() if slug not in self.wanted)


def unit_fields(record: Record, kind: str, source: str) -> dict[str, Any]:
    """The columns of the unit that an overview's technology or concept becomes."""
    title, text = fit(record.title, record.text)
    return {"kind": kind, "title": title, "description": text, "external_id": source}


def stated_unit_fields(record: Record) -> dict[str, Any]:
    """The columns of a unit as a curriculum file states it."""
    extra = record.extra
    title, text = fit(record.title, record.text)
    fields = {"kind": extra.get("kind") or UnitKind.LESSON, "title": title, "description": text}
    fields |= {"url": extra.get("url", ""), "effort_minutes": extra.get("effort_minutes")}
    return fields | ({"external_id": extra["id"]} if extra.get("id") else {})


def stated_place(record: Record) -> dict[str, Any]:
    """What a curriculum file says of a unit's place, beside its parent."""
    extra = record.extra
    return {
        "is_required": extra.get("required", True),
        "weight": Decimal(str(extra.get("weight", "1"))),
        "min_children": extra.get("min_children"),
    }


def role_of(reference: dict[str, str]) -> str:
    """The role that a unit's reference to a topic gives."""
    return str(reference.get("role", TopicRole.TEACHES))


def is_from(unit: Unit, source: str) -> bool:
    """Whether a unit was made from this document."""
    return source_of(unit.external_id) == source


def same_words(unit: Unit, record: Record) -> bool:
    """Whether a unit says what a record says."""
    return (unit.title, clean_text(unit.description)) == fit(record.title, record.text)


def _stored_structure(program: Program) -> StoredStructure:
    if program._state.adding:
        return StoredStructure(None, {}, {}, 0)
    last = Curriculum.objects.filter(program=program).aggregate(last=Max("version"))["last"] or 0
    current = (
        Curriculum.objects.filter(program=program)
        .exclude(status=CurriculumStatus.SUPERSEDED)
        .order_by("status", "-version")  # "draft" sorts before "published"
        .first()
    )
    if current is None:
        return StoredStructure(None, {}, {}, last)
    rows = list(current.items.select_related("unit").order_by("position", "id"))
    slugs = {item.pk: item.unit.slug for item in rows}
    items = {item.unit.slug: item for item in rows}
    counts: dict[int | None, int] = defaultdict(int)
    places = {}
    by_pk = {item.pk: item for item in rows}
    for item in rows:
        item.curriculum = current
        item.parent = by_pk.get(item.parent_id) if item.parent_id else None
        parent = slugs.get(item.parent_id, "") if item.parent_id else ""
        places[item.unit.slug] = Place(parent, counts[item.parent_id], item.is_required, item.weight, item.min_children)
        counts[item.parent_id] += 1
    return StoredStructure(current, items, places, last)


def _identity(topic: Topic) -> int:
    """A topic's key; of one that is not stored yet, a number that no key has."""
    return topic.pk or -id(topic)
