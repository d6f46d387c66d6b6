"""What is installed: the files beside the code, the metadata, and the promises of the README."""

import re
from importlib.metadata import metadata, requires, version
from importlib.resources import files
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import django_prodev

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    "name",
    [
        "py.typed",
        "templates/django_prodev/base.html",
        "static/django_prodev/pages/pages.css",
        "documents/schemas/curriculum.schema.json",
        "documents/vocabulary/words.json",
    ],
)
def test_files_beside_the_code_are_installed_with_it(name: str) -> None:
    assert files(django_prodev).joinpath(name).is_file()


def test_the_package_knows_its_version() -> None:
    assert django_prodev.__version__ == version("django-prodev")


def test_the_oldest_supported_python_and_the_licence_are_declared() -> None:
    assert metadata("django-prodev")["Requires-Python"] == ">=3.11"
    assert metadata("django-prodev")["License-Expression"] == "MIT"


def test_a_broker_and_a_database_driver_are_extras() -> None:
    always = {Requirement(line).name.lower() for line in requires("django-prodev") or () if "extra ==" not in line}
    assert not always & {"celery", "psycopg"}
    assert {"django", "djangorestframework", "graphene-django", "orjson", "nh3"} <= always


def test_every_command_that_the_documents_name_is_in_the_makefile() -> None:
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {
        target
        for path in documents
        for target in re.findall(r"^(?:\|? ?`)?make ([a-z-]+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"demo", "test"} <= named
    assert named <= targets


def test_every_link_of_the_documents_leads_to_a_file() -> None:
    for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8")):
            if "://" not in link:
                assert (path.parent / link).exists(), f"{path.relative_to(ROOT)} links to {link}"
