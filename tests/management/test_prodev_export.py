"""The export command: to a stream, to a file that is whole or not there, and what it refuses."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from django_prodev.models import Entry, Program
from django_prodev.testing import make_entry, make_program, make_provider, make_user
from tests.documents.curricula import CURRICULUM, OVERVIEW

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(tmp_path: Path) -> Program:
    path = tmp_path / "c.json"
    path.write_text(json.dumps(CURRICULUM), encoding="utf-8")
    call_command("prodev_import", str(path), stdout=io.StringIO())
    return Program.objects.get()


def run(slug: str, **options: Any) -> str:
    out = io.StringIO()
    call_command("prodev_export", slug, stdout=out, **options)
    return out.getvalue()


def test_json_has_what_was_imported(program: Program) -> None:
    value = json.loads(run("services", format="json"))
    assert value["program"] == CURRICULUM["program"]
    assert value["units"][0]["units"][0]["topics"] == ["Django", {"name": "Observability", "role": "practices"}]
    assert [entry["kind"] for entry in value["entries"]] == ["challenge", "practice", "takeaway", "reflection"]
    assert value["projects"] == CURRICULUM["projects"]


def test_yaml_keeps_texts_of_several_lines_as_blocks(program: Program) -> None:
    assert "  description: |-\n    Two terms.\n\n    # Not a title\n" in run("services", format="yaml")


def test_markdown_is_the_default_and_has_headings(program: Program) -> None:
    text = run("services")
    assert "\n# Services that last\n" in text
    assert "\n## Challenges and solutions\n\n### The queue that grew\n" in text


def test_a_learners_record_has_only_that_learners_entries(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "ada.md"
    path.write_text(OVERVIEW, encoding="utf-8")
    make_user("ada")
    ben = make_user("ben")
    make_entry(program=program, author=ben, title="Ben's own", body="secret")
    call_command("prodev_import", str(path), program="services", learner="ada", stdout=io.StringIO())
    text = run("services", learner="ada")
    assert "The nightly export took longer than the night" in text
    assert "secret" not in text
    assert "The queue that grew" not in text


def test_a_file_is_replaced_in_one_step(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    path.write_text("before", encoding="utf-8")
    path.chmod(0o640)
    assert run("services", format="json", output=str(path)) == ""
    assert path.read_text(encoding="utf-8") == run("services", format="json")
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(child.name for child in tmp_path.iterdir()) == ["c.json", "out.json"]


def test_a_file_that_cannot_be_written_is_told(program: Program, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written"):
        run("services", output=str(tmp_path / "missing" / "out.md"))
    with pytest.raises(CommandError, match="cannot be written"):
        run("services", output=str(tmp_path))
    assert sorted(child.name for child in tmp_path.iterdir()) == ["c.json"]


def test_what_is_unknown_is_refused_in_one_line(program: Program) -> None:
    with pytest.raises(CommandError, match=r"^There is no program 'nothing'\.$"):
        run("nothing")
    with pytest.raises(CommandError, match=r"^--learner: there is no user 'nobody'\.$"):
        run("services", learner="nobody")
    with pytest.raises(CommandError, match=r"^'docx' is not a format; the formats are markdown, json, yaml, jsonld\.$"):
        run("services", format="docx")


def test_a_slug_of_two_providers_needs_the_provider(program: Program) -> None:
    make_program(slug="services", provider=make_provider(slug="other"))
    with pytest.raises(CommandError, match=r"name one \(--provider\): harbour, other\."):
        run("services")
    assert "Services that last" in run("services", provider="harbour")


@pytest.mark.parametrize("file_format", ["json", "yaml", "markdown"])
def test_the_number_of_statements_does_not_grow(
    program: Program, file_format: str, django_assert_num_queries: Any
) -> None:
    for more in (0, 30):
        for number in range(more):
            make_entry(program=program, author=None, kind="challenge", title=f"More {number}", position=10 + number)
        assert Entry.objects.filter(author=None).count() == 6 + more
        with django_assert_num_queries(8):
            run("services", format=file_format)
