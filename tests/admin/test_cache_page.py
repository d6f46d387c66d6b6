"""The page of the cache: for superusers, with what is kept, and a button for each scope."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from django_prodev.cache import read_stamps
from django_prodev.testing import make_topic
from tests.admin.pages import client_of, make_staff, superuser_client, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _memory(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "page"}}


def _address() -> str:
    return reverse("admin:django_prodev_cache")


def test_it_shows_scopes_with_their_stamps_and_what_is_kept() -> None:
    make_topic()
    Client().get("/learning/api/v1/topics/")
    client = superuser_client()
    page = client.get(_address()).content.decode()
    assert f"<code>{read_stamps('topic')['topic']}</code>" in page
    assert "django_prodev_entry, django_prodev_entry_topics" in page
    assert "rest.topic.list" in page
    assert "LocMemCache" in page
    assert _address() in client.get("/admin/django_prodev/").content.decode()


def test_a_scope_is_made_out_of_date_and_the_others_are_not() -> None:
    before = read_stamps(["topic", "program"])
    answer = superuser_client().post(_address(), {"scope": "topic"}, follow=True)
    assert told(answer) == ["What depends on “topic” is out of date."]
    after = read_stamps(["topic", "program"])
    assert (before["topic"] == after["topic"], before["program"] == after["program"]) == (False, True)


def test_everything_is_taken_out() -> None:
    Client().get("/learning/api/v1/topics/")
    client, before = superuser_client(), read_stamps(["topic"])
    answer = client.post(_address(), {"scope": "*"}, follow=True)
    assert told(answer)[0].startswith("Everything was taken out: ")
    assert read_stamps(["topic"]) != before
    assert "rest.topic.list</th><td>1" not in client.get(_address()).content.decode().split("Keys that are there")[1]


def test_what_is_no_scope_is_refused() -> None:
    before = read_stamps(["topic"])
    answer = superuser_client().post(_address(), {"scope": "nonsense"}, follow=True)
    assert told(answer) == ["There is no such scope."]
    assert read_stamps(["topic"]) == before


def test_it_is_for_superusers() -> None:
    client = client_of(make_staff())
    assert client.get(_address()).status_code == 403
    assert client.post(_address(), {"scope": "*"}).status_code == 403
    assert _address() not in client.get("/admin/django_prodev/").content.decode()
    assert Client().get(_address()).status_code == 302
