"""Where a race is run: a database of its own, and a cache server of its own on a free port."""

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

PROGRAMS = {"redis": "redis-server", "memcached": "memcached"}


class Missing(Exception):
    """Something that the race needs is not here."""


@contextlib.contextmanager
def place(database: str, cache: str) -> Iterator[Any]:
    """Django, set up with this database (``postgres`` or ``sqlite``) and cache; gives the cache's server, if any.

    Raises:
        Missing: where the database does not answer, or the cache's program is not installed.
    """
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    from tests.cache import servers
    from tests.servers import postgres_url

    if database == "postgres" and not postgres_url():
        raise Missing("PostgreSQL does not answer")
    if cache in PROGRAMS and shutil.which(PROGRAMS[cache]) is None:
        raise Missing(f"{PROGRAMS[cache]} is not installed")
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        server: Any = None
        if cache in PROGRAMS:
            made = servers.KeptRedis(folder) if cache == "redis" else servers.Memcached()
            server = stack.enter_context(made)
        suffix = os.environ.get("PRODEV_TEST_DB_SUFFIX", "")
        os.environ["PRODEV_TEST_DB_SUFFIX"] = f"{suffix}_cache{os.getpid()}".lstrip("_")
        os.environ["PRODEV_RACE_CACHES"] = json.dumps(server.caches() if server else servers.LOCMEM)
        if database == "sqlite":
            os.environ["PRODEV_RACE_SQLITE"] = str(Path(folder) / "race.sqlite3")
        os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.race_cache.settings"
        import django

        django.setup()
        from django.db import connection

        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield server
        finally:
            connection.creation.destroy_test_db(connection.settings_dict["NAME"], verbosity=0)
