"""The corpus of real overviews: exact counts, nothing lost, and names as a reader found them."""

import re
from collections import Counter
from pathlib import Path

import pytest

from django_prodev.documents.decoding import decode_document
from django_prodev.documents.measure import Measured, count_challenges, main, measure, read_anyway
from django_prodev.documents.overview import read_overview
from django_prodev.exceptions import NotAnOverview
from tests.documents.gold_names import CORPUS, gold, names_of

pytestmark = pytest.mark.skipif(
    not (CORPUS / "gold.tsv").is_file(), reason=f"there is no corpus at {CORPUS} (set PRODEV_CORPUS)"
)

NO_OVERVIEW = "(no overview)"


@pytest.fixture(scope="module")
def results() -> list[Measured]:
    return list(measure(CORPUS))


def test_at_least_97_percent_of_overviews_give_exactly_the_counts(results: list[Measured]) -> None:
    overviews = [result for result in results if result.shape != NO_OVERVIEW]
    wrong = [(result.name, result.expected, result.found) for result in overviews if not result.is_right]
    assert len(wrong) <= 0.03 * len(overviews), wrong


def test_no_word_of_any_document_is_lost(results: list[Measured]) -> None:
    assert [(result.name, result.lost) for result in results if result.lost] == []


def test_what_is_no_overview_gives_nothing_and_says_why(results: list[Measured]) -> None:
    others = [result for result in results if result.shape in {NO_OVERVIEW, "template", "skeleton"}]
    assert len(others) > 8
    for result in others:
        assert result.found == (0, 0)
        assert result.refusal, result.name


def test_names_hold_95_percent_precision_and_recall_in_every_kind() -> None:
    expected: Counter[tuple[str, str, str]] = Counter()
    found: Counter[tuple[str, str, str]] = Counter()
    for name, names in gold().items():
        document, _, _ = read_anyway(CORPUS / "overviews" / f"{name}.md")
        expected.update({(name, *key): count for key, count in names.items()})
        found.update({(name, *key): count for key, count in names_of(document).items()})
    right = (expected & found).total()
    assert len(gold()) == 20
    assert right / found.total() >= 0.95, found - expected
    assert right / expected.total() >= 0.95, expected - found
    for kind in {kind for _, kind, _ in expected}:
        wanted = Counter({key: count for key, count in expected.items() if key[1] == kind})
        given = Counter({key: count for key, count in found.items() if key[1] == kind})
        assert (wanted & given).total() / given.total() >= 0.95, given - wanted
        assert (wanted & given).total() / wanted.total() >= 0.95, wanted - given


def escaped(text: str) -> str:
    return re.sub(r"([#*_`\[\]()>+\-.!|~])", r"\\\1", text)


def fenced(text: str) -> str:
    return f"````markdown\n{text}\n````\n"


def conflicting(text: str) -> str:
    return f"<<<<<<< HEAD\n{text}\n=======\n>>>>>>> branch\n"


def without_bold(text: str) -> str:
    return text.replace("**", "")


def with_carriage_returns(text: str) -> str:
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize("rewrite", [escaped, fenced, conflicting, without_bold, with_carriage_returns])
def test_a_document_in_a_wrapping_gives_the_same_counts(rewrite, results: list[Measured]) -> None:
    changed = []
    for result in results:
        if result.shape == NO_OVERVIEW or not result.is_right:
            continue
        text = decode_document(Path(CORPUS / "overviews" / f"{result.name}.md").read_bytes()).replace("\r\n", "\n")
        try:
            found = count_challenges(read_overview(rewrite(text)))
        except NotAnOverview:
            found = (0, 0)
        if found != result.expected:
            changed.append((result.name, found, result.expected))
    assert changed == []


def test_the_command_prints_the_table_and_its_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(CORPUS)]) == 0
    printed = capsys.readouterr().out
    assert "0 words lost" in printed
    assert "label_nested" in printed


def test_the_command_without_a_corpus_measures_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 0
    assert "nothing was measured" in capsys.readouterr().out
