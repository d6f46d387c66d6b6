"""What a page of a review shows: the records, what is wrong with the decisions, and what would be written."""

from typing import Any

from django.utils.translation import gettext, ngettext

from django_prodev import api
from django_prodev.admin.import_rows import rows_of
from django_prodev.exceptions import DecisionsRefused, ProdevError

MOST_LEFT_OUT = 200
"""Pieces left out that a page lists; the command lists them all."""


class Review:
    """What was read, what was decided about it, and what would be written."""

    def __init__(self, request: api.ImportRequest, revision: int) -> None:
        self.request = request
        self.revision = revision
        self.sources = request.documents
        self.refusal = ""
        self.plan: api.ImportPlan | None = None
        self.problems: dict[int, dict[str, list[str]]] = {}
        self.rows = rows_of(self.sources, None, {})

    def make_plan(self, actor: Any) -> None:
        """Plan it, where nothing is wrong with the decisions."""
        self.problems = {at: found for at, source in enumerate(self.sources) if (found := _problems_of(source))}
        if not self.problems:
            try:
                self.plan = api.plan_import(self.request, actor=actor)
            except ProdevError as refusal:
                self.refusal = told(refusal)
        self.rows = rows_of(self.sources, self.plan, self.problems)
        self.wrong = [row for row in self.rows if row.problems]

    @property
    def digest(self) -> str:
        return api.plan_digest(self.plan) if self.plan else ""

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """The name of each action, in words and for the style sheet, and how many records have it."""
        if self.plan is None:
            return []
        counted = self.plan.counts()
        words = {
            "create": gettext("to create"),
            "update": gettext("to update"),
            "unchanged": gettext("unchanged"),
            "proposed": gettext("only proposed"),
            "left_out": gettext("left out"),
        }
        return [(word, name, counted[name]) for name, word in words.items()]

    @property
    def proposed(self) -> int:
        return self.plan.counts()["proposed"] if self.plan else 0

    @property
    def writes(self) -> bool:
        return self.plan is not None and len(self.plan.changes) > 0

    @property
    def button(self) -> str:
        counted = self.plan.counts() if self.plan else {"create": 0, "update": 0}
        written = counted["create"] + counted["update"]
        return ngettext("Import %d record", "Import %d records", written) % written

    @property
    def left_out(self) -> list[tuple[str, Any]]:
        return self.plan.left_out()[:MOST_LEFT_OUT] if self.plan else []

    @property
    def more_left_out(self) -> int:
        return max(0, len(self.plan.left_out()) - MOST_LEFT_OUT) if self.plan else 0

    @property
    def choices(self) -> list[tuple[int, str, api.ImportChoice]]:
        """How each section of challenges was read, with the place and the name of the file that it stands in."""
        found = [
            (at, source.name, choice) for at, source in enumerate(self.sources) for choice in source.document.choices
        ]
        return found[:MOST_LEFT_OUT]

    def rival_named(self, name: str) -> tuple[int, int, str] | None:
        """The place of a document, the line of a section and the reader that a button names; ``None`` for no rival."""
        for at, source in enumerate(self.sources):
            for choice in source.document.choices:
                for number, one in enumerate(choice.rivals, start=1):
                    if name == f"{at}:{choice.section}:{number}":
                        return at, choice.section, one.reader
        return None


def _problems_of(source: api.ImportSource) -> dict[str, list[str]]:
    try:
        # The proposals that nobody has accepted are set aside here as they are in the plan.
        api.settle_source(source)
    except DecisionsRefused as refusal:
        return refusal.fields
    return {}


def told(refusal: ProdevError) -> str:
    return " ".join(str(refusal).split()) or refusal.message
