"""Which entries a page shows, with their authors, topics and solutions, in a fixed number of statements."""

from typing import Any

from django.db.models import F, Prefetch, QuerySet

from django_prodev.conf import prodev_settings
from django_prodev.enums import EntryKind
from django_prodev.models import Entry, Program
from django_prodev.models.entry import EntryQuerySet


def with_relations(entries: QuerySet[Entry], viewer: Any) -> QuerySet[Entry]:
    """``entries`` with authors, topics and, as ``shown_solutions``, what ``viewer`` may see of them, accepted first."""
    solutions = (
        Entry.objects.visible_to(viewer, addressed=True)
        .of_kind(EntryKind.SOLUTION)
        .select_related("author")
        .order_by(F("accepted_at").asc(nulls_last=True), "position", "created_at", "uuid")
    )
    return entries.select_related("author").prefetch_related(
        "topics", Prefetch("solutions", solutions[: prodev_settings.MAX_NESTED_ROWS], to_attr="shown_solutions")
    )


def of_program(program: Program, viewer: Any) -> EntryQuerySet:
    """Everything but solutions, which stand with their challenges."""
    entries = Entry.objects.visible_to(viewer, addressed=True).filter(program=program)
    return entries.exclude(kind=EntryKind.SOLUTION)


def curated(program: Program, viewer: Any) -> dict[str, list[Entry]]:
    """The entries that belong to the whole program, by kind, in the program's own order."""
    rows = with_relations(of_program(program, viewer).filter(author__isnull=True), viewer)
    by_kind: dict[str, list[Entry]] = {kind: [] for kind in EntryKind.values}
    for entry in rows.order_by("position", "created_at", "uuid")[: prodev_settings.MAX_NESTED_ROWS]:
        by_kind[entry.kind].append(entry)
    return by_kind


def of_learners(program: Program, viewer: Any) -> QuerySet[Entry]:
    """What learners wrote in ``program``: what they share, and the viewer's own."""
    return with_relations(of_program(program, viewer).filter(author__isnull=False), viewer)
