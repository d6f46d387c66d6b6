"""Writes over REST: a method for each command of an entity, all of them one path through the writing room.

``POST`` to a list makes a row, ``PATCH`` and ``PUT`` edit one, ``DELETE`` removes it; every other command is a ``POST``
to an address of its own below the list or the row. ``If-Match`` guards an edit against a lost update, and an
``Idempotency-Key`` makes a repeated ``POST`` one effect.
"""

import hashlib
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from django_prodev import api
from django_prodev.exceptions import Conflict, Invalid
from django_prodev.models.viewer import Viewer
from django_prodev.reading.entities import Entity
from django_prodev.rest.addresses import address_of, identifier_of
from django_prodev.rest.caching import etag_of_row, revision_of
from django_prodev.rest.inputs import needed_to_replace
from django_prodev.rest.parameters import query_of, read_nothing
from django_prodev.rest.renderers import to_json
from django_prodev.rest.selections import reader_of, single_names
from django_prodev.writing.catalog import commands_of
from django_prodev.writing.commands import Command, InputType
from django_prodev.writing.performing import perform


class PreconditionFailed(Conflict):
    """The row is no longer the one that ``If-Match`` names."""

    default_code = "precondition_failed"
    default_message = "This was changed by someone else since it was read."


def methods_of(entity: Entity) -> dict[str, tuple[Command, Any]]:
    """The view set methods of an entity's commands, by name, each with its command."""
    return {name: (command, method) for command in commands_of(entity) for name, method in _methods(command)}


def _methods(command: Command) -> list[tuple[str, Any]]:
    match command.action:
        case "create" if not command.subject:
            return [("create", _handler(command, "create"))]
        case "edit":
            replace = _handler(command, "update", whole=True)
            return [("partial_update", _handler(command, "partial_update")), ("update", replace)]
        case "delete":
            return [("destroy", _handler(command, "destroy"))]
    name = f"do_{command.action}"
    path = command.action.replace("_", "-")
    route = action(detail=bool(command.subject), methods=["post"], url_path=path, url_name=path)
    return [(name, route(_handler(command, name)))]


def _handler(command: Command, name: str, *, whole: bool = False) -> Callable[..., Response]:
    def handle(self: Any, request: Request, pk: str | None = None) -> Response:
        return write(self, request, partial(_perform, self, command, request, pk, whole=whole), partial(_respond, self))

    handle.__name__ = name
    handle.__doc__ = command.description
    return handle


def write(
    view: Any,
    request: Request,
    work: Callable[[], dict[str, Any]],
    respond: Callable[[dict[str, Any]], Response],
) -> Response:
    """Do ``work`` for whoever is signed in, once for each ``Idempotency-Key``, and answer with what it came to."""
    if not request.user.is_authenticated:
        view.permission_denied(request)
    read_nothing(query_of(request))
    key = request.headers.get("Idempotency-Key")
    if key is None or request.method != "POST":
        return respond(work())
    answer, repeated = api.once(
        actor=request.user,
        key=key,
        fingerprint=_fingerprint(request),
        perform=lambda: {"text": to_json(work()).decode()},  # text keeps the order of names, which jsonb does not
    )
    response = respond(orjson.loads(answer["text"]))
    if repeated:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _perform(view: Any, command: Command, request: Request, pk: str | None, *, whole: bool) -> dict[str, Any]:
    """Do it, and say what to answer in JSON values: so that the answer can be kept, and given again."""
    given = dict(request.data) if request.data else {}
    if whole:
        given = _replacing(view, command, given)
    expected = _expected(request, command)
    try:
        result = perform(
            command,
            actor=request.user,
            given=given,
            subject=None if pk is None else identifier_of(pk),
            expected_versions=expected,
        )
    except Conflict as error:
        if expected is not None and error.code == "conflict":
            raise PreconditionFailed from error
        raise
    if result is None:
        return {"status": status.HTTP_204_NO_CONTENT}
    reader = reader_of(view.serializer_class, single_names(view.serializer_class))
    row = reader.one(Viewer.of(request.user), {"uuid": result.uuid})
    made = status.HTTP_201_CREATED if command.makes else status.HTTP_200_OK
    return {"status": made, "id": str(result.uuid), "row": orjson.loads(to_json(row))}


def _respond(view: Any, answer: dict[str, Any]) -> Response:
    row = answer.get("row")
    if row is None:
        return Response(status=status.HTTP_204_NO_CONTENT)
    response = Response(row, status=answer["status"])
    response.headers["ETag"] = etag_of_row(row, Viewer.of(view.request.user))
    if answer["status"] == status.HTTP_201_CREATED:
        response.headers["Location"] = address_of(view.request, view.basename, answer["id"])
    return response


def _replacing(view: Any, command: Command, given: dict[str, Any]) -> dict[str, Any]:
    """A ``PUT`` replaces: what is left out goes back to its default, and what has none must be given."""
    needed = needed_to_replace(command, view.commands.get("create"))
    missing = {name: ["This is required."] for name in sorted(needed - given.keys())}
    if missing:
        raise Invalid(fields=missing)
    whole = dict(given)
    for each in command.inputs:
        if each.name not in given:
            if each.input_type in {InputType.ROWS, InputType.STRINGS}:
                whole[each.name] = []
            else:
                column = command.entity.model._meta.get_field(each.name)
                whole[each.name] = column.get_default()  # type: ignore[union-attr]
    return whole


def _expected(request: Request, command: Command) -> frozenset[str] | None:
    """The revisions that ``If-Match`` names (RFC 9110): ``None`` where it is absent or ``*``.

    Tags are compared strongly, so a weak one names no revision.
    """
    header = request.headers.get("If-Match")
    if header is None or (command.subject and header.strip() == "*"):
        return None
    if not command.versioned:
        raise Invalid(fields={"If-Match": ["This cannot be asked of what is not an edit."]})
    return frozenset(revision_of(tag.strip()[1:-1]) for tag in header.split(",") if _STRONG_TAG.fullmatch(tag.strip()))


_STRONG_TAG = re.compile(r'"[^"]*"')


def _fingerprint(request: Request) -> str:
    """A digest of the method, the address and the body."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    digest.update(orjson.dumps(request.data or {}, option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()
