"""GraphQL over HTTP, as its specification draft (graphql-over-http) has it.

A request is JSON by POST, or a query by GET with a header that no page can send across sites without asking first;
both are safe from forgery without a token. What a document may ask for is decided before it is looked at further.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar

import graphene
import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View
from graphql import GraphQLError, OperationType, execute_sync
from graphql.execution.values import get_variable_values

from django_prodev.cache.validators import CREDENTIALS, say_who_may_store
from django_prodev.conf import prodev_settings
from django_prodev.graphql import caching, graphiql
from django_prodev.graphql.costs import check_cost
from django_prodev.graphql.documents import Documents, Refused
from django_prodev.graphql.errors import formatted
from django_prodev.graphql.limits import LimitPassed
from django_prodev.graphql.operations import Outcome, planned
from django_prodev.graphql.scalars import to_json
from django_prodev.graphql.schema import schema as default_schema

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"

PREFLIGHT_HEADERS = ("GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Requested-With")
"""A GET with one of these cannot come from another site's page without that site asking first (CORS)."""

_LONGEST_ACCEPT = 1_000

_VARIES_BY = ("Accept", *CREDENTIALS)


class BadRequest(Exception):
    """The request is not one of GraphQL over HTTP."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class GraphQLView(View):
    """Serves one schema. A host with a schema of its own: ``GraphQLView.as_view(schema=mine)``."""

    schema: graphene.Schema = default_schema
    http_method_names = ["get", "post", "head", "options"]

    _documents: ClassVar[dict[int, Documents]] = {}

    @property
    def documents(self) -> Documents:
        core = self.schema.graphql_schema
        return self._documents.setdefault(id(core), Documents(core))

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view. It is safe from forgery without a token."""
        return csrf_exempt(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        answer = super().dispatch(request, *args, **kwargs)
        patch_vary_headers(answer, _VARIES_BY)
        say_who_may_store(answer, varies=True)
        return answer

    def get(self, request: HttpRequest) -> HttpResponse:
        if prodev_settings.GRAPHIQL and "query" not in request.GET and _prefers_html(request):
            if _may_introspect(request):
                return graphiql.page(request)
            return _refusal(403, "The page for trying queries is for staff who are signed in.", JSON)
        return self._serve(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._serve(request)

    def _serve(self, request: HttpRequest) -> HttpResponse:
        accepted = _accepted(request.META.get("HTTP_ACCEPT", "*/*"))
        try:
            if accepted is None:
                raise BadRequest(406, f"The answer is {RESPONSE_JSON} or {JSON}.")
            asked = _from_query(request) if request.method in {"GET", "HEAD"} else _from_body(request)
            outcome = self._execute(request, *asked)
        except BadRequest as error:
            return _refusal(error.status, str(error), accepted or JSON)
        if isinstance(outcome, HttpResponse):
            return outcome
        if outcome.body is not None:
            return caching.written(request, outcome, f"{accepted}; charset=utf-8")
        answer: dict[str, Any] = {}
        if outcome.errors:
            answer["errors"] = [formatted(error) for error in outcome.errors]
        if outcome.data is not None or not outcome.errors:
            answer["data"] = outcome.data
        status = 400 if "data" not in answer and accepted == RESPONSE_JSON else 200
        return HttpResponse(to_json(answer), status=status, content_type=f"{accepted}; charset=utf-8")

    def _execute(
        self, request: HttpRequest, text: str, variables: Mapping[str, Any], name: str | None
    ) -> Outcome | HttpResponse:
        core = self.schema.graphql_schema
        try:
            document = self.documents.get(text)
            operation = document.operation(name)
        except Refused as error:
            return Outcome(None, error.errors)
        except GraphQLError as error:
            return Outcome(None, [error])
        if operation.operation is OperationType.MUTATION and request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if document.introspects(operation) and not _may_introspect(request):
            refused = GraphQLError("The schema is shown to staff.", extensions={"code": "INTROSPECTION_DENIED"})
            return Outcome(None, [refused])
        definitions = operation.variable_definitions or ()
        coerced = get_variable_values(core, definitions, dict(variables), max_errors=5) if definitions else {}
        if isinstance(coerced, list):
            return Outcome(None, coerced)
        # Where nothing varies, the cost is the same each time.
        counted = None if definitions else ("cost", name, prodev_settings.GRAPHQL_MAX_COST, prodev_settings.PAGE_SIZE)
        try:
            if counted not in document.memory:
                check_cost(core, operation, document.fragments, coerced)
        except LimitPassed as error:
            return Outcome(None, [error])
        if counted:
            document.memory[counted] = True
        plan = planned(core, document, operation, coerced)
        if plan is not None:
            return caching.answered(request, plan, (text, name, variables), coerced)
        result = execute_sync(
            core, document.node, context_value=request, variable_values=dict(variables), operation_name=name
        )
        return Outcome(result.data, list(result.errors or ()))


def _refusal(status: int, message: str, media_type: str) -> HttpResponse:
    body = to_json({"errors": [{"message": message, "extensions": {"code": "BAD_REQUEST"}}]})
    return HttpResponse(body, status=status, content_type=f"{media_type}; charset=utf-8")


def _from_body(request: HttpRequest) -> tuple[str, Mapping[str, Any], str | None]:
    if request.content_type != JSON or (request.content_params or {}).get("charset", "utf-8").lower() != "utf-8":
        raise BadRequest(415, f"The body is {JSON}, in UTF-8.")
    most = prodev_settings.GRAPHQL_MAX_BODY_BYTES
    if _announced(request) > most or len(request.body) > most:
        raise BadRequest(413, f"The body has at most {most:,} bytes.")
    return _parameters(_loads(request.body, "The body"))


def _announced(request: HttpRequest) -> int:
    """The length that the client announces, so that a body that is too long is not even read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    if not (announced.isascii() and announced.isdigit() and len(announced) < 20):
        raise BadRequest(400, "The length of the body is no number.")
    return int(announced)


def _from_query(request: HttpRequest) -> tuple[str, Mapping[str, Any], str | None]:
    if not any(header in request.headers for header in PREFLIGHT_HEADERS):
        raise BadRequest(400, f"A GET needs one of these headers, with any value: {', '.join(PREFLIGHT_HEADERS)}.")
    found: dict[str, Any] = {name: request.GET[name] for name in ("query", "operationName") if name in request.GET}
    for name in ("variables", "extensions"):
        if request.GET.get(name):
            found[name] = _loads(request.GET[name].encode(), f"“{name}”")
    return _parameters(found)


def _loads(text: bytes, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise BadRequest(400, f"{what} is not JSON.") from None


def _parameters(body: Any) -> tuple[str, Mapping[str, Any], str | None]:
    if not isinstance(body, dict):
        raise BadRequest(400, "The body is an object with “query”; several at once are not served.")
    text = body.get("query")
    if not isinstance(text, str) or not text:
        raise BadRequest(400, "“query” is missing, or is not a text.")
    for name in ("variables", "extensions"):
        if body.get(name) is not None and not isinstance(body[name], dict):
            raise BadRequest(400, f"“{name}” is not an object.")
    operation = body.get("operationName")
    if operation is not None and not isinstance(operation, str):
        raise BadRequest(400, "“operationName” is not a text.")
    return text, body.get("variables") or {}, operation or None


def _accepted(header: str) -> str | None:
    """The media type to answer with: the newer one where it is named and not less wanted than plain JSON."""
    return JSON if len(header) > _LONGEST_ACCEPT else _negotiated(header)


@lru_cache(maxsize=256)
def _negotiated(header: str) -> str | None:
    weights = {part.split(";")[0].strip().lower(): _weight(part) for part in header.split(",")}
    general = max(weights.get("*/*", 0.0), weights.get("application/*", 0.0))
    plain = weights.get(JSON, general)
    newer = weights.get(RESPONSE_JSON, 0.0)
    if newer and newer >= plain:
        return RESPONSE_JSON
    return JSON if plain else None


def _weight(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _prefers_html(request: HttpRequest) -> bool:
    header = request.headers.get("Accept", "")[:_LONGEST_ACCEPT].lower()
    return "text/html" in header and JSON not in header


def _may_introspect(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return settings.DEBUG or prodev_settings.GRAPHQL_INTROSPECTION or bool(user and user.is_active and user.is_staff)
