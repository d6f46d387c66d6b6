"""Plan an import, or do it: the plan is made under the locks of the transaction that writes it."""

from collections.abc import Callable

from django.db import transaction

from django_prodev.documents.decisions.planning import plan_decided
from django_prodev.documents.plan import Plan, Request
from django_prodev.exceptions import PermissionDenied
from django_prodev.models import Provider
from django_prodev.services.actors import Actor, User
from django_prodev.services.catalogue_import import CatalogueChanges, OnProgress, write_catalogue
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize, is_allowed


def plan_import(request: Request, *, actor: Actor = None) -> Plan:
    """What an import by ``actor`` (``None`` for the system) would do, with nothing written.

    Raises ``DocumentError`` where a document does not say which program it is about, and ``PermissionDenied``.
    """
    with transaction.atomic():
        return _plan(request, actor)


def run_import(
    request: Request,
    *,
    actor: Actor = None,
    on_plan: Callable[[Plan], None] | None = None,
    on_progress: OnProgress | None = None,
) -> Plan:
    """Import documents in one transaction, and return the plan that was carried out.

    ``actor`` is who imports, ``None`` for the system. ``on_plan`` is shown the plan before anything is written, and may
    raise to stop; ``on_progress`` is told how many rows of how many are written. Importing the same documents again
    writes nothing. Raises ``DocumentError``, ``PermissionDenied``, and ``Conflict`` or ``Busy`` where somebody else
    writes the same rows at that moment.
    """
    made: list[Plan] = []

    def prepare() -> CatalogueChanges:
        plan = _plan(request, actor)
        made.append(plan)
        if on_plan:
            on_plan(plan)
        return plan.changes

    write_catalogue(prepare=prepare, actor=actor, on_progress=on_progress)
    return made[-1]


def _plan(request: Request, actor: Actor) -> Plan:
    plan = plan_decided(request)
    if actor is not None:
        _check_permission(plan, actor)
    return plan


def _check_permission(plan: Plan, actor: User) -> None:
    """An import may make programs, units and topics, so it takes a role for each provider as a whole.

    A provider that the actor may not see gets the same answer as one where they have no role.
    """
    slugs = {program.provider for program in plan.programs}
    providers = list(Provider.objects.filter(slug__in=slugs))
    if len(providers) < len(slugs):
        authorize(actor, Action.CREATE_PROVIDER, None)
    wanted = [Action.IMPORT] if plan.request.learner is None else [Action.IMPORT, Action.IMPORT_FOR_LEARNER]
    for provider in providers:
        for action in wanted:
            if not is_allowed(actor=actor, action=action, target=provider):
                what = "documents" if action is Action.IMPORT else "documents as somebody's record"
                raise PermissionDenied(f"You may not import {what} for the provider {provider.slug}.")
