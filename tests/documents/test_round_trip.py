"""What goes in comes out the same, in every format, whatever the texts hold."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from django_prodev.documents.curriculum import read_curriculum
from django_prodev.documents.execution import run_import
from django_prodev.documents.export import READ_BACK, export_program, snapshot
from django_prodev.documents.export.markdown import write_marked
from django_prodev.documents.marks import read_marked
from django_prodev.documents.plan import Action, Request
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.models import Program
from django_prodev.testing.factories import make_user
from tests.documents.curricula import CURRICULA, CURRICULUM, OVERVIEW
from tests.documents.importing import imported, planned

pytestmark = pytest.mark.django_db

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus" / "overviews"
ENDINGS = {"markdown": "md", "json": "json", "yaml": "yaml"}


class Undone(Exception):
    """Leaves a transaction without a trace."""


def exported_again(text: str, format: str, **options: Any) -> tuple[str, dict[str, Any]]:
    """What an empty database gives back for an exported text."""
    learner = options.get("learner")
    answer: tuple[str, dict[str, Any]] = ("", {})
    try:
        with transaction.atomic():
            imported(text, names=(f"exported.{ENDINGS[format]}",), **options)
            program = Program.objects.get()
            answer = export_program(program, format=format, learner=learner), snapshot(program, learner=learner)
            raise Undone
    except Undone:
        return answer


def assert_comes_back(first: Any, **options: Any) -> None:
    """Import ``first`` (a text, or a curriculum's value); every format then gives itself and the same rows back."""
    texts: dict[str, str] = {}
    value: dict[str, Any] = {}
    learner = options.get("learner")
    try:
        with transaction.atomic():
            if isinstance(first, str):
                imported(first, **options)
            else:
                document = read_curriculum(first, "json")
                run_import(Request((SourceDocument("a.json", "file:a", document),), **options))
            program = Program.objects.get()
            value = snapshot(program, learner=learner)
            texts = {name: export_program(program, format=name, learner=learner) for name in READ_BACK}
            for name, text in texts.items():
                plan = planned(text, names=(f"exported.{ENDINGS[name]}",), program=program.slug, **options)
                assert {record.action for record in plan.records} <= {Action.UNCHANGED}, name
                assert not len(plan.changes), name
            raise Undone
    except Undone:
        pass
    for name, text in texts.items():
        again, value_again = exported_again(text, name, **options)
        assert again == text, name
        expected = value if name != "markdown" or text.startswith("---") else _without_provider(value)
        assert (value_again if expected is value else _without_provider(value_again)) == expected, name


def _without_provider(value: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key != "provider"}


def test_everything_the_format_can_say_comes_back() -> None:
    assert_comes_back(CURRICULUM)


def test_an_overview_comes_back() -> None:
    assert_comes_back(OVERVIEW)


def test_a_learners_overview_comes_back() -> None:
    assert_comes_back(OVERVIEW, learner=make_user("ada"))


def test_a_learners_overview_in_an_existing_program_comes_back() -> None:
    ada = make_user("ada")
    with transaction.atomic():
        imported(OVERVIEW.replace("Django", "Flask"), names=("program.md",), program="backend-apprenticeship")
        imported(OVERVIEW, names=("ada.md",), learner=ada)
        program = Program.objects.get()
        texts = {name: export_program(program, format=name, learner=ada) for name in READ_BACK}
        transaction.set_rollback(True)
    for name, text in texts.items():
        again, _ = exported_again(text, name, learner=ada)
        assert again == text, name


def test_an_overview_is_written_as_plain_markdown_again() -> None:
    imported(OVERVIEW)
    text = export_program(Program.objects.get(), format="markdown")
    assert "<!--" not in text
    assert text.startswith("# Backend apprenticeship\n")
    assert "**Challenge:** Two workers paid the same invoice" in text


def test_line_ends_that_only_unicode_knows_come_back() -> None:
    program = {"title": "Made", "slug": "made", "outcomes": ["\x850", "a\u2028b", "c\u2029"]}
    assert_comes_back({"prodev": 1, "program": program, "units": [], "entries": [], "projects": []})


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CURRICULA)
def test_any_curriculum_comes_back(value: dict[str, Any]) -> None:
    assert_comes_back(value)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CURRICULA)
def test_any_marked_text_reads_back_to_the_same_records(value: dict[str, Any]) -> None:
    wanted = read_curriculum(value, "markdown")
    with transaction.atomic():
        run_import(Request((SourceDocument("a.json", "file:a", wanted),)))
        marked = write_marked(snapshot(Program.objects.get()))
        transaction.set_rollback(True)
    read = read_marked(marked)
    assert read.left_out == ()
    for kind in {record.kind for record in wanted.records}:
        words = [(record.title, record.text) for record in wanted.of(kind)]
        assert sorted((record.title, record.text) for record in read.of(kind)) == sorted(words)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this checkout")
@pytest.mark.parametrize("number", ["003", "016", "041", "087", "132"])
def test_overviews_of_the_corpus_come_back(number: str) -> None:
    path = CORPUS / f"{number}.md"
    if path.exists():
        assert_comes_back(path.read_bytes().decode("utf-8", "replace").replace("\x00", ""))
