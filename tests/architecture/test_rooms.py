"""What the plan of the house asks of files, beside the layers that import-linter holds."""

import ast
from pathlib import Path

import pytest

import django_prodev

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(django_prodev.__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts)
LONGEST = 500
"""Lines. The aim is 300; past this a file has two subjects."""

NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "misc", "base_utils"}


def name_of(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_the_package_is_found_with_all_its_rooms() -> None:
    assert {"models", "reading", "rest", "graphql", "pages", "admin", "documents"} <= {
        path.name for path in PACKAGE.iterdir()
    }


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_has_one_subject(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert path.stem not in NAMES_THAT_SAY_NOTHING
    assert len(source.splitlines()) <= LONGEST
    assert not source.strip() or ast.get_docstring(ast.parse(source)), "says nowhere what it is for"


def test_nothing_is_loaded_from_another_host_by_pages() -> None:
    for path in [*PACKAGE.rglob("pages/*.css"), *PACKAGE.rglob("templates/django_prodev/**/*.html")]:
        source = path.read_text(encoding="utf-8")
        assert "http://" not in source, path
        assert "https://" not in source, path
