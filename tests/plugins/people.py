"""A pytest plugin: leaves out what asks for the columns of Django's own user, on a site with another model."""

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    from django.conf import settings

    if settings.AUTH_USER_MODEL != "auth.User" and item.get_closest_marker("djangos_user"):
        pytest.skip("the user model has no such columns")
