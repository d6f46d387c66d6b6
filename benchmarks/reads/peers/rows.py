"""The rows that peers serve, with everything prefetched: each peer may only choose how it serialises them."""

from typing import Any

from django.db.models import F, Prefetch, QuerySet

from django_prodev.models import Curriculum, CurriculumItem, Entry, Program, UnitTopic


def programs(user: Any) -> "QuerySet[Program]":
    """Programs with their published curriculum (``shown``), its items in order, their units and topics."""
    topics = Prefetch("unit__unit_topics", UnitTopic.objects.select_related("topic").order_by("id"))
    items = CurriculumItem.objects.select_related("unit", "parent").prefetch_related(topics).order_by("position", "id")
    curricula = Curriculum.objects.filter(status="published").prefetch_related(Prefetch("items", items))
    rows = Program.objects.visible_to(user).select_related("provider").order_by("title", "uuid")
    return rows.prefetch_related(Prefetch("curricula", curricula, to_attr="shown"))


def entries(user: Any, *, addressed: bool = False) -> "QuerySet[Entry]":
    """Entries with author, program, challenge, topics and the solutions that may be seen."""
    solutions = (
        Entry.objects.visible_to(user, addressed=addressed)
        .select_related("author")
        .prefetch_related("topics")
        .order_by(F("accepted_at").asc(nulls_last=True), "position", "id")
    )
    return (
        Entry.objects.visible_to(user, addressed=addressed)
        .select_related("author", "program", "parent")
        .prefetch_related("topics", Prefetch("solutions", solutions))
        .order_by("-created_at", "-uuid")
    )
