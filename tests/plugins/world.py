"""A pytest plugin: the world of people and rows that the tests of writes share, made once for each module."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """A ``tests.writing.world.World``, rolled back with the module. Tests take ``db`` too."""
    from django.db import transaction

    from tests.writing.world import World

    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
