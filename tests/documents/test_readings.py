"""Another reading of a section, chosen by a person: what is read then, which decisions stay, and what cannot be."""

import json
from dataclasses import replace

import pytest

from django_prodev.documents.decisions.json_text import read_decisions, with_decisions, write_decisions
from django_prodev.documents.decisions.readings import read_otherwise, with_readings
from django_prodev.documents.decisions.values import ChosenReading, Decision, Verdict
from django_prodev.documents.measure import lost_words
from django_prodev.documents.overview import read_overview
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.records import Choice, RecordKind
from django_prodev.documents.sources import read_bytes
from django_prodev.exceptions import DocumentError
from tests.documents.curricula import CURRICULUM
from tests.documents.overview_shapes import SHAPES
from tests.documents.proposals import PROPOSED, SURE


def source(text: str, *decisions: Decision, name: str = "harbour.md") -> SourceDocument:
    return replace(read_bytes(text.encode(), name=name), decisions=decisions)


def the_choice(read: SourceDocument) -> Choice:
    (choice,) = read.document.choices
    return choice


def titles(read: SourceDocument, kind: RecordKind) -> list[str]:
    return [record.title for record in read.document.of(kind)]


def test_a_section_is_read_by_the_reader_that_was_chosen_and_nobody_doubts_it() -> None:
    before = source(PROPOSED)
    choice = the_choice(before)
    rival = choice.rivals[0]
    read = read_otherwise(before, section=choice.section, reader=rival.reader)
    assert titles(read, RecordKind.CHALLENGE) == ["Orders twice", "Clocks", "Queues"]
    assert {record.confidence for record in read.document.of(RecordKind.CHALLENGE, RecordKind.SOLUTION)} == {1.0}
    taken = the_choice(read).considered[0]
    assert (taken.reader, taken.confidence) == (rival.reader, rival.confidence)
    assert taken.why.startswith("chosen by a person; ")
    assert "chosen by a person; " in read.document.of(RecordKind.CHALLENGE)[0].why
    assert titles(read, RecordKind.PRACTICE) == titles(before, RecordKind.PRACTICE)
    assert any("Slow pages" in piece.text for piece in read.document.left_out)


def test_a_section_keeps_its_name_so_a_choice_can_be_taken_back() -> None:
    before = source(PROPOSED)
    choice = the_choice(before)
    there = read_otherwise(before, section=choice.section, reader=choice.rivals[0].reader)
    assert the_choice(there).section == choice.section
    back = read_otherwise(there, section=choice.section, reader=choice.considered[0].reader)
    assert titles(back, RecordKind.CHALLENGE) == titles(before, RecordKind.CHALLENGE)
    assert with_readings(there, ()).document == before.document


def several() -> list[tuple[str, int, str]]:
    """Every shape with every reading that could be taken instead: its text, its section and the reader."""
    return [
        (shape.text, choice.section, one.reader)
        for shape in SHAPES
        for choice in read_overview(shape.text).choices
        for one in choice.considered
    ]


@pytest.mark.parametrize(("text", "section", "reader"), several())
def test_whatever_reading_is_chosen_it_is_taken_and_no_word_is_lost(text: str, section: int, reader: str) -> None:
    document = read_overview(text, chosen={section: reader})
    assert next(one for one in document.choices if one.section == section).considered[0].reader == reader
    assert lost_words(text, document) == {}


def test_sections_have_names_of_their_own_and_there_are_readings_to_choose_from() -> None:
    for shape in SHAPES:
        sections = [choice.section for choice in read_overview(shape.text).choices]
        assert len(sections) == len(set(sections)), shape.name
    assert len(several()) > len(SHAPES) + 50


def test_decisions_about_records_that_stay_are_kept_under_their_keys_there() -> None:
    later = "\n## Challenges\n\n- **Problem:** Fog\n  - **Solution:** A lamp\n"
    at_first = source(PROPOSED + later)
    fog = next(record for record in at_first.document.records if record.title == "Fog")
    lamp = next(record for record in at_first.document.records if record.title == "A lamp")
    decided = (
        Decision("challenge-1", Verdict.DROP),
        Decision("practice-1", title="Test first"),
        Decision(fog.key, title="Thick fog"),
        Decision(lamp.key, parent=fog.key),
        Decision("solution-1", parent=fog.key),
    )
    first, _ = at_first.document.choices
    read = read_otherwise(replace(at_first, decisions=decided), section=first.section, reader=first.rivals[0].reader)
    by_title = {record.title: record.key for record in read.document.records}
    assert by_title["Fog"] != fog.key
    assert read.decisions == (
        Decision("practice-1", title="Test first"),
        Decision(by_title["Fog"], title="Thick fog"),
        Decision(by_title["A lamp"], parent=by_title["Fog"]),
    )


def test_a_reading_that_cannot_be_is_refused_and_says_which_there_are() -> None:
    read = source(PROPOSED)
    section = the_choice(read).section
    with pytest.raises(
        DocumentError, match=rf"^harbour.md: Line {section}: items by turns does not read this section; it is"
    ):
        read_otherwise(read, section=section, reader="items by turns")
    with pytest.raises(DocumentError, match="Line 3: no section that holds challenges in this reading begins there"):
        read_otherwise(read, section=3, reader="table")


def test_what_has_one_reading_only_cannot_be_read_otherwise() -> None:
    for text, name in ((json.dumps(CURRICULUM), "a.json"), ("# H\n\n## Best practices\n\n- Test first\n", "a.md")):
        read = source(text, name=name)
        assert not read.text
        with pytest.raises(DocumentError, match=f"^{name}: no section of it can be read otherwise"):
            read_otherwise(read, section=1, reader="table")


def test_a_file_of_decisions_holds_the_readings_and_its_keys_are_those_of_them() -> None:
    before = source(PROPOSED)
    choice = the_choice(before)
    chosen = read_otherwise(before, section=choice.section, reader=choice.rivals[0].reader)
    decided = replace(chosen, decisions=(Decision("challenge-3", Verdict.DROP), Decision("practice-1", title="First")))
    (read,) = with_decisions([source(PROPOSED)], read_decisions(write_decisions([decided])))
    assert read == decided
    # A reading alone is a decision too.
    (read,) = with_decisions([source(PROPOSED)], read_decisions(write_decisions([chosen])))
    assert read.readings == (ChosenReading(choice.section, choice.rivals[0].reader),)
    assert read.document == chosen.document


def test_a_file_of_decisions_without_readings_is_about_the_surest_one() -> None:
    text = write_decisions([source(SURE, Decision("practice-1", Verdict.DROP))])
    assert '"readings"' not in text
    (read,) = with_decisions([source(SURE)], read_decisions(text))
    assert not read.readings


@pytest.mark.parametrize(
    ("readings", "told"),
    [
        ([{"section": 11, "reader": "items by turns"}], "items by turns does not read this section"),
        ([{"section": 1, "reader": "table"}], "no section that holds challenges in this reading begins there"),
        ([{"section": "11", "reader": "table"}], r"readings\[0\].section"),
        ([{"section": 11}], "reader is missing"),
    ],
)
def test_readings_in_a_file_that_do_not_fit_are_told(readings: object, told: str) -> None:
    file = {"file": "harbour.md", "source": source(PROPOSED).digest, "reading": "", "readings": readings}
    text = json.dumps({"prodev_decisions": 1, "files": [file | {"decisions": []}]})
    with pytest.raises(DocumentError, match=told):
        with_decisions([source(PROPOSED)], read_decisions(text))
