"""One command through both interfaces, and what came out in words that both share."""

import re
import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.test import Client
from graphql import GraphQLEnumType, GraphQLInputObjectType, get_named_type

from django_prodev.graphql.schema import schema
from django_prodev.graphql.types import from_global_id, global_id
from django_prodev.models import Event
from django_prodev.models.base import Record
from django_prodev.reading.catalog import LISTED
from django_prodev.rest.urls import router
from django_prodev.writing.catalog import COMMANDS
from django_prodev.writing.commands import Command

REST = "/learning/api/v1/"
GRAPHQL = "/learning/graphql/"

PREFIX = {view_set.serializer_class.entity.name: prefix for prefix, view_set, _ in router.registry}
ENTITY = {entity.model: entity for entity in LISTED}


@dataclass(frozen=True)
class Answer:
    """``code`` is empty where it was done; ``fields`` is what is wrong with which input, by its name in Python."""

    code: str = ""
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    identifier: str = ""
    status: int = 200
    raw: Any = None


def over_rest(
    client: Client,
    command: Command | str,
    subject: Any = None,
    given: Mapping[str, Any] | None = None,
    *,
    method: str = "",
    **headers: str,
) -> Answer:
    """Send ``command`` as a REST request."""
    command = COMMANDS[command] if isinstance(command, str) else command
    usual, address = rest_address(command, subject)
    response = client.generic(
        method or usual,
        address,
        *_body({name: in_rest(value) for name, value in (given or {}).items()}),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    if response.status_code == 204:
        return Answer(identifier=identifier_of(subject), status=204, raw=response)
    found = response.json()
    if response.status_code < 300:
        return Answer(identifier=found["id"], status=response.status_code, raw=response)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert found["status"] == response.status_code
    return Answer(found["code"], found.get("errors", {}), status=response.status_code, raw=response)


def rest_address(command: Command, subject: Any = None) -> tuple[str, str]:
    """The method and the address of a command."""
    root = f"{REST}{PREFIX[command.entity.name]}/"
    row = f"{root}{identifier_of(subject)}/" if command.subject else root
    match command.action:
        case "create":
            return "POST", root
        case "edit":
            return "PATCH", row
        case "delete":
            return "DELETE", row
        case verb:
            return "POST", f"{row}{verb.replace('_', '-')}/"


def _body(given: Any) -> tuple[bytes, str]:
    import json

    return json.dumps(given).encode(), "application/json"


def in_rest(value: Any) -> Any:
    """A value as JSON has it for REST."""
    match value:
        case Record():
            return str(value.uuid)
        case person if isinstance(person, get_user_model()):
            return person.get_username()
        case Decimal():
            return float(value)
        case datetime() | date():
            return value.isoformat()
        case list():
            return [in_rest(each) for each in value]
        case dict():
            return {key: in_rest(each) for key, each in value.items()}
    return value


def over_graphql(
    client: Client, command: Command | str, subject: Any = None, given: Mapping[str, Any] | None = None, **more: Any
) -> Answer:
    """Send ``command`` as a GraphQL mutation."""
    command = COMMANDS[command] if isinstance(command, str) else command
    name = camel(command.name)
    response = client.generic("POST", GRAPHQL, *_body(mutation_of(command, subject, given, **more)))
    assert response.status_code == 200, response.content
    found = response.json()
    if "errors" in found:
        extensions = found["errors"][0]["extensions"]
        assert found["data"] == {name: None}
        assert extensions["code"] == extensions["code"].upper()
        return Answer(extensions["code"].lower(), extensions.get("fields", {}), raw=found)
    payload = found["data"][name]
    if payload["errors"]:
        wrong = {snake(error["field"]): error["messages"] for error in payload["errors"]}
        return Answer("invalid", wrong, raw=found)
    if command.deletes:
        named = from_global_id(payload["deletedId"])
        assert named is not None
        return Answer(identifier=str(named[1]), raw=found)
    row = payload[camel(command.entity.name)]
    return Answer(identifier=row["uuid"] if row else "", raw=found)


def mutation_of(
    command: Command, subject: Any, given: Mapping[str, Any] | None, row: str = "{ id uuid }", **more: Any
) -> dict[str, Any]:
    """The body of a request for ``command`` that asks ``row`` of what it answers with."""
    name = camel(command.name)
    kind = schema.graphql_schema.get_type(f"{name[0].upper()}{name[1:]}Input")
    assert isinstance(kind, GraphQLInputObjectType)
    inputs = {camel(key): in_graphql(value, kind.fields[camel(key)].type) for key, value in (given or {}).items()}
    if command.subject:
        inputs["id"] = global_id(command.entity, identifier_of(subject))
    selected = "deletedId" if command.deletes else f"{camel(command.entity.name)} {row}"
    text = f"mutation M($input: {kind.name}!) {{ {name}(input: $input) {{ errors {{ field messages }} {selected} }} }}"
    return {"query": text, "variables": {"input": inputs | more}}


def in_graphql(value: Any, kind: Any) -> Any:
    """A value as a variable of GraphQL has it."""
    named = get_named_type(kind)
    match value:
        case Record():
            return global_id(ENTITY[type(value)], value.uuid)
        case list():
            return [in_graphql(each, named) for each in value]
        case dict():
            return {key: in_graphql(each, named.fields[key].type) for key, each in value.items()}
        case str() if isinstance(named, GraphQLEnumType):
            return next((key for key, each in named.values.items() if _stored(each.value) == value), value)
    return in_rest(value)


def _stored(value: Any) -> Any:
    return getattr(value, "value", value)


def identifier_of(subject: Any) -> str:
    return str(subject.uuid if isinstance(subject, Record) else subject)


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", name)


def state() -> dict[str, Any]:
    """What is stored, without the keys and times that differ from one attempt to the next."""
    return {model.__name__: _rows(model) for model in apps.get_app_config("django_prodev").get_models()}


def _rows(model: type[models.Model]) -> Counter[Any]:
    names = [
        each.name
        for each in model._meta.concrete_fields
        if each.name not in {"id", "uuid", "key"} and not isinstance(each, models.DateTimeField)
    ]
    names = [name for name in names if model is not Event or name != "object_uuid"]
    places = [_places(model._meta.get_field(name)) for name in names]
    rows = model._default_manager.order_by().values_list(*names)
    return Counter(tuple(_plain(value, of) for value, of in zip(row, places, strict=True)) for row in rows)


def _places(column: Any) -> dict[Any, int]:
    """The rows that a foreign key may name, by their order: sequences never go back, so the keys of attempts differ."""
    if not column.is_relation:
        return {}
    keys = column.related_model._default_manager.order_by("pk").values_list("pk", flat=True)
    return {key: place for place, key in enumerate(keys)}


def _plain(value: Any, places: dict[Any, int]) -> Any:
    if isinstance(value, list | dict):
        return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "uuid", repr(value))
    return places.get(value, value) if places else value


def missing() -> uuid.UUID:
    """The identifier of nothing."""
    return uuid.uuid4()
