"""REST framework's way of a request through a view, without working out anew what is the same for every request.

Authentication, permissions, throttles, versioning, negotiation and exceptions are REST framework's own, with whatever
a host has set. Remembered are only the outcome of its usual negotiation for an ``Accept`` header, and the methods of an
address; throttles decide while the database looks for a stamp.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from django.http.response import HttpResponseBase
from rest_framework.authentication import BasicAuthentication, TokenAuthentication
from rest_framework.exceptions import Throttled
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from django_prodev.cache.validators import CREDENTIALS, say_who_may_store
from django_prodev.rest import problems
from django_prodev.rest.caching import look_up_beside
from django_prodev.rest.parsers import ObjectParser
from django_prodev.rest.renderers import JSONRenderer
from django_prodev.rest.throttles import REFUSALS, need_no_database

_KEPT = 256
_LONGEST_ACCEPT = 500

_BY_HEADER = (BasicAuthentication, TokenAuthentication)
"""REST framework's own authenticators that look at nothing but the ``Authorization`` header."""

_VARIES_BY = ", ".join(("Accept", *CREDENTIALS))

_allowed: dict[tuple[Any, ...], str] = {}

_negotiated: OrderedDict[tuple[Any, ...], tuple[type[BaseRenderer], str]] = OrderedDict()


class LeanView(APIView):
    """A view that answers JSON, or whatever else is negotiated."""

    renderer_classes: Sequence[type[BaseRenderer]] = (JSONRenderer, BrowsableAPIRenderer)
    parser_classes = (ObjectParser,)

    def get_exception_handler(self) -> Any:
        return problems.handle

    @property
    def default_response_headers(self) -> dict[str, str]:
        """What REST framework says on every answer of the address, and that answers depend on who asks."""
        key = (type(self), *(getattr(self, "action_map", None) or ()))
        allowed = _allowed.get(key)
        if allowed is None:
            allowed = _allowed[key] = ", ".join(self.allowed_methods)
        return {"Allow": allowed, "Vary": _VARIES_BY}

    def perform_authentication(self, request: Request) -> None:
        """Ask the authenticators that can have something to say of this request."""
        every = request.authenticators or ()
        if "HTTP_AUTHORIZATION" not in request._request.META:
            request.authenticators = [each for each in every if type(each) not in _BY_HEADER]
        try:
            super().perform_authentication(request)
        finally:
            request.authenticators = every

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """What REST framework's negotiation says; it depends on nothing but the key used here."""
        sent = request._request.META
        accept = sent.get("HTTP_ACCEPT")
        if self.content_negotiation_class is not DefaultContentNegotiation or len(accept or "") > _LONGEST_ACCEPT:
            return super().perform_content_negotiation(request, force)
        renderers = tuple(self.renderer_classes)
        asked = sent.get("QUERY_STRING", "")
        override = request.query_params.get(self.settings.URL_FORMAT_OVERRIDE) if asked else None
        key = (renderers, accept, override, getattr(self, "format_kwarg", None))
        found = _negotiated.get(key)
        if found is None:
            renderer, media_type = super().perform_content_negotiation(request, force)
            if not force:
                _negotiated[key] = (type(renderer), media_type)
                while len(_negotiated) > _KEPT:
                    _negotiated.popitem(last=False)
            return renderer, media_type
        return found[0](), found[1]

    def check_throttles(self, request: Request) -> None:
        """Ask the throttles, and the database for the stamp of the answer, at the same time where that can be.

        While throttles refuse people, they are asked first.
        """
        check = super().check_throttles
        try:
            if self._throttles_alone() and not REFUSALS.are_recent:
                look_up_beside(self, request, lambda: check(request))
            else:
                check(request)
        except Throttled:
            REFUSALS.note()
            raise

    def _throttles_alone(self) -> bool:
        """Whether what throttles this view is as its classes say, and needs no database."""
        kind = type(self)
        is_plain = kind.get_throttles is APIView.get_throttles and kind.throttled is APIView.throttled
        return is_plain and need_no_database(self.throttle_classes)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Answers may depend on who asks: nobody else may store them, and nobody uses one without asking again."""
        if isinstance(response, Response) or not isinstance(response, HttpResponseBase) or response.has_header("Vary"):
            answer: Any = super().finalize_response(request, response, *args, **kwargs)
        else:  # written already, with nothing to add to
            answer = response
            for name, value in self.headers.items():
                answer.headers[name] = value
        if isinstance(answer, problems.Refusal) and not isinstance(answer.accepted_renderer, BrowsableAPIRenderer):
            answer.accepted_renderer = JSONRenderer()
            answer.content_type = problems.CONTENT_TYPE
        say_who_may_store(answer, is_public=getattr(answer, "is_public", False), varies=True)
        return answer
