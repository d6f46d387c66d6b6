"""What every room's tests share. Fixtures of one room stand in that room's ``conftest.py``."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.plugins.people", "tests.plugins.scope", "tests.plugins.servers", "tests.plugins.world"]

# A build machine's speed says nothing about the code, and its failures must come again on the next run.
settings.register_profile(
    "suite",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("CI") == "true",
)
settings.load_profile("suite")
