"""A plan of what was decided: the documents are settled, the rest is planned, and what is set aside is told with it."""

from dataclasses import replace

from django_prodev.conf import prodev_settings
from django_prodev.documents.decisions.settling import Settled, settle
from django_prodev.documents.plan import Action, Plan, PlannedRecord, Request, make_plan
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.exceptions import DecisionsRefused


def plan_decided(request: Request) -> Plan:
    """What an import would change, as the database and the decisions are now. Call it in a transaction.

    Raises ``DecisionsRefused`` where decisions do not fit their document, and what ``make_plan`` raises.
    """
    sure_from = 0.0 if request.accept_proposals else None
    settled = [settle_source(source, sure_from=sure_from) for source in request.documents]
    documents = tuple(
        replace(source, document=one.document) for source, one in zip(request.documents, settled, strict=True)
    )
    plan = make_plan(replace(request, documents=documents))
    plan.request = request
    by_key = {(planned.file, planned.record.key): planned for planned in plan.records}
    for source, one in zip(request.documents, settled, strict=True):
        for aside in one.set_aside:
            action = Action.PROPOSED if aside.is_proposed else Action.LEFT_OUT
            by_key[source.name, aside.record.key] = PlannedRecord(source.name, aside.record, action, aside.reason)
    plan.records = [
        by_key[source.name, record.key] for source in request.documents for record in source.document.records
    ]
    return plan


def settle_source(source: SourceDocument, *, sure_from: float | None = None) -> Settled:
    """A source's document with the decisions about it applied; errors name the file.

    ``sure_from`` is the setting ``IMPORT_SURE_FROM`` unless it is given.
    """
    sure_from = prodev_settings.IMPORT_SURE_FROM if sure_from is None else sure_from
    try:
        return settle(source.document, source.decisions, sure_from=sure_from)
    except DecisionsRefused as refusal:
        raise DecisionsRefused(f"{source.name}: {refusal.message}", fields=refusal.fields) from refusal
