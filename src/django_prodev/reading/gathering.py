"""What is gathered while one statement is compiled: its columns, each once, and what hangs on its rows."""

from dataclasses import dataclass, field
from typing import Any

from django_prodev.reading.assembly import Assembler
from django_prodev.reading.plan import Level
from django_prodev.reading.selection import Leaf


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a statement. They are the same where they are called the same, whatever they are answered as."""

    names: tuple[tuple[str, str], ...]
    chosen: tuple[Any, ...] = field(compare=False)


class Gathering:
    """The columns of one statement and where they are, the pieces of its records, and the levels under them.

    ``depth`` counts the statements that this one is folded into; ``None`` where none may be folded into this one.
    """

    def __init__(self, *first: str, depth: int | None = None) -> None:
        self.chosen: list[Any] = []
        self._at: dict[tuple[str, str], int] = {}
        self.assembler = Assembler()
        self.children: list[Level] = []
        self.depth = depth
        for name in first:
            self.path(name)

    @property
    def columns(self) -> Columns:
        return Columns(tuple(self._at), tuple(self.chosen))

    def path(self, path: str) -> int:
        """The position of the column at ``path``.

        The key of a row that is joined in is taken from the column that refers to it. Chosen twice, under two names,
        it would be a column less than expected where the ORM filters by a window.
        """
        if path.endswith("__pk"):
            path = f"{path.removesuffix('__pk')}_id"
        return self._add(("", path), path)

    def leaf(self, prefix: str, leaf: Leaf) -> int:
        """The position of the column that an attribute is, or is computed in."""
        attribute = leaf.attribute
        if attribute.build is None:
            return self.path(f"{prefix}{attribute.name}")
        return self._add((prefix, attribute.name), attribute.build(prefix))

    def _add(self, key: tuple[str, str], expression: Any) -> int:
        if key not in self._at:
            self._at[key] = len(self.chosen)
            self.chosen.append(expression)
        return self._at[key]

    def hang(self, level: Level, at: int) -> None:
        """Note a level under this one's rows, by the key in column ``at``."""
        level.parent_at = at
        self.children.append(level)
