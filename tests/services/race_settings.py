"""Settings of a race: a database of its own, which several processes share.

On SQLite its transactions are Django's default, not ``IMMEDIATE``: with WAL, what reads before it writes fails there at
once instead of waiting, which the services have to be safe from whatever a host has set.
"""

import os

from tests.servers import postgres, postgres_url
from tests.settings import *  # noqa: F403  the same site, with another database

_FILE = os.environ.get("PRODEV_RACE_SQLITE", "")

if _FILE:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": _FILE,
            "TEST": {"NAME": _FILE},
            "OPTIONS": {"timeout": 20, "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"},
        }
    }
else:
    DATABASES = {"default": postgres(postgres_url())}
    DATABASES["default"]["TEST"]["NAME"] += "_race"
