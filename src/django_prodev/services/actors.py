"""Who writes. Writes take an actor, never a request.

``None`` is the system itself (a management command, a task), which is asked for no permission. An interface always
passes the user of its request, also an anonymous one.
"""

from typing import Any, TypeAlias

User: TypeAlias = Any
"""A row of the host's ``AUTH_USER_MODEL``, of which no more is assumed than ``AbstractBaseUser`` promises."""

Actor: TypeAlias = User | None


def stored(actor: Actor) -> User | None:
    """The actor as a foreign key takes it: nobody for the system and for someone who is not signed in."""
    return actor if actor is not None and actor.is_authenticated else None


def is_same_person(one: Actor, other_id: Any) -> bool:
    """Whether ``one`` is the user with the key ``other_id``."""
    return one is not None and one.is_authenticated and other_id is not None and one.pk == other_id


def email_of(user: User) -> str:
    """The user's e-mail address, whatever the host calls the field; empty where there is none."""
    name = getattr(type(user), "get_email_field_name", lambda: "email")()
    return str(getattr(user, name, "") or "")
