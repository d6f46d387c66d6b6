"""Pathological Markdown costs time in proportion to its size, and loses no word."""

import sys
import time
from collections.abc import Callable
from types import FrameType

import pytest

from django_prodev.documents.measure import lost_words
from django_prodev.documents.overview import read_overview
from django_prodev.documents.records import Document
from django_prodev.exceptions import NotAnOverview

HEAD = "# T\n\n## Challenges\n"

HOSTILE: dict[str, tuple[Callable[[int], str], int]] = {
    "brackets": (lambda n: HEAD + "[" * n + "x", 20_000),
    "links": (lambda n: HEAD + "[a](" * n, 8_000),
    "images": (lambda n: HEAD + "![a](" * n, 8_000),
    "asterisks": (lambda n: HEAD + "*" * n + "x", 20_000),
    "emphasis": (lambda n: HEAD + "**a *b " * n, 6_000),
    "underscores": (lambda n: HEAD + "_a_" * n, 10_000),
    "ticks": (lambda n: HEAD + " ".join("`" * (at % 40 + 1) for at in range(n)), 2_000),
    "quotes": (lambda n: HEAD + ">" * n + "x", 20_000),
    "quoted lines": (lambda n: HEAD + "\n".join(f"{'> ' * 30}w{at}" for at in range(n)), 400),
    "items on one line": (lambda n: HEAD + "- " * n + "x", 10_000),
    "labels on one line": (lambda n: HEAD + "Challenge: a Solution: b. " * n, 800),
    "labelled items": (lambda n: HEAD + "- **Challenge:** a\n  - **Solution:** b\n" * n, 250),
    "one word": (lambda n: HEAD + "the " * n, 10_000),
    "the same item": (lambda n: HEAD + "- the a the\n" * n, 400),
    "cells": (lambda n: HEAD + "|a" * n, 10_000),
    "comments": (lambda n: HEAD + "<!-- " * n, 4_000),
    "tags": (lambda n: HEAD + "<a " * n, 8_000),
    "table cells in HTML": (lambda n: HEAD + "<table><tr>" + "<td>" * n, 8_000),
    "fences": (lambda n: HEAD + "```\n## x\n" * n, 250),
    "headings in items": (lambda n: HEAD + "- # a\n" * n, 250),
    "bold in HTML": (lambda n: HEAD + "<b>a</b> <i>" * n, 4_000),
    "open emphasis in HTML": (lambda n: HEAD + "<b>" + " " * n + "<i>", 20_000),
    "breaks in HTML": (lambda n: HEAD + "a" + " " * 50 + "<br>" * n, 4_000),
    "folded parts": (lambda n: HEAD + "<details>\n<summary>a</summary>\n" * n, 250),
    "lists in HTML": (lambda n: HEAD + "<ul>\n<li>a\n" * n, 400),
    "definitions": (lambda n: HEAD + "a\n: b\n" * n, 400),
    "glued headings": (lambda n: HEAD + "- a\n**b**\n" * n, 250),
    "words nearly known": (lambda n: HEAD + "".join(f"## chalenge{n + at:04}\n" for at in range(n)), 250),
    "columns": (lambda n: HEAD + "|a" * n + "|\n" + "|-" * n + "|\n" + "|b" * n + "|\n", 1_000),
    "numbered solutions": (lambda n: HEAD + "- Challenge 1: a\n- Solution 2: b\n" * n, 200),
    "kinds of challenges": (lambda n: HEAD + "### Technical\n- a\n" * n, 250),
    "pairs under nothing": (lambda n: "# T\n\n## A\n" + "**Problem:** a\n\n**Fix:** b\n\n" * n, 250),
    "problems in sections": (lambda n: "# T\n" + "\n## A\n\n**Problem:** a\n\n**Fix:** b\n" * n, 150),
    "signs": (lambda n: HEAD + "🔴 a\n🟢 b\n\n" * n, 250),
    "sentences": (lambda n: HEAD + "I had a problem. I fixed it. " * n, 2_000),
}


def read(text: str) -> Document:
    try:
        return read_overview(text)
    except NotAnOverview as refusal:
        return refusal.document if isinstance(refusal.document, Document) else Document("markdown", (), ())


def calls(text: str) -> int:
    """How many Python functions are called to read a text: a measure of work that no other process disturbs."""
    count = 0

    def tick(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(tick)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return count


def seconds(text: str) -> float:
    """The least processor time of three readings, in seconds."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        read(text)
        taken.append(time.process_time() - start)
    return min(taken)


@pytest.mark.parametrize(("make", "size"), HOSTILE.values(), ids=HOSTILE)
def test_twice_the_size_costs_about_twice_the_work(make: Callable[[int], str], size: int) -> None:
    read(make(10))
    once, twice = make(size), make(2 * size)
    assert calls(twice) < 2.6 * calls(once) + 2_000
    # What runs inside regular expressions is seen by the clock only. The floor keeps tiny times from deciding, and a
    # machine that is busy with something else is asked again: what grows with the square takes four times as long each
    # time.
    assert any(seconds(twice) < 3.5 * max(seconds(once), 0.05) for _ in range(5))


@pytest.mark.parametrize(("make", "size"), HOSTILE.values(), ids=HOSTILE)
def test_no_word_is_lost(make: Callable[[int], str], size: int) -> None:
    text = make(size // 10)
    assert lost_words(text, read(text)) == {}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000 + "x" + "]" * 10_000,
        "\n".join(" " * (2 * at) + "- a" for at in range(1_000)),
        "- " * 10_000 + "deep",
        "> " * 10_000 + "deep",
        "**" * 10_000 + "deep",
    ],
    ids=["brackets", "list levels", "items", "quotes", "emphasis"],
)
def test_ten_thousand_levels_are_read_without_recursion_errors_or_loss(text: str) -> None:
    text = f"# T\n\n## Best practices\n- Measure first.\n\n{text}\n"
    document = read_overview(text)
    assert lost_words(text, document) == {}
    assert any(record.title == "Measure first" for record in document.records)
