"""What a JSON or YAML text becomes before it is understood: plain values whose mappings know their source lines."""

from typing import Any

from django_prodev.documents.records import Lines
from django_prodev.exceptions import DocumentError

MAX_DEPTH = 40
"""The deepest nesting of lists and mappings: twenty levels of units, which no program has."""


class Table(dict[str, Any]):
    """A mapping that knows where it stands in the source."""

    lines: Lines = Lines(1, 1)


def too_deep(line: int) -> DocumentError:
    return DocumentError(f"Line {line}: lists and mappings are nested more than {MAX_DEPTH} deep.")


def twice(key: str, line: int) -> DocumentError:
    return DocumentError(f"Line {line}: the key {shown(key)} stands twice in one mapping.")


def shown(value: Any, limit: int = 60) -> str:
    """A value as an error message quotes it: on one line, and short."""
    text = " ".join(repr(value).split())
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
