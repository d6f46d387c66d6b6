"""A large overview is read piece by piece, in memory that grows with it no faster than it, and tells how far it is."""

import tracemalloc

import pytest

from django_prodev.documents.overview import blocks, read_overview
from django_prodev.documents.overview.blocks import Block, parse
from tests.documents.overview_shapes import SHAPES

TEXTS = [shape.text for shape in SHAPES[::7]] + [
    "# a\n```\n# b\n\n# c\n```\n# d\n",
    "# a\n```\n# b\n\n# c\n",
    "<!--\n# a\n\n# b\n-->\n# c\n",
    "<div>\n# a\n</div>\n\n# b\n",
    "- a\n  ```\n# b\n\n# c\n",
    "> a\n# b\n1. c\n# d\n",
]


def told(found: list[Block]) -> list[object]:
    return [
        (block.kind, block.first, block.last, block.level, block.ordered, block.lines, block.rows, told(block.children))
        for block in found
    ]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("lines", [1, 2, 5])
def test_pieces_give_the_same_blocks_as_the_whole(text: str, lines: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told(parse(text))
    monkeypatch.setattr(blocks, "_PIECE", lines)
    assert told(parse(text)) == whole


def large(weeks: int) -> str:
    sections = (
        f"## Challenges of week {week}\n- **Challenge:** Report {week} took a minute to open for everybody.\n"
        f"  **Solution:** An index on column {week}, and one statement instead of {week}.\n"
        for week in range(weeks)
    )
    return "# Large\n\n" + "\n".join(sections)


def peak(text: str) -> int:
    tracemalloc.start()
    try:
        read_overview(text)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_twice_the_size_takes_no_more_than_about_twice_the_memory() -> None:
    read_overview(large(10))
    assert peak(large(2_000)) < 2.4 * peak(large(1_000))


def test_how_much_is_read_is_told_and_never_less_than_before() -> None:
    steps: list[tuple[int, int]] = []
    read_overview(large(50), on_progress=lambda done, total: steps.append((done, total)))
    assert len({total for _, total in steps}) == 1
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert steps[-1][0] == steps[-1][1]
