"""Using the import of the admin as a browser would: uploading files, sending a page back, pressing a button."""

from html.parser import HTMLParser
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from django_prodev.models import Provider

UPLOAD = "/admin/django_prodev/program/import/"


class Fields(HTMLParser):
    """What a browser would send of the one form with fields on a page, as long as no button is pressed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.labelled: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: dict[str, str] = {}
        self.select = ""
        self.option: str | None = None
        self.area = ""
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.attributes |= set(given)
        name = given.get("name", "")
        if name and "id" in given:
            self.ids[given["id"]] = name
        if tag == "label" and "for" in given:
            self.labelled.add(given["for"])
        if tag == "input" and name and given.get("type") not in {"submit", "file"}:
            if given.get("type") != "checkbox" or "checked" in given:
                self.values[name] = given.get("value", "on")
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            self.option = given.get("value")
            self.text = ""
            if "selected" in given or self.select not in self.values:
                self.values[self.select] = given.get("value", "\0")
        elif tag == "textarea":
            self.area, self.text = name, ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # A browser drops the line break that the tag begins with, and sends CRLF.
            self.values[self.area] = self.text.removeprefix("\n").replace("\n", "\r\n")
        elif tag == "option" and self.values.get(self.select) == "\0":
            self.values[self.select] = self.text
        elif tag == "select":
            self.select = ""


def fields_of(response: Any) -> dict[str, str]:
    """The fields of a review's page."""
    assert response.status_code == 200, response.headers
    page = response.content.decode()
    begin = page.index('<form method="post" enctype')
    return Fields(page[begin : page.index("</form>", begin)]).values


def upload(client: Client, *files: tuple[str, str | bytes], **fields: Any) -> Any:
    """Upload these files, each a name and what it holds. The provider is the only one, where there is one."""
    sent = [
        SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data, "text/plain") for name, data in files
    ]
    provider = Provider.objects.first()
    data = {"documents": sent, "provider": provider.pk if provider else ""} | fields
    return client.post(reverse("admin:django_prodev_program_import"), data)


def reviewed(client: Client, *files: tuple[str, str | bytes], **fields: Any) -> str:
    """Upload files; the answer is the address of their review."""
    response = upload(client, *files, **fields)
    assert response.status_code == 302, response.context["form"].errors
    return str(response.headers["Location"])


def press(client: Client, address: str, button: str, **changed: Any) -> Any:
    """Send a review's page back with some fields changed (``None`` leaves one out); the answer is what follows."""
    sent = fields_of(client.get(address)) | {name.replace("__", "-"): value for name, value in changed.items()}
    data = {name: value for name, value in sent.items() if value is not None} | {"go": button}
    return client.post(address, data, follow=True)


def row_of(response: Any, key: str) -> Any:
    """The row of a record on a review's page."""
    return next(row for row in response.context["page"] if row.original.key == key)


def errors(response: Any) -> str:
    """What the form says is wrong."""
    assert response.status_code == 200
    form = response.context["form"]
    return " ".join(text for texts in form.errors.values() for text in texts)
