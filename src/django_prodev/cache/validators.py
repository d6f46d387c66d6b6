"""HTTP validators, and what answers say of being stored (RFC 9110, 9111, 9211).

The ``ETag`` of an answer is a keyed digest over who asks and the bytes of the answer, so it says nothing of what its
reader does not see. Which tag an answer has under a stamp is remembered: as long as the stamp holds, a reader who names
the tag is told that nothing has changed, without a look at the data. ``etag_of`` makes a tag of the stamp itself, for
answers whose bytes nobody wants to make first.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Any

from django.conf import settings
from django.http import HttpResponseBase
from django.utils.cache import patch_vary_headers

from django_prodev.cache.keys import OF_VALIDATORS, digest, viewer_scope
from django_prodev.cache.stamps import checked, stamp_of
from django_prodev.conf import prodev_settings
from django_prodev.digests import keyed_digest

_TAG = re.compile(r'(?:W/)?"([^"]*)"')

CREDENTIALS = ("Authorization", "Cookie")
"""The request's headers by which people are known. Whatever is answered here depends on them."""


def etag_of(scopes: str | Iterable[str], viewer: Any, *vary: Any, using: str | None = None) -> str | None:
    """The ``ETag`` of an answer, with its quotation marks; none where the database has no stamps.

    Args:
        scopes: what the answer depends on.
        viewer: for whom it is: a user, or ``None`` where it is the same for everybody.
        vary: what else it varies by, such as the address with its query, the language and the format.
        using: the alias of the database whose stamps are read.

    It is a strong validator where ``scopes``, ``viewer`` and ``vary`` say all that the answer depends on. Decide first
    whether the viewer may have the answer.

    Raises:
        TypeError: where ``vary`` holds what is no plain value.
        ImproperlyConfigured: where a scope is none.
    """
    names = checked(scopes)
    stamp = stamp_of(names, using=using)
    if stamp is None:
        return None
    return f'"{digest(OF_VALIDATORS, viewer_scope(viewer), vary, names, stamp)[:32]}"'


def content_digest(viewer: str, body: bytes) -> str:
    """A digest of an answer's bytes for this viewer: 32 digits, which nobody can make who lacks the site's secret."""
    return keyed_digest(OF_VALIDATORS, viewer.encode() + b"\0", body, size=16)


class KnownTags:
    """Which tag an answer has under a stamp, in this process: by the key that the answer is cached under."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._tags: OrderedDict[str, tuple[str | None, str]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str, stamp: str | None) -> str | None:
        of_stamp, tag = self._tags.get(key) or (None, None)
        return tag if of_stamp == stamp else None

    def remember(self, key: str, stamp: str | None, tag: str) -> None:
        """Note a tag; the oldest is forgotten where there are too many."""
        if not key or self._tags.get(key) == (stamp, tag):
            return
        with self._lock:
            self._tags[key] = (stamp, tag)
            while len(self._tags) > self.most:
                self._tags.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._tags.clear()


KNOWN = KnownTags(10_000)


def is_unchanged(if_none_match: str | None, etag: str) -> bool:
    """Whether the request's ``If-None-Match`` names this tag. Weak comparison, as RFC 9110, 13.1.2 has it.

    ``*`` matches nothing here: it asks whether there is any answer at all, and only reading the data tells.
    """
    if not if_none_match:
        return False
    wanted = etag.removeprefix("W/").strip('"')
    return any(found == wanted for found in _TAG.findall(if_none_match))


def say_who_may_store(response: HttpResponseBase, *, is_public: bool = False, varies: bool = False) -> None:
    """Set ``Cache-Control``, where the view has not said how long its answer may be stored, and ``Vary``.

    A personal answer is its reader's alone, and is asked about again each time. A public one may be stored by shared
    caches too, where the site's setting ``CACHE_SHARED_SECONDS`` gives them time, and never with a cookie on it.
    """
    seconds = prodev_settings.CACHE_SHARED_SECONDS
    if is_public and seconds and not response.cookies and response.status_code in {200, 304}:
        response.headers.setdefault("Cache-Control", f"public, max-age=0, s-maxage={seconds}")
    else:
        response.headers.setdefault("Cache-Control", "private, no-cache")
    if not varies:
        patch_vary_headers(response, CREDENTIALS)


def say_how(response: HttpResponseBase, outcome: str, seconds: float) -> None:
    """Add ``Cache-Status`` (RFC 9211) and ``Server-Timing``, where the site wants them or DEBUG is on."""
    if not (settings.DEBUG or prodev_settings.CACHE_HEADERS):
        return
    said = {"hit": "hit", "unchanged": "hit; detail=unchanged", "miss": "fwd=miss", "bypass": "fwd=bypass"}[outcome]
    if outcome == "miss":
        said += "; stored"
    response.headers["Cache-Status"] = f"django-prodev; {said}"
    response.headers["Server-Timing"] = f'cache;desc="{outcome}";dur={seconds * 1000:.2f}'
