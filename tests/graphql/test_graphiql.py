"""The page for trying queries: for whom it is, where it loads from, and that it works in a browser."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.contrib.staticfiles import finders
from django.test import Client

from django_prodev.testing import make_topic, make_user
from tests.graphql import browser
from tests.graphql.asking import ADDRESS, post

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user(is_staff=True))
    return client


@pytest.mark.django_db
def test_the_page_is_for_whoever_may_ask_for_the_schema(client: Client, staff: Client, settings: Any) -> None:
    assert "graphiql" in staff.get(ADDRESS, headers=HTML).content.decode()
    staff.logout()
    answer = client.get(ADDRESS, headers=HTML)
    assert (answer.status_code, "graphiql" in answer.content.decode().lower()) == (403, False)
    settings.DJANGO_PRODEV = {"GRAPHQL_INTROSPECTION": True}
    assert client.get(ADDRESS, headers=HTML).status_code == 200
    settings.DJANGO_PRODEV = {"GRAPHQL_INTROSPECTION": True, "GRAPHIQL": False}
    assert client.get(ADDRESS, headers=HTML).status_code == 400


@pytest.mark.django_db
def test_a_query_is_answered_with_json_even_to_a_browser(staff: Client) -> None:
    answer = staff.get(f"{ADDRESS}?query={{__typename}}", headers={**HTML, "X-Requested-With": "x"})
    assert answer.json() == {"data": {"__typename": "Query"}}
    assert post(staff, "{ __typename }", headers=HTML).json() == {"data": {"__typename": "Query"}}


@pytest.mark.django_db
def test_everything_comes_from_the_site_itself(staff: Client) -> None:
    answer = staff.get(ADDRESS, headers=HTML)
    page = answer.content.decode()
    assert "//" not in page.partition("<head>")[2]
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=", page), "the policy lets nothing run in line"
    loaded = re.findall(r"(?:src|href)=\"/?static/([^\"]+)\"", page)
    assert len(loaded) == 6
    for name in loaded:
        found = finders.find(name)
        assert found
        source = Path(found).read_text(encoding="utf-8")
        assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", source), name
    policy = answer.headers["Content-Security-Policy"]
    assert "http" not in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.skipif(browser.PROGRAM is None, reason="Chromium is not installed")
@pytest.mark.django_db(transaction=True)
def test_staff_try_a_query_in_a_browser(live_server: Any, tmp_path: Path) -> None:
    make_topic(name="Keyset pagination")
    client = Client()
    client.force_login(make_user(is_staff=True))
    cookie = client.cookies[site.SESSION_COOKIE_NAME]
    with browser.page(tmp_path) as page:
        page.send("Network.setCookie", name=cookie.key, value=cookie.value, url=live_server.url)
        page.send("Page.navigate", url=f"{live_server.url}{ADDRESS}")
        page.wait("document.querySelector('.graphiql-query-editor .CodeMirror') !== null")
        page.wait("document.querySelector('.graphiql-spinner') === null")
        page.run(
            "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
            ".setValue('{ topics { nodes { name } } }')"
        )
        page.run("document.querySelector('.graphiql-execute-button').click()")
        shown = "document.querySelector('.result-window').innerText"
        page.wait(f"{shown}.includes('Keyset pagination')")
        page.run("document.querySelector('.graphiql-sidebar button').click()")
        page.wait("document.querySelector('.graphiql-plugin').innerText.includes('BulkEnrollPayload')")
        page.picture(tmp_path / "graphiql.png")
        asked = {urlsplit(event["request"]["url"]) for event in page.seen("Network.requestWillBeSent")}
        trouble = [event["entry"] for event in page.seen("Log.entryAdded") if event["entry"]["level"] == "error"]
    host = urlsplit(live_server.url).netloc
    assert {address.netloc for address in asked if address.scheme not in {"data", "blob"}} == {host}
    assert trouble == []
