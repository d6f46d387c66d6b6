"""Plan an import, or do it: the plan is made under the locks of the transaction that writes it."""

from collections.abc import Callable

from django.db import transaction

from django_prodev.documents.decisions.planning import plan_decided
from django_prodev.documents.plan import Plan, Request
from django_prodev.services.actors import Actor
from django_prodev.services.catalogue_import import CatalogueChanges, OnProgress, write_catalogue


def plan_import(request: Request) -> Plan:
    """What an import would do, with nothing written.

    Raises ``DocumentError`` where a document does not say which program it is about.
    """
    with transaction.atomic():
        return plan_decided(request)


def run_import(
    request: Request,
    *,
    actor: Actor = None,
    on_plan: Callable[[Plan], None] | None = None,
    on_progress: OnProgress | None = None,
) -> Plan:
    """Import documents in one transaction, and return the plan that was carried out.

    ``actor`` is who imports, ``None`` for the system; the caller has checked that they may. ``on_plan`` is shown the
    plan before anything is written, and may raise to stop; ``on_progress`` is told how many rows of how many are
    written. Importing the same documents again writes nothing. Raises ``DocumentError``, and ``Conflict`` or ``Busy``
    where somebody else writes the same rows at that moment.
    """
    made: list[Plan] = []

    def prepare() -> CatalogueChanges:
        plan = plan_decided(request)
        made.append(plan)
        if on_plan:
            on_plan(plan)
        return plan.changes

    write_catalogue(prepare=prepare, actor=actor, on_progress=on_progress)
    return made[-1]
