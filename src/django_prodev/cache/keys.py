"""Keys: what an answer depends on, as a digest that nobody can make who does not have the site's secret.

In each key: the version of the package and of its tables, the settings that shape answers, what asked and for whom, and
the scopes. Their stamp stands before the value, so that both can be asked for at once.
"""

from collections.abc import Iterable
from datetime import tzinfo
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any

import orjson
from django.apps import apps
from django.conf import settings
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from django_prodev import __version__
from django_prodev.cache.stores import PREFIX
from django_prodev.conf import configured
from django_prodev.digests import keyed_digest

OF_ANSWERS = b"prodev.answer"
OF_VALIDATORS = b"prodev.etag"


def viewer_scope(user: Any) -> str:
    """For whom an answer is: one text for all who are not signed in, and one for each user."""
    if user is None or not user.is_authenticated or not user.is_active:
        return "anonymous"
    return f"{'superuser' if user.is_superuser else 'user'}:{user.pk}"


def digest(purpose: bytes, *parts: Any) -> str:
    """A keyed digest of plain values.

    Raises:
        TypeError: where a part is no plain value (what JSON can hold, a UUID, a date or a time).
    """
    try:
        written = orjson.dumps([*parts, shape()], option=orjson.OPT_NON_STR_KEYS | orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise TypeError(
            f"What a cached value varies by must be plain: texts, numbers, lists, dicts, UUIDs, times ({error})."
        ) from None
    return keyed_digest(purpose, written, size=18)


def key_of(label: str, viewer: str, vary: Any, scopes: Iterable[str]) -> str:
    """The key of what is cached. ``label`` stays readable: it says what was asked for, never by whom."""
    return f"{PREFIX}{label}:{digest(OF_ANSWERS, label, viewer, vary, sorted(scopes))}"


def shape() -> list[Any]:
    """What changes answers without any change of the data."""
    own = configured()
    return [
        __version__,
        _tables(),
        repr(own) if own else "",
        get_language(),
        _name_of_timezone(get_current_timezone()),
        settings.USE_TZ,
    ]


@lru_cache(maxsize=64)
def _name_of_timezone(zone: tzinfo) -> str:
    return zone.tzname(None) or str(zone)


@cache
def _tables() -> str:
    """A digest of the package's tables and columns: another version of them gives other answers."""
    found = [
        (model._meta.label, field.name, field.get_internal_type())
        for model in apps.get_app_config("django_prodev").get_models(include_auto_created=True)
        for field in model._meta.local_fields
    ]
    return blake2b(repr(found).encode(), digest_size=8).hexdigest()
