"""What is shown of a person: a name, and nothing that could be used to reach or to sign in as them."""

from functools import lru_cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Case, CharField, EmailField, Expression, F, Q, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim


def display_name(prefix: str) -> Expression:
    """The name of the user at ``prefix``: the full name, or else the user name where it is no e-mail address.

    Works with any ``AUTH_USER_MODEL``: what it lacks is left out, and a person without a name is ``""``. Many sites
    keep an address in a field that takes any text, so the value is looked at, not only the field.
    """
    return _name(get_user_model(), prefix)


@lru_cache(maxsize=64)
def _name(model: Any, prefix: str) -> Expression:
    columns = {field.name: field for field in model._meta.concrete_fields}
    choices: list[Expression] = []
    if {"first_name", "last_name"} <= columns.keys():
        full = Concat(F(f"{prefix}first_name"), Value(" "), F(f"{prefix}last_name"), output_field=CharField())
        choices.append(NullIf(Trim(full), Value("")))
    login = model.USERNAME_FIELD
    if not isinstance(columns.get(login), EmailField) and login != "email":
        is_address = Q(**{f"{prefix}{login}__contains": "@"})
        text = Cast(F(f"{prefix}{login}"), CharField())
        choices.append(Case(When(is_address, then=Value("")), default=text, output_field=CharField()))
    return Coalesce(*choices, Value(""), output_field=CharField()) if choices else Cast(Value(""), CharField())
