"""Pages from the cache: one statement while nothing changes, and never what is no longer so."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from django_prodev.enums import ProgramStatus
from django_prodev.models import Program
from django_prodev.models.visibility import VisibilityPolicy
from django_prodev.testing import count_statements, make_published_program, make_user

pytestmark = pytest.mark.django_db

HOME = "/learning/"


class Rules(VisibilityPolicy):
    """A host's own."""


def test_a_page_takes_one_statement_until_something_changes(client: Client) -> None:
    program = make_published_program(title="Rowing")
    address = f"{HOME}programs/{program.provider.slug}/{program.slug}/"
    first = client.get(address)
    assert count_statements(lambda: client.get(address)) == 1
    assert client.get(address).content == first.content
    unchanged = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged.headers["Cache-Control"] == "private, no-cache"
    Program.objects.filter(pk=program.pk).update(title="Sailing")
    assert "Sailing" in client.get(address).content.decode()
    Program.objects.filter(pk=program.pk).update(status=ProgramStatus.DRAFT)
    assert client.get(address).status_code == 404


def test_whoever_is_signed_in_gets_a_page_with_a_token_of_their_own(client: Client) -> None:
    make_published_program(title="Rowing")
    anonymous = client.get(HOME).content
    client.force_login(make_user(is_staff=True))
    own = client.get(HOME)
    assert "csrfmiddlewaretoken" in own.content.decode() or own.content != anonymous
    other = Client()
    assert other.get(HOME).content == anonymous


def test_a_page_with_a_template_of_the_hosts_is_rendered_each_time(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "django_prodev").mkdir()
    (tmp_path / "django_prodev" / "base.html").write_text("{{ request.COOKIES.basket }}")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    for basket in ("3", "4"):
        client.cookies["basket"] = basket
        assert client.get(HOME).content.decode() == basket
    assert "ETag" not in client.get(HOME).headers


def test_a_page_by_a_hosts_rules_is_read_each_time(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"VISIBILITY_POLICY": f"{__name__}.Rules"}
    make_published_program()
    assert "ETag" not in client.get(HOME).headers
