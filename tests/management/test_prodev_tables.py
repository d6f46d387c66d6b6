"""The commands for tables: what they print, when they fail, and the files that they leave."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from django_prodev.models import Topic
from django_prodev.testing import make_topic, make_user
from tests.services.school import School

pytestmark = pytest.mark.django_db

MIXED = "kind,slug,name,colour\nconcept,a,A,red\nconcept,b b,B,\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "topics.csv"
    path.write_text(MIXED, encoding="utf-8")
    return path


def run(command: str, *args: Any, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *map(str, args), stdout=out, stderr=io.StringIO(), no_color=True, **options)
    return out.getvalue()


def test_a_dry_run_says_what_becomes_of_each_row(file: Path) -> None:
    assert run("prodev_import_table", "topics", file, dry_run=True).splitlines() == [
        "The column 'colour' is not read.",
        "Row 2 (concept, a, A), create (slug: a)",
        "Row 3 (concept, B), slug: 'b b' is not a slug: it takes letters, digits, hyphens and underscores.",
        "1 create, 0 update, 0 unchanged, 1 error",
        "Dry run: nothing was written.",
    ]
    assert not Topic.objects.exists()


def test_a_bad_row_fails_the_command_unless_the_good_ones_will_do(file: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was written, because some rows are bad"):
        run("prodev_import_table", "topics", file)
    assert not Topic.objects.exists()
    run("prodev_import_table", "topics", file, good_rows_only=True)
    assert Topic.objects.count() == 1
    assert "Nothing to change." in run("prodev_import_table", "topics", file, good_rows_only=True)


def test_the_result_as_json_and_every_row_in_a_file(file: Path, tmp_path: Path) -> None:
    full = tmp_path / "report.jsonl"
    value = json.loads(run("prodev_import_table", "topics", file, good_rows_only=True, output="json", report=full))
    assert value["counts"] == {"create": 1, "update": 0, "unchanged": 0, "error": 1}
    assert (value["prodev_table"], value["table"], value["written"], value["dry_run"]) == (1, "topics", True, False)
    told = [json.loads(line) for line in full.read_text(encoding="utf-8").splitlines()]
    assert told == [*value["rows"], *value["errors"]]
    assert (full.stat().st_mode & 0o077) == 0


def test_the_actors_permissions_hold(file: Path) -> None:
    school = School()
    with pytest.raises(CommandError):
        run("prodev_import_table", "topics", file, good_rows_only=True, actor="nobody")
    out = run("prodev_import_table", "topics", file, good_rows_only=True, actor=school.learner.get_username())
    assert "Row 2 (concept, a, A), You may not do this here: create a topic." in out
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("trees", "x.csv"), "'trees' is not a table; the tables are enrollments, progress, topics."),
        (("topics", "absent.csv"), "absent.csv: The file cannot be opened (No such file or directory)."),
        (("topics", "."), ".: This is not a file."),
        (("topics", "a\0b"), "cannot be opened"),
    ],
)
def test_what_cannot_be_read_is_told_in_one_line(args: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError) as caught:
        run("prodev_import_table", *args)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_help_names_the_tables_and_their_columns(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("prodev_import_table", "--help")
    told = capsys.readouterr().out
    assert "topics: kind*, slug, name, description, aliases, parent, uri" in told


def test_an_export_goes_to_a_stream_or_a_file_and_comes_back(tmp_path: Path) -> None:
    make_topic(kind="concept", slug="a", name="=A")
    assert run("prodev_export_table", "topics").splitlines()[1] == "concept,a,'=A,,,,"
    for name in ("t.csv", "t.xlsx"):
        run("prodev_export_table", "topics", output=tmp_path / name)
        assert "1 unchanged" in run("prodev_import_table", "topics", tmp_path / name)
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.csv", "t.xlsx"]


def test_an_export_is_narrowed_to_a_program_and_to_its_reader() -> None:
    school, other = School(), School()
    told = run("prodev_export_table", "enrollments", program=school.program.slug)
    assert school.learner.get_username() in told
    assert other.learner.get_username() not in told
    assert len(run("prodev_export_table", "enrollments", actor=make_user().get_username()).splitlines()) == 1
    with pytest.raises(CommandError, match="belong to no program"):
        run("prodev_export_table", "topics", program="x")
    with pytest.raises(CommandError, match="'ods' is not a format"):
        run("prodev_export_table", "topics", format="ods")


def test_an_example_can_be_filled_in() -> None:
    assert run("prodev_export_table", "progress", example=True).splitlines() == [
        "provider,program,username,email,unit,status,score,completed_at,enrollment",
        "school,web-development,ada,,html-basics,completed,0.85,2026-01-31,",
    ]


def test_the_command_for_documents_sends_tables_to_their_own(file: Path) -> None:
    with pytest.raises(CommandError, match="tables are imported by prodev_import_table"):
        run("prodev_import", file)
