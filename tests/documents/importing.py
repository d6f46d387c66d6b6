"""Importing texts in a test, without files."""

from typing import Any

from django_prodev.documents.execution import plan_import, run_import
from django_prodev.documents.plan import Action, Plan, Request
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.plan.rows import source_named
from django_prodev.documents.sources import read_document


def request_of(*texts: str, names: tuple[str, ...] = (), **options: Any) -> Request:
    """A request for these texts, named ``0.md``, ``1.md`` and so on unless ``names`` says otherwise."""
    names = names or tuple(f"{number}.md" for number in range(len(texts)))
    documents = tuple(
        SourceDocument(name, source_named(name.partition(".")[0]), read_document(text, name=name))
        for name, text in zip(names, texts, strict=True)
    )
    return Request(documents, **options)


def imported(*texts: str, names: tuple[str, ...] = (), **options: Any) -> Plan:
    """Import these texts in one transaction."""
    return run_import(request_of(*texts, names=names, **options))


def planned(*texts: str, names: tuple[str, ...] = (), **options: Any) -> Plan:
    """What importing these texts would do."""
    return plan_import(request_of(*texts, names=names, **options))


def actions(plan: Plan, kind: str = "") -> dict[str, Action]:
    """Each record's action by its title, or by its text where it has none."""
    return {
        planned.record.title or planned.record.text: planned.action
        for planned in plan.records
        if kind in {"", planned.record.kind.value}
    }
