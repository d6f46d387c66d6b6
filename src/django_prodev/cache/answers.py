"""``cache_answer``: a view whose whole answer is kept until something changes, and a 304 where the reader has it.

What is kept belongs to one viewer, or to all who are not signed in. An answer that carries more than the view's
arguments, the address and the viewer explain is never kept: one with a cookie, with a form's CSRF token, with messages,
one that changed the session, or that varies by a header nobody named.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from inspect import iscoroutinefunction
from typing import Any, TypeGuard, TypeVar

import orjson
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from django_prodev.cache import counting
from django_prodev.cache.filling import Lookup
from django_prodev.cache.keys import viewer_scope
from django_prodev.cache.stamps import checked
from django_prodev.cache.validators import content_digest, is_unchanged, say_how, say_who_may_store

View = TypeVar("View", bound=Callable[..., Any])
Scopes = str | Iterable[str]

HEADERS = ("Accept", "Accept-Language")
"""Headers of the request that an answer may vary by, beside those that say who asks."""

_NOT_KEPT = {
    "set-cookie",
    "date",
    "age",
    "connection",
    "etag",
    "cache-control",
    "vary",
    "server-timing",
    "cache-status",
}


def cache_answer(
    *,
    scope: Scopes | Callable[..., Scopes],
    vary: Any = (),
    headers: Sequence[str] = HEADERS,
    name: str = "",
    seconds: int | None = None,
    public: bool = False,
    using: str | None = None,
) -> Callable[[View], View]:
    """Keep the whole answer of a view, for each viewer, until something in ``scope`` changes.

    ``GET`` and ``HEAD`` alone, and answers with status 200 alone. Whoever the view shall refuse must be refused before:
    decorators such as ``login_required`` stand above this one.

    Args:
        scope: what the answer depends on: scopes, or a function of the view's arguments that gives them.
        vary: what else it varies by: a plain value, or a function of the view's arguments. What the view takes from the
            session or from cookies must be named here.
        headers: headers of the request that it varies by, beside ``Authorization`` and ``Cookie``.
        name: what the answer is called; the view's own name where it is not given.
        seconds: how long it is kept at most.
        public: whether shared caches may store it for those who are not signed in, where ``CACHE_SHARED_SECONDS`` is
            set.
        using: the alias of the database whose stamps are read.

    Raises:
        ImproperlyConfigured: where a scope is none.
        TypeError: where ``vary`` is no plain value.
    """
    fixed = None if callable(scope) else checked(scope)

    def decorate(view: View) -> View:
        label = (name or f"{view.__module__}.{getattr(view, '__qualname__', 'view')}").replace(".<locals>", "")[:80]

        def begin(request: HttpRequest, args: Any, kwargs: Any) -> "_Exchange":
            scopes = fixed if fixed is not None else checked(scope(request, *args, **kwargs))  # type: ignore[operator]
            varied = vary(request, *args, **kwargs) if callable(vary) else vary
            return _Exchange(request, label, scopes, varied, headers, seconds, public, using)

        if iscoroutinefunction(view):

            @functools.wraps(view)
            async def answer_async(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                if not _is_askable(request):
                    response: HttpResponseBase = await view(request, *args, **kwargs)
                    return response
                exchange = await sync_to_async(begin)(request, args, kwargs)
                found = await sync_to_async(exchange.found)()
                if found is not None:
                    return found
                with exchange:
                    response = await view(request, *args, **kwargs)
                    return await sync_to_async(exchange.finish)(response)

            return answer_async  # type: ignore[return-value]

        @functools.wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not _is_askable(request):
                response: HttpResponseBase = view(request, *args, **kwargs)
                return response
            exchange = begin(request, args, kwargs)
            found = exchange.found()
            if found is not None:
                return found
            with exchange:
                return exchange.finish(view(request, *args, **kwargs))

        return answer  # type: ignore[return-value]

    return decorate


def _is_askable(request: HttpRequest) -> bool:
    """Whether to look into the cache: who comes with ``Authorization`` and is not known by it may be anybody."""
    if request.method not in {"GET", "HEAD"}:
        return False
    return "Authorization" not in request.headers or _viewer(request) != "anonymous"


def _viewer(request: HttpRequest) -> str:
    return viewer_scope(getattr(request, "user", None))


class _Exchange:
    """One request and its answer."""

    def __init__(
        self,
        request: HttpRequest,
        label: str,
        scopes: list[str],
        varied: Any,
        headers: Sequence[str],
        seconds: int | None,
        public: bool,
        using: str | None,
    ) -> None:
        self.request = request
        self.headers = tuple(headers)
        self.seconds = seconds
        self.viewer = viewer = _viewer(request)
        self.is_anonymous = viewer == "anonymous"
        # With a cookie there may be a session, which a middleware may yet send anew beside the answer.
        self.is_public = public and self.is_anonymous and not request.headers.get("Cookie")
        vary = [
            request.scheme,
            request.get_host(),
            request.get_full_path(),
            [request.headers.get(header) for header in self.headers],
            varied,
        ]
        self.lookup = Lookup.begin(
            label, viewer, vary, scopes, using=using, names_tag="If-None-Match" in request.headers
        )

    def __enter__(self) -> "_Exchange":
        return self

    def __exit__(self, *failed: Any) -> None:
        self.lookup.give_up()

    def found(self) -> HttpResponseBase | None:
        """The answer, where it need not be computed."""
        known = self.lookup.known()
        if known is not None and self._has(known):
            return self._unchanged(known)
        stored = self.lookup.found()
        kept = _read(stored) if stored is not None else None
        return None if kept is None else self._answered(*kept)

    def finish(self, response: HttpResponseBase) -> HttpResponseBase:
        """Keep the answer where it may be kept."""
        if hasattr(response, "render") and not getattr(response, "is_rendered", True):
            response = response.render()
        if self.request.method != "GET" or not self._explains(response):
            self.lookup.outcome = counting.BYPASS
            self.lookup.give_up()
            say_who_may_store(response)
            return self._said(response)
        headers = [(name, value) for name, value in response.items() if name.lower() not in _NOT_KEPT]
        tag = content_digest(self.viewer, b"\n".join((orjson.dumps(headers), response.content)))
        self.lookup.keep(orjson.dumps([tag, headers]) + b"\n" + response.content, self.seconds)
        return self._answered(tag, response)

    def _answered(self, tag: str, response: HttpResponse) -> HttpResponseBase:
        self.lookup.remember(tag)
        return self._unchanged(tag) if self._has(tag) else self._said(self._dressed(response, tag))

    def _has(self, tag: str) -> bool:
        return is_unchanged(self.request.headers.get("If-None-Match"), tag)

    def _unchanged(self, tag: str) -> HttpResponseBase:
        self.lookup.outcome = counting.UNCHANGED
        return self._said(self._dressed(HttpResponseNotModified(), tag))

    def _dressed(self, response: HttpResponseBase, tag: str) -> HttpResponseBase:
        if self.lookup.key:  # without stamps, nobody could be told that it holds
            response.headers.setdefault("ETag", f'"{tag}"')
        say_who_may_store(response, is_public=self.is_public)
        patch_vary_headers(response, self.headers)
        return response

    def _explains(self, response: HttpResponseBase) -> TypeGuard[HttpResponse]:
        """Whether the answer is the same for all who ask the same: nothing in it is of this request alone."""
        request: Any = self.request
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return False
        if response.cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            return False
        session = getattr(request, "session", None)
        if session is not None and session.modified:
            return False
        messages = getattr(request, "_messages", None)
        if messages is not None and (messages.used or messages.added_new):
            return False
        # Who is not signed in shares answers with all who are not: ``private`` says that this one must not be shared.
        forbidden = {"no-store", "private"} if self.is_anonymous else {"no-store"}
        if forbidden & _words(response.headers.get("Cache-Control", "")):
            return False
        return _words(response.headers.get("Vary", "")) <= {header.lower() for header in self.headers}

    def _said(self, response: HttpResponseBase) -> HttpResponseBase:
        say_how(response, self.lookup.outcome, self.lookup.seconds)
        self.lookup.count()
        return response


def _words(header: str) -> set[str]:
    """The words of a list in a header, without their values: in small letters, as they are compared."""
    return {word.partition("=")[0].strip().lower() for word in header.split(",")} - {""}


def _read(stored: bytes) -> tuple[str, HttpResponse] | None:
    head, mark, body = stored.partition(b"\n")
    try:
        tag, headers = orjson.loads(head)
        return (str(tag), HttpResponse(body, headers=dict(headers))) if mark else None
    except (ValueError, TypeError):
        return None  # somebody else wrote into the cache
