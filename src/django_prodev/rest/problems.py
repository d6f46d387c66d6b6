"""Refusals as problem details (RFC 9457), the same for everything that can go wrong in a view."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from django_prodev import exceptions
from django_prodev.models.tables import means_not_migrated

CONTENT_TYPE = "application/problem+json"

_STATUSES: tuple[tuple[type[exceptions.ProdevError], HTTPStatus], ...] = (
    (exceptions.NotFound, HTTPStatus.NOT_FOUND),
    (exceptions.PermissionDenied, HTTPStatus.FORBIDDEN),
    (exceptions.Conflict, HTTPStatus.CONFLICT),
    (exceptions.Refused, HTTPStatus.CONFLICT),
    (exceptions.Busy, HTTPStatus.SERVICE_UNAVAILABLE),
    (exceptions.NotMigrated, HTTPStatus.SERVICE_UNAVAILABLE),
    (exceptions.ProdevError, HTTPStatus.BAD_REQUEST),
)


_BY_CODE = {
    "precondition_failed": HTTPStatus.PRECONDITION_FAILED,
    "idempotency_key_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
}
"""The refusals for which HTTP has a status of its own."""


class Refusal(Response):
    """A response that holds a problem document. Which page or media type shows it is the view's to say."""


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception that a view let through; ``None`` for what is not a refusal but a fault."""
    problem = _problem(error)
    if problem is None:
        return None
    set_rollback()
    return Refusal(problem, status=problem["status"], headers=_headers(error))


def _problem(error: Exception) -> dict[str, Any] | None:
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, DjangoPermissionDenied):
        error = exceptions.PermissionDenied()
    elif means_not_migrated(error):
        error = exceptions.NotMigrated()
    if isinstance(error, exceptions.ProdevError):
        status = _BY_CODE.get(error.code) or next(status for kind, status in _STATUSES if isinstance(error, kind))
        return describe(status, error.code, error.message, error.fields)
    if isinstance(error, drf.ValidationError):
        return describe(HTTPStatus.BAD_REQUEST, "invalid", exceptions.Invalid.default_message, _flat(error.detail))
    if isinstance(error, drf.APIException):
        code = error.get_codes()
        return describe(
            HTTPStatus(error.status_code), code if isinstance(code, str) else error.default_code, str(error.detail)
        )
    return None


def describe(status: HTTPStatus, code: str, detail: str, fields: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """A problem document."""
    problem: dict[str, Any] = {
        "type": f"urn:prodev:problem:{code}",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
    }
    if fields:
        problem["errors"] = fields
    return problem


def _flat(detail: Any) -> dict[str, list[str]]:
    """REST framework's nested errors by the dotted name of the input."""
    found: dict[str, list[str]] = {}

    def walk(part: Any, name: str) -> None:
        if isinstance(part, dict):
            for key, value in part.items():
                walk(value, f"{name}.{key}" if name else str(key))
        elif isinstance(part, list):
            for number, value in enumerate(part):
                walk(value, name if not isinstance(value, dict | list) else f"{name}.{number}")
        else:
            found.setdefault(name, []).append(str(part))

    walk(detail, "")
    return found


def _headers(error: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = f"{max(1, round(wait))}"
    if isinstance(error, exceptions.Busy):
        headers["Retry-After"] = "1"
    return headers
