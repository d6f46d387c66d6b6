"""The pages of the documentation that are printed from the code: current, and held to be."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import Count, F, Q
from django.db.models.functions import Lower

from django_prodev.conf import declared
from django_prodev.management.conditions import sentence

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = {"prodev_diagram": DOCS / "er-diagram.md", "prodev_settings_page": DOCS / "settings.md"}


def _said(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(("command", "page"), PAGES.items())
def test_the_page_in_the_repository_is_current(command: str, page: Path) -> None:
    assert _said(command, "--check", str(page)) == f"{page} is current.\n"


@pytest.mark.parametrize("command", PAGES)
def test_a_page_that_is_not_current_is_refused_with_what_to_do(command: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(_said(command) + "\n")
    with pytest.raises(CommandError, match=rf"is not current. Write it with: manage.py {command} > ") as refusal:
        _said(command, "--check", str(page))
    assert refusal.value.returncode == 1


@pytest.mark.parametrize("command", PAGES)
def test_a_page_that_cannot_be_read_is_refused(command: str, tmp_path: Path) -> None:
    unreadable = tmp_path / "latin.md"
    unreadable.write_bytes(b"\xe9")
    for path in (tmp_path / "absent.md", tmp_path, unreadable):
        with pytest.raises(CommandError, match="cannot be read"):
            _said(command, "--check", str(path))


def test_the_diagram_has_every_model_relation_and_rule() -> None:
    page = _said("prodev_diagram")
    for model in apps.get_app_config("django_prodev").get_models():
        assert f"    {model.__name__} {{\n" in page
        assert f"\n## {model.__name__}\n" in page
        for rule in [*model._meta.constraints, *model._meta.indexes]:
            assert f"| `{rule.name}` | " in page
        for field in model._meta.local_fields:
            if field.is_relation:
                assert f"--o{{ {model.__name__} : {field.name}\n" in page
    assert "    Entry }o--o{ Topic : topics\n" in page
    assert "UnitTopic : topics" not in page


def test_the_settings_page_has_every_setting_with_what_it_takes() -> None:
    page = _said("prodev_settings_page")
    for name, setting in declared().items():
        assert f"## `{name}`\n\n{setting.help}\n\nIt takes " in page
    assert "It takes a whole number from 1 to 1,000. Default: `20`." in page
    assert "It takes True or False. Default: `False`." in page
    assert 'Default: `"django_prodev.models.visibility.VisibilityPolicy"`.' in page


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (Q(a=1), "a is 1"),
        (~Q(a="x"), "a is not x"),
        (~Q(a=""), "a is not the empty text"),
        (Q(a__isnull=True) | Q(b__isnull=False), "a is empty or b is set"),
        (~Q(a__isnull=True), "a is set"),
        (Q(a__in=("x", "y")), "a is one of x, y"),
        (~Q(a__in=("x", "y")), "a is none of x, y"),
        (Q(a__gte=F("b")) & Q(c__lt=3), "a ≥ b and c < 3"),
        (Q(a=1) & (Q(b=2) | Q(c=3)), "a is 1 and (b is 2 or c is 3)"),
        (~(Q(a=1) | Q(b=2)), "not (a is 1 or b is 2)"),
        (Lower("email"), "email in lower case"),
    ],
)
def test_conditions_are_said_in_words(condition: Any, said: str) -> None:
    assert sentence(condition) == said


@pytest.mark.parametrize("condition", [Q(a__regex="x"), ~Q(a__gt=3), Count("a")])
def test_a_condition_without_words_is_no_silent_mistake(condition: Any) -> None:
    with pytest.raises(NotImplementedError):
        sentence(condition)
