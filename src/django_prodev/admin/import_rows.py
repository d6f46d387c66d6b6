"""The rows of a review: what is shown of each record, which of them are on a page, and what a posted page decided.

However long the documents are, a page has few enough fields and little enough text for Django's limits on a request.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext

from django_prodev import api
from django_prodev.api import ImportAction, ImportDecision, ImportRecord, ImportSource, ImportVerdict, RecordKind
from django_prodev.conf import prodev_settings

ROWS = 50
"""Rows on a page. Each has up to six fields, and Django takes a thousand (``DATA_UPLOAD_MAX_NUMBER_FIELDS``)."""

MOST_ROWS = 75
"""Rows on a page where its last record has others belonging to it, which are shown with it."""

CHARACTERS = 300_000
"""Characters of text on a page; Django takes 2.5 MB of fields (``DATA_UPLOAD_MAX_MEMORY_SIZE``)."""

LONGEST = 100_000
"""Characters of a text that is edited here."""

PREVIEWED = 3_000
MOST_CHALLENGES = 100
"""Challenges that are offered in a list; of more, the key is typed."""

LOOK_AT = "look"
EVERYTHING = "all"


@dataclass(slots=True)
class Row:
    """One record as the page shows it. ``number`` names its fields."""

    number: int
    at: int
    original: ImportRecord
    record: ImportRecord
    is_ticked: bool
    is_structured: bool
    action: ImportAction | None = None
    reason: str = ""
    above: ImportRecord | None = None
    file: str = ""
    offered: Sequence[ImportRecord] = ()
    problems: list[str] = field(default_factory=list)

    @property
    def kinds(self) -> Sequence[RecordKind]:
        return api.allowed_kinds(self.original, stated=self.is_structured)

    @property
    def is_fixed(self) -> bool:
        """Whether the record has to be kept: a file with a schema says nothing without its program."""
        return self.is_structured and self.original.kind is RecordKind.PROGRAM

    @property
    def is_proposal(self) -> bool:
        return self.original.confidence < prodev_settings.IMPORT_SURE_FROM

    @property
    def is_doubtful(self) -> bool:
        return self.original.confidence < prodev_settings.IMPORT_REVIEW_BELOW

    @property
    def is_solution(self) -> bool:
        return self.record.kind is RecordKind.SOLUTION

    @property
    def has_topics(self) -> bool:
        return api.may_have_topics(self.record.kind)

    @property
    def topics(self) -> str:
        return ", ".join(self.record.topics)

    @property
    def is_long(self) -> bool:
        return len(self.record.text) > LONGEST

    @property
    def preview(self) -> str:
        return self.record.text[:PREVIEWED]

    @property
    def confidence(self) -> int:
        return round(self.original.confidence * 100)

    @property
    def text_rows(self) -> int:
        return min(12, max(3, self.record.text.count("\n") + 2))

    @property
    def asks(self) -> bool:
        """Whether a person should look at it."""
        return bool(self.problems) or self.is_doubtful

    @property
    def state(self) -> str:
        return _STATES[self.action]() if self.action else ""


_STATES = {
    ImportAction.CREATE: lambda: gettext("create"),
    ImportAction.UPDATE: lambda: gettext("update"),
    ImportAction.UNCHANGED: lambda: gettext("unchanged"),
    ImportAction.LEFT_OUT: lambda: gettext("left out"),
    ImportAction.PROPOSED: lambda: gettext("proposed"),
}


def rows_of(
    sources: Sequence[ImportSource], plan: api.ImportPlan | None, problems: Mapping[int, Mapping[str, list[str]]]
) -> list[Row]:
    """Every record of every document. ``problems`` has what is wrong, by document and key."""
    planned = {(one.file, one.record.key): one for one in plan.records} if plan else {}
    rows: list[Row] = []
    for at, source in enumerate(sources):
        decided = {decision.key: decision for decision in source.decisions}
        records = {one.key: api.corrected_record(one, decided.get(one.key)) for one in source.document.records}
        for original in source.document.records:
            found = planned.get((source.name, original.key))
            record = records[original.key]
            rows.append(
                Row(
                    number=len(rows),
                    at=at,
                    original=original,
                    record=record,
                    is_ticked=_is_ticked(original, decided.get(original.key)),
                    is_structured=source.document.is_structured,
                    action=found.action if found else None,
                    reason=found.reason if found else "",
                    above=records.get(record.parent or ""),
                    file=source.name,
                    problems=list(problems.get(at, {}).get(original.key, ())),
                )
            )
    return rows


def _is_ticked(record: ImportRecord, decision: ImportDecision | None) -> bool:
    if decision is not None:
        return decision.verdict is ImportVerdict.KEEP
    return record.confidence >= prodev_settings.IMPORT_SURE_FROM


def shown_as(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """What can be shown: everything, what to look at, or one kind; with its name and how many there are."""
    counted = Counter(row.record.kind for row in rows)
    look_at = sum(row.asks for row in rows)
    kinds = [(kind.value, _plural(kind), counted[kind]) for kind in RecordKind if counted[kind]]
    return [(EVERYTHING, gettext("everything"), len(rows)), (LOOK_AT, gettext("to look at"), look_at), *kinds]


def _plural(kind: RecordKind) -> str:
    names = {
        RecordKind.PROGRAM: gettext("program"),
        RecordKind.TECHNOLOGY: gettext("technologies"),
        RecordKind.CONCEPT: gettext("concepts"),
        RecordKind.CHALLENGE: gettext("challenges"),
        RecordKind.SOLUTION: gettext("solutions"),
        RecordKind.PRACTICE: gettext("practices"),
        RecordKind.TAKEAWAY: gettext("takeaways"),
        RecordKind.LEARNING: gettext("learnings"),
        RecordKind.REFLECTION: gettext("reflections"),
        RecordKind.PROJECT: gettext("projects"),
        RecordKind.UNIT: gettext("units"),
    }
    return names[kind]


def pages_of(rows: Sequence[Row], show: str) -> list[list[Row]]:
    """The rows that are shown, page by page; there is always one page."""
    pages: list[list[Row]] = [[]]
    room = CHARACTERS
    for row in rows:
        if show not in {EVERYTHING, row.record.kind.value} and not (show == LOOK_AT and row.asks):
            continue
        size = 0 if row.is_long else len(row.record.text)
        is_full = len(pages[-1]) >= (MOST_ROWS if row.record.parent else ROWS)
        if pages[-1] and (is_full or size > room):
            pages.append([])
            room = CHARACTERS
        pages[-1].append(row)
        room -= size
    return pages


def offer_challenges(page: Sequence[Row], rows: Sequence[Row]) -> None:
    """Give the solutions of a page the challenges that they may answer, where those are few enough for a list."""
    found: dict[int, list[ImportRecord]] = {}
    for row in rows:
        if row.record.kind is RecordKind.CHALLENGE:
            found.setdefault(row.at, []).append(row.record)
    for row in page:
        challenges = found.get(row.at, [])
        if row.is_solution and len(challenges) <= MOST_CHALLENGES:
            row.offered = challenges


# What was posted


def decided_by(
    posted: Mapping[str, Any], sources: Sequence[ImportSource], rows: Sequence[Row]
) -> tuple[tuple[ImportDecision, ...], ...]:
    """The decisions about every document, those of the posted page in the place of what stood there before."""
    decided = [{decision.key: decision for decision in source.decisions} for source in sources]
    for row in _posted_rows(posted, rows):
        decision = _decision(posted, row)
        if decision is None:
            decided[row.at].pop(row.original.key, None)
        else:
            decided[row.at][row.original.key] = decision
    return tuple(tuple(each.values()) for each in decided)


def with_proposals(
    decided: tuple[tuple[ImportDecision, ...], ...], sources: Sequence[ImportSource]
) -> tuple[tuple[ImportDecision, ...], ...]:
    """The same decisions, with every proposal that nothing was decided about accepted."""
    accepted = []
    for decisions, source in zip(decided, sources, strict=True):
        known = {decision.key for decision in decisions}
        below = prodev_settings.IMPORT_SURE_FROM
        proposals = [one for one in source.document.records if one.confidence < below and one.key not in known]
        accepted.append((*decisions, *(ImportDecision(record.key) for record in proposals)))
    return tuple(accepted)


def _posted_rows(posted: Mapping[str, Any], rows: Sequence[Row]) -> Iterator[Row]:
    for number in str(posted.get("rows", "")).split(",")[:MOST_ROWS]:
        if number.isascii() and number.isdecimal() and len(number) < 9 and int(number) < len(rows):
            yield rows[int(number)]


def _decision(posted: Mapping[str, Any], row: Row) -> ImportDecision | None:
    """What the fields of one row say, or ``None`` where they say what was read."""

    def given(name: str) -> str | None:
        value = posted.get(f"{name}-{row.number}")
        return None if value is None else str(value).replace("\r\n", "\n").replace("\0", "")

    original = row.original
    title, text, topics, parent = given("title"), given("text"), given("topics"), given("parent")
    kind = next((kind for kind in row.kinds if kind.value == given("kind")), original.kind)
    decision = ImportDecision(original.key)
    if kind is not original.kind:
        decision = replace(decision, kind=kind)
    if title is not None and title != original.title:
        decision = replace(decision, title=title)
    if row.is_long:
        # Too long to be edited here, so it was not on the page.
        decision = replace(decision, text=None if row.record.text == original.text else row.record.text)
    elif text is not None and text.strip() != original.text.strip():
        decision = replace(decision, text=text)
    if topics is not None and topics != ", ".join(original.topics) and api.may_have_topics(kind):
        decision = replace(decision, topics=tuple(name for topic in topics.split(",") if (name := topic.strip())))
    if kind is RecordKind.SOLUTION and parent is not None and parent.strip() != (original.parent or ""):
        decision = replace(decision, parent=parent.strip())
    is_ticked = row.is_fixed or given("keep") is not None
    if is_ticked:
        return decision if decision.corrects or row.is_proposal else None
    if row.is_proposal and not decision.corrects:
        return None
    return replace(decision, verdict=ImportVerdict.DROP)
