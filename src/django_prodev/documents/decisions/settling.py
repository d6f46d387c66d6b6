"""Decisions applied to a document: the records that are planned, and those that are set aside, each with its reason.

What stands under a record that is set aside goes with it (a challenge's solutions, a module's units), unless it was
given another place. A record that is less sure than ``sure_from`` is set aside as proposed until somebody keeps it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django_prodev.documents.decisions.rules import problems_of
from django_prodev.documents.decisions.values import Decision, Verdict
from django_prodev.documents.records import Document, Record, RecordKind
from django_prodev.documents.wording import clean_text, clean_title
from django_prodev.exceptions import DecisionsRefused

DROPPED = "dropped by a decision"
DROPPED_ABOVE = "dropped with the record that it belongs to"
UNSURE = "the reading is not sure"
UNSURE_ABOVE = "what it belongs to is only proposed"

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record that is not planned: ``is_proposed`` where accepting it would plan it."""

    record: Record
    is_proposed: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A document with what is planned of it, and what is not."""

    document: Document
    set_aside: tuple[SetAside, ...] = ()


def settle(document: Document, decisions: Iterable[Decision], *, sure_from: float) -> Settled:
    """Apply decisions to a document.

    Raises ``DecisionsRefused`` with what is wrong by the key of the record: a key that the document does not have or
    that is decided about twice, a kind that a record cannot become, a text that cannot be stored, a solution without a
    challenge that is kept, a program's file without its program.
    """
    by_key: dict[str, Decision] = {}
    problems: dict[str, list[str]] = {}
    originals = {record.key: record for record in document.records}
    for decision in decisions:
        if decision.key not in originals:
            problems.setdefault(decision.key, []).append("there is no such record.")
        elif decision.key in by_key:
            problems.setdefault(decision.key, []).append("it is decided about twice.")
        by_key[decision.key] = decision
    _refuse(problems)
    if not by_key and all(record.confidence >= sure_from for record in document.records):
        return Settled(document)
    records = {key: corrected(record, by_key.get(key)) for key, record in originals.items()}
    aside = _set_aside(records, by_key, sure_from)
    kept = {key: record for key, record in records.items() if key not in aside}
    stated = document.is_structured
    for key, decision in by_key.items():
        if key in aside:
            if decision.verdict is Verdict.DROP and stated and originals[key].kind is RecordKind.PROGRAM:
                problems[key] = ["the file's other records say nothing without the program."]
            elif decision.verdict is Verdict.KEEP:
                problems[key] = [f"{records[key].parent}, which it belongs to, is not kept; drop it too, or move it."]
    for key, record in kept.items():
        is_checked = key in by_key or record.kind is RecordKind.SOLUTION
        if is_checked and (found := problems_of(record, kept, stated=stated, original=originals[key])):
            problems[key] = found
    _refuse(problems)
    return Settled(replace(document, records=tuple(kept.values())), tuple(aside.values()))


def corrected(record: Record, decision: Decision | None) -> Record:
    """A record as it was decided about."""
    if decision is None or not decision.corrects:
        return record
    kind = decision.kind or record.kind
    fields: dict[str, Any] = {"kind": kind}
    if decision.title is not None:
        fields["title"] = clean_title(decision.title)
    if decision.text is not None:
        fields["text"] = clean_text(decision.text)
    if decision.parent is not None:
        fields["parent"] = decision.parent or None
    elif kind is not record.kind:
        fields["parent"] = None
    if decision.topics is not None:
        names = tuple(dict.fromkeys(name for topic in decision.topics if (name := clean_title(topic))))
        fields["topics"] = names
        if "topics" in record.extra:
            fields["extra"] = record.extra | {"topics": _references(record.extra["topics"], names)}
    return replace(record, **fields)


def _references(stated: list[dict[str, str]], names: tuple[str, ...]) -> list[dict[str, str]]:
    """A curriculum file's references to topics, with the roles that they have there."""
    known = {reference["name"] for reference in stated}
    kept = [reference for reference in stated if reference["name"] in names]
    return kept + [{"name": name} for name in names if name not in known]


def _set_aside(records: dict[str, Record], by_key: dict[str, Decision], sure_from: float) -> dict[str, SetAside]:
    aside: dict[str, SetAside] = {}
    for key, record in records.items():
        decision = by_key.get(key)
        if decision is not None and decision.verdict is Verdict.DROP:
            aside[key] = SetAside(record, is_proposed=False, reason=DROPPED)
        elif decision is None and record.confidence < sure_from:
            aside[key] = SetAside(record, is_proposed=True, reason=record.why or UNSURE)
    below: dict[str, list[Record]] = {}
    for record in records.values():
        if record.parent:
            below.setdefault(record.parent, []).append(record)
    waiting = list(aside.values())
    while waiting:
        above = waiting.pop()
        for record in below.get(above.record.key, ()):
            if record.key not in aside:
                reason = UNSURE_ABOVE if above.is_proposed else DROPPED_ABOVE
                aside[record.key] = SetAside(record, above.is_proposed, reason)
                waiting.append(aside[record.key])
    return {key: aside[key] for key in records if key in aside}


def _refuse(problems: dict[str, list[str]]) -> None:
    if not problems:
        return
    told = [f"{key}: {' '.join(sentences)}" for key, sentences in problems.items()]
    more = f" And {len(told) - _SHOWN} more." if len(told) > _SHOWN else ""
    raise DecisionsRefused(" ".join(told[:_SHOWN]) + more, fields=problems)
