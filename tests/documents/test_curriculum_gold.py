"""The curricula of the corpus: every unit as somebody read it, nothing lost, and overviews still read as overviews."""

import json

import pytest

from django_prodev.documents.measure import lost_words
from django_prodev.documents.records import Document, LeftOut, Lines, RecordKind
from django_prodev.documents.sources import read_file
from django_prodev.exceptions import NotAnOverview
from tests.documents.gold_curricula import CORPUS, FOLDER, gold, rows_of

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there is no corpus at {CORPUS} (set PRODEV_CORPUS)")

FILES = {path.stem: path for path in sorted(CORPUS.glob("*"))} if CORPUS.is_dir() else {}
NAMES = sorted(path.stem for path in FOLDER.glob("*.tsv"))
READERS = {
    "codecrafters-redis": "codecrafters",
    "data-engineering-zoomcamp": "outline",
    "exercism-python": "exercism",
    "freecodecamp-back-end": "freecodecamp",
    "hackyourfuture": "outline",
    "ossu-computer-science": "outline",
}


def test_each_curriculum_has_a_gold_file() -> None:
    assert set(NAMES) == set(FILES) == set(READERS)


@pytest.mark.parametrize("name", NAMES)
def test_units_their_order_topics_and_prerequisites_are_as_somebody_read_them(name: str) -> None:
    document = read_file(FILES[name]).document
    assert (document.reader, document.confidence >= 0.9, bool(document.because)) == (READERS[name], True, True)
    assert rows_of(document) == gold(name)


@pytest.mark.parametrize("name", [name for name in NAMES if READERS[name] == "outline"])
def test_no_word_of_a_markdown_curriculum_is_lost(name: str) -> None:
    document = read_file(FILES[name]).document
    urls = [record.extra.get("url", "") for record in document.of(RecordKind.UNIT)]
    outcomes = [outcome for record in document.of(RecordKind.PROGRAM) for outcome in record.extra["outcomes"]]
    kept = tuple(LeftOut(Lines(1, 1), text, "") for text in (*urls, *outcomes))
    whole = Document("markdown", document.records, (*document.left_out, *kept))
    assert lost_words(FILES[name].read_text(encoding="utf-8"), whole) == {}


def test_no_text_of_a_track_is_lost() -> None:
    document = read_file(FILES["exercism-python"]).document
    said = json.dumps(
        [
            [[record.title, record.text, record.extra] for record in document.records],
            [piece.text for piece in document.left_out],
        ],
        ensure_ascii=False,
    )
    track = json.loads(FILES["exercism-python"].read_text(encoding="utf-8"))
    identifiers = [exercise["uuid"] for kind in ("concept", "practice") for exercise in track["exercises"][kind]]
    assert [one for one in [*identifiers, *track["exercises"]["foregone"], track["blurb"]] if one not in said] == []
    assert [concept["uuid"] for concept in track["concepts"] if concept["uuid"] not in said] == []


def test_overviews_are_still_read_as_overviews_and_what_is_none_gives_nothing() -> None:
    for path in sorted((CORPUS.parent / "overviews").glob("*.md")):
        try:
            assert read_file(path).document.reader == "overview", path.name
        except NotAnOverview:
            continue
    for path in sorted((CORPUS.parent / "not-overviews").glob("*.md")):
        with pytest.raises(NotAnOverview):
            read_file(path)
