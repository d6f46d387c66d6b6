"""What is wrapped around a document comes off, HTML that lays it out is read as Markdown, and slips are forgiven."""

import pytest

from django_prodev.documents.measure import count_challenges, lost_words
from django_prodev.documents.overview import read_overview
from django_prodev.documents.overview.layout import without_layout
from django_prodev.documents.records import RecordKind
from django_prodev.documents.vocabulary import Vocabulary

TEXT = """# A program

## Challenges

- **Challenge:** Slow reports
  **Solution:** An index
- **Challenge:** Lost sessions
  **Solution:** Redis

## Best practices

- Measure first.
"""

WRAPPED = {
    "quoted": "".join(f"> {line}\n" for line in TEXT.splitlines()),
    "indented": "".join(f"    {line}\n" for line in TEXT.splitlines()),
    "without spaces after the marks of headings": TEXT.replace("# ", "#"),
    "without those spaces, with numbers behind the words": (
        "##Challenges\n\n###Difficulty #1: Reports\nThey were slow. I added an index.\n\n###Difficulty #2: C#\n"
        "It was new. I read the manual.\n\n##Best practices\n\n- Measure first.\n"
    ),
    "pasted twice": f"{TEXT}\n{TEXT}",
    "headings in HTML": TEXT.replace("## Challenges", '<h2 align="center">Challenges</h2>'),
    "in a centred block": f'<div align="center">\n{TEXT}</div>\n',
    "bold in HTML": TEXT.replace(":**", ":</b>").replace("**", "<b>"),
    "headings right under lists": TEXT.replace("\n\n", "\n").replace("## Challenges", "**Challenges**"),
    "misspelt": TEXT.replace("Challenges", "Challanges").replace("Solution:", "Soluton:"),
    "task list": TEXT.replace("- ", "- [ ] "),
}


@pytest.mark.parametrize("text", WRAPPED.values(), ids=WRAPPED)
def test_a_document_in_a_wrapping_or_with_slips_gives_the_same(text: str) -> None:
    document = read_overview(text)
    assert count_challenges(document) == (2, 2)
    assert [record.title for record in document.of(RecordKind.PRACTICE)] == ["Measure first"]
    assert lost_words(text, document) == {}


def test_a_sentence_that_was_wrapped_under_an_item_heads_nothing() -> None:
    wrapped = "- A reference for whoever wants to read of technologies,\nconcepts, challenges, and solutions\n- b\n"
    document = read_overview(f"# T\n\n## Goals\n{wrapped}\n{TEXT}")
    assert count_challenges(document) == (2, 2)


def test_html_lists_become_items_on_the_same_lines() -> None:
    lines = [
        "<ul>",
        "<li>a",
        "<ol>",
        "<li><b>b</b></li>",
        "</ol>",
        "</li>",
        "</ul>",
        "<dl>",
        "<dt>c</dt>",
        "<dd>d</dd>",
    ]
    assert without_layout(lines) == ["", "- a", "", "  - **b**", "", "", "", "", "- **c**", "  d"]


def test_folded_parts_are_one_level_above_the_headings_in_them() -> None:
    lines = [
        "## A",
        "<details>",
        "<summary>B</summary>",
        "",
        "#### C",
        "</details>",
        "<details>",
        "<summary>D</summary>",
    ]
    assert without_layout(lines)[2] == "### B"
    assert without_layout(lines)[7] == "### D"


def test_html_in_code_and_in_tables_stays() -> None:
    lines = ["```", "<b>a</b>", "```", "`<b>`", "<table>", "<tr><td><div>x</div></td></tr>", "</table>"]
    assert without_layout(lines) == lines


@pytest.mark.parametrize(
    "word", ["challanges", "chalenges", "challegnes", "tecnologies", "solutoin", "probem", "takaways"]
)
def test_a_slip_of_the_keyboard_is_the_word_that_was_meant(word: str) -> None:
    spelling = Vocabulary.load().spelling
    assert spelling.correct((word,)) != (word,)


@pytest.mark.parametrize("word", ["protect", "concert", "products", "contexts", "dilution", "ask", "tacks"])
def test_other_words_stay_what_they_are(word: str) -> None:
    spelling = Vocabulary.load().spelling
    assert spelling.correct((word,)) == (word,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not found yet", (1, 0)),
        ("N/A", (1, 0)),
        ("none", (1, 0)),
        ("Open the port in the firewall", (1, 1)),
        ("None of the guides helped, so the source was read line by line", (1, 1)),
    ],
)
def test_a_solution_that_says_there_is_none_is_none(text: str, expected: tuple[int, int]) -> None:
    document = read_overview(f"# T\n\n## Challenges\n- **Challenge:** Slow reports\n  **Solution:** {text}\n")
    assert count_challenges(document) == expected


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Snags and how I fixed them", 2),
        ("Bugs & Fixes", 2),
        ("Where I struggled", 2),
        ("Was schwierig war", 2),
        ("Ce qui a été difficile", 2),
        ("Lo más difícil", 2),
        ("Changamoto na suluhisho", 2),
        ("Requirements and solutions", 0),
        ("Daily challenges", 0),
    ],
)
def test_headings_announce_challenges_by_what_they_mean(heading: str, expected: int) -> None:
    text = f"# T\n\n## {heading}\n- **Slow reports:** added an index.\n- **Lost sessions:** moved to Redis.\n"
    document = read_overview(f"{text}\n## Best practices\n- Measure first.\n")
    assert count_challenges(document)[0] == expected


def test_a_heading_glued_to_the_line_before_it_is_set_apart() -> None:
    text = TEXT.replace("# A program\n", "# A program\n\n## Concepts\n\n- Caching# My second portfolio project\n")
    document = read_overview(text)
    assert [record.title for record in document.of(RecordKind.CONCEPT)] == ["Caching"]
    assert count_challenges(document) == (2, 2)
    assert document.of(RecordKind.PROJECT) == ()
    assert not lost_words(text, document)


def test_a_language_with_a_sign_in_its_name_is_no_glued_heading() -> None:
    document = read_overview(TEXT + "\n## Technologies\n\n- C# Tools\n\n- F# Basics\n")
    assert [record.title for record in document.of(RecordKind.TECHNOLOGY)] == ["C# Tools", "F# Basics"]
