"""Markdown in the admin: previewed while it is written, rendered where it is read."""

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from django_prodev.models import Entry, Program, Project, Provider, Topic, Unit
from django_prodev.testing import make_entry, make_published_program, make_user
from tests.admin.pages import address, client_of, make_staff, superuser_client

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.admin.urls")]

WITH_MARKDOWN = [Provider, Program, Unit, Entry, Project]


@pytest.mark.parametrize("model", WITH_MARKDOWN)
def test_a_text_is_previewed_as_the_pages_show_it(model: type) -> None:
    response = superuser_client().post(address(model, "preview"), {"text": "*Hi* <script>alert(1)</script>"})
    assert response.content.decode() == "<p><em>Hi</em> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_nothing_is_previewed_for_those_who_may_not_see_the_model() -> None:
    for client in (Client(), client_of(make_user()), client_of(make_user(is_staff=True))):
        response = client.post(address(Program, "preview"), {"text": "*Hi*"})
        assert response.status_code in {302, 403}
        assert b"<em>" not in response.content


def test_a_preview_needs_a_post_with_the_token_of_the_form() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    assert client.post(address(Program, "preview"), {"text": "*Hi*"}).status_code == 403
    assert client.get(address(Program, "preview")).status_code == 405
    client.get(address(Program, "add"))
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    response = client.post(address(Program, "preview"), {"text": "*Hi*", "csrfmiddlewaretoken": token})
    assert response.content == b"<p><em>Hi</em></p>\n"


def test_a_preview_of_nothing_is_empty() -> None:
    assert superuser_client().post(address(Program, "preview")).content == b""


def test_the_form_says_where_its_preview_is_and_loads_the_script() -> None:
    page = superuser_client().get(address(Program, "add")).content.decode()
    assert f'data-preview-address="{address(Program, "preview")}"' in page
    assert page.count("prodev-markdown") == 1
    for path in ("django_prodev/admin/preview.js", "django_prodev/admin/preview.css"):
        assert f"{settings.STATIC_URL}{path}" in page
        assert finders.find(path)


def test_whoever_only_reads_sees_the_text_rendered() -> None:
    program = make_published_program(description="Some *emphasis*")
    entry = make_entry(program=program, body="A **weight**", status="published", visibility="public")
    client = client_of(make_staff())
    assert "<p>Some <em>emphasis</em></p>" in client.get(address(Program, "change", program.pk)).content.decode()
    assert "<p>A <strong>weight</strong></p>" in client.get(address(Entry, "change", entry.pk)).content.decode()


def test_models_without_markdown_have_no_preview() -> None:
    client = superuser_client()
    assert "prodev-markdown" not in client.get(address(Topic, "add")).content.decode()
