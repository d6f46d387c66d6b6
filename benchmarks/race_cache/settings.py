"""Settings of a race: the database of ``tests.services.race_settings``, and what the environment says of the cache."""

import json
import os

from tests.services.race_settings import *  # noqa: F403  the same site

CACHES = json.loads(os.environ["PRODEV_RACE_CACHES"])

if "PRODEV_RACE_MEMORY" in os.environ:
    DJANGO_PRODEV = {"CACHE_MEMORY_BYTES": int(os.environ["PRODEV_RACE_MEMORY"])}
