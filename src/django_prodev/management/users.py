"""Users whom an option of a command names."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError


def user_named(option: str, name: str) -> Any:
    """The user of this name, ``None`` for no name. Raises ``CommandError`` where there is nobody of that name."""
    if not name:
        return None
    model = get_user_model()
    try:
        return model._default_manager.get_by_natural_key(name)
    except model.DoesNotExist:
        raise CommandError(f"{option}: there is no user {name!r}.") from None
