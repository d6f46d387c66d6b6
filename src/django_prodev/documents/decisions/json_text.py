"""Decisions as a file, so that they are made once: written after a review, read with ``--decisions``."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

import orjson

from django_prodev.documents.curriculum import parse_json
from django_prodev.documents.curriculum.schema import check_schema
from django_prodev.documents.decisions.planning import settle_source
from django_prodev.documents.decisions.values import Decision, SourceDecisions, Verdict, digest_of_reading
from django_prodev.documents.decoding import decode_document
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.records import RecordKind
from django_prodev.exceptions import DocumentError

_MAX_BYTES = 50_000_000


def write_decisions(sources: Iterable[SourceDocument]) -> str:
    """The decisions about these sources as JSON text."""
    files = [_file_as_json(about(source)) for source in sources if source.decisions]
    value = {"prodev_decisions": 1, "files": files}
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def about(source: SourceDocument) -> SourceDecisions:
    """A source's decisions with what they are about."""
    return SourceDecisions(source.name, source.digest, digest_of_reading(source.document), source.decisions)


def read_decisions(text: str) -> tuple[SourceDecisions, ...]:
    """The decisions that a JSON text holds. Raises ``DocumentError`` with the path where it is not of that form."""
    value = parse_json(text)
    check_schema(value, "decisions")
    return tuple(
        SourceDecisions(
            file["file"], file["source"], file["reading"], tuple(decision_of(one) for one in file["decisions"])
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
    found: dict[int, SourceDecisions] = {}
    for one in decided:
        at = _place(sources, one, found)
        if digest_of_reading(sources[at].document) != one.reading:
            raise DocumentError(
                f"{sources[at].name}: the decisions are about another reading of this file; review it again."
            )
        found[at] = one
        settle_source(replace(sources[at], decisions=one.decisions), sure_from=0)
    return tuple(
        replace(source, decisions=found[at].decisions) if at in found else source for at, source in enumerate(sources)
    )


def _place(sources: Sequence[SourceDocument], one: SourceDecisions, taken: dict[int, SourceDecisions]) -> int:
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
    return {"file": one.file, "source": one.source, "reading": one.reading, "decisions": decisions}


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
