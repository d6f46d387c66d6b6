"""Pathological Markdown costs the reader of curricula work in proportion to its size."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from django_prodev.documents.curriculum.adapters import ParsedSource, adapters
from django_prodev.exceptions import DocumentError

HEAD = "# C\n\n## Week 1\n\n- "
TABLE = "# C\n\nCourse | Hours | Prerequisites\n--|--|--\n"

HOSTILE: dict[str, tuple[Callable[[int], str], int]] = {
    "brackets": (lambda n: HEAD + "[" * n, 10_000),
    "links": (lambda n: HEAD + "[x](" * n, 4_000),
    "asterisks": (lambda n: HEAD + "*a" * n, 10_000),
    "ticks": (lambda n: HEAD + "`a " * n, 10_000),
    "quotes": (lambda n: ">" * n, 10_000),
    "anchors": (lambda n: HEAD + "<a href='x'>" * n, 2_000),
    "headings in HTML": (lambda n: "<h1>" * n, 10_000),
    "details": (lambda n: "<details>\n<summary>" * n, 1_000),
    "one long cell of prerequisites": (lambda n: TABLE + "a | 2 hours | " + "x," * n, 5_000),
    "rows that ask for each other": (lambda n: TABLE + "a b | 2 hours | a b, c d and e\n" * n, 300),
    "items of one name": (lambda n: HEAD + "a\n- " * n, 600),
    "headings of one name": (lambda n: "# Week 1\n" * n, 600),
    "nested items": (lambda n: HEAD + "\n".join("  " * (at % 60) + "- x" for at in range(n)), 300),
    "topics": (lambda n: "# C\n\n**Topics**: " + "`a`" * n, 5_000),
}


def calls(text: str) -> int:
    """How many calls it takes to recognise and to read a text."""
    adapter, source = adapters()["outline"], ParsedSource("markdown", text, "n")
    count = 0

    def tick(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(tick)
    try:
        adapter.recognize(source)
        adapter.read(source)
    except DocumentError:
        pass
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(("make", "size"), HOSTILE.values(), ids=HOSTILE)
def test_twice_the_size_costs_about_twice_the_work(make: Callable[[int], str], size: int) -> None:
    calls(make(size))
    assert calls(make(2 * size)) <= 2.6 * calls(make(size)) + 2_000
