"""Swagger UI and Redoc: served by the site itself, and kept from loading anything from elsewhere."""

import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.rest.asking import ROOT

pytestmark = pytest.mark.django_db

PAGES = ("docs/", "redoc/")


def page(client: Client, address: str) -> str:
    answer = client.get(f"{ROOT}{address}", headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer.content.decode()


def loaded(html: str) -> set[str]:
    """What a page loads: whatever stands in an attribute that takes an address, or in a stylesheet's ``url()``."""
    attributes = re.findall(r"""(?:src|href|spec-url|action|srcset|poster|data)\s*=\s*["']?([^"'\s>]+)""", html)
    return {*attributes, *re.findall(r"""url\(["']?([^"')]+)""", html), *re.findall(r"""\burl: ["']([^"']+)""", html)}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_loads_from_its_own_site_alone(client: Client, address: str) -> None:
    html = page(client, address)
    here = f"http://testserver{ROOT}{address}"
    found = {urljoin(here, each) for each in loaded(html)}
    assert found
    assert {urlsplit(each).netloc for each in found} <= {"testserver", ""}
    assert "//" not in re.sub(r"\s//[^\n]*", "", html).replace("http://testserver", "").replace("<!DOCTYPE", "")


@pytest.mark.parametrize("address", PAGES)
def test_every_file_of_a_page_is_there(client: Client, address: str) -> None:
    files = {each for each in loaded(page(client, address)) if each.startswith("/static/")}
    assert any(each.endswith(".js") for each in files)
    for each in files:
        assert finders.find(each.removeprefix("/static/")), each


@pytest.mark.parametrize("address", PAGES)
def test_a_page_shows_the_document_of_this_site(client: Client, address: str) -> None:
    assert f"{ROOT}schema/" in loaded(page(client, address))
    assert client.get(f"{ROOT}schema/").status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_a_browser_is_told_to_load_nothing_from_elsewhere(client: Client, address: str) -> None:
    policy = client.get(f"{ROOT}{address}").headers["Content-Security-Policy"]
    rules = {name: set(values) for name, *values in (rule.split() for rule in policy.split(";"))}
    assert rules["default-src"] == {"'self'"}
    assert rules["frame-ancestors"] == {"'none'"}
    allowed = {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    assert set().union(*rules.values()) <= allowed


def test_a_foreign_address_would_be_noticed() -> None:
    html = '<script src="https://cdn.example/x.js"></script><link href=//fonts.example/f.css>'
    assert {urlsplit(urljoin("http://testserver/", each)).netloc for each in loaded(html)} == {
        "cdn.example",
        "fonts.example",
    }
