"""Settings of a race: the database of ``tests.services.race_settings``, and the cache that the environment names."""

import json
import os

from tests.services.race_settings import *  # noqa: F403  the same site

CACHES = json.loads(os.environ["PRODEV_RACE_CACHES"])
