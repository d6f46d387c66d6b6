"""Which shape reader was taken for a section, which others had a say, and when a reading is no better than a guess."""

from django_prodev.documents.overview import read_overview
from django_prodev.documents.records import Document, RecordKind

PRACTICES = "\n## Best practices\n\n- Write the test first\n- Keep the queries few\n"

CONTESTED = """
# Harbour

## Challenges

| Slow pages | We added an index |
| Lost messages | Late acknowledgement |

- **Orders twice**: solved with a unique key
- **Clocks**: fixed by using UTC
- **Queues**: fixed by a limit
"""


def read(text: str) -> Document:
    return read_overview(text + PRACTICES)


def test_a_section_tells_which_readers_saw_what_and_why() -> None:
    document = read("# Harbour\n\n## Challenges\n\n- **Problem:** Slow pages\n  - **Solution:** An index\n")
    (choice,) = document.choices
    assert (choice.lines.first, choice.lines.last) == (5, 6)
    taken, *others = choice.considered
    assert (taken.reader, taken.challenges, taken.solutions) == ("labelled items", 1, 1)
    assert taken.why == "labels tell 1 of 1 with a solution, and cover 100% of the words"
    assert all(taken.confidence >= other.confidence for other in others)
    assert {record.why for record in document.of(RecordKind.CHALLENGE, RecordKind.SOLUTION)} == {taken.why}


def test_other_records_tell_the_heading_that_they_stand_under() -> None:
    document = read("# Harbour\n")
    assert {record.why for record in document.of(RecordKind.PRACTICE)} == {"stands under “Best practices”"}


def test_paragraphs_without_a_word_of_difficulty_are_hardly_a_reading() -> None:
    several = read("# Harbour\n\n## Challenges\n\nThe weeks passed.\n\nMondays came and went.\n")
    one = read("# Harbour\n\n## Challenges\n\nThe weeks passed, and so did Mondays.\n")
    cued = read("# Harbour\n\n## Challenges\n\nWe struggled with pages that took far too long to load.\n\nWe sang.\n")
    found = [document.of(RecordKind.CHALLENGE)[0] for document in (several, one, cued)]
    assert [(record.reader, record.confidence) for record in found] == [("prose", 0.3), ("prose", 0.36), ("prose", 0.4)]
    assert "no word speaks of a difficulty" in found[0].why


STORY = "I kept bees once.\n\nThe hardest part was the queue: it lost orders. We fixed it with receipts.\n"


def test_running_text_is_read_where_nothing_announces_what_it_holds() -> None:
    document = read_overview(STORY)
    (challenge,) = document.of(RecordKind.CHALLENGE)
    assert (challenge.reader, challenge.confidence) == ("prose", 0.36)
    assert [record.text for record in document.of(RecordKind.SOLUTION)] == ["We fixed it with receipts."]
    assert all("queue" not in record.text for record in document.of(RecordKind.PROGRAM))
    # A section that announces something is read instead.
    assert not read(STORY).of(RecordKind.CHALLENGE)


TOLD_ON = """
# Harbour

## Challenges and solutions

### Boats in the wrong berth
The pilot called again, and we booked him twice. We introduced a number for each call.

### Fog
Lamps went out. We added a second one.
"""


def test_a_solution_begins_with_the_sentence_that_tells_of_it_most_clearly() -> None:
    document = read(TOLD_ON)
    first, second = document.of(RecordKind.SOLUTION)
    assert first.text == "We introduced a number for each call."
    assert "twice" in document.of(RecordKind.CHALLENGE)[0].text
    assert second.text == "We added a second one."


def test_a_bold_sentence_is_a_title_and_what_follows_its_text() -> None:
    document = read(
        "# Harbour\n\n## Challenges\n\n**Fog.** Lamps went out. Fix: a lamp.\n\n**Ice.** Was thin. Fix: a pole.\n"
    )
    assert [(record.title, record.text) for record in document.of(RecordKind.CHALLENGE)] == [
        ("Fog", "Lamps went out."),
        ("Ice", "Was thin."),
    ]


def test_a_reading_that_another_contradicts_as_surely_is_hardly_one() -> None:
    document = read(CONTESTED)
    assert {record.confidence for record in document.of(RecordKind.CHALLENGE)} == {0.3}
    first, second, *_ = document.choices[0].considered
    assert first.confidence == second.confidence == 0.7
    assert document.of(RecordKind.CHALLENGE)[0].why.endswith(f"{second.reader} is as sure and reads 3 challenges")
