"""The adapter that the documentation writes down, run as it stands there."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from django.test import override_settings

from django_prodev.documents.records import RecordKind
from django_prodev.documents.sources import read_document

PAGE = Path(__file__).parents[2] / "docs" / "curriculum-adapters.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_the_adapter_of_the_documentation_reads_the_file_of_the_documentation(monkeypatch: pytest.MonkeyPatch) -> None:
    code, setting = blocks("python")
    module = ModuleType("harbour.adapters")
    exec(code, module.__dict__)  # noqa: S102 - it is our own page
    monkeypatch.setitem(sys.modules, "harbour", ModuleType("harbour"))
    monkeypatch.setitem(sys.modules, "harbour.adapters", module)
    site: dict[str, object] = {}
    exec(setting, site)  # noqa: S102
    with override_settings(**site):
        document = read_document(blocks("yaml")[0], name="logbook.yaml")
    assert (document.reader, document.because) == ("logbook", "2 watches")
    units = document.of(RecordKind.UNIT)
    assert [(unit.title, unit.extra["slug"], unit.topics) for unit in units] == [
        ("Dog watch", "logbook-dog-watch", ("Tides",)),
        ("First watch", "logbook-first-watch", ()),
    ]
    assert [piece.text for piece in document.left_out] == ["hours: 2, 4", 'cargo: ["tea"]']


def test_the_page_names_every_adapter_there_is() -> None:
    from django_prodev.documents.curriculum.adapters import adapters

    text = PAGE.read_text(encoding="utf-8")
    assert [name for name in adapters() if f"| `{name}` |" not in text] == []
