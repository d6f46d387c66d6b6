"""Answers from the cache: true, one's own, and not even sent where the reader has them."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from rest_framework.permissions import IsAuthenticated
from rest_framework.views import APIView

from django_prodev.models import Enrollment, Program
from django_prodev.testing import count_statements, make_enrollment, make_published_program, make_topic, make_user
from tests.reading.library import Library
from tests.rest.asking import LISTS, ROOT, VIEW_SETS

pytestmark = pytest.mark.django_db

SESSION = 2
STAMP = 1


@pytest.fixture(autouse=True)
def _memory(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "rest"}}
    caches["default"].clear()


def _client(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("prefix", LISTS)
def test_a_list_and_a_row_that_are_unchanged_are_neither_read_nor_sent(prefix: str) -> None:
    client = _client(Library(2).reader)
    row = client.get(f"{ROOT}{prefix}/").json()["results"][0]
    for year, address in ((2030, f"{ROOT}{prefix}/"), (2031, f"{ROOT}{prefix}/{row['id']}/")):
        whole = client.get(address)
        tag = whole.headers["ETag"]
        answers: list[Any] = []
        for header in (tag, f"W/{tag}", f'"x", {tag}'):
            headers = {"if-none-match": header}
            assert count_statements(lambda: answers.append(client.get(address, headers=headers))) == SESSION + STAMP  # noqa: B023
            answer = answers.pop()
            assert (answer.status_code, answer.content, answer.headers["ETag"]) == (304, b"", tag)
            assert answer.headers["Cache-Control"] == "private, no-cache"
            assert {"Authorization", "Cookie"} <= set(answer.headers["Vary"].split(", "))
        model = VIEW_SETS[prefix].serializer_class.entity.model
        model._default_manager.filter(uuid=row["id"]).update(updated_at=f"{year}-01-01T00:00:00Z")
        changed = client.get(address, headers={"if-none-match": tag})
        assert (changed.status_code, changed.headers["ETag"] == tag) == (200, False)


def test_what_a_row_shows_of_others_is_seen_by_if_none_match_and_passed_over_by_if_match() -> None:
    program = make_published_program()
    client, address = _client(make_user(is_superuser=True)), f"{ROOT}programs/{program.uuid}/"
    tag = client.get(address).headers["ETag"]
    type(program.provider).objects.update(name="Another")
    assert client.get(address, headers={"if-none-match": tag}).status_code == 200
    edit = {"data": {"title": "Rowing"}, "content_type": "application/json"}
    assert client.patch(address, **edit, headers={"if-match": tag}).status_code == 200
    assert client.patch(address, **edit, headers={"if-match": tag}).status_code == 412
    revision = client.get(address).json()["revision"]
    assert client.patch(address, **edit, headers={"if-match": f'"{revision}"'}).status_code == 200


def test_what_was_written_is_read_at_once() -> None:
    program = make_published_program(title="0")
    client, address = _client(make_user(is_superuser=True)), f"{ROOT}programs/{program.uuid}/"
    for turn in range(1, 4):
        assert client.get(address).json()["title"] == str(turn - 1)
        edited = client.patch(address, {"title": str(turn)}, content_type="application/json")
        assert client.get(address).headers["ETag"] == edited.headers["ETag"]
        assert client.get(f"{ROOT}programs/").json()["results"][0]["title"] == str(turn)


def test_who_may_not_see_it_any_more_is_not_told_that_it_is_unchanged() -> None:
    person = make_user()
    place = make_enrollment(user=person, program=make_published_program(visibility="private"))
    client, address = _client(person), f"{ROOT}programs/{place.program.uuid}/"
    tag = client.get(address).headers["ETag"]
    Enrollment.objects.filter(pk=place.pk).update(status="withdrawn")
    assert client.get(address, headers={"if-none-match": tag}).status_code == 404


def test_the_sites_permissions_are_asked_before_any_tag_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    make_topic()
    tag = Client().get(f"{ROOT}topics/").headers["ETag"]
    monkeypatch.setattr(APIView, "permission_classes", [IsAuthenticated])
    for headers in ({}, {"if-none-match": tag}, {"if-none-match": "*"}):
        assert Client().get(f"{ROOT}topics/", headers=headers).status_code == 403


def test_a_tag_is_of_one_viewer_and_one_kind_of_answer() -> None:
    make_topic()
    one, other = _client(make_user()), _client(make_user())
    tags = {client.get(f"{ROOT}topics/").headers["ETag"] for client in (one, other, Client())}
    assert len(tags) == 3
    for client in (one, other, Client()):
        unchanged = [client.get(f"{ROOT}topics/", headers={"if-none-match": tag}).status_code == 304 for tag in tags]
        assert unchanged.count(True) == 1


def test_links_and_hosts_are_not_mixed(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["a.example", "b.example"]
    for _ in range(2):
        make_topic()
    for host in ("a.example", "b.example", "a.example"):
        answer = Client().get(f"{ROOT}topics/?page_size=1", headers={"host": host})
        assert answer.json()["next"].startswith(f"http://{host}/")


def test_what_is_refused_is_refused_each_time() -> None:
    for _ in range(2):
        assert Client().get(f"{ROOT}topics/?nonsense=1").status_code == 400
        assert Client().get(f"{ROOT}programs/00000000-0000-4000-8000-000000000000/").status_code == 404


def test_shared_caches_may_keep_what_is_for_everybody_where_the_site_says_so(settings: Any) -> None:
    settings.DJANGO_PRODEV = {"CACHE_SHARED_SECONDS": 30}
    make_topic()
    address = f"{ROOT}topics/"
    assert Client().get(address).headers["Cache-Control"] == "public, max-age=0, s-maxage=30"
    assert _client(make_user()).get(address).headers["Cache-Control"] == "private, no-cache"
    with_cookie = Client().get(address, headers={"cookie": "unrelated=1"})
    assert with_cookie.headers["Cache-Control"] == "private, no-cache"
    for refused in (Client().get(f"{address}?x=1"), Client().post(address), Client().options(address)):
        assert refused.headers["Cache-Control"] == "private, no-cache"


def test_djangos_own_cache_of_a_site_keeps_nothing_of_ours(settings: Any) -> None:
    middleware = "django.middleware.cache."
    settings.MIDDLEWARE = [
        f"{middleware}UpdateCacheMiddleware",
        *settings.MIDDLEWARE,
        f"{middleware}FetchFromCacheMiddleware",
    ]
    program = make_published_program(title="Before")
    addresses = (f"{ROOT}programs/", f"{ROOT}programs/{program.uuid}/", "/learning/")
    for address in addresses:
        assert b"Before" in Client().get(address).content
    Program.objects.update(title="After")
    for address in addresses:
        assert b"After" in Client().get(address).content


def test_what_somebody_else_wrote_into_the_cache_is_not_an_answer() -> None:
    make_topic(name="Rowing")
    client, held = Client(), caches["default"]
    assert b"Rowing" in client.get(f"{ROOT}topics/").content
    keys = [key.removeprefix(":1:") for key in held._cache]  # type: ignore[attr-defined]
    for rubbish in (b"", b"\x80\x05rubbish", b"evil\r\nX-Header: 1\n{}", "text", None, 7):
        for key in keys:
            held.set(key, rubbish)
        assert b"Rowing" in client.get(f"{ROOT}topics/").content
