"""Each test here begins with an empty cache in this process's memory, unless it asks for another."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches

from django_prodev.cache import filling, stores
from tests.cache.servers import KINDS, LOCMEM, running


@pytest.fixture(autouse=True)
def locmem(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # A busy machine may keep a server from answering for longer than a site would wait.
    monkeypatch.setattr(stores, "TIMEOUT", 20.0)
    monkeypatch.setattr(filling, "PATIENCE", 20.0)
    settings.CACHES = LOCMEM
    caches["default"].clear()
    yield
    caches.close_all()
    settings.CACHES = LOCMEM
    caches["default"].clear()


@pytest.fixture(scope="module", params=KINDS)
def _caches(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    with running(request.param) as caches_of_kind:
        yield caches_of_kind


@pytest.fixture
def every_cache(_caches: dict[str, Any], settings: Any, locmem: None) -> None:
    """The test runs with each kind of cache that hosts use."""
    settings.CACHES = _caches
    caches["default"].clear()
