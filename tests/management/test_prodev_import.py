"""The import command: what it prints, what it writes, and what a file that cannot be read is told."""

import hashlib
import io
import json
import os
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import OutputWrapper

from django_prodev.management.progress import ProgressBar
from django_prodev.models import Entry, Event, Program, Provider, Unit
from django_prodev.testing import make_user
from tests.documents.curricula import CURRICULUM, OVERVIEW

pytestmark = pytest.mark.django_db


@pytest.fixture
def overview(tmp_path: Path) -> Path:
    path = tmp_path / "overview.md"
    path.write_text(OVERVIEW, encoding="utf-8")
    return path


def run(*files: Path | str, **options: Any) -> str:
    out = io.StringIO()
    call_command("prodev_import", *map(str, files), stdout=out, **options)
    return out.getvalue()


def refused(*files: Path | str, **options: Any) -> str:
    with pytest.raises(CommandError) as caught:
        run(*files, **options)
    assert caught.value.returncode == 1
    message = str(caught.value)
    assert "\n" not in message
    assert not Program.objects.exists()
    assert not Event.objects.exists()
    return message


def test_the_plan_is_printed_with_lines_and_then_done(overview: Path) -> None:
    text = run(overview)
    assert "  + create     lines 7           technology: Django" in text
    assert "solution: One query with a window function" in text
    assert "left out" in text
    assert text.endswith("The program backend-apprenticeship is draft; --publish publishes it.\n")
    assert Entry.objects.count() == 6


def test_a_second_run_says_that_nothing_changes(overview: Path) -> None:
    run(overview)
    text = run(overview)
    assert "0 create, 0 update, 10 unchanged" in text
    assert "Nothing to change." in text


def test_publish_says_so(overview: Path) -> None:
    assert run(overview, publish=True).endswith("The program backend-apprenticeship is published.\n")
    assert list(Program.objects.visible_to(None).values_list("slug", flat=True)) == ["backend-apprenticeship"]


def test_a_dry_run_writes_nothing(overview: Path) -> None:
    assert run(overview, dry_run=True).endswith("Dry run: nothing was written.\n")
    assert not Program.objects.exists()
    assert not Provider.objects.exists()


def test_the_plan_as_json_has_the_documented_shape(overview: Path) -> None:
    plan = json.loads(run(overview, output="json", dry_run=True))
    assert list(plan) == [
        *("prodev_plan", "dry_run", "learner", "files", "programs", "counts", "records", "left_out", "readings"),
    ]
    assert (plan["prodev_plan"], plan["dry_run"], plan["learner"]) == (1, True, None)
    assert plan["files"] == [
        {
            "file": str(overview),
            "format": "markdown",
            "digest": hashlib.sha256(overview.read_bytes()).hexdigest(),
            "reader": "overview",
            "confidence": 0.92,
            "because": "4 challenges, practices and takeaways are told",
        }
    ]
    assert plan["programs"] == [
        {
            "slug": "backend-apprenticeship",
            "title": "Backend apprenticeship",
            "provider": "default",
            "action": "create",
            "status": "draft",
            "curriculum": {"version": 1, "action": "create", "status": "draft", "removed": []},
        }
    ]
    solution = next(record for record in plan["records"] if record["kind"] == "solution")
    assert list(solution) == [
        *("file", "key", "kind", "title", "text", "parent", "parent_title", "topics"),
        *("lines", "confidence", "reader", "action", "reason", "why"),
    ]
    challenge = next(record for record in plan["records"] if record["key"] == solution["parent"])
    assert solution["parent_title"] == challenge["title"] == "The nightly export took longer than the night"
    assert solution["lines"] == [17, 17]
    assert 0 < solution["confidence"] <= 1
    assert solution["action"] == "create"
    left_out = len(plan["left_out"])
    assert plan["counts"] == {"create": 10, "update": 0, "unchanged": 0, "left_out": left_out, "proposed": 0}
    (reading,) = plan["readings"]
    assert list(reading) == ["file", "section", "lines", "considered"]
    taken, *others = reading["considered"]
    assert list(taken) == ["reader", "confidence", "challenges", "solutions", "why", "taken"]
    assert (taken["reader"], taken["taken"]) == (challenge["reader"], True)
    assert not any(other["taken"] for other in others)
    assert all(list(piece) == ["file", "lines", "text", "reason"] for piece in plan["left_out"])


def test_json_after_an_import_is_all_that_stdout_gets(overview: Path) -> None:
    assert json.loads(run(overview, output="json"))["counts"]["create"] == 10
    assert json.loads(run(overview, output="json"))["counts"]["unchanged"] == 10


def test_several_files_are_one_transaction(overview: Path, tmp_path: Path) -> None:
    curriculum = tmp_path / "c.json"
    curriculum.write_text(json.dumps(CURRICULUM), encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text('{"prodev": 1}', encoding="utf-8")
    assert "broken.json: $: program is missing." in refused(overview, curriculum, broken)
    run(curriculum)
    run(overview, provider="harbour")
    assert set(Program.objects.values_list("provider__slug", "slug")) == {
        ("harbour", "services"),
        ("harbour", "backend-apprenticeship"),
    }


def test_a_learner_is_named_by_username(overview: Path) -> None:
    ada = make_user("ada")
    run(overview, learner="ada")
    assert set(Entry.objects.values_list("author", flat=True)) == {ada.pk}


def test_an_unknown_learner_format_or_provider_is_refused(overview: Path) -> None:
    assert refused(overview, learner="nobody") == "--learner: there is no user 'nobody'."
    assert refused(overview, format="docx").startswith("--format: 'docx' is not a format; it takes auto, markdown")
    assert "no provider 'nobody'" in refused(overview, provider="nobody")


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("empty.md", b"", "The file is empty."),
        ("blank.md", b" \n\n", "The file is empty."),
        ("nul.md", b"# Hello\x00world", "NUL bytes"),
        (
            "nul.json",
            b'{"prodev": 1, "program": {"title": "a\\u0000"}}',
            "$.program.title: the text has a NUL character.",
        ),
        ("picture.md", b"\x89PNG\r\n\x1a\n" + bytes(200), "is not text but a binary format"),
        ("prose.md", b"# A recipe\n\nBoil the water, then wait.\n", "prose.md: "),
        (
            "bad.json",
            b'{"prodev": 1, "program": {"title": "a"}, "units": [{"title": "b", "kind": "x"}]}',
            "$.units[0].kind",
        ),
        ("deep.json", b"[" * 100_000, "nested more than"),
        ("deep.yaml", b"[" * 100_000, "nested more than"),
        ("twice.json", b'{"prodev": 1, "prodev": 1}', "stands twice"),
        ("bomb.yaml", b"a: &a [x]\nb: [*a, *a]\n", "anchors and aliases"),
        ("list.json", b"[]", "is not a mapping"),
        ("word.yaml", b"hello", "is not a mapping"),
    ],
)
def test_a_file_that_cannot_be_read_gets_one_line(tmp_path: Path, name: str, data: bytes, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    message = refused(path)
    assert told in message
    assert name in message


def test_what_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "missing.md")
    assert "this is not a file" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe.md")
    assert "this is not a file" in refused(tmp_path / "pipe.md")
    assert "cannot be opened" in refused("a\x00b.md")


def test_a_file_of_50_megabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "large.md"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    started = time.process_time()
    assert "The file has 50,000,000 bytes; at most 10,000,000 are read." in refused(path)
    assert time.process_time() - started < 2
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-16", b""), ("utf-16-le", b"\xff\xfe"), ("latin-1", b""), ("utf-8", b"\xef\xbb\xbf")]
)
def test_encodings_are_told_apart(tmp_path: Path, encoding: str, mark: bytes) -> None:
    path = tmp_path / "overview.md"
    path.write_bytes(mark + OVERVIEW.replace("Two workers", "Two cafés").encode(encoding))
    run(path)
    assert Entry.objects.filter(title__startswith="Two cafés").count() == 1


def test_the_format_may_be_said_or_found_out(tmp_path: Path) -> None:
    path = tmp_path / "curriculum.txt"
    path.write_text(json.dumps(CURRICULUM), encoding="utf-8")
    assert "(json, read as curriculum: it begins with the key prodev)" in run(path, dry_run=True)
    assert "(yaml, read as curriculum: " in run(path, dry_run=True, format="yaml")
    path.write_text("# a comment\n\nprodev: 1\nprogram: {title: Tides}\n", encoding="utf-8")
    assert "(yaml, read as curriculum: " in run(path, dry_run=True)


def test_the_progress_bar_is_for_terminals_only(overview: Path) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, is_shown in ((Terminal(), True), (io.StringIO(), False)):
        bar = ProgressBar(OutputWrapper(stream), "Writing")
        for done in range(1001):
            bar(done, 1000)
        lines = stream.getvalue()
        assert (lines.count("\r") == 101) is is_shown
        assert lines.endswith("100 %\n") is is_shown
    errors = io.StringIO()
    run(overview, stderr=errors)
    assert errors.getvalue() == ""


def test_the_command_line_exits_with_1_and_one_line(tmp_path: Path) -> None:
    path = tmp_path / "prose.md"
    path.write_text("# A recipe\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "django", "prodev_import", str(path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": f"src{os.pathsep}."},
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("CommandError: ")
    assert len(done.stderr.splitlines()) == 1


def test_one_import_of_a_large_curriculum_has_bounded_statements(
    tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    units = [
        {
            "title": f"Module {module}",
            "units": [
                {"title": f"Lesson {module}.{lesson}", "slug": f"l-{module}-{lesson}", "topics": [f"Topic {lesson}"]}
                for lesson in range(49)
            ],
        }
        for module in range(100)
    ]
    path = tmp_path / "large.json"
    value = {"prodev": 1, "program": {"title": "Large"}, "units": units}
    path.write_text(json.dumps(value), encoding="utf-8")
    with django_assert_max_num_queries(900):
        run(path)
    assert Unit.objects.count() == 5_000
    with django_assert_max_num_queries(60):
        assert "5001 unchanged" in run(path)
