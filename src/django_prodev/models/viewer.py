"""Who is looking. Reads take a viewer, never a request.

A viewer has a *scope*: anonymous, a signed-in user, or a superuser. The rules of ``visibility`` have one form a scope
and differ inside it only by the user's key, which is why a read prepared for a scope serves everyone in it.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Self


class Scope(Enum):
    ANONYMOUS = "anonymous"
    USER = "user"
    SUPERUSER = "superuser"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Someone who reads. ``user_id`` is the user's primary key, or an expression that stands for it."""

    scope: Scope
    user_id: Any = None

    @classmethod
    def of(cls, user: Any) -> Self:
        """The viewer that a Django user is.

        ``None``, an anonymous or an inactive user reads as anonymous, and a viewer is returned as it is.
        """
        if isinstance(user, cls):
            return user
        if user is None or not user.is_authenticated or not user.is_active:
            return cls(Scope.ANONYMOUS)
        return cls(Scope.SUPERUSER if user.is_superuser else Scope.USER, user.pk)

    @property
    def name(self) -> str:
        """For whom an answer is kept: one text for all who are not signed in, and one for each user."""
        return self.scope.value if self.user_id is None else f"{self.scope.value}:{self.user_id}"


ANONYMOUS = Viewer(Scope.ANONYMOUS)
