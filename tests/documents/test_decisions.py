"""Decisions about the records of a document: what they do, what they cannot do, and the file that keeps them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodev.documents.decisions.json_text import (
    read_decision_file,
    read_decisions,
    with_decisions,
    write_decisions,
)
from django_prodev.documents.decisions.settling import Settled, settle
from django_prodev.documents.decisions.values import Decision, Verdict, digest_of_reading
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.records import Document, RecordKind
from django_prodev.documents.sources import read_bytes, read_document
from django_prodev.exceptions import DecisionsRefused, DocumentError
from tests.documents.curricula import CURRICULUM
from tests.documents.proposals import PROPOSED, SURE

DROP, KEEP = Verdict.DROP, Verdict.KEEP


def settled(text: str, *decisions: Decision, sure_from: float = 0.35, name: str = "a.md") -> Settled:
    return settle(read_document(text, name=name), decisions, sure_from=sure_from)


def keys(found: Settled) -> list[str]:
    return [record.key for record in found.document.records]


def refused(text: str, *decisions: Decision, name: str = "a.md") -> dict[str, list[str]]:
    with pytest.raises(DecisionsRefused) as caught:
        settled(text, *decisions, sure_from=0, name=name)
    return caught.value.fields


def curriculum() -> str:
    return json.dumps(CURRICULUM)


def test_without_decisions_what_is_sure_is_kept_as_it_is() -> None:
    document = read_document(SURE)
    assert settle(document, (), sure_from=0.35).document is document


def test_what_no_reader_is_sure_of_is_proposed_until_somebody_keeps_it() -> None:
    found = settled(PROPOSED)
    assert keys(found) == ["program-1", "technology-1", "practice-1"]
    assert [(aside.record.key, aside.is_proposed) for aside in found.set_aside] == [
        ("challenge-1", True),
        ("solution-1", True),
        ("challenge-2", True),
        ("solution-2", True),
    ]
    assert "as sure and reads 3 challenges" in found.set_aside[0].reason
    accepted = settled(PROPOSED, Decision("challenge-1"), Decision("solution-1"))
    assert {"challenge-1", "solution-1"} <= set(keys(accepted))
    assert {aside.record.key for aside in accepted.set_aside} == {"challenge-2", "solution-2"}
    assert len(settled(PROPOSED, sure_from=0).document.records) == 7


def test_a_dropped_challenge_takes_its_solution_along() -> None:
    found = settled(SURE, Decision("challenge-1", DROP))
    assert "solution-1" not in keys(found)
    assert [(aside.record.key, aside.reason) for aside in found.set_aside] == [
        ("challenge-1", "dropped by a decision"),
        ("solution-1", "dropped with the record that it belongs to"),
    ]


def test_a_solution_that_was_given_another_challenge_stays() -> None:
    found = settled(SURE, Decision("challenge-1", DROP), Decision("solution-1", parent="challenge-2"))
    (moved,) = [record for record in found.document.records if record.key == "solution-1"]
    assert moved.parent == "challenge-2"


def test_a_record_is_corrected_field_by_field() -> None:
    decision = Decision(
        "practice-1", kind=RecordKind.TAKEAWAY, title="  Test\n first ", text="Red.\r\n", topics=("TDD",)
    )
    (record,) = [one for one in settled(SURE, decision).document.records if one.key == "practice-1"]
    assert (record.kind, record.title, record.text, record.topics) == ("takeaway", "Test first", "Red.", ("TDD",))
    assert record.lines == read_document(SURE).of(RecordKind.PRACTICE)[0].lines


def test_a_record_may_be_made_the_solution_of_a_challenge_and_a_solution_something_else() -> None:
    found = settled(
        SURE,
        Decision("practice-1", kind=RecordKind.SOLUTION, parent="challenge-2"),
        Decision("solution-1", kind=RecordKind.LEARNING),
    )
    by_key = {record.key: record for record in found.document.records}
    assert (by_key["practice-1"].kind, by_key["practice-1"].parent) == ("solution", "challenge-2")
    assert (by_key["solution-1"].kind, by_key["solution-1"].parent) == ("learning", None)


@pytest.mark.parametrize(
    ("decisions", "key", "told"),
    [
        ([Decision("challenge-9")], "challenge-9", "no such record"),
        ([Decision("challenge-1"), Decision("challenge-1", DROP)], "challenge-1", "decided about twice"),
        ([Decision("challenge-1", kind=RecordKind.UNIT)], "challenge-1", "cannot become a unit; it takes technology"),
        ([Decision("program-1", kind=RecordKind.PRACTICE)], "program-1", "cannot become a practice; it takes program"),
        ([Decision("program-1", title=" ")], "program-1", "title is blank"),
        ([Decision("practice-1", title="", text="")], "practice-1", "both blank"),
        ([Decision("practice-1", title="a\x00b")], "practice-1", "NUL"),
        ([Decision("practice-1", text="\ud800")], "practice-1", "surrogate"),
        ([Decision("practice-1", topics=("x" * 201,))], "practice-1", "at most 200 characters"),
        ([Decision("practice-1", topics=tuple(map(str, range(201))))], "practice-1", "at most 200"),
        ([Decision("practice-1", kind=RecordKind.CONCEPT, topics=("a",))], "practice-1", "is its title"),
        ([Decision("practice-1", kind=RecordKind.SOLUTION)], "practice-1", "needs the challenge"),
        ([Decision("practice-1", parent="challenge-1")], "practice-1", "belongs to no other record"),
        ([Decision("solution-1", parent="practice-1")], "solution-1", "practice-1 is no challenge that is kept"),
        ([Decision("solution-1", parent="nothing")], "solution-1", "no challenge that is kept"),
        ([Decision("challenge-1", kind=RecordKind.PRACTICE)], "solution-1", "challenge-1 is no challenge"),
        ([Decision("challenge-1", DROP), Decision("solution-1")], "solution-1", "is not kept; drop it too, or move it"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_by_its_key(decisions: list[Decision], key: str, told: str) -> None:
    fields = refused(SURE, *decisions)
    assert told in " ".join(fields[key])


def test_a_curriculum_keeps_what_its_format_states() -> None:
    name = "a.json"
    (program,) = read_document(curriculum(), name=name).of(RecordKind.PROGRAM)
    assert "say nothing without the program" in str(refused(curriculum(), Decision(program.key, DROP), name=name))
    units = read_document(curriculum(), name=name).of(RecordKind.UNIT)
    assert "cannot become" in str(refused(curriculum(), Decision(units[0].key, kind=RecordKind.CONCEPT), name=name))
    child = next(unit for unit in units if unit.parent)
    loop = [Decision(child.parent or "", parent=child.key)]
    assert "would stand under it" in str(refused(curriculum(), *loop, name=name))
    found = settled(curriculum(), Decision(child.parent or "", DROP), name=name)
    assert child.key not in keys(found)
    moved = settled(curriculum(), Decision(child.parent or "", DROP), Decision(child.key, parent=""), name=name)
    assert child.key in keys(moved)


def test_topics_of_a_curriculum_keep_their_roles() -> None:
    document = read_document(curriculum(), name="a.json")
    unit = next(unit for unit in document.of(RecordKind.UNIT) if unit.extra["topics"])
    first = unit.extra["topics"][0]
    decision = Decision(unit.key, topics=(first["name"], "Tides"))
    (found,) = [
        record for record in settled(curriculum(), decision, name="a.json").document.records if record.key == unit.key
    ]
    assert found.extra["topics"] == [first, {"name": "Tides"}]


# The file


def source(text: str = SURE, *decisions: Decision, name: str = "docs/a.md") -> SourceDocument:
    read = read_bytes(text.encode(), name=name)
    return SourceDocument(read.name, read.source, read.document, read.digest, decisions)


DECISIONS = (
    Decision("challenge-1", DROP),
    Decision("practice-1", KEEP, RecordKind.TAKEAWAY, "Ünï", "a\n\nb", None, ("TDD", "x")),
    Decision("solution-2", parent="challenge-2"),
)


def test_a_file_of_decisions_gives_back_what_was_decided() -> None:
    text = write_decisions([source(SURE, *DECISIONS), source(PROPOSED, name="b.md")])
    (read,) = with_decisions([source()], read_decisions(text))
    assert read.decisions == DECISIONS


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@given(
    st.lists(
        st.builds(
            Decision,
            words,
            st.sampled_from(Verdict),
            st.none() | st.sampled_from([RecordKind.PRACTICE, RecordKind.SOLUTION]),
            st.none() | words,
            st.none() | words,
            st.none() | words,
            st.none() | st.lists(words, max_size=3).map(tuple),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_any_decision_survives_its_file(decisions: list[Decision]) -> None:
    (read,) = read_decisions(write_decisions([source(SURE, *decisions)]))
    assert read.decisions == tuple(decisions)


@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(Verdict), st.integers(0, 8)), max_size=6))
def test_whatever_is_decided_every_solution_that_is_kept_has_its_challenge(
    drawn: list[tuple[int, Verdict, int]],
) -> None:
    document = read_document(PROPOSED)
    records = document.records
    kinds = [None, *list(RecordKind)[1:9]]
    decisions = [Decision(records[at].key, verdict, kinds[kind]) for at, verdict, kind in drawn]
    try:
        found = settle(document, decisions, sure_from=0.35)
    except DecisionsRefused:
        return
    kept = {record.key: record for record in found.document.records}
    for record in kept.values():
        if record.kind is RecordKind.SOLUTION:
            assert kept[record.parent or ""].kind is RecordKind.CHALLENGE
    assert len(kept) + len(found.set_aside) == len(records)


def test_decisions_about_another_version_or_another_file_are_refused() -> None:
    decided = read_decisions(write_decisions([source(SURE, *DECISIONS)]))
    with pytest.raises(DocumentError, match=r"a.md: the decisions are about another version of this file"):
        with_decisions([source(SURE + "\nmore\n", name="elsewhere/a.md")], decided)
    with pytest.raises(DocumentError, match="and it is not imported here"):
        with_decisions([source(PROPOSED, name="b.md")], decided)
    (renamed,) = with_decisions([source(SURE, name="b.md")], decided)
    assert renamed.decisions == DECISIONS


def test_decisions_about_another_reading_of_the_same_bytes_are_refused() -> None:
    text = write_decisions([source(SURE, *DECISIONS)]).replace(digest_of_reading(source().document), "0" * 64)
    with pytest.raises(DocumentError, match="another reading of this file"):
        with_decisions([source()], read_decisions(text))


ONE_FILE = {"file": "a", "source": "", "reading": ""}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("[]", "$: [] is not a mapping"),
        ("{}", "prodev_decisions and files are missing"),
        ('{"prodev_decisions": 2, "files": []}', "2 is not a version that is read"),
        (
            json.dumps(ONE_FILE | {"decisions": [{"key": "k", "decision": "burn"}]}).join(
                ['{"prodev_decisions": 1, "files": [', "]}"]
            ),
            "$.files[0].decisions[0].decision: 'burn' is not allowed; it takes 'keep', 'drop'",
        ),
        ("[" * 10_000, "nested more than"),
        ("{", "Not valid JSON"),
    ],
)
def test_a_file_that_is_not_of_that_form_is_told_where(tmp_path: Path, value: str, told: str) -> None:
    path = tmp_path / "decisions.json"
    path.write_text(value)
    with pytest.raises(DocumentError) as caught:
        read_decision_file(path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", ["missing.json", ".", "a\0b"])
def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match="the decisions cannot be read"):
        read_decision_file(tmp_path / name)


def test_the_digest_tells_readings_apart() -> None:
    def digest(**fields: Any) -> str:
        document = read_document(SURE)
        first, *rest = document.records
        return digest_of_reading(Document(document.format, (replace(first, **fields), *rest), ()))

    assert len({digest(), digest(title="x"), digest(text="x"), digest(kind=RecordKind.CONCEPT), digest(key="k")}) == 5
