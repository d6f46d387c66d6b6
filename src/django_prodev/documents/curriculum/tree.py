"""What a JSON or YAML text becomes before it is understood: plain values whose mappings know their source lines."""

from collections.abc import Mapping
from reprlib import Repr
from types import MappingProxyType
from typing import Any

from django_prodev.documents.records import Lines
from django_prodev.exceptions import DocumentError

MAX_DEPTH = 40
"""The deepest nesting of lists and mappings: twenty levels of units, which no program has."""

MAX_VALUES = 500_000
"""The most values in one file: a hundred times a curriculum of five hundred units, and still a moment's work."""


class Table(dict[str, Any]):
    """A mapping that knows where it stands in the source.

    ``key_lines`` has the lines of each key with its value, for the mappings of a parsed text.
    """

    lines: Lines = Lines(1, 1)
    key_lines: Mapping[str, Lines] = MappingProxyType({})


def too_deep(line: int) -> DocumentError:
    return DocumentError(f"Line {line}: lists and mappings are nested more than {MAX_DEPTH} deep.")


def twice(key: str, line: int) -> DocumentError:
    return DocumentError(f"Line {line}: the key {shown(key)} stands twice in one mapping.")


# Without limits of its own, ``repr`` would write out the whole of a large file to show its beginning.
_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 200
_SHORT.maxlist = _SHORT.maxdict = 6


class Counter:
    """Counts the values of a file, and refuses one that has too many before it fills the memory."""

    def __init__(self) -> None:
        self.values = 0

    def count(self) -> None:
        """Count one value more. Raises ``DocumentError`` over ``MAX_VALUES``."""
        self.values += 1
        if self.values > MAX_VALUES:
            raise DocumentError(f"The file holds more than {MAX_VALUES:,} values.")


def shown(value: Any, limit: int = 60) -> str:
    """A value as an error message quotes it: on one line, and short."""
    text = " ".join(_SHORT.repr(value).split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
