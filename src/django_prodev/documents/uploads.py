"""Documents that were read and wait for their review, kept between the requests of an interface.

What is kept is the reading, not the file: no page reads a document twice, and no release reads it differently in
between. The values are packed, since a text of a megabyte is looked at by no query.
"""

import base64
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from django_prodev.documents.decisions.json_text import decision_as_json, decision_of
from django_prodev.documents.decisions.values import Decision
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
        "decisions": _packed([[] for _ in request.documents]),
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
    values = [[decision_as_json(decision) for decision in decisions] for decisions in decided]
    return change_upload(actor=actor, upload=upload, revision=revision, changes={"decisions": _packed(values)})


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
    return {"name": source.name, "source": source.source, "digest": source.digest, "document": source.document}


def _source(value: dict[str, Any]) -> SourceDocument:
    document = value["document"]
    document["records"] = tuple(_record(record) for record in document["records"])
    document["left_out"] = tuple(
        LeftOut(**piece | {"lines": Lines(**piece["lines"])}) for piece in document["left_out"]
    )
    document["choices"] = tuple(
        Choice(Lines(**choice["lines"]), tuple(Considered(**one) for one in choice["considered"]))
        for choice in document["choices"]
    )
    return SourceDocument(value["name"], value["source"], Document(**document), value["digest"])


def _left_out(value: dict[str, Any]) -> LeftOut:
    return LeftOut(**value | {"lines": Lines(**value["lines"])})


def _record(value: dict[str, Any]) -> Record:
    lines, topics = Lines(**value["lines"]), tuple(value["topics"])
    return Record(**value | {"kind": RecordKind(value["kind"]), "lines": lines, "topics": topics})
