"""``cache_answer``: whole answers, each viewer's own, with validators; and how such caches have leaked elsewhere."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages, success
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory

from django_prodev import api
from django_prodev.cache import cache_answer, etag_of, filling, touch
from django_prodev.cache.counting import counted
from django_prodev.models import Program
from django_prodev.signals import cache_used
from django_prodev.testing import make_entry, make_program, make_published_program, make_user

pytestmark = pytest.mark.django_db

RF = RequestFactory()


class View:
    """A view that counts how often it was run, and answers what it is told to."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse] | None = None, **options: Any) -> None:
        self.runs = 0
        self._answer = answer or (lambda request: HttpResponse(f"run {self.runs}"))
        self._view = cache_answer(**{"scope": "program", "name": "test.view", **options})(self._run)

    def _run(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.runs += 1
        return self._answer(request)

    def __call__(self, path: str = "/a/", user: Any = None, method: str = "get", **headers: Any) -> Any:
        request = getattr(RF, method)(path, headers={name.replace("_", "-"): v for name, v in headers.items()})
        request.user = user or AnonymousUser()
        return self._view(request)


@pytest.mark.usefixtures("every_cache")
def test_an_answer_is_kept_whole_until_its_scope_moves() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        titles = ", ".join(Program.objects.values_list("title", flat=True))
        return HttpResponse(titles.encode() + b"\n\xff\n", content_type="text/x-titles", headers={"Link": "<x>"})

    view = View(answer)
    make_program(title="Rowing")
    first, second = view(), view()
    assert view.runs == 1
    assert first.content == second.content == b"Rowing\n\xff\n"
    assert second.headers["Content-Type"] == "text/x-titles"
    assert second.headers["Link"] == "<x>"
    assert dict(first.items()) == dict(second.items())
    Program.objects.update(title="Sailing")
    assert view().content == b"Sailing\n\xff\n"


def test_whoever_has_the_answer_gets_a_304_without_the_view() -> None:
    view = View()
    etag = view().headers["ETag"]
    for header in (etag, f"W/{etag}", f'"other", {etag}'):
        again = view(if_none_match=header)
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
        assert again.headers["Vary"] == "Authorization, Cookie, Accept, Accept-Language"
        assert again.headers["Cache-Control"] == "private, no-cache"
    for header in ("*", '"other"', "", "nonsense"):
        assert view(if_none_match=header).status_code == 200
    touch("program")
    changed = view(if_none_match=etag)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_a_validator_holds_without_any_cache(settings: Any) -> None:
    settings.DJANGO_PRODEV = {"CACHE": False}
    view = View()
    etag = view().headers["ETag"]
    assert view(if_none_match=etag).status_code == 304
    assert view.runs == 1
    assert view().status_code == 200
    assert view.runs == 2


def test_no_viewer_gets_the_answer_of_another_nor_its_validator() -> None:
    view = View(lambda request: HttpResponse(f"for {request.user}"))
    one, other, boss = make_user(), make_user(), make_user(is_superuser=True)
    tags = {}
    for user in (None, one, other, boss) * 2:
        answer = view(user=user)
        assert answer.content == f"for {user or AnonymousUser()}".encode()
        tags[user] = answer.headers["ETag"]
    assert view.runs == 4
    assert len(set(tags.values())) == 4
    assert view(user=other, if_none_match=tags[one]).status_code == 200


@pytest.mark.parametrize(
    "another",
    [{"path": "/a/?page=2"}, {"path": "/b/"}, {"host": "127.0.0.1"}, {"accept": "text/csv"}, {"accept_language": "fr"}],
)
def test_what_an_answer_depends_on_makes_another_one(another: dict[str, Any]) -> None:
    view = View()
    view()
    view(**another)
    assert view.runs == 2


def test_what_else_it_varies_by_can_be_named() -> None:
    view = View(vary=lambda request: request.COOKIES.get("theme", ""))
    for cookie in ("theme=dark", "theme=light", "theme=dark; other=1"):
        view(cookie=cookie)
    assert view.runs == 2


def test_other_methods_pass_and_a_head_answer_is_not_kept_for_get() -> None:
    view = View()
    view(method="post")
    view(method="post")
    assert view.runs == 2
    view(method="head")
    assert view().content == b"run 4"
    assert view(method="head").content == b"run 4"
    assert view.runs == 4


def _with(**headers: str) -> Callable[[HttpRequest], HttpResponse]:
    return lambda request: HttpResponse(b"x", headers={name.replace("_", "-"): v for name, v in headers.items()})


def _cookie(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("x")
    response.set_cookie("seen", "1")
    return response


def _token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def _session(request: Any) -> HttpResponse:
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    request.session = SessionStore()
    request.session["cart"] = 1
    return HttpResponse("x")


def _messages(request: Any) -> HttpResponse:
    request._messages = CookieStorage(request)
    success(request, "Saved.")
    return HttpResponse(str(list(get_messages(request))))


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(_with(Vary="*"), id="CVE-2026-6907: it varies by everything"),
        pytest.param(_with(Vary="Accept, *"), id="CVE-2026-6907: it varies by everything and more"),
        pytest.param(_with(Vary=" Cookie "), id="CVE-2026-48587: blanks around the name"),
        pytest.param(_with(Vary="Accept ,\tX-Tenant "), id="CVE-2026-48587: blanks around a header nobody named"),
        pytest.param(_with(Cache_Control="No-Store"), id="CVE-2026-8404: a directive in capitals"),
        pytest.param(_with(Cache_Control="max-age=60, PRIVATE"), id="CVE-2026-8404: private in capitals"),
        pytest.param(_with(Cache_Control='private="Set-Cookie"'), id="private with a value"),
        pytest.param(_cookie, id="CVE-2026-48588: it sets a cookie"),
        pytest.param(_token, id="a form's token"),
        pytest.param(_session, id="a changed session"),
        pytest.param(_messages, id="a message"),
        pytest.param(_with(Vary="Authorization"), id="it varies by who asks, in its own way"),
        pytest.param(lambda request: StreamingHttpResponse([b"x"]), id="a stream"),
        pytest.param(lambda request: HttpResponse("x", status=404), id="not found"),
        pytest.param(lambda request: HttpResponse("x", status=302, headers={"Location": "/"}), id="a redirection"),
        pytest.param(lambda request: HttpResponse("x", status=206), id="a part"),
    ],
)
@pytest.mark.parametrize("cookie", ["", "unrelated=1"])
def test_an_answer_that_is_of_one_request_alone_is_never_kept(
    answer: Callable[[HttpRequest], HttpResponse], cookie: str, settings: Any
) -> None:
    settings.DJANGO_PRODEV = {"CACHE_SHARED_SECONDS": 60}
    view = View(answer, public=True)
    first = view(cookie=cookie) if cookie else view()
    view()
    assert view.runs == 2
    assert "public" not in first.headers["Cache-Control"]
    assert "ETag" not in first.headers


def test_a_header_that_is_empty_is_not_one_that_is_missing() -> None:
    """CVE-2026-113593."""
    view = View(headers=("X-Tenant",))
    view(x_tenant="")
    view()
    assert view.runs == 2


def test_whoever_comes_with_credentials_that_say_nothing_here_is_not_answered_from_the_cache() -> None:
    view = View()
    view()
    view(authorization="Bearer abc")
    view(authorization="Bearer abc")
    assert view.runs == 3


def test_shared_caches_may_keep_what_is_public_where_the_site_says_so_and_only_for_the_anonymous(settings: Any) -> None:
    view = View(public=True)
    assert view().headers["Cache-Control"] == "private, no-cache"
    settings.DJANGO_PRODEV = {"CACHE_SHARED_SECONDS": 60}
    shared = view()
    assert shared.headers["Cache-Control"] == "public, max-age=0, s-maxage=60"
    assert {"Authorization", "Cookie"} <= set(shared.headers["Vary"].split(", "))
    assert view(if_none_match=shared.headers["ETag"]).headers["Cache-Control"] == shared.headers["Cache-Control"]
    assert view(user=make_user()).headers["Cache-Control"] == "private, no-cache"
    assert view(cookie="unrelated=1").headers["Cache-Control"] == "private, no-cache"
    assert View()().headers["Cache-Control"] == "private, no-cache"


def test_a_template_is_rendered_before_it_is_kept() -> None:
    template = engines["django"].from_string("Hello {{ name }}")
    view = View(lambda request: TemplateResponse(request, template, {"name": "you"}))
    assert [view().content, view().content] == [b"Hello you"] * 2
    assert view.runs == 1


def test_a_view_that_fails_holds_nobody_up() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        if view.runs == 1:
            raise ZeroDivisionError
        return HttpResponse("x")

    view = View(answer)
    with pytest.raises(ZeroDivisionError):
        view()
    assert view().content == b"x"


def test_an_asynchronous_view(monkeypatch: pytest.MonkeyPatch) -> None:
    # Another thread has no connection.
    monkeypatch.setattr(filling, "stamp_beside", lambda scopes, work, using=None: ("1-1", work()))
    runs = []

    @cache_answer(scope="program")
    async def view(request: HttpRequest) -> HttpResponse:
        runs.append(1)
        return HttpResponse("x")

    async def ask() -> list[Any]:
        request = RF.get("/")
        request.user = AnonymousUser()
        return [await view(request) for _ in range(2)]

    assert [answer.content for answer in asyncio.run(ask())] == [b"x", b"x"]
    assert runs == [1]


def test_a_validator_of_a_hosts_own() -> None:
    one, other = make_user(), make_user()
    tag = etag_of(["program", "topic"], one, "/report/", "csv")
    assert tag == etag_of(["topic", "program"], one, "/report/", "csv")
    others = [
        etag_of("program", one, "/report/", "csv"),
        etag_of(["program", "topic"], other, "/report/", "csv"),
        etag_of(["program", "topic"], None, "/report/", "csv"),
        etag_of(["program", "topic"], one, "/report/", "pdf"),
    ]
    touch("topic")
    others.append(etag_of(["program", "topic"], one, "/report/", "csv"))
    assert len({tag, *others}) == 6
    assert all(each and each[0] == each[-1] == '"' and len(each) == 34 for each in (tag, *others))


def test_how_the_cache_was_used_is_told(settings: Any) -> None:
    heard: list[tuple[Any, str]] = []

    def listen(sender: Any, outcome: str, seconds: float, **kwargs: Any) -> None:
        assert seconds >= 0
        heard.append((sender, outcome))

    def fail(**kwargs: Any) -> None:
        raise RuntimeError("a receiver that fails")

    before = counted().get("test.view", {})
    cache_used.connect(listen)
    cache_used.connect(fail)
    try:
        view = View()
        assert "Cache-Status" not in view().headers
        settings.DJANGO_PRODEV = {"CACHE_HEADERS": True}
        said = [view(), view(), view(if_none_match=view().headers["ETag"]), View(_cookie)("/c/")]
    finally:
        cache_used.disconnect(listen)
        cache_used.disconnect(fail)
    assert [answer.headers["Cache-Status"] for answer in said] == [
        "django-prodev; fwd=miss; stored",
        "django-prodev; hit",
        "django-prodev; hit; detail=unchanged",
        "django-prodev; fwd=bypass",
    ]
    assert all(answer.headers["Server-Timing"].startswith('cache;desc="') for answer in said)
    assert [outcome for _, outcome in heard] == ["miss", "miss", "hit", "hit", "unchanged", "bypass"]
    after = counted()["test.view"]
    assert after["hit"] - before.get("hit", 0) == 2


def test_it_costs_one_statement_whether_it_is_there_or_not(django_assert_num_queries: Any) -> None:
    view = View()
    for _ in range(2):
        with django_assert_num_queries(1):
            etag = view().headers["ETag"]
    with django_assert_num_queries(1):
        view(if_none_match=etag)


def test_what_was_kept_of_an_erased_person_is_taken_out_of_the_cache(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    person = make_user()
    make_entry(
        program=make_published_program(), author=person, title="zyzzyva", status="published", visibility="public"
    )
    assert b"zyzzyva" in client.get("/learning/api/v1/entries/").content
    held: Any = caches["default"]
    assert any(b"zyzzyva" in value for value in held._cache.values())
    with django_capture_on_commit_callbacks(execute=True):
        api.erase_learner(user=person, actor=None)
    assert not any(b"zyzzyva" in value for value in held._cache.values())
    assert b"zyzzyva" not in client.get("/learning/api/v1/entries/").content
