"""Marked Markdown: what people may do to it, and what they are told."""

import pytest

from django_prodev.documents.marks import CLOSE, guarded, has_marks, mark, read_marked
from django_prodev.documents.records import Lines, RecordKind
from django_prodev.exceptions import DocumentError

HEAD = (
    "---\nprodev: 1\nprogram:\n  slug: tides\n---\n\n"
    "# Tides\n\n<!-- prodev:program {} -->\nTwice a day.\n<!-- /prodev -->\n"
)
CHALLENGE = (
    "\n## Challenges and solutions\n\n### Fog\n\n<!-- prodev:challenge {} -->\n\nNothing to see.\n\n<!-- /prodev -->\n"
)
SOLUTION = '\n**Solution:**\n\n<!-- prodev:solution {"untitled": true} -->\nA bell.\n<!-- /prodev -->\n'


def test_records_have_their_lines_and_texts() -> None:
    document = read_marked(HEAD + CHALLENGE + SOLUTION)
    told = [(record.kind, record.title, record.text, record.lines) for record in document.records]
    assert told == [
        (RecordKind.PROGRAM, "Tides", "Twice a day.", Lines(1, 11)),
        (RecordKind.CHALLENGE, "Fog", "Nothing to see.", Lines(15, 21)),
        (RecordKind.SOLUTION, "", "A bell.", Lines(25, 27)),
    ]
    assert document.records[2].parent == document.records[1].key
    assert document.left_out == ()


def test_a_title_is_edited_in_the_heading() -> None:
    document = read_marked(HEAD + CHALLENGE.replace("### Fog", "### Thick fog"))
    assert document.of(RecordKind.CHALLENGE)[0].title == "Thick fog"


def test_what_stands_outside_the_marks_is_left_out_with_its_lines() -> None:
    document = read_marked(HEAD + CHALLENGE + "\nAn afterthought\nof two lines.\n")
    (piece,) = document.left_out
    assert (piece.lines, piece.text) == (Lines(23, 24), "An afterthought\nof two lines.")
    assert "outside the marks" in piece.reason


def test_nothing_in_a_text_reads_as_a_mark() -> None:
    for text in ("<!-- /prodev -->", "<!-- \\/prodev -->", "<!-- prodev:unit {} -->", "a <!-- /prodev --> b"):
        marked = HEAD + CHALLENGE.replace("Nothing to see.", guarded(text))
        assert read_marked(marked).of(RecordKind.CHALLENGE)[0].text == text


def test_a_mark_ends_only_where_it_ends() -> None:
    line = mark("unit", {"slug": "a--b", "note": "--> <!--"})
    assert line.count("-->") == 1
    assert line.endswith("-->")


def test_line_ends_of_another_system_are_read() -> None:
    text = (HEAD + CHALLENGE).replace("\n", "\r\n")
    assert has_marks(text)
    assert read_marked(text).of(RecordKind.CHALLENGE)[0].text == "Nothing to see."


def test_an_overview_with_front_matter_of_its_own_is_not_marked() -> None:
    assert not has_marks("---\ntitle: x\n---\n# A\n")
    assert not has_marks("# A\n---\nprodev: 1\n---\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + CHALLENGE.replace(CLOSE, ""), "Line 17: the mark is not closed; <!-- /prodev --> is missing."),
        (HEAD + CHALLENGE.replace("challenge {}", "challenge {a}"), "Line 17: the mark cannot be read"),
        (HEAD + CHALLENGE.replace("### Fog\n", ""), "Line 16: a heading is missing above the mark."),
        (HEAD + SOLUTION, "a solution stands before any challenge."),
        (HEAD + CHALLENGE.replace("challenge {}", "week {}"), "$.entries[0].kind: 'week' is not allowed"),
        (HEAD.replace("prodev: 1", "prodev: 2"), "$.prodev: 2 is not a version that is read"),
        (HEAD.replace("prodev: 1", "prodev: 1\nunits: []"), "$.units: in Markdown these stand as marked records"),
        (HEAD.replace("  slug: tides", "  slug: a b"), "$.program.slug"),
    ],
)
def test_a_broken_mark_is_told_in_one_line(text: str, told: str) -> None:
    with pytest.raises(DocumentError, match=r"^[^\n]+$") as caught:
        read_marked(text)
    assert told in str(caught.value)


def test_ten_thousand_unclosed_marks_cost_little() -> None:
    with pytest.raises(DocumentError, match="not closed"):
        read_marked(HEAD + "<!-- prodev:unit {} -->\n" * 10_000)
