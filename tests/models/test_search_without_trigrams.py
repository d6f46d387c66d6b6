"""A PostgreSQL where the site's user may not create ``pg_trgm``: everything is found, and a check says what is slow."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tests.servers import postgres_url

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).resolve().parents[2]

SITE = """
import json
import django
django.setup()
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django_prodev.models import Entry, search
from django_prodev.testing import make_entry, make_published_program

call_command("migrate", verbosity=0)
if not Entry.objects.exists():
    shown = {"program": make_published_program(visibility="public"), "status": "published", "visibility": "public"}
    make_entry(title="Joins and locks", **shown)
    make_entry(title="Types", **shown)
found = Client().get("/learning/api/v1/entries/?search=LOCKS").json()["results"]
print(json.dumps({
    "found": [row["title"] for row in found],
    "missing": search.missing(connection),
    "checks": [message.id for message in run_checks(databases=["default"])],
}))
"""


@pytest.fixture
def place() -> Iterator[tuple[str, str]]:
    """The addresses of an empty database, for a role that may do little there and for who may do everything."""
    name = f"prodev_lean_{uuid4().hex[:12]}"
    role, everyone = sql.Identifier(name), postgres_url()
    with psycopg.connect(everyone, autocommit=True) as server:
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, name))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(role))
        try:
            with psycopg.connect(make_conninfo(everyone, dbname=name), autocommit=True) as there:
                there.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(role))
            at = f"{server.info.host}:{server.info.port}/{name}"
            yield f"postgres://{name}:{name}@{at}", make_conninfo(everyone, dbname=name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(role))
            server.execute(sql.SQL("DROP ROLE {}").format(role))


@pytest.fixture
def visit(place: tuple[str, str]) -> Callable[[], dict[str, list[str]]]:
    """Migrate as the role, look for a word, and ask the checks."""

    def ask() -> dict[str, list[str]]:
        environment = {
            **os.environ,
            "DATABASE_URL": place[0],
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
        }
        done = subprocess.run(
            [sys.executable, "-c", SITE], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
        return answer

    return ask


INDEXES = ["prodev_entry_search", "prodev_project_search"]


def test_a_site_that_may_not_create_the_extension_migrates_searches_and_is_told(
    place: tuple[str, str], visit: Callable[[], dict[str, list[str]]]
) -> None:
    assert visit() == {"found": ["Joins and locks"], "missing": INDEXES, "checks": ["django_prodev.W008"]}
    with psycopg.connect(place[1], autocommit=True) as there:
        there.execute("CREATE EXTENSION pg_trgm")
    assert visit() == {"found": ["Joins and locks"], "missing": [], "checks": []}


def test_an_extension_in_a_schema_off_the_search_path_serves_as_well(
    place: tuple[str, str], visit: Callable[[], dict[str, list[str]]]
) -> None:
    with psycopg.connect(place[1], autocommit=True) as there:
        there.execute("CREATE SCHEMA extensions")
        there.execute("CREATE EXTENSION pg_trgm SCHEMA extensions")
        assert visit() == {"found": ["Joins and locks"], "missing": INDEXES, "checks": ["django_prodev.W008"]}
        there.execute("GRANT USAGE ON SCHEMA extensions TO PUBLIC")
    assert visit() == {"found": ["Joins and locks"], "missing": [], "checks": []}
