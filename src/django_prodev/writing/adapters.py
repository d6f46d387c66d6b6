"""Services whose parameters no interface could name as they are, in a form that they can."""

from typing import Any, Unpack, cast

from django_prodev import api
from django_prodev.exceptions import Invalid
from django_prodev.models import Cohort, Curriculum, CurriculumItem, Membership, Program, Provider


class PlacedUnitFields(api.UnitFields, api.ItemFields, total=False):
    """A unit and its place."""


def add_unit(*, curriculum: Curriculum, actor: api.Actor, **fields: Unpack[PlacedUnitFields]) -> CurriculumItem:
    """Make a unit and place it in a draft, in one step."""
    unit: dict[str, Any] = dict(fields)
    place = {name: unit.pop(name) for name in api.ItemFields.__annotations__ if name in unit}
    return api.add_unit(curriculum=curriculum, actor=actor, unit=cast("api.UnitFields", unit), **place)


def grant_role(
    *,
    user: api.User,
    role: str,
    actor: api.Actor,
    provider: Provider | None = None,
    program: Program | None = None,
    cohort: Cohort | None = None,
) -> Membership:
    """Give a person a role for a provider, one program, or one cohort."""
    scopes = [scope for scope in (provider, program, cohort) if scope is not None]
    if len(scopes) != 1:
        text = "Name one of: provider, program, cohort."
        raise Invalid(fields={"provider": [text]})
    return api.grant_role(user=user, role=role, scope=scopes[0], actor=actor)


def move_up_waiting(*, cohort: Cohort, actor: api.Actor) -> Cohort:
    """Give free seats to those who wait, in order."""
    api.move_up_waiting(cohort=cohort, actor=actor)
    return cohort
