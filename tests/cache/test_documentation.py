"""The page on caching: its examples run, and do what it says they do."""

import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import RequestFactory

from django_prodev.cache import installation, read_stamps, tables
from django_prodev.reading.scopes import stamped_tables
from django_prodev.testing import count_statements, make_entry, make_published_program, make_topic, make_user

pytestmark = pytest.mark.django_db

PAGE = (Path(__file__).parents[2] / "docs" / "caching.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site() -> Any:
    """A module of everything that the page writes."""
    module: Any = ModuleType("site_of_the_page")
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(block, "docs/caching.md", "exec"), module.__dict__)  # noqa: S102  the page's own examples
    return module


def test_the_value(site: Any) -> None:
    assert site.program_count() == 0
    program = make_published_program()
    assert site.program_count() == 1
    assert count_statements(site.program_count) == 1
    type(program).objects.update(status="draft")
    assert site.program_count() == 0


def test_the_value_of_each_viewer(site: Any) -> None:
    author = make_user()
    make_entry(author=author, program=make_published_program())
    assert [site.visible_entries(user) for user in (None, author, make_user(), None)] == [0, 1, 0, 0]


def test_the_view(site: Any) -> None:
    make_topic(name="Rowing")
    request: Any = RequestFactory().get("/topics/")
    request.user = AnonymousUser()
    assert [site.topics(request).content for _ in range(2)] == [b"Rowing", b"Rowing"]
    make_topic(name="Sailing")
    assert site.topics(request).content == b"Rowing\nSailing"


def test_the_validator_and_the_stamps(site: Any) -> None:
    request: Any = RequestFactory().get("/topics/")
    request.user = AnonymousUser()
    before, stamps = site.etag(request), read_stamps(["program", "topic"])
    assert (site.etag(request), site.has_changed(stamps)) == (before, False)
    make_topic()
    assert site.etag(request) != before
    assert site.has_changed(stamps)


def test_touch(site: Any) -> None:
    before = read_stamps(["shop.price"])
    site.import_prices("SELECT 1")
    assert read_stamps(["shop.price"]) != before


def test_a_model_of_the_sites_own(site: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_sources", list(tables._sources))
    site.ShopConfig.ready(None)
    try:
        assert installation.install(connection) == ["django_session"]
    finally:
        installation.forget()


def test_the_page_names_every_scope() -> None:
    named = set(re.findall(r"`([a-z]+)`", PAGE[PAGE.index("named after its models") : PAGE.index("One person's")]))
    assert named == {stamped.scope for stamped in stamped_tables()}
