"""Proposals, decisions and the questions of ``prodev_import``: what is asked, what is written, and what never is."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from django_prodev.management.commands import prodev_import
from django_prodev.models import Entry, Program
from django_prodev.testing import make_entry, make_program
from tests.documents.proposals import PROPOSED, SURE

pytestmark = pytest.mark.django_db


@pytest.fixture
def overview(tmp_path: Path) -> Path:
    path = tmp_path / "overview.md"
    path.write_text(PROPOSED, encoding="utf-8")
    return path


class Answers:
    """A person at a terminal, who gives these answers in turn and then hangs up."""

    def __init__(self, *answers: str) -> None:
        self.answers: Iterator[str] = iter(answers)
        self.prompts: list[str] = []

    def __call__(self, prompt: str = "") -> str:
        self.prompts.append(prompt)
        try:
            answer = next(self.answers)
        except StopIteration:
            raise EOFError from None
        if answer == "^C":
            raise KeyboardInterrupt
        return answer


def run(*files: Path, **options: Any) -> str:
    out = io.StringIO()
    call_command("prodev_import", *map(str, files), stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(*answers: str) -> Answers:
        person = Answers(*answers)
        monkeypatch.setattr("builtins.input", person)
        monkeypatch.setattr(prodev_import.sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
        return person

    return give


def kinds() -> list[tuple[str, str]]:
    return sorted(Entry.objects.values_list("kind", "title"))


def test_a_plain_run_holds_proposals_back_and_says_how_to_take_them(overview: Path) -> None:
    text = run(overview)
    assert kinds() == [("practice", "Write the test first")]
    assert "? proposed   lines 11" in text
    assert "4 proposed: no reader is sure of them" in text
    assert "--interactive asks about each, --accept-proposals takes them as they are." in text
    assert "* read       lines 11-12       table (70%, 2 with 2 solved), because the order of the columns" in text


def test_proposals_are_accepted_by_a_flag(overview: Path) -> None:
    text = run(overview, accept_proposals=True)
    assert Entry.objects.filter(kind="challenge").count() == 2
    assert ", 0 proposed" in text


def test_a_site_says_how_sure_is_sure_enough(overview: Path, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"IMPORT_SURE_FROM": 0.2}
    assert ", 0 proposed" in run(overview)
    settings.DJANGO_PRODEV = {"IMPORT_SURE_FROM": 1}
    assert "0 create" in run(overview, program="harbour", dry_run=True)


def test_each_proposal_is_asked_about_and_the_answers_are_written(overview: Path, answering: Any) -> None:
    person = answering("t", "Pages were slow", "y", "y", "k", "practice", "y", "p", "1", "y", "y")
    text = run(overview, interactive=True)
    assert kinds() == [
        ("challenge", "Pages were slow"),
        ("practice", "Lost messages"),
        ("practice", "Write the test first"),
        ("solution", "Late acknowledgement"),
        ("solution", "We added an index"),
    ]
    assert set(Entry.objects.filter(kind="solution").values_list("parent__title", flat=True)) == {"Pages were slow"}
    assert "overview.md, 1 of 4: proposed, and written only if you say so" in text
    assert person.prompts[-1] == "Write this? [y/N] "
    assert text.endswith("The program harbour is draft; --publish publishes it.\n")


def test_no_to_a_challenge_asks_nothing_about_its_solution(overview: Path, answering: Any) -> None:
    answering("n", "a", "y")
    run(overview, interactive=True)
    assert [title for kind, title in kinds() if kind in {"challenge", "solution"}] == [
        "Lost messages",
        "Late acknowledgement",
    ]


def test_a_solution_whose_challenge_became_something_else_is_asked_about_even_after_all_yes(
    overview: Path, answering: Any
) -> None:
    answering("k", "5", "a", "y", "k", "learning", "y", "y")
    text = run(overview, interactive=True)
    assert "Its challenge became something else: pair it with another one" in text
    assert ("learning", "We added an index") in kinds()
    assert ("challenge", "Lost messages") in kinds()


def test_an_answer_that_is_none_is_asked_for_again(overview: Path, answering: Any) -> None:
    answering("", "what", "k", "song", "k", "", "p", "9", "t", "", "n", "n", "y")
    text = run(overview, interactive=True)
    assert text.count("Answer with one of the letters in brackets.") == 2
    assert "song is none of these." in text
    assert "9 is none of these." in text
    assert [kind for kind, _ in kinds()] == ["practice"]


@pytest.mark.parametrize(
    "answers", [("q",), ("y", "^C"), ("y",), (), ("a", "n"), ("a", ""), ("a",), ("a", "^C"), ("t", "^C"), ("p",)]
)
def test_whoever_leaves_writes_nothing(overview: Path, answering: Any, answers: tuple[str, ...]) -> None:
    answering(*answers)
    with pytest.raises(CommandError, match=r"^Nothing was written\.$"):
        run(overview, interactive=True)
    assert not Program.objects.exists()


def test_a_document_that_is_sure_is_not_asked_about_unless_all_is(tmp_path: Path, answering: Any) -> None:
    path = tmp_path / "sure.md"
    path.write_text(SURE, encoding="utf-8")
    person = answering("y")
    assert "Every reading is sure: there is nothing to ask about." in run(path, interactive=True)
    assert person.prompts == ["Write this? [y/N] "]
    person = answering(*["y"] * 7)
    assert "Nothing to change." in run(path, interactive=True, review="all")
    assert len(person.prompts) == 7


def test_doubtful_records_are_asked_about_by_default_and_not_with_proposals_only(
    tmp_path: Path, answering: Any
) -> None:
    path = tmp_path / "doubtful.md"
    path.write_text("# Harbour\n\n## Challenges\n\n- **Slow pages**: solved by an index\n", encoding="utf-8")
    answering("n", "y")
    assert "1 of 2: doubtful" in run(path, interactive=True)
    assert kinds() == []
    answering("y")
    run(path, interactive=True, review="proposals")
    assert kinds() == [("challenge", "Slow pages"), ("solution", "solved by an index")]


def test_what_was_decided_is_kept_in_a_file_and_used_again(overview: Path, tmp_path: Path, answering: Any) -> None:
    saved = tmp_path / "decisions.json"
    answering("y", "y", "n")
    text = run(overview, interactive=True, dry_run=True, save_decisions=str(saved))
    assert text.endswith("Dry run: nothing was written.\n")
    assert not Program.objects.exists()
    decisions = json.loads(saved.read_text())["files"][0]["decisions"]
    assert [(one["key"], one["decision"]) for one in decisions] == [
        ("challenge-1", "keep"),
        ("solution-1", "keep"),
        ("challenge-2", "drop"),
    ]
    text = run(overview, decisions=str(saved))
    assert "- left out   lines 12          challenge: Lost messages (table, 30%) (dropped by a decision)" in text
    assert ("challenge", "Slow pages") in kinds()
    person = answering("y")
    assert "Nothing to change." in run(overview, decisions=str(saved), interactive=True)
    assert len(person.prompts) == 1


def test_a_section_is_read_otherwise_where_the_person_says_so(overview: Path, tmp_path: Path, answering: Any) -> None:
    saved = tmp_path / "decisions.json"
    person = answering("n", "r", "", "r", "9", "r", "1", "y")
    text = run(overview, interactive=True, save_decisions=str(saved))
    assert person.prompts[0].startswith(
        "[y]es, [n]o, edit [t]itle, change [k]ind, [p]air with, [r]ead otherwise, [a]ll"
    )
    assert person.prompts[2] == "How are lines 11-12 to be read (number; Enter leaves it)? "
    assert "    1 items: title and what was done, 70% sure: 3 challenges, 3 solved" in text
    assert "9 is none of these." in text
    assert "Lines 11-12 are read as items: title and what was done." in text
    told = [title for kind, title in kinds() if kind == "challenge"]
    assert told == ["Clocks", "Orders twice", "Queues"]
    (file,) = json.loads(saved.read_text())["files"]
    assert file["readings"] == [{"section": 11, "reader": "items: title and what was done"}]
    assert "Nothing to change." in run(overview, decisions=str(saved))


def test_what_is_left_to_ask_is_counted_anew_where_a_section_is_read_otherwise(overview: Path, answering: Any) -> None:
    again = PROPOSED.replace("# Harbour\n", "# Harbour\n", 1) + "\n## Challenges\n\n- **Fog**: solved by a lamp\n"
    overview.write_text(again, encoding="utf-8")
    answering("y", "r", "1", "y", "y", "y")
    text = run(overview, interactive=True)
    assert [
        line.split(":")[0].split(", ")[1]
        for line in text.splitlines()
        if line.startswith(str(overview)[:5]) and " of " in line
    ] == [
        "1 of 6",
        "2 of 6",
        "2 of 3",
        "3 of 3",
    ]


def test_decisions_about_another_version_are_refused(overview: Path, tmp_path: Path, answering: Any) -> None:
    saved = tmp_path / "decisions.json"
    answering("a")
    run(overview, interactive=True, dry_run=True, save_decisions=str(saved))
    overview.write_text(PROPOSED + "- Keep the queries few\n", encoding="utf-8")
    with pytest.raises(CommandError, match="the decisions are about another version of this file; review it again"):
        run(overview, decisions=str(saved))
    with pytest.raises(CommandError, match="the decisions cannot be read"):
        run(overview, decisions=str(tmp_path / "none.json"))
    assert not Program.objects.exists()


def test_what_was_shown_is_shown_again_where_the_data_changed_before_yes(overview: Path, monkeypatch: Any) -> None:
    answers = iter(["a", "change", "y"])

    def ask(prompt: str = "") -> str:
        answer = next(answers)
        if answer == "change":
            program = make_program(slug="harbour", title="Harbour", description="Boats and their berths.")
            make_entry(program=program, kind="practice", title="Write the test first", author=None, enrollment=None)
            return "y"
        return answer

    monkeypatch.setattr("builtins.input", ask)
    monkeypatch.setattr(prodev_import.sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    text = run(overview, interactive=True)
    assert "The data was changed meanwhile. This is what would be written now:" in text
    assert Entry.objects.filter(title="Write the test first").count() == 1


def test_questions_need_a_terminal_and_an_output_of_their_own(overview: Path, answering: Any) -> None:
    with pytest.raises(CommandError, match="--interactive asks in a terminal, and standard input is not one"):
        run(overview, interactive=True)
    answering("y")
    with pytest.raises(CommandError, match="questions and JSON cannot share the output"):
        run(overview, interactive=True, output="json")


def test_no_text_of_a_document_steers_the_terminal(tmp_path: Path, answering: Any) -> None:
    path = tmp_path / "hostile.md"
    hostile = "# H\n\n## Challenges\n\n- **a\x1b[2Jb\x07**: solved by c\x1b]0;d\x07e\n"
    path.write_text(hostile + "\n## Best practices\n\n" + "- Write the test first\n" * 20, encoding="utf-8")
    answering("a", "y")
    text = run(path, interactive=True)
    assert "a [2Jb" in text
    assert "\x1b" not in text
    assert "\x07" not in text
