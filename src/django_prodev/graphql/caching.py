"""Answers to queries from the cache: those that plans serve, for one viewer, document, operation and set of variables.

By then the document was accepted, its cost is known and its variables are understood. An answer with an error in it is
not kept. A query by ``GET`` has an ``ETag``, as a list of the REST API has; a ``POST`` has none, since nobody may ask
about one whether it changed.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from graphql import GraphQLError

from django_prodev.cache import counting
from django_prodev.cache.filling import Lookup
from django_prodev.cache.validators import content_digest, is_unchanged, say_how
from django_prodev.conf import configured, prodev_settings
from django_prodev.exceptions import ProdevError
from django_prodev.graphql.operations import Outcome, Planned
from django_prodev.graphql.scalars import to_json
from django_prodev.models.viewer import Viewer
from django_prodev.reading.scopes import scopes_of

LABEL = "graphql"

_KEPT = 256
"""Sets of variables whose scopes are remembered with one operation."""

_LONGEST_KEPT = 1_000
"""Characters of variables, as JSON, with which scopes are remembered."""

Asked = tuple[str, str | None, Mapping[str, Any]]
"""The document, the name of the operation, and the variables as they came."""


def answered(request: HttpRequest, plan: Planned, asked: Asked, variables: Mapping[str, Any]) -> Outcome | HttpResponse:
    """What the operation comes to, from the cache where it is there and still true."""
    viewer = Viewer.of(getattr(request, "user", None))
    is_keepable = prodev_settings.CACHE or request.method != "POST"
    scopes = _scopes(plan, viewer, asked, variables) if is_keepable else None
    if not scopes:
        return plan.run(viewer, variables)
    lookup = Lookup.begin(LABEL, viewer.name, asked, scopes, names_tag=_named(request) is not None)
    known = lookup.known()
    if known is not None and _has(request, known):
        lookup.outcome = counting.UNCHANGED
        return _said(HttpResponseNotModified(headers={"ETag": f'"{known}"'}), lookup)
    body = lookup.found()
    if body is None:
        try:
            outcome = plan.run(viewer, variables)
            body = None if outcome.errors else to_json({"data": outcome.data})
        except BaseException:
            lookup.give_up()
            raise
        if body is None:
            lookup.give_up()
            return outcome
        lookup.keep(body)
    tag = content_digest(viewer.name, body)
    lookup.remember(tag)
    return Outcome(None, [], body, tag, lookup)


def written(request: HttpRequest, outcome: Outcome, content_type: str) -> HttpResponse:
    """The answer that ``answered`` gave as bytes."""
    if _has(request, outcome.tag):
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(outcome.body, content_type=content_type)
    if request.method != "POST":
        response.headers["ETag"] = f'"{outcome.tag}"'
    return _said(response, outcome.lookup)


def _has(request: HttpRequest, tag: str) -> bool:
    return is_unchanged(_named(request), tag)


def _named(request: HttpRequest) -> str | None:
    """The tags that the reader has, where a tag may be asked about."""
    return request.headers.get("If-None-Match") if request.method != "POST" else None


def _said(response: HttpResponse, lookup: Lookup | None) -> HttpResponse:
    assert lookup is not None
    say_how(response, lookup.outcome, lookup.seconds)
    lookup.count()
    return response


def _scopes(plan: Planned, viewer: Viewer, asked: Asked, variables: Mapping[str, Any]) -> frozenset[str] | None:
    """What the operation depends on; none where an argument is bad, which running it will say."""
    # orjson gives a kilobyte of memory to the shortest bytes; a text has its own length.
    key = (viewer.scope, orjson.dumps(asked[2]).decode(), repr(configured()))
    if key not in plan.memory:
        try:
            found = scopes_of(plan.plans(viewer, variables))
        except (ProdevError, GraphQLError):
            return None
        if len(key[1]) > _LONGEST_KEPT:
            return found
        if len(plan.memory) >= _KEPT:
            plan.memory.clear()
        plan.memory[key] = found
    scopes: frozenset[str] | None = plan.memory[key]
    return scopes
