"""Queries, asked and written the way a test reads best."""

import json
from collections.abc import Mapping
from typing import Any

from django.test import Client
from graphql import GraphQLObjectType, get_named_type

from django_prodev.graphql.schema import schema
from django_prodev.graphql.types import ENTITY_OF_TYPE, type_name
from django_prodev.reading.catalog import LISTED
from django_prodev.reading.entities import Entity

ADDRESS = "/learning/graphql/"


def post(client: Client, text: str, variables: Mapping[str, Any] | None = None, **more: Any) -> Any:
    """The HTTP answer to a query."""
    body = json.dumps({"query": text, "variables": variables})
    return client.post(ADDRESS, body, content_type="application/json", **more)


def ask(client: Client, text: str, **variables: Any) -> dict[str, Any]:
    """The data of an answer that has no errors."""
    answer = post(client, text, variables)
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert "errors" not in found, found["errors"]
    data: dict[str, Any] = found["data"]
    return data


def refused(client: Client, text: str, **variables: Any) -> list[dict[str, Any]]:
    """The errors of an answer."""
    answer = post(client, text, variables)
    assert answer.status_code == 200, answer.content
    assert len(answer.content) < 64_000
    errors: list[dict[str, Any]] = answer.json()["errors"]
    return errors


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def object_type(name: str) -> GraphQLObjectType:
    found = schema.graphql_schema.type_map[name]
    assert isinstance(found, GraphQLObjectType)
    return found


def everything(entity: Entity, depth: int = 1) -> str:
    """The selection of every field of an entity, ``depth`` relations deep; of pages the first five rows."""
    return _fields(object_type(type_name(entity)), depth)


def _fields(kind: GraphQLObjectType, depth: int) -> str:
    parts: list[str] = ["__typename"]
    for name, definition in kind.fields.items():
        inner = get_named_type(definition.type)
        if not isinstance(inner, GraphQLObjectType):
            parts.append(name)
        elif inner.name.endswith("Connection"):
            if depth:
                parts.append(f"{name}(first: 5) {page_of(inner, depth - 1)}")
        elif inner.name not in ENTITY_OF_TYPE or depth:
            parts.append(f"{name} {_fields(inner, depth - 1)}")
    return "{ " + " ".join(parts) + " }"


def page_of(connection: GraphQLObjectType, depth: int) -> str:
    node = _fields(get_named_type(connection.fields["nodes"].type), depth)
    around = "pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
    return f"{{ totalCount {around} edges {{ cursor node {node} }} }}"


def list_of(entity: Entity, depth: int = 1, arguments: str = "") -> str:
    """The query of a whole list."""
    return f"{{ {camel(entity.plural)}{arguments} {page_of(object_type(f'{type_name(entity)}Connection'), depth)} }}"


def listed(entity: Entity) -> str:
    """The name of the root field of an entity's list."""
    return camel(entity.plural)


def single(entity: Entity) -> str:
    """The name of the root field of one row."""
    return camel(entity.name)


EACH = {entity.name: entity for entity in LISTED}
