"""Requests that write over REST, and what is wrong with them by their problem documents."""

import json
from typing import Any

from django.test import Client

from tests.writing.asking import REST

PROGRAMS = f"{REST}programs/"


def send(client: Client, method: str, address: str, body: Any = None, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return client.generic(
        method,
        address,
        data,
        "application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def address(prefix: str, row: Any) -> str:
    return f"{REST}{prefix}/{row.uuid}/"


def problem(answer: Any, status: int, code: str) -> dict[str, list[str]]:
    """What is wrong with the inputs, by a problem document with this status and code."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert (found["status"], found["code"], found["type"]) == (status, code, f"urn:prodev:problem:{code}")
    fields: dict[str, list[str]] = found.get("errors", {})
    return fields
