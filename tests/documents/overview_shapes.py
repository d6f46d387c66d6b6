"""Small documents, one a shape, with how many challenges they tell of and how many are solved."""

from pathlib import Path
from typing import NamedTuple

import yaml

_TITLE = "# A backend program\n\nWhat I took from twelve weeks.\n\n"
_TAIL = "\n## Best practices\n- Name things for what they are.\n- Keep functions short.\n"


class Shape(NamedTuple):
    """A document and its counts; ``pairs`` has, for some, a word of the challenge and one of its solution."""

    name: str
    text: str
    challenges: int
    solved: int
    pairs: tuple[tuple[str, str], ...]


def _shapes() -> list[Shape]:
    rows = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return [
        Shape(
            row["name"],
            f"{_TITLE}{row['text']}{_TAIL}",
            row["challenges"],
            row["solved"],
            tuple((about, done) for about, done in row.get("pairs", ())),
        )
        for row in rows
    ]


SHAPES = _shapes()
