"""Topics from a table: rows are created and edited as one by one, a batch at a time.

A row means the topic of its kind and slug; without a slug, the one of its kind and name. A parent exists already or is
made by another row of the file, above or below.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify

from django_prodev.exceptions import Invalid, PermissionDenied, ProdevError
from django_prodev.models import Event, Topic
from django_prodev.services.actors import Actor
from django_prodev.services.edits import Problems, examine, examine_texts
from django_prodev.services.events import build_event, record_batch
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.providers import authorize_anywhere
from django_prodev.services.row_batches import Row, RowAction, Verdict, judge_each, refusal, step

Key = tuple[str, str]

_TEXTS = ("name", "description", "uri")
_STORED = (*_TEXTS, "aliases", "parent", "updated_at")


@dataclass(slots=True)
class _Batch:
    by_key: dict[Key, Topic] = field(default_factory=dict)
    by_name: dict[Key, Topic] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A row whose parent was not there yet, with what was found of it."""

    row: Row
    present: Topic | None


class TopicRows:
    """The batch service of topics. Columns: kind, slug, name, description, aliases, parent, uri.

    ``parent`` is a pair of kind and slug.
    """

    def __init__(self, *, actor: Actor, holds: bool) -> None:
        self.actor = actor
        self.holds = holds
        self.claimed: dict[Key, int] = {}
        self.parents: dict[Key, Key | None] = {}
        self.waiting: dict[Key, list[_Waiting]] = defaultdict(list)
        self.refusals: dict[Action, ProdevError | None] = {}
        self._forget()

    def _forget(self) -> None:
        self.made: dict[Key, Topic] = {}
        self.changed: dict[int, Topic] = {}
        self.links: list[tuple[Topic, Key]] = []
        self.events: list[Event] = []

    def judge(self, rows: Sequence[Row]) -> list[Verdict]:
        self._forget()
        batch = self._read(rows)
        verdicts = judge_each(rows, lambda row: self._judge(row, batch))
        return verdicts + self._release(verdicts)

    def finish(self) -> list[Verdict]:
        self._forget()
        left = [(parent, one) for parent, waiting in self.waiting.items() for one in waiting]
        self.waiting.clear()
        return [
            refusal(one.row, Invalid(fields={"parent": [_no_parent(parent)]}))
            for parent, one in sorted(left, key=lambda pair: pair[1].row.number)
        ]

    def write(self) -> None:
        now = timezone.now()
        for topic in self.changed.values():
            topic.updated_at = now
        late = self._link(self.links)
        Topic.objects.bulk_create(self.made.values())
        Topic.objects.bulk_update(self.changed.values(), _STORED)
        # What stands below a topic of the same batch is linked once that has a key.
        self._link(late)
        Topic.objects.bulk_update([topic for topic, _ in late], ("parent", "updated_at"))
        record_batch(self.events, Topic)
        self._forget()

    @staticmethod
    def _link(links: list[tuple[Topic, Key]]) -> list[tuple[Topic, Key]]:
        """Set the parents that are stored, in one statement; the others are returned."""
        if not links:
            return []
        rows = Topic.objects.filter(slug__in={slug for _, (_, slug) in links}).values_list("kind", "slug", "pk")
        keys = {(kind, slug): pk for kind, slug, pk in rows}
        for topic, key in links:
            topic.parent_id = keys.get(key)
        return [link for link in links if link[1] not in keys]

    # What is there

    def _read(self, rows: Sequence[Row]) -> _Batch:
        slugs = {row.values["slug"] for row in rows if "slug" in row.values}
        slugs |= {row.values["parent"][1] for row in rows if "parent" in row.values}
        nameless = [row for row in rows if "slug" not in row.values and "name" in row.values]
        slugs |= {slugify(row.values["name"]) for row in nameless}
        names = {row.values["name"].lower() for row in nameless}
        found = Topic.objects.alias(lowered=Lower("name")).filter(Q(slug__in=slugs) | Q(lowered__in=names))
        batch = _Batch()
        for topic in found.order_by("-pk"):
            batch.by_key[topic.kind, topic.slug] = topic
            batch.by_name[topic.kind, topic.name.lower()] = topic
        self._learn_parents(batch.by_key.values())
        if self.holds:
            held = Topic.objects.select_for_update(no_key=True).filter(
                pk__in=[topic.pk for topic in batch.by_key.values()]
            )
            list(held.order_by("pk").values_list("pk"))
        return batch

    def _learn_parents(self, topics: Iterable[Topic]) -> None:
        """Remember what these topics stand below, up to the top: a statement for each level."""
        keys: dict[int, Key] = {}
        above: dict[int, int | None] = {}
        level = [(topic.pk, topic.kind, topic.slug, topic.parent_id) for topic in topics]
        while level:
            for pk, kind, slug, parent_id in level:
                keys[pk], above[pk] = (kind, slug), parent_id
            strange = {parent_id for parent_id in above.values() if parent_id is not None} - keys.keys()
            level = list(Topic.objects.filter(pk__in=strange).values_list("pk", "kind", "slug", "parent_id"))
        for pk, key in keys.items():
            parent_id = above[pk]
            self.parents.setdefault(key, keys.get(parent_id) if parent_id is not None else None)

    # What becomes of a row

    def _judge(self, row: Row, batch: _Batch) -> Verdict | None:
        kind = row.values["kind"]
        present = self._meant(row, batch, kind)
        key = (kind, present.slug if present else self._slug(row))
        self._refuse_claimed(key)
        parent = row.get("parent")
        if parent is not None and parent not in batch.by_key and parent not in self.claimed:
            self.waiting[parent].append(_Waiting(row, present))
            return None
        return self._decide(row, key, present)

    def _release(self, verdicts: list[Verdict]) -> list[Verdict]:
        """The verdicts on rows whose parents have come, and on those that waited for these."""
        released: list[Verdict] = []
        come = [key for key in list(self.waiting) if key in self.claimed]
        while come:
            for one in self.waiting.pop(come.pop()):
                key = (one.row.values["kind"], one.present.slug if one.present else self._slug(one.row))
                released.append(self._decide_late(one, key))
                if key in self.waiting and key in self.claimed:
                    come.append(key)
        return released

    def _decide_late(self, one: _Waiting, key: Key) -> Verdict:
        try:
            self._refuse_claimed(key)
            return self._decide(one.row, key, one.present)
        except ProdevError as error:
            return refusal(one.row, error)

    def _refuse_claimed(self, key: Key) -> None:
        if key in self.claimed:
            raise Invalid(fields={"slug": [f"Row {self.claimed[key]} is about the same topic, {'/'.join(key)}."]})

    @staticmethod
    def _meant(row: Row, batch: _Batch, kind: str) -> Topic | None:
        if "slug" in row.values:
            return batch.by_key.get((kind, row.values["slug"]))
        name = row.get("name")
        if name is None:
            raise Invalid(fields={"name": ["A row names its topic: give a slug or a name."]})
        return batch.by_name.get((kind, name.lower())) or batch.by_key.get((kind, slugify(name)))

    @staticmethod
    def _slug(row: Row) -> str:
        slug = row.get("slug") or slugify(row.values["name"])[:100].strip("-")
        if not slug:
            raise Invalid(fields={"slug": ["No slug can be made of this name; give one, such as c-plus-plus."]})
        return str(slug)

    def _decide(self, row: Row, key: Key, present: Topic | None) -> Verdict:
        parent: Key | None = row.get("parent")
        if parent is not None and self._is_below(parent, key):
            raise Invalid(fields={"parent": ["A topic cannot stand below itself."]})
        if present is None:
            self._authorize(Action.CREATE_TOPIC)
            if "name" not in row.values:
                raise Invalid(fields={"name": ["A topic that is not there yet needs a name."]})
            topic = Topic(kind=key[0], slug=key[1])
        else:
            # What is wrong with this row is not to stay for another about the same topic.
            topic = copy(present)
        changed = [name for name in (*_TEXTS, "aliases") if self._set(topic, name, row)]
        moves = parent is not None and parent != self.parents.get(key)
        if present is not None and not changed and not moves:
            self.claimed[key] = row.number
            return Verdict(row.number, RowAction.UNCHANGED)
        if present is not None:
            self._authorize(Action.EDIT_TOPIC)
        self._examine(topic)
        self.claimed[key] = row.number
        if moves and parent is not None:
            self.links.append((topic, parent))
        self.parents[key] = parent if moves else self.parents.get(key)
        if present is None:
            self.made[key] = topic
            self.events.append(build_event(name="created", instance=topic, actor=self.actor))
            return Verdict(row.number, RowAction.CREATE, {"slug": key[1]})
        self.changed[topic.pk] = topic
        told = [*changed, *(["parent"] if moves else [])]
        self.events.append(build_event(name="edited", instance=topic, actor=self.actor, data={"fields": told}))
        changes = {name: step(getattr(present, name) or "none", getattr(topic, name)) for name in changed}
        if moves and parent is not None:
            changes["parent"] = "/".join(parent)
        return Verdict(row.number, RowAction.UPDATE, changes)

    @staticmethod
    def _set(topic: Topic, name: str, row: Row) -> bool:
        value, stored = row.get(name), getattr(topic, name)
        if value is None or value == _as_cells(stored):
            return False
        setattr(topic, name, value)
        return True

    @staticmethod
    def _examine(topic: Topic) -> None:
        problems = Problems()
        examine(topic, problems)
        examine_texts(problems, "aliases", topic.aliases, longest=200)
        problems.raise_any()

    def _is_below(self, parent: Key, key: Key) -> bool:
        seen: set[Key] = set()
        at: Key | None = parent
        while at is not None and at not in seen:
            if at == key:
                return True
            seen.add(at)
            at = self.parents.get(at)
        return False

    def _authorize(self, action: Action) -> None:
        if action not in self.refusals:
            self.refusals[action] = None
            try:
                if action is Action.CREATE_TOPIC:
                    authorize_anywhere(self.actor, action)
                else:
                    authorize(self.actor, action, None)
            except PermissionDenied:
                self.refusals[action] = PermissionDenied(f"You may not do this here: {action.value}.")
        if (found := self.refusals[action]) is not None:
            raise found


def _as_cells(stored: Any) -> Any:
    """What comes back of a value from a table: without blanks around texts, their lines ended in one way."""
    if isinstance(stored, list):
        return [text for text in map(_as_cells, stored) if text]
    return stored.replace("\r\n", "\n").replace("\r", "\n").strip() if isinstance(stored, str) else stored


def _no_parent(parent: Key) -> str:
    return f"There is no topic {'/'.join(parent)}, and no good row here makes it."
