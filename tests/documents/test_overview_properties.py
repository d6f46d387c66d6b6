"""Whatever the text: no word is lost, and what comes out is well formed and the same each time."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from django_prodev.documents.measure import lost_words
from django_prodev.documents.overview import read_overview
from django_prodev.documents.records import Document, RecordKind
from django_prodev.exceptions import NotAnOverview

MARKS = st.sampled_from(
    [
        "# ",
        "## ",
        "### ",
        "- ",
        "* ",
        "1. ",
        "  - ",
        "    ",
        "\t",
        "> ",
        "| ",
        " | ",
        "**",
        "_",
        "`",
        "```",
        "---",
        "===",
        "[",
        "](",
        ")",
        "<",
        ">",
        "&nbsp;",
        "\\",
        ":",
        " – ",
        " → ",
        "• ",
        "🚀 ",
        "<<<<<<< HEAD",
        "=======",
        "|---|---|",
        "<td>",
        "<tr>",
        "<!--",
        "-->",
        "![",
        "- [ ] ",
        "~~~",
        "***",
        "· ",
    ]
)
WORDS = st.sampled_from(
    [
        "Challenge",
        "Challenges",
        "Solution",
        "Solutions",
        "Problem",
        "Fix",
        "Best practices",
        "Technologies",
        "Concepts",
        "Python",
        "Django",
        "Overview",
        "Takeaways",
        "slow",
        "reports",
        "an index",
        "the",
        "I",
        "fixed it by",
        "TODO",
        "[x]",
        "Défi",
        "الحل",
        "one_two",
        "3.10",
        "Setup",
        "Table of Contents",
        "Conclusion",
    ]
)
LINES = st.lists(st.one_of(MARKS, WORDS, st.just(" ")), max_size=8).map("".join)
MARKDOWN = st.lists(LINES, max_size=30).map("\n".join)
FREE = st.text(max_size=400)


def read(text: str) -> Document:
    try:
        return read_overview(text)
    except NotAnOverview as refusal:
        return refusal.document if isinstance(refusal.document, Document) else Document("markdown", (), ())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(MARKDOWN, FREE))
def test_no_word_is_lost(text: str) -> None:
    assert lost_words(text, read(text)) == {}


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKDOWN)
@example("Challenge# \n| ")
@example("| \nConcepts\n# # # \n- ")
def test_records_are_well_formed(text: str) -> None:
    document = read(text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    keys = [record.key for record in document.records]
    challenges = {record.key for record in document.of(RecordKind.CHALLENGE)}
    assert len(set(keys)) == len(keys)
    for record in document.records:
        assert record.title.strip()
        assert 1 <= record.lines.first <= record.lines.last <= lines
        assert 0 <= record.confidence <= 1
        assert (record.parent in challenges) == (record.kind is RecordKind.SOLUTION)
    for piece in document.left_out:
        assert piece.reason
        assert 1 <= piece.lines.first <= piece.lines.last <= lines


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(MARKDOWN)
def test_the_same_text_gives_the_same_document(text: str) -> None:
    assert read(text) == read(text)
