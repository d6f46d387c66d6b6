"""The test suite's site, on a database of the name in ``PRODEV_PAGES_DATABASE``."""

import os

os.environ.setdefault("PRODEV_TEST_DATABASE", "postgres")
os.environ.setdefault("PRODEV_TEST_REDIS", "no")
os.environ.setdefault("PRODEV_TEST_BROKER", "no")

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ.get("PRODEV_PAGES_DATABASE", "prodev_pages")
