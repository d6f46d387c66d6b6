"""Roles: grant and revoke. A provider never loses its last owner."""

from django_prodev.enums import Role
from django_prodev.exceptions import Invalid, Refused
from django_prodev.models import Cohort, Membership, Program, Provider
from django_prodev.services.actors import Actor, User
from django_prodev.services.events import record_event
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.transactions import locked, service


@service
def grant_role(*, user: User, role: str, scope: Provider | Program | Cohort, actor: Actor) -> Membership:
    """Give a person a role for a provider, one program, or one cohort. Granting twice is granting once."""
    if role not in Role.values:
        raise Invalid(fields={"role": [f"A role is one of {', '.join(Role.values)}."]})
    authorize(actor, Action.MANAGE_ROLES, scope)
    program = scope if isinstance(scope, Program) else scope.program if isinstance(scope, Cohort) else None
    provider = scope if isinstance(scope, Provider) else program.provider if program else None
    cohort = scope if isinstance(scope, Cohort) else None
    assert provider is not None
    locked(Provider, provider.pk)
    held = Membership.objects.filter(user_id=user.pk, role=role, provider=provider, program=program, cohort=cohort)
    if present := held.first():
        return present
    membership = Membership.objects.create(user=user, role=role, provider=provider, program=program, cohort=cohort)
    _record("granted", membership, actor)
    return membership


@service
def revoke_role(*, membership: Membership, actor: Actor) -> None:
    """Take a role away; anyone may lay down their own. Raises ``Refused`` (``last_owner``) for a provider's last."""
    if actor is None or membership.user_id != actor.pk or not actor.is_active:
        authorize(actor, Action.MANAGE_ROLES, membership)
    locked(Provider, membership.provider_id)
    membership = locked(Membership, membership.pk)
    if membership.role == Role.OWNER and membership.program_id is None:
        owners = Membership.objects.filter(provider=membership.provider_id, program__isnull=True, role=Role.OWNER)
        if not owners.exclude(pk=membership.pk).exists():
            raise Refused("A provider keeps at least one owner.", code="last_owner")
    _record("revoked", membership, actor)
    membership.delete()


def _record(name: str, membership: Membership, actor: Actor) -> None:
    record_event(
        name=name,
        instance=membership,
        actor=actor,
        subject_id=membership.user_id,
        program_id=membership.program_id,
        data={
            "role": membership.role,
            "provider": membership.provider.uuid,
            "cohort": membership.cohort.uuid if membership.cohort else None,
        },
    )
