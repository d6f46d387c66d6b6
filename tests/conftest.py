"""What every room's tests share. Fixtures of one room stand in that room's ``conftest.py``."""

pytest_plugins = ["tests.plugins.servers"]
