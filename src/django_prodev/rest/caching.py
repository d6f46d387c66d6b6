"""Answers of the REST API from the cache, and their validators: what a ``GET`` costs when nothing has changed.

REST framework's machinery has stood in front by then: who may not ask is refused before anything is looked up. What is
kept is the written answer of one viewer (or of all who are not signed in) for one address, under the stamps of what the
plan reads.

A list's ``ETag`` is a digest of the answer. A row's is its revision, a point, and the digest: an edit that names it in
``If-Match`` is compared by the revision, which changes with the row alone; ``If-None-Match`` is compared by the whole,
which changes with whatever the answer shows.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from django_prodev.cache import counting
from django_prodev.cache.filling import Lookup
from django_prodev.cache.stamps import nothing
from django_prodev.cache.validators import content_digest, is_unchanged, say_how
from django_prodev.conf import configured, prodev_settings
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.reading.plan import Plan
from django_prodev.reading.scopes import every_scope, has_own_rules, scopes_of
from django_prodev.rest.renderers import Answer, JSONRenderer, to_json

_KEPT = 4_096
"""Addresses whose scopes are remembered, so that what is answered from the cache need not be understood anew."""

_LONGEST_KEPT = 500

_CREDENTIALS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE")
"""Who sends one of these may be somebody, or may have a session that is sent anew: shared caches keep nothing of it."""

_TAG = re.compile(rb"[0-9A-Za-z.]{32,100}")
"""What a tag is made of: something else was written into the cache by somebody else."""

_remembered: dict[Any, frozenset[str] | None] = {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that was understood: what its answer depends on, and how to make it."""

    scopes: Callable[[], frozenset[str] | None]
    read: Callable[[], Any]

    @classmethod
    def by_plan(cls, plan: Callable[[], Plan], read: Callable[[], Any]) -> "Prepared":
        return cls(lambda: scopes_of([plan()]), read)

    @classmethod
    def by_service(cls, read: Callable[[], Any]) -> "Prepared":
        """What a service computes, by rules of this package's own: a host's may look at anything."""
        return cls(lambda: every_scope() if has_own_rules() else None, read)


def look_up_beside(view: Any, request: Request, work: Callable[[], None]) -> None:
    """Do ``work``, which must not use the database, and meanwhile begin to look the answer up where that can be.

    ``answered`` goes on from there. It can be where the address was asked for before, so that it is known what its
    answer depends on.
    """
    may_be_kept = _is_answerable(request) and _needs_stamp(request)
    scopes = _remembered.get(_address(view, request)) if may_be_kept else None
    if scopes is None:
        work()
    else:
        view.exchange = _Exchange(view, request, scopes, work)


def answered(view: Any, request: Request, prepare: Callable[[], Prepared]) -> HttpResponseBase:
    """The answer to a ``GET``, from the cache where it is there and still true.

    Raises:
        ProdevError: what ``prepare`` and the reading raise.
    """
    if not _is_answerable(request):
        return Response(prepare().read())
    begun: _Exchange | None = getattr(view, "exchange", None)
    if begun is not None:
        return begun.answer(prepare)
    if not _needs_stamp(request):
        return _Exchange(view, request, None).answer(prepare)
    address = _address(view, request)
    prepared = None
    if address in _remembered:
        scopes = _remembered[address]
    else:
        prepared = prepare()
        scopes = prepared.scopes()
        if len(address[2]) <= _LONGEST_KEPT:
            if len(_remembered) >= _KEPT:
                _remembered.clear()
            _remembered[address] = scopes
    understood = prepared
    return _Exchange(view, request, scopes).answer(lambda: understood or prepare())


def _is_answerable(request: Request) -> bool:
    """Whether the answer is one of bytes that may be kept: those of people's pages are rendered for each request."""
    return type(getattr(request, "accepted_renderer", None)) is JSONRenderer


def _needs_stamp(request: Request) -> bool:
    """Whether a stamp is of use: for the cache, or to tell that what the reader has is still true."""
    return prodev_settings.CACHE or bool(request._request.META.get("HTTP_IF_NONE_MATCH"))


def _address(view: Any, request: Request) -> tuple[Any, ...]:
    """What an answer's scopes depend on."""
    asked = request._request.META.get("QUERY_STRING", "")
    return type(view), getattr(view, "action", None), asked, Viewer.of(request.user).scope, repr(configured())


def revision_of(tag: str) -> str:
    """The revision in a row's ``ETag``, of which the quotation marks were taken off."""
    return tag.partition(".")[0]


def etag_of_row(row: dict[str, Any], viewer: Viewer) -> str:
    """The ``ETag`` of a row's usual answer."""
    return f'"{_tag(row, to_json(row), viewer)}"'


def _tag(data: Any, body: bytes, viewer: Viewer) -> str:
    digest = content_digest(viewer.name, body)
    revision = data.get("revision")
    return f"{revision}.{digest}" if revision else digest


class _Exchange:
    """One request and its answer."""

    def __init__(
        self,
        view: Any,
        request: Request,
        scopes: frozenset[str] | None,
        work: Callable[[], None] = nothing,
    ) -> None:
        self.viewer = viewer = Viewer.of(request.user)
        sent = request._request.META
        self.is_public = viewer.scope is Scope.ANONYMOUS and not any(sent.get(name) for name in _CREDENTIALS)
        label = f"rest.{view.basename}.{view.action}"
        self.named = sent.get("HTTP_IF_NONE_MATCH")
        if scopes is None:
            self.lookup = Lookup(label)
            work()
        else:
            asked = request._request
            address = [asked.scheme, asked.get_host(), asked.path, sent.get("QUERY_STRING", "")]
            vary = [address, request.accepted_media_type]
            self.lookup = Lookup.begin(label, viewer.name, vary, scopes, names_tag=bool(self.named), work=work)

    def answer(self, prepare: Callable[[], Prepared]) -> HttpResponseBase:
        known = self.lookup.known()
        if known is not None and self._has(known):
            return self._unchanged(known)
        stored = self.lookup.found()
        if stored is not None:
            tag, mark, body = stored.partition(b"\n")
            if mark and _TAG.fullmatch(tag):
                return self._answered(tag.decode(), body)
        try:
            data = prepare().read()
            body = to_json(data)
        except BaseException:
            self.lookup.give_up()
            raise
        computed = _tag(data, body, self.viewer)
        self.lookup.keep(computed.encode() + b"\n" + body)
        return self._answered(computed, body)

    def _answered(self, tag: str, body: bytes) -> HttpResponseBase:
        self.lookup.remember(tag)
        return self._unchanged(tag) if self._has(tag) else self._said(Answer(body), tag)

    def _has(self, tag: str) -> bool:
        return is_unchanged(self.named, tag)

    def _unchanged(self, tag: str) -> HttpResponseBase:
        self.lookup.outcome = counting.UNCHANGED
        return self._said(HttpResponseNotModified(), tag)

    def _said(self, response: HttpResponseBase, tag: str) -> HttpResponseBase:
        response.headers["ETag"] = f'"{tag}"'
        response.is_public = self.is_public  # type: ignore[attr-defined]
        say_how(response, self.lookup.outcome, self.lookup.seconds)
        self.lookup.count()
        return response
