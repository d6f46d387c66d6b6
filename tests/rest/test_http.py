"""What HTTP says around the answers: methods, headers, a host's own defaults, and the pages for people."""

from base64 import b64encode
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.authentication import BasicAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.settings import api_settings
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from django_prodev.rest.views import TopicViewSet
from django_prodev.testing import make_topic, make_user
from tests.reading.library import Library
from tests.rest.asking import LISTS, ROOT, get

pytestmark = pytest.mark.django_db

JSON_ADDRESSES = ("", *(f"{prefix}/" for prefix in LISTS))


@pytest.mark.parametrize("address", JSON_ADDRESSES)
def test_head_says_what_get_would_and_sends_nothing(client: Client, address: str) -> None:
    whole, head = client.get(f"{ROOT}{address}"), client.head(f"{ROOT}{address}")
    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["Content-Length"] == str(len(whole.content))
    assert head.headers["Content-Type"] == whole.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("address", JSON_ADDRESSES)
def test_options_says_what_an_address_is_and_takes(client: Client, address: str) -> None:
    answer = client.options(f"{ROOT}{address}")
    assert answer.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))
    assert answer.json()["renders"] == ["application/json", "text/html"]
    assert answer.json()["description"]


@pytest.mark.parametrize("address", [*JSON_ADDRESSES, "schema/", "docs/", "redoc/", "topics/7/", "topics/?x=1"])
def test_nobody_else_may_store_an_answer(client: Client, address: str) -> None:
    answer = client.get(f"{ROOT}{address}")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


def test_the_root_names_every_list(client: Client) -> None:
    assert get(client, "") == {prefix: f"http://testserver{ROOT}{prefix}/" for prefix in LISTS}


def test_what_is_seen_follows_who_asks() -> None:
    library, signed_in = Library(1), Client()
    signed_in.force_login(library.reader)
    assert get(Client(), "enrollments/")["results"] == []
    assert len(get(signed_in, "enrollments/")["results"]) == 1


def test_an_inactive_user_reads_as_anyone(client: Client) -> None:
    library = Library(1)
    client.force_login(library.reader)
    type(library.reader)._default_manager.filter(pk=library.reader.pk).update(is_active=False)
    assert get(client, "enrollments/")["results"] == []


def test_the_defaults_of_a_host_are_those_of_the_views() -> None:
    for name in ("authentication_classes", "permission_classes", "throttle_classes"):
        assert getattr(TopicViewSet, name) == getattr(APIView, name)
        assert name not in {
            key for each in TopicViewSet.__mro__[: TopicViewSet.__mro__.index(APIView)] for key in vars(each)
        }
    assert TopicViewSet.permission_classes == api_settings.DEFAULT_PERMISSION_CLASSES


def test_a_permission_of_the_host_is_asked_first(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(APIView, "permission_classes", [IsAuthenticated])
    monkeypatch.setattr(APIView, "authentication_classes", [BasicAuthentication])
    make_topic()
    answer = client.get(f"{ROOT}topics/?nonsense=1")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_authenticated"
    name = make_user("ada", password="pw").get_username()
    basic = {"authorization": f"Basic {b64encode(f'{name}:pw'.encode()).decode()}"}
    assert len(client.get(f"{ROOT}topics/", headers=basic).json()["results"]) == 1
    wrong = client.get(f"{ROOT}topics/", headers={"authorization": "Basic YWRhOng="})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "authentication_failed")


def test_without_a_way_to_sign_in_the_host_refuses_with_403(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(APIView, "permission_classes", [IsAuthenticated])
    answer = client.get(f"{ROOT}topics/")
    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_throttle_of_the_host_says_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    class Twice(AnonRateThrottle):
        scope = "prodev-tests"
        rate = "2/minute"

    monkeypatch.setattr(APIView, "throttle_classes", [Twice])
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "throttle"}
    settings.CACHES = {"default": memory}
    cache.clear()
    assert [client.get(f"{ROOT}topics/").status_code for _ in range(3)] == [200, 200, 429]
    answer = client.get(f"{ROOT}topics/")
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "throttled"


@pytest.mark.parametrize("address", JSON_ADDRESSES)
def test_a_browser_gets_a_page(client: Client, address: str) -> None:
    library = Library(1)
    client.force_login(library.reader)
    answer = client.get(f"{ROOT}{address}", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


def test_the_page_for_a_browser_shows_rows_readably_and_escaped(client: Client) -> None:
    make_topic(name="<script>alert(1)</script>")
    page = client.get(f"{ROOT}topics/", headers={"accept": "text/html"}).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '\n      <span class="hljs-attr">' in page or "\n      &quot;slug&quot;" in page


def test_json_is_compact_for_programs_and_indented_where_that_is_asked_for(client: Client) -> None:
    make_topic(name="é")
    compact = client.get(f"{ROOT}topics/", headers={"accept": "application/json"}).content
    assert b'"name":"\xc3\xa9"' in compact
    indented = client.get(f"{ROOT}topics/", headers={"accept": "application/json; indent=4"})
    assert indented.json() == get(client, "topics/")


def test_links_follow_the_address_that_was_asked(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["learn.example"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    make_topic()
    make_topic()
    answer = client.get(f"{ROOT}topics/?page_size=1", headers={"host": "learn.example", "x-forwarded-proto": "https"})
    assert answer.json()["next"].startswith(f"https://learn.example{ROOT}topics/?cursor=")
    assert client.get(f"{ROOT}topics/", headers={"host": "evil.example"}).status_code == 400
