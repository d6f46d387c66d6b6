"""A mapping of a source, read with care: a value of the wrong type is not taken, and what is not taken is left out."""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from django_prodev.documents.curriculum.schema import curriculum_schema
from django_prodev.documents.curriculum.tree import Table
from django_prodev.documents.records import LeftOut, Lines
from django_prodev.documents.wording import clean_text, clean_title, fit

NO_PLACE = "a curriculum has no place for this"
_MOST_ID = 200
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class Node:
    """A mapping of the source. Every key that is asked for and has the right type counts as taken.

    ``left_out`` tells what was never taken, of this mapping and of those that were reached through it, so that an
    adapter loses nothing by not knowing a key.
    """

    def __init__(self, table: Mapping[str, Any], lines: Lines | None = None) -> None:
        self.table = table
        self.lines = table.lines if isinstance(table, Table) else (lines or Lines(1, 1))
        self.taken: set[str] = set()
        self.reached: list[Node] = []
        self.reasons: dict[str, str] = {}
        self.stray: list[LeftOut] = []

    def text(self, *keys: str) -> str:
        """The first of these that is text and not blank, or an empty string."""
        for key in keys:
            value = self.table.get(key)
            if isinstance(value, str) and value.strip():
                self.taken.add(key)
                return value
        return ""

    def title(self, *keys: str) -> str:
        """The same on one line."""
        return clean_title(self.text(*keys))

    def flag(self, key: str) -> bool | None:
        """A value that is true or false, or ``None``."""
        value = self.table.get(key)
        if not isinstance(value, bool):
            return None
        self.taken.add(key)
        return value

    def url(self, *keys: str) -> str:
        """The first of these that is a web address a unit can have, or an empty string."""
        pattern = curriculum_schema()["$defs"]["url"]
        for key in keys:
            value = self.table.get(key)
            if isinstance(value, str) and len(value) <= pattern["maxLength"] and re.match(pattern["pattern"], value):
                self.taken.add(key)
                return value
        return ""

    def identifier(self, key: str) -> str:
        """An identifier of the source that a row can keep, or an empty string."""
        value = self.table.get(key)
        pattern = curriculum_schema()["$defs"]["id"]["pattern"]
        if isinstance(value, str) and len(value) <= _MOST_ID and re.match(pattern, value):
            self.taken.add(key)
            return value
        return ""

    def texts(self, key: str) -> list[str]:
        """The texts of a list, in their order and each once; of anything else, none."""
        value = self.table.get(key)
        if not isinstance(value, list):
            return []
        self.taken.add(key)
        self.stray_in(key, [item for item in value if not isinstance(item, str) or not item.strip()])
        return list(dict.fromkeys(clean_title(item) for item in value if isinstance(item, str) and item.strip()))

    def node(self, key: str) -> "Node":
        """The mapping under a key; an empty one where there is none."""
        value = self.table.get(key)
        if not isinstance(value, dict):
            return Node({}, self.lines)
        self.taken.add(key)
        return self.reach(value, key)

    def nodes(self, key: str) -> list["Node"]:
        """The mappings of a list, in their order; what else stands in the list is left out."""
        value = self.table.get(key)
        if not isinstance(value, list):
            return []
        self.taken.add(key)
        self.stray_in(key, [item for item in value if not isinstance(item, dict)])
        return [self.reach(item, key) for item in value if isinstance(item, dict)]

    def give_reason(self, key: str, reason: str) -> None:
        """Say why a key is left out, should it be."""
        self.reasons[key] = reason

    def drop(self, reason: str) -> None:
        """Leave this mapping out as a whole."""
        text = ", ".join(f"{key}: {_whole(value)}" for key, value in self.table.items())
        self.taken.update(self.table)
        self.reached.clear()
        self.stray = [LeftOut(self.lines, text or "{}", reason)]

    def facts(self) -> str:
        """What is left of texts, numbers and flags, as a Markdown list; it is then taken."""
        found = []
        for key, value in self.table.items():
            if key in self.taken or not isinstance(value, str | int | float | bool) or value == "":
                continue
            self.taken.add(key)
            said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else clean_title(str(value))
            found.append(f"- {_words(key)}: {said}")
        return "\n".join(found)

    def lines_of(self, key: str) -> Lines:
        """Where a key stands with its value."""
        known = self.table.key_lines.get(key) if isinstance(self.table, Table) else None
        return known or self.lines

    def left_out(self) -> Iterator[LeftOut]:
        """Everything that was not taken, here and in what was reached from here, in the order of the source.

        A key that is left out of one mapping after the other makes one piece.
        """
        pieces = sorted(self._left_out(), key=lambda piece: (piece.lines.first, piece.lines.last))
        for (key, reason), group in groupby(pieces, key=lambda piece: (piece.text.partition(": ")[0], piece.reason)):
            found = list(group)
            said = [piece.text.removeprefix(f"{key}: ") for piece in found]
            is_alone = len(found) == 1 or reason != NO_PLACE
            if is_alone:
                yield from found
            else:
                yield LeftOut(Lines(found[0].lines.first, found[-1].lines.last), f"{key}: {', '.join(said)}", reason)

    def _left_out(self) -> Iterator[LeftOut]:
        yield from self.stray
        for key, value in self.table.items():
            if key not in self.taken and value not in (None, "", [], {}):
                text = f"{key}: {_whole(value)}"
                yield LeftOut(self.lines_of(key), text, self.reasons.get(key, NO_PLACE))
        for node in self.reached:
            yield from node._left_out()

    def reach(self, value: dict[str, Any], key: str) -> "Node":
        """A mapping that stands somewhere under a key, so that what is not taken of it is left out with the rest."""
        node = Node(value, self.lines_of(key))
        self.reached.append(node)
        return node

    def stray_in(self, key: str, items: list[Any]) -> None:
        """Leave out items of the list under a key."""
        said = [item for item in items if item not in (None, "")]
        if said:
            text = f"{key}: {', '.join(_whole(item) for item in said)}"
            self.stray.append(LeftOut(self.lines_of(key), text, "this is not of the type that its list holds"))


def unit_value(lines: Lines, title: str, *texts: str, **fields: Any) -> Table:
    """A unit in the curriculum format that knows its lines.

    A title that is too long is cut and then opens the description, which the ``texts`` make. Fields that are ``None``
    or empty are left away.
    """
    short, description = fit(title, "\n\n".join(text for text in map(clean_text, texts) if text))
    unit = Table(title=short)
    if description:
        unit["description"] = description
    unit.update({key: value for key, value in fields.items() if value not in (None, "", [], {})})
    unit.lines = lines
    return unit


def _words(key: str) -> str:
    return _CAMEL.sub(" ", key.replace("_", " ")).strip().capitalize()


def _whole(value: Any) -> str:
    return clean_title(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
