"""Documents that were read and wait for their review, kept between the requests of an interface.

What is kept is the reading, and the text where a person may have it read otherwise: no page reads a document twice
unless that is asked for, and no release reads it differently in between. The values are packed, since a text of a
megabyte is looked at by no query.
"""

import base64
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from django_prodev.documents.decisions.json_text import decision_as_json, decision_of
from django_prodev.documents.decisions.readings import read_otherwise
from django_prodev.documents.decisions.values import ChosenReading, Decision
from django_prodev.documents.execution import run_import
from django_prodev.documents.plan import Plan, Request
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.plan_report import plan_digest
from django_prodev.documents.records import Choice, Considered, Document, LeftOut, Lines, Record, RecordKind
from django_prodev.enums import Visibility
from django_prodev.exceptions import NotFound
from django_prodev.models import Job
from django_prodev.services.actors import User
from django_prodev.services.import_uploads import (
    change_upload,
    find_upload,
    finish_upload,
    keep_upload,
    lock_upload,
)
from django_prodev.services.transactions import service


class PlanChanged(Exception):
    """What would be written is not what was shown. Nothing was written."""


Decided = tuple[tuple[Decision, ...], ...]
"""Decisions by document, in the order of the documents."""


def keep_request(*, request: Request, actor: User) -> UUID:
    """Keep what an import is asked to do, for its review by ``actor``. The answer names it."""
    content = {
        "sources": _packed([_plain(source) for source in request.documents]),
        "decisions": _plain_decisions(tuple(source.decisions for source in request.documents)),
        "program": request.program,
        "provider": request.provider,
        "publish": request.publish,
        "visibility": str(request.visibility or ""),
    }
    return keep_upload(actor=actor, learner=request.learner, content=content).uuid


def kept_request(*, upload: UUID, actor: User, learner_of: Callable[[str], Any]) -> tuple[Request, int]:
    """What was kept, and its revision. ``learner_of`` finds a user by key. Raises ``NotFound``."""
    job = find_upload(actor=actor, upload=upload)
    try:
        return _request(job, learner_of), job.result["revision"]
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        # Kept by another release, which knew other fields: nothing that anybody could go on with.
        raise NotFound from error


def decide_about(*, upload: UUID, actor: User, revision: int, decided: Decided) -> int:
    """Keep decisions, in the place of those before. The answer is the revision; raises ``Conflict``, ``NotFound``."""
    return change_upload(
        actor=actor, upload=upload, revision=revision, changes={"decisions": _plain_decisions(decided)}
    )


def read_section_otherwise(
    *, upload: UUID, actor: User, revision: int, decided: Decided, at: int, section: int, reader: str
) -> int:
    """Keep decisions, and have a section of the document at this place read by another shape reader.

    Decisions about records that the other reading does not have are let go. The answer is the revision; raises what
    ``decide_about`` and ``read_otherwise`` raise.
    """
    kept = _unpacked(find_upload(actor=actor, upload=upload).result["content"]["sources"])
    sources = [replace(_source(source), decisions=decisions) for source, decisions in zip(kept, decided, strict=True)]
    sources[at] = read_otherwise(sources[at], section=section, reader=reader)
    changes = {
        "sources": _packed([_plain(source) for source in sources]),
        "decisions": _plain_decisions(tuple(source.decisions for source in sources)),
    }
    return change_upload(actor=actor, upload=upload, revision=revision, changes=changes)


@service
def import_kept(*, upload: UUID, actor: User, revision: int, digest: str, learner_of: Callable[[str], Any]) -> Plan:
    """Import what was kept, if that is what a plan of this digest showed; then forget it, in the same transaction.

    Raises ``PlanChanged`` where something else would be written, and what ``kept_request`` and ``run_import`` raise.
    """
    job = lock_upload(actor=actor, upload=upload, revision=revision)

    def check(plan: Plan) -> None:
        if plan_digest(plan) != digest:
            raise PlanChanged

    plan = run_import(_request(job, learner_of), actor=actor, on_plan=check)
    finish_upload(job, counts=plan.counts())
    return plan


def _request(job: Job, learner_of: Callable[[str], Any]) -> Request:
    content = job.result["content"]
    decisions = _unpacked(content["decisions"])
    documents = tuple(
        replace(_source(source), decisions=tuple(decision_of(value) for value in values))
        for source, values in zip(_unpacked(content["sources"]), decisions, strict=True)
    )
    return Request(
        documents,
        program=content["program"],
        provider=content["provider"],
        learner=learner_of(job.result["learner"]) if job.result["learner"] else None,
        publish=content["publish"],
        visibility=Visibility(content["visibility"]) if content["visibility"] else None,
    )


def _packed(value: Any) -> str:
    return base64.b85encode(zlib.compress(orjson.dumps(value))).decode()


def _unpacked(text: str) -> Any:
    return orjson.loads(zlib.decompress(base64.b85decode(text)))


def _plain(source: SourceDocument) -> dict[str, Any]:
    return {
        "name": source.name,
        "source": source.source,
        "digest": source.digest,
        "document": source.document,
        "text": source.text,
        "readings": source.readings,
    }


def _plain_decisions(decided: Decided) -> str:
    return _packed([[decision_as_json(decision) for decision in decisions] for decisions in decided])


def _source(value: dict[str, Any]) -> SourceDocument:
    document = value["document"]
    document["records"] = tuple(_record(record) for record in document["records"])
    document["left_out"] = tuple(
        LeftOut(**piece | {"lines": Lines(**piece["lines"])}) for piece in document["left_out"]
    )
    document["choices"] = tuple(
        Choice(choice["section"], Lines(**choice["lines"]), tuple(Considered(**one) for one in choice["considered"]))
        for choice in document["choices"]
    )
    return SourceDocument(
        value["name"],
        value["source"],
        Document(**document),
        value["digest"],
        text=value["text"],
        readings=tuple(ChosenReading(**one) for one in value["readings"]),
    )


def _record(value: dict[str, Any]) -> Record:
    lines, topics = Lines(**value["lines"]), tuple(value["topics"])
    return Record(**value | {"kind": RecordKind(value["kind"]), "lines": lines, "topics": topics})
