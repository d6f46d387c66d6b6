"""Entries of the learning record: write, edit, publish, share, delete. Answers to challenges are in ``solutions``."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypedDict, Unpack

from django_prodev.enums import EntryKind, EntryStatus, Visibility
from django_prodev.exceptions import Invalid, Refused
from django_prodev.models import Entry, Program, Project, Topic, Unit
from django_prodev.services.actors import Actor, User
from django_prodev.services.edits import Problems, assign, check_version, examine, save
from django_prodev.services.events import record_event
from django_prodev.services.participation import enrollment_in, examine_reference, examine_unit, set_topics
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.transactions import locked, service


class EntryFields(TypedDict, total=False):
    """What of an entry may be written by its author. Status, visibility and acceptance have services of their own."""

    title: str
    body: str
    unit: Unit | None
    project: Project | None
    position: int
    occurred_on: date | None
    topics: Iterable[Topic]
    external_id: str


@service
def write_entry(
    *,
    program: Program,
    kind: str,
    actor: Actor,
    author: User | None = None,
    curated: bool = False,
    visibility: str = Visibility.PRIVATE,
    **fields: Unpack[EntryFields],
) -> Entry:
    """Store an entry as a draft.

    It is the actor's own (``author`` is for the system, which writes for somebody), in their enrolment in the program;
    ``curated`` makes it nobody's, shown to the whole program once it is published. Raises ``Refused``
    (``not_enrolled``, ``solution_needs_challenge``) and ``Invalid``.
    """
    if kind == EntryKind.SOLUTION:
        raise Refused("A solution answers a challenge.", code="solution_needs_challenge")
    authorize(actor, Action.CURATE if curated else Action.WRITE_ENTRY, program)
    entry = Entry(program=program, kind=kind, visibility=visibility)
    if not curated:
        attribute(entry, actor if actor is not None else author)
    return store_entry(entry, fields, actor, name="written")


@service
def edit_entry(
    *, entry: Entry, actor: Actor, expected_version: str | None = None, **changes: Unpack[EntryFields]
) -> Entry:
    """Change the words of an entry, and what it refers to."""
    authorize_entry(actor, Action.EDIT_ENTRY, entry)
    entry = locked(Entry, entry.pk)
    check_version(entry, expected_version)
    topics = changes.pop("topics", None)
    changed = _write(entry, changes, actor)
    if set_topics(entry, topics):
        changed.append("topics")
    if changed:
        save(entry, [name for name in changed if name != "topics"])
        record_entry("edited", entry, actor, fields=changed)
    return entry


@service
def publish_entry(*, entry: Entry, actor: Actor) -> Entry:
    """Show an entry to those its visibility names. Publishing twice is publishing once."""
    authorize_entry(actor, Action.EDIT_ENTRY, entry)
    return _become(entry, EntryStatus.PUBLISHED, "published", actor)


@service
def unpublish_entry(*, entry: Entry, actor: Actor) -> Entry:
    """Take an entry back to draft: its author's, and a program's editors' and owners' to do."""
    authorize_entry(actor, Action.HIDE_ENTRY, entry)
    return _become(entry, EntryStatus.DRAFT, "unpublished", actor)


@service
def share_entry(*, entry: Entry, actor: Actor, visibility: str) -> Entry:
    """Say who may see an entry once it is published."""
    authorize_entry(actor, Action.EDIT_ENTRY, entry)
    check_visibility(visibility)
    entry = locked(Entry, entry.pk)
    before = entry.visibility
    if visibility != before:
        entry.visibility = visibility
        save(entry, ["visibility"])
        record_entry("shared", entry, actor, **{"from": before, "to": visibility})
    return entry


@service
def delete_entry(*, entry: Entry, actor: Actor, expected_version: str | None = None) -> None:
    """Delete an entry.

    Raises ``Refused`` (``challenge_answered``) for a challenge that others have answered: their words hang on it.
    """
    authorize_entry(actor, Action.EDIT_ENTRY, entry)
    entry = locked(Entry, entry.pk)
    check_version(entry, expected_version)
    if any(author_id != entry.author_id for author_id in entry.solutions.values_list("author_id", flat=True)):
        raise Refused("Others have answered this challenge. It can be taken back to draft.", code="challenge_answered")
    record_entry("deleted", entry, actor)
    entry.delete()


def authorize_entry(actor: Actor, action: Action, entry: Entry) -> None:
    """``authorize`` for an entry: what is curated belongs to the editors and owners of the program."""
    curated = entry.author_id is None and action in (Action.EDIT_ENTRY, Action.HIDE_ENTRY)
    authorize(actor, Action.CURATE if curated else action, entry)


def attribute(entry: Entry, author: User | None) -> None:
    """Make ``entry`` a person's, in their enrolment."""
    if author is None:
        raise Invalid(fields={"author": ["An entry that is not curated needs an author."]})
    entry.author = author
    entry.enrollment = enrollment_in(entry.program, author)


def store_entry(entry: Entry, fields: Any, actor: Actor, *, name: str) -> Entry:
    """Store an entry that the caller was allowed to make."""
    check_visibility(entry.visibility)
    fields = dict(fields)
    topics = fields.pop("topics", None)
    _write(entry, fields, actor)
    entry.save()
    set_topics(entry, topics)
    record_entry(name, entry, actor)
    return entry


def check_visibility(visibility: str) -> None:
    """Raise ``Invalid`` for what is no circle of people."""
    if visibility not in Visibility.values:
        raise Invalid(fields={"visibility": [f"This takes one of {', '.join(Visibility.values)}."]})


def record_entry(name: str, entry: Entry, actor: Actor, **data: Any) -> None:
    """Record ``prodev.entry.<name>.v1``."""
    record_event(
        name=name,
        instance=entry,
        actor=actor,
        subject_id=entry.author_id,
        program_id=entry.program_id,
        data={"kind": entry.kind, **data},
    )


def _write(entry: Entry, changes: Any, actor: Actor) -> list[str]:
    changed = assign(entry, changes, set(EntryFields.__annotations__) - {"topics"})
    problems = Problems()
    examine(entry, problems)
    if not entry.title.strip() and not entry.body.strip():
        problems.add("body", "An entry needs a title or a text.")
    if "unit" in changed:
        examine_unit(problems, actor, entry.program, entry.unit)
    if "project" in changed:
        examine_reference(problems, actor, "project", entry.project)
        if entry.project is not None and entry.project.program_id != entry.program_id:
            problems.add("project", "The project belongs to another program.")
    problems.raise_any()
    return changed


def _become(entry: Entry, to: EntryStatus, name: str, actor: Actor) -> Entry:
    entry = locked(Entry, entry.pk)
    if entry.status != to:
        entry.status = to
        save(entry, ["status"])
        record_entry(name, entry, actor)
    return entry
