"""A site whose cache is frozen or gone answers all the same, and asks it no more than it must."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from django_prodev.cache import stores
from django_prodev.cache.breaker import Breaker
from django_prodev.models import Topic
from django_prodev.testing import make_topic
from tests.cache.servers import Memcached, Redis, Server

pytestmark = pytest.mark.django_db

ADDRESSES = ("/learning/api/v1/topics/", "/learning/api/v1/programs/", "/learning/")


class CountingBreaker(Breaker):
    """It counts how often the server was asked."""

    allowed = 0

    def allows(self) -> bool:
        allows = super().allows()
        self.allowed += allows
        return allows


@pytest.mark.parametrize("kind", [Redis, Memcached])
@pytest.mark.parametrize("fault", ["freeze", "kill"])
def test_every_answer_is_given_and_is_true(
    kind: type[Server], fault: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "TIMEOUT", 0.25)
    topic, client = make_topic(name="Before"), Client()
    with kind() as server:
        settings.CACHES = server.caches()
        used = stores.store()
        used.breaker = breaker = CountingBreaker(lambda: 0.0)  # once open, it stays open
        for address in ADDRESSES:
            assert client.get(address).status_code == 200
        getattr(server, fault)()
        breaker.allowed = 0
        with transaction.atomic():
            Topic.objects.filter(pk=topic.pk).update(name="After")
        for _ in range(5):
            for address in ADDRESSES:
                assert client.get(address).status_code == 200
            assert client.get(ADDRESSES[0]).json()["results"][0]["name"] == "After"
        posted = client.post("/learning/graphql/", {"query": "{ topics { nodes { name } } }"}, "application/json")
        assert posted.json()["data"]["topics"]["nodes"] == [{"name": "After"}]
        assert breaker.allowed == 2
