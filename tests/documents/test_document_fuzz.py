"""Files as nobody would write them, and overviews in many styles: no fault, no lost word, bounded work and memory.

``make fuzz-documents EXAMPLES=10000`` draws so many files of each kind; the suite draws few.
"""

import json
import os
import resource
import sys
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from django_prodev.documents.decoding import decode_document
from django_prodev.documents.measure import count_challenges, lost_words
from django_prodev.documents.overview import read_overview
from django_prodev.documents.records import Document, RecordKind
from django_prodev.documents.sources import read_bytes
from django_prodev.exceptions import DocumentError, NotAnOverview
from tests.documents.curricula import CURRICULUM
from tests.documents.overview_shapes import SHAPES
from tests.documents.written_overviews import Written, overviews

EXAMPLES = int(os.environ.get("PRODEV_FUZZ_EXAMPLES", "40"))
SECONDS = 5.0
"""Processor time that no file of fuzzing's size may take."""
MEBIBYTES = 256

FUZZED = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)

MARKS = (
    "# ## ### - * + 1. > | ** * __ ` ``` ~~~ --- === [ ]( ![ ) < > <b> </b> <br> <li> <table> <tr> <td> <details> "
    "<summary> <h2> </h2> <!-- --> &amp; &nbsp; \\ : ： – — → • 🚀 ✅ ❌ [x] [^1]: {#a} $$ "
    "<<<<<<<␠HEAD ======= >>>>>>>␠b"
)
PIECES = [mark.replace("␠", " ") for mark in MARKS.split()] + [
    "\n",
    "\n\n",
    "\t",
    "  ",
    "    ",
    "\r\n",
    "\u2028",
    "\x85",
]
SAMPLES = [shape.text for shape in SHAPES]
TREES = [json.dumps(CURRICULUM), json.dumps({"prodev": 1, "program": {"title": "A"}, "units": [{"title": "B"}]})]


@st.composite
def broken(draw: st.DrawFn, samples: list[str]) -> bytes:
    """A sample cut, repeated, strewn with marks, and with some of its bytes changed."""
    text = draw(st.sampled_from(samples))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(text)))
        to = draw(st.integers(at, min(len(text), at + 400)))
        piece = draw(st.sampled_from(PIECES))
        text = draw(
            st.sampled_from(
                [
                    text[:at] + text[to:],
                    text[:to] + text[at:],
                    text[:at] + piece * draw(st.integers(1, 200)) + text[at:],
                    text[:at] + piece + text[to:],
                ]
            )
        )
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]))
    data = bytearray(text.encode(encoding, "replace"))
    for _ in range(draw(st.integers(0, 4))):
        if data:
            data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    return bytes(data)


def read_within_bounds(data: bytes, name: str) -> Document | None:
    start = time.process_time()
    try:
        return read_bytes(data, name=name).document
    except NotAnOverview as refusal:
        return refusal.document if isinstance(refusal.document, Document) else None
    except DocumentError:
        return None
    finally:
        assert time.process_time() - start < SECONDS


@FUZZED
@given(broken(SAMPLES))
@example(b"# T\n\n## Challenges\n" + b"<b>" * 5_000)
@example(b"# T\n\n## Challenges\n- x" + b" " * 20_000 + b"<br")
def test_a_broken_overview_is_read_or_refused_and_no_word_is_lost(data: bytes) -> None:
    document = read_within_bounds(data, "broken.md")
    if document is not None:
        assert lost_words(decode_document(data), document) == {}


@FUZZED
@given(broken(TREES))
def test_a_broken_curriculum_is_read_or_refused(data: bytes) -> None:
    for name in ("broken.json", "broken.yaml"):
        read_within_bounds(data, name)


@FUZZED
@given(overviews())
def test_challenges_are_counted_and_paired_in_any_style(written: Written) -> None:
    document = read_overview(written.text)
    assert count_challenges(document) == (written.challenges, written.challenges)
    assert lost_words(written.text, document) == {}
    challenges = document.of(RecordKind.CHALLENGE)
    solutions = {record.parent: record.text for record in document.of(RecordKind.SOLUTION)}
    for challenge, (_, done) in zip(challenges, written.pairs, strict=True):
        assert done in solutions[challenge.key]


@pytest.mark.skipif(
    "PRODEV_FUZZ_EXAMPLES" not in os.environ, reason="only make fuzz-documents has a process of its own for it"
)
def test_reading_all_of_them_took_little_memory() -> None:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert most / (1024 * 1024 if sys.platform == "darwin" else 1024) < MEBIBYTES
