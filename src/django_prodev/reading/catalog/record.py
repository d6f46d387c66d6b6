"""What was met in programs and made of it: entries and projects."""

from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.lookups import IsNull

from django_prodev import enums
from django_prodev.models import Entry, Program, Project, Unit
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.reading.catalog.parts import (
    by_choice,
    by_column,
    by_slug_of,
    by_topic_of,
    by_uuid_of,
    columns,
    identity,
    newest_first,
)
from django_prodev.reading.entities import Entity, Filter, Many, One, Reach, ValueType, column


def _solved(viewer: Viewer, addressed: bool, value: Any) -> Q:
    """Challenges with, or without, a solution that the viewer may see."""
    solutions = Entry.objects.order_by().visible_to(viewer, addressed=addressed).filter(kind=enums.EntryKind.SOLUTION)
    # Asked of one challenge after another: all that are solved would be gathered before the first is shown.
    first = Subquery(solutions.filter(parent=OuterRef("pk")).values("pk")[:1])
    found = Q(IsNull(first, False))
    challenge = Q(kind=enums.EntryKind.CHALLENGE)
    return challenge & ((found & Q(value)) | (~found & ~Q(value)))


PROJECT = Entity(
    "project",
    "projects",
    Project,
    "Something built in a program, as evidence of what was learnt.",
    (
        *identity(Project),
        *columns(Project, "title", "summary"),
        column(Project, "body", "The text, in Markdown."),
        column(Project, "repository_url", "Where its source is."),
        column(Project, "demo_url", "Where it can be tried."),
        column(Project, "status", "Its state.", enums.ProjectStatus),
        column(Project, "visibility", "Who may see it.", enums.Visibility),
        column(Project, "submitted_at", "When it was submitted."),
        column(Project, "reviewed_at", "When it was reviewed."),
    ),
    (
        One("owner", "person", "owner", Reach.JOINED, "Whose it is; none: curated for the whole program."),
        One("program", "program", "program", Reach.FETCHED, "The program.", implied=(Scope.ANONYMOUS,)),
        One("unit", "unit", "unit", Reach.FETCHED, "The unit it was built for."),
        Many(
            "members",
            "person",
            Project.members.through,
            "project",
            "Who built it with the owner.",
            path=Project.members.field.m2m_reverse_field_name(),
            few=True,
        ),
        Many("topics", "topic", Project.topics.through, "project", "What it is about.", path="topic", few=True),
    ),
    (
        by_choice("status", enums.ProjectStatus, "The state."),
        by_slug_of("program", Program, "program", "The slug of the program."),
        by_slug_of("unit", Unit, "unit", "The slug of the unit."),
        by_topic_of(Project, "project"),
    ),
    (*newest_first(), *by_column("title")),
    ("title", "summary", "body"),
)


ENTRY = Entity(
    "entry",
    "entries",
    Entry,
    "A learning, challenge, solution, practice, takeaway or reflection.",
    (
        *identity(Entry),
        column(Entry, "kind", "What sort of entry it is.", enums.EntryKind),
        column(Entry, "title", "The title."),
        column(Entry, "body", "The text, in Markdown."),
        column(Entry, "position", "Its place in the document it came from."),
        column(Entry, "status", "Its state.", enums.EntryStatus),
        column(Entry, "visibility", "Who, besides the author, may see it.", enums.Visibility),
        column(Entry, "occurred_on", "The day it happened."),
        column(Entry, "accepted_at", "When this solution was accepted."),
    ),
    (
        One("author", "person", "author", Reach.JOINED, "Who wrote it; none: curated for the whole program."),
        One("program", "program", "program", Reach.FETCHED, "The program.", implied=(Scope.ANONYMOUS,)),
        One("parent", "entry", "parent", Reach.FETCHED, "The challenge that this solution is for."),
        One("unit", "unit", "unit", Reach.FETCHED, "The unit it was met in."),
        One("project", "project", "project", Reach.FETCHED, "The project it was met in."),
        Many("topics", "topic", Entry.topics.through, "entry", "What it is about.", path="topic", few=True),
        Many(
            "solutions",
            "entry",
            Entry,
            "parent",
            "The solutions found: what was accepted first, then in the order they came.",
            order=(F("accepted_at").asc(nulls_last=True), "position", "id"),
            few=True,
        ),
    ),
    (
        by_choice("kind", enums.EntryKind, "The kind of entry."),
        by_slug_of("program", Program, "program", "The slug of the program."),
        by_slug_of("unit", Unit, "unit", "The slug of the unit."),
        by_topic_of(Entry, "entry"),
        by_uuid_of("parent", Entry, "parent", "The identifier of the challenge."),
        Filter(
            "accepted",
            ValueType.BOOLEAN,
            "Whether this solution was accepted.",
            build=lambda viewer, addressed, value: (
                Q(kind=enums.EntryKind.SOLUTION)
                & ((Q(accepted_at__isnull=False) & Q(value)) | (Q(accepted_at__isnull=True) & ~Q(value)))
            ),
        ),
        Filter("solved", ValueType.BOOLEAN, "Whether this challenge has a solution.", build=_solved),
    ),
    newest_first(),
    ("title", "body"),
)
