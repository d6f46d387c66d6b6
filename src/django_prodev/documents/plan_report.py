"""A plan as lines for a terminal and as JSON for programs. ``docs/import-plan.md`` describes the latter."""

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson

from django_prodev.documents.plan import Action, Plan, PlannedRecord, SourceDocument
from django_prodev.documents.records import Choice, Considered, Document, Lines

_WIDTH = 72
_SIGNS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.UNCHANGED: "=",
    Action.LEFT_OUT: "-",
    Action.PROPOSED: "?",
}


def plan_as_json(plan: Plan, *, dry_run: bool) -> dict[str, Any]:
    """The plan with JSON values. The shape is stable: keys may be added, none changes its meaning."""
    titles = {(planned.file, planned.record.key): planned.record.title for planned in plan.records}
    learner = plan.request.learner
    return {
        "prodev_plan": 1,
        "dry_run": dry_run,
        "learner": learner.get_username() if learner is not None else None,
        "files": [_file_as_json(source) for source in plan.request.documents],
        "programs": [
            {
                "slug": program.slug,
                "title": program.title,
                "provider": program.provider,
                "action": program.action.value,
                "status": str(program.status),
                "curriculum": {
                    "version": program.curriculum_version,
                    "action": program.curriculum_action.value,
                    "status": str(program.curriculum_status),
                    "removed": program.removed,
                },
            }
            for program in plan.programs
        ],
        "counts": plan.counts(),
        "records": [_record_as_json(planned, titles) for planned in plan.records],
        "left_out": [
            {"file": file, "lines": _pair(piece.lines), "text": piece.text, "reason": piece.reason}
            for file, piece in plan.left_out()
        ],
        "readings": [
            _choice_as_json(source.name, choice)
            for source in plan.request.documents
            for choice in source.document.choices
        ],
    }


def plan_digest(plan: Plan) -> str:
    """A digest of all that a plan shows: two plans that read the same have the same."""
    shown = orjson.dumps(plan_as_json(plan, dry_run=True), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(shown).hexdigest()


def _choice_as_json(file: str, choice: Choice) -> dict[str, Any]:
    return {
        "file": file,
        "section": choice.section,
        "lines": _pair(choice.lines),
        "considered": [
            {
                "reader": one.reader,
                "confidence": one.confidence,
                "challenges": one.challenges,
                "solutions": one.solutions,
                "why": one.why,
                "taken": at == 0,
            }
            for at, one in enumerate(choice.considered)
        ],
    }


def _file_as_json(source: SourceDocument) -> dict[str, Any]:
    document = source.document
    return {
        "file": source.name,
        "format": document.format,
        "digest": source.digest,
        "reader": document.reader,
        "confidence": document.confidence,
        "because": document.because,
    }


def _record_as_json(planned: PlannedRecord, titles: dict[tuple[str, str], str]) -> dict[str, Any]:
    record = planned.record
    return {
        "file": planned.file,
        "key": record.key,
        "kind": record.kind.value,
        "title": record.title,
        "text": record.text,
        "parent": record.parent,
        "parent_title": titles.get((planned.file, record.parent)) if record.parent else None,
        "topics": list(record.topics),
        "lines": _pair(record.lines),
        "confidence": record.confidence,
        "reader": record.reader,
        "action": planned.action.value,
        "reason": planned.reason,
        "why": record.why,
    }


def plan_as_lines(plan: Plan) -> Iterator[str]:
    """The plan for people: a line for each record and each piece left out, with its source lines, then the sums."""
    for source in plan.request.documents:
        yield f"{source.name} ({_reading(source.document)})"
        for choice in source.document.choices:
            yield _choice_line(choice)
        for planned in plan.records:
            if planned.file == source.name:
                yield _record_line(planned)
        for piece in source.document.left_out:
            yield f"  - {'left out':10} lines {_range(piece.lines):11} {_short(piece.text)} ({piece.reason})"
    for program in plan.programs:
        yield (
            f"Program {program.slug} ({program.provider}): {program.action.value}; "
            f"curriculum version {program.curriculum_version}: {program.curriculum_action.value}"
        )
        for slug in program.removed:
            yield f"  - no longer in the curriculum: {slug}"
    counts = plan.counts()
    yield ", ".join(f"{counts[action.value]} {action.value.replace('_', ' ')}" for action in Action)
    if proposed := counts[Action.PROPOSED.value]:
        yield (
            f"{proposed} proposed: no reader is sure of {'it' if proposed == 1 else 'them'}, so nothing of that is "
            "written. --interactive asks about each, --accept-proposals takes them as they are."
        )


def _choice_line(choice: Choice) -> str:
    taken, *others = choice.considered
    instead = f"; also seen: {', '.join(_seen(one) for one in others)}" if others else ""
    return f"  * {'read':10} lines {_range(choice.lines):11} {_seen(taken)}, because {taken.why}{instead}"


def _seen(one: Considered) -> str:
    return f"{one.reader} ({one.confidence:.0%}, {one.challenges} with {one.solutions} solved)"


def _reading(document: Document) -> str:
    if not document.reader:
        return document.format
    sure = f", {document.confidence:.0%} sure" if document.confidence < 1 else ""
    because = f": {document.because}" if document.because else ""
    return f"{document.format}, read as {document.reader}{sure}{because}"


def _record_line(planned: PlannedRecord) -> str:
    record = planned.record
    sure = f" ({record.reader}, {record.confidence:.0%})" if record.confidence < 1 else ""
    because = f" ({planned.reason})" if planned.reason else ""
    sign, action = _SIGNS[planned.action], planned.action.value.replace("_", " ")
    shown = _short(record.title or record.text)
    return f"  {sign} {action:10} lines {_range(record.lines):11} {record.kind.value}: {shown}{sure}{because}"


def _pair(lines: Lines) -> list[int]:
    return [lines.first, lines.last]


def _range(lines: Lines) -> str:
    return str(lines.first) if lines.first == lines.last else f"{lines.first}-{lines.last}"


def _short(text: str) -> str:
    line = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
