"""Decisions as a file, so that they are made once: written after a review, read with ``--decisions``."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import orjson

from django_prodev.documents.curriculum import parse_json
from django_prodev.documents.curriculum.schema import check_schema
from django_prodev.documents.decisions.planning import settle_source
from django_prodev.documents.decisions.readings import with_readings
from django_prodev.documents.decisions.values import (
    ChosenReading,
    Decision,
    SourceDecisions,
    Verdict,
    digest_of_reading,
)
from django_prodev.documents.decoding import decode_document
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.records import RecordKind
from django_prodev.exceptions import DocumentError

_MAX_BYTES = 50_000_000


def write_decisions(sources: Iterable[SourceDocument]) -> str:
    """The decisions about these sources as JSON text."""
    files = [_file_as_json(about(source)) for source in sources if source.decisions or source.readings]
    value = {"prodev_decisions": 1, "files": files}
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def about(source: SourceDocument) -> SourceDecisions:
    """A source's decisions with what they are about."""
    reading = digest_of_reading(source.document)
    return SourceDecisions(source.name, source.digest, reading, source.decisions, source.readings)


def read_decisions(text: str) -> tuple[SourceDecisions, ...]:
    """The decisions that a JSON text holds. Raises ``DocumentError`` with the path where it is not of that form."""
    value = parse_json(text)
    check_schema(value, "decisions")
    return tuple(
        SourceDecisions(
            file["file"],
            file["source"],
            file["reading"],
            tuple(decision_of(one) for one in file["decisions"]),
            tuple(ChosenReading(one["section"], one["reader"]) for one in file.get("readings", ())),
        )
        for file in value["files"]
    )


def read_decision_file(path: str | Path) -> tuple[SourceDecisions, ...]:
    """The decisions in a file; errors name it."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
        return read_decisions(decode_document(data, max_bytes=_MAX_BYTES))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{path}: the decisions cannot be read ({reason}).") from error
    except DocumentError as error:
        raise DocumentError(f"{path}: {error}") from error


def with_decisions(sources: Sequence[SourceDocument], decided: Iterable[SourceDecisions]) -> tuple[SourceDocument, ...]:
    """The sources with the decisions that are about them.

    Raises ``DocumentError`` where decisions are about another version of a file, about another reading of it, or about
    a file that is not among the sources, and ``DecisionsRefused`` where they do not fit.
    """
    found: dict[int, SourceDocument] = {}
    for one in decided:
        at = _place(sources, one, found)
        source = with_readings(sources[at], one.readings) if one.readings else sources[at]
        if digest_of_reading(source.document) != one.reading:
            raise DocumentError(
                f"{source.name}: the decisions are about another reading of this file; review it again."
            )
        found[at] = replace(source, decisions=one.decisions)
        settle_source(found[at], sure_from=0)
    return tuple(found.get(at, source) for at, source in enumerate(sources))


def _place(sources: Sequence[SourceDocument], one: SourceDecisions, taken: Container[int]) -> int:
    same = [at for at, source in enumerate(sources) if source.digest == one.source and at not in taken]
    for at in same:
        if sources[at].name == one.file:
            return at
    if same:
        return same[0]
    name = PurePath(one.file).name
    if any(PurePath(source.name).name == name for source in sources):
        raise DocumentError(f"{one.file}: the decisions are about another version of this file; review it again.")
    raise DocumentError(f"{one.file}: there are decisions about this file, and it is not imported here.")


def _file_as_json(one: SourceDecisions) -> dict[str, Any]:
    decisions = [decision_as_json(decision) for decision in one.decisions]
    value: dict[str, Any] = {"file": one.file, "source": one.source, "reading": one.reading}
    if one.readings:
        value["readings"] = [{"section": reading.section, "reader": reading.reader} for reading in one.readings]
    return value | {"decisions": decisions}


def decision_as_json(decision: Decision) -> dict[str, Any]:
    """A decision as it stands in a file."""
    value: dict[str, Any] = {"key": decision.key, "decision": decision.verdict.value}
    for name in ("kind", "title", "text", "parent", "topics"):
        given = getattr(decision, name)
        if given is not None:
            value[name] = list(given) if isinstance(given, tuple) else str(given)
    return value


def decision_of(value: dict[str, Any]) -> Decision:
    """The decision that a checked JSON value holds."""
    return Decision(
        value["key"],
        Verdict(value["decision"]),
        kind=RecordKind(value["kind"]) if "kind" in value else None,
        title=value.get("title"),
        text=value.get("text"),
        parent=value.get("parent"),
        topics=tuple(value["topics"]) if "topics" in value else None,
    )
