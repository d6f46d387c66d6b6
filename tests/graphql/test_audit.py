"""The audits of GraphQL over HTTP (npm: graphql-http), run by Node against a live server.

They need ``tests/graphql/audit/node_modules``: ``make graphql-audit`` installs it and runs this file.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from django_prodev.testing import make_user

AUDIT = Path(__file__).parent / "audit"

pytestmark = [
    pytest.mark.skipif(
        shutil.which("node") is None or not (AUDIT / "node_modules").is_dir(),
        reason="Node or the audits are not installed: make graphql-audit",
    ),
    pytest.mark.django_db(transaction=True),
]

PREFLIGHT = "GraphQL-Require-Preflight: 1"

COUNT = 61


def audits(server: Any, *headers: str) -> dict[str, list[str]]:
    """The names of the audits by their outcome."""
    address = f"{server.url}/learning/graphql/"
    done = subprocess.run(
        ["node", "audit.js", address, *headers], cwd=AUDIT, capture_output=True, text=True, check=True, timeout=120
    )
    found: dict[str, list[str]] = {}
    for result in json.loads(done.stdout):
        found.setdefault(result["status"], []).append(f"{result['id']} {result['name']}: {result.get('reason')}")
    assert sum(map(len, found.values())) == COUNT
    return found


def test_every_audit_passes_where_the_schema_may_be_seen(live_server: Any, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"GRAPHQL_INTROSPECTION": True}
    found = audits(live_server, PREFLIGHT)
    assert found.keys() == {"ok"}, found


def test_every_audit_passes_for_staff(live_server: Any) -> None:
    client = Client()
    client.force_login(make_user(is_staff=True))
    cookie = client.cookies[site.SESSION_COOKIE_NAME].value
    found = audits(live_server, PREFLIGHT, f"Cookie: {site.SESSION_COOKIE_NAME}={cookie}")
    assert found.keys() == {"ok"}, found


def test_an_anonymous_client_misses_only_what_asks_for_the_schema_or_comes_by_a_bare_get(live_server: Any) -> None:
    by_the_schema = {"2EA1", "28B9", "D6D5", "6A70"}
    assert missed(audits(live_server, PREFLIGHT)) == by_the_schema
    assert missed(audits(live_server)) == by_the_schema | {"5A70"}


def missed(found: dict[str, list[str]]) -> set[str]:
    return {name.split()[0] for status, names in found.items() if status != "ok" for name in names}
