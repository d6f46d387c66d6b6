"""Throttles beside a look at the database: only those that need none of it, once each, and not while they refuse."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.db import connection
from django.test import Client
from rest_framework.throttling import AnonRateThrottle, BaseThrottle, ScopedRateThrottle, UserRateThrottle
from rest_framework.views import APIView

from django_prodev.rest import caching, dispatch
from django_prodev.rest.throttles import QUIET, Refusals, need_no_database
from django_prodev.testing import make_published_program

ADDRESS = "/learning/api/v1/programs/"


class Burst(AnonRateThrottle):
    """Docs of REST framework have throttles like this one: a scope and a rate."""

    scope = "prodev-burst"
    rate = "3/minute"


class WithCode(UserRateThrottle):
    rate = "3/minute"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return "everybody"


class WithProperty(UserRateThrottle):
    @property
    def rate(self) -> str:  # type: ignore[override]
        return "3/minute"


class OfTheirOwn(BaseThrottle):
    def allow_request(self, request: Any, view: Any) -> bool:
        return True


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "REFUSALS", Refusals())


@pytest.fixture
def locmem(settings: Any) -> Iterator[None]:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "throttles"},
        "table": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "a_table"},
    }
    cache.clear()
    yield
    cache.clear()


@pytest.mark.usefixtures("locmem")
def test_those_that_count_in_a_cache_by_the_framework_s_code_need_no_database() -> None:
    assert need_no_database([])
    assert need_no_database([AnonRateThrottle, UserRateThrottle, ScopedRateThrottle, Burst])


@pytest.mark.parametrize("kind", [WithCode, WithProperty, OfTheirOwn, partial(Burst)])
@pytest.mark.usefixtures("locmem")
def test_nothing_is_said_of_those_with_code_of_their_own(kind: Any) -> None:
    assert not need_no_database([kind])
    assert not need_no_database([AnonRateThrottle, kind])


@pytest.mark.usefixtures("locmem")
def test_one_that_counts_in_the_database_needs_it() -> None:
    class InTable(AnonRateThrottle):
        cache = caches["table"]

    assert not need_no_database([InTable])


def test_a_site_that_caches_in_the_database_counts_there(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "a_table"}}
    assert not need_no_database([AnonRateThrottle])


@pytest.mark.parametrize("settled", [{}, {"CACHE": False}])
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("locmem")
def test_a_request_counts_once_and_is_refused_in_time(
    settled: dict[str, Any], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DJANGO_PRODEV = settled
    make_published_program()
    monkeypatch.setattr(APIView, "throttle_classes", [Burst])
    answers = [Client().get(ADDRESS) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "throttled"
    assert int(answers[3].headers["Retry-After"]) > 0
    with connection.cursor() as cursor:  # the connection is free for the next statement
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db
@pytest.mark.usefixtures("locmem")
def test_stamps_are_asked_for_beside_the_throttles_of_an_address_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    make_published_program()
    began: list[bool] = []
    beside = caching.look_up_beside

    def look_up(view: Any, request: Any, work: Any) -> None:
        beside(view, request, work)
        began.append(hasattr(view, "exchange"))

    monkeypatch.setattr(dispatch, "look_up_beside", look_up)
    monkeypatch.setattr(caching, "_remembered", {})
    monkeypatch.setattr(APIView, "throttle_classes", [Burst])
    bodies = [Client().get(ADDRESS).content for _ in range(2)]
    assert began == [False, True]
    assert bodies[0] == bodies[1]


@pytest.mark.django_db
@pytest.mark.usefixtures("locmem")
def test_while_they_refuse_nothing_is_looked_up_beside_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(APIView, "throttle_classes", [Burst])
    for _ in range(4):
        Client().get(ADDRESS)
    monkeypatch.setattr(dispatch, "look_up_beside", lambda *given: pytest.fail("looked up"))
    assert Client().get(ADDRESS).status_code == 429


def test_a_second_without_refusals_is_enough() -> None:
    now = [50.0]
    refusals = Refusals(lambda: now[0])
    assert not refusals.are_recent
    refusals.note()
    assert refusals.are_recent
    now[0] += QUIET
    assert not refusals.are_recent
