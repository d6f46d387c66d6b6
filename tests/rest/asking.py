"""Requests to the REST API, as the tests write them."""

from collections.abc import Iterator
from typing import Any

from django.test import Client

from django_prodev.rest.urls import router

ROOT = "/learning/api/v1/"

VIEW_SETS: dict[str, Any] = {prefix: view_set for prefix, view_set, _ in router.registry}
"""The view set of each list, by its address under the root."""

LISTS = tuple(VIEW_SETS)


def get(client: Client, address: str, status: int = 200, /, **query: Any) -> Any:
    """The JSON at an address under the root (or at a whole link), which must answer with ``status``."""
    answer = client.get(address if "://" in address else f"{ROOT}{address}", query or None)
    assert answer.status_code == status, answer.content
    kind = "application/json" if status == 200 else "application/problem+json"
    assert answer.headers["Content-Type"] == kind
    return answer.json()


def rows(client: Client, address: str, **query: Any) -> list[dict[str, Any]]:
    """The rows of one page of a list."""
    found: list[dict[str, Any]] = get(client, f"{address}/", **query)["results"]
    return found


def pages(client: Client, address: str, link: str = "next", **query: Any) -> Iterator[dict[str, Any]]:
    """The pages of a list, from the one that the query asks for to where the links end."""
    page = get(client, f"{address}/", **query)
    yield page
    while page[link]:
        page = get(client, page[link])
        yield page


def related(prefix: str) -> str:
    """Every relation of a list, as ``include`` takes them."""
    view_set = VIEW_SETS[prefix]
    return ",".join((view_set.list_serializer_class or view_set.serializer_class).relations)
