"""The formats that are written. A module of this folder with a ``write`` and a line here make another."""

from collections.abc import Callable, Mapping
from typing import Any

from django_prodev.documents.export import json_text, jsonld, markdown, yaml_text
from django_prodev.documents.export.snapshot import snapshot
from django_prodev.exceptions import DocumentError
from django_prodev.models import Program

Write = Callable[[dict[str, Any]], str]

_WRITERS: Mapping[str, Write] = {
    "markdown": markdown.write,
    "json": json_text.write,
    "yaml": yaml_text.write,
    "jsonld": jsonld.write,
}

READ_BACK = ("markdown", "json", "yaml")
"""The formats that an import reads back to the same rows; the others are for other systems."""

FORMATS = tuple(_WRITERS)
"""The names of the formats that are written."""


def export_program(program: Program, *, format: str, learner: Any = None) -> str:
    """A program as a document, which ``prodev_import`` reads back if its format is one of ``READ_BACK``.

    With ``learner`` (a user) the entries and projects are that learner's, otherwise the program's own. Nothing is
    hidden: the caller has checked who asks. Raises ``DocumentError`` for a format that is not in ``FORMATS``.
    """
    if format not in _WRITERS:
        raise DocumentError(f"{format!r} is not a format; the formats are {', '.join(FORMATS)}.")
    return _WRITERS[format](snapshot(program, learner=learner))
