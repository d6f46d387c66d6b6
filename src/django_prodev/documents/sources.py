"""A file to records: its size, its encoding, its format, and the reader of that format."""

import re
import stat
from collections.abc import Callable
from pathlib import Path, PurePath

from django.utils.text import slugify

from django_prodev.conf import prodev_settings
from django_prodev.documents.curriculum import parse_json, parse_yaml, read_curriculum
from django_prodev.documents.decoding import decode_document
from django_prodev.documents.host_vocabulary import host_vocabulary
from django_prodev.documents.marks import has_marks, read_marked
from django_prodev.documents.overview import read_overview
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.plan.rows import source_named
from django_prodev.documents.records import Document
from django_prodev.documents.wording import short_digest
from django_prodev.exceptions import DocumentError, DocumentTooLarge

_SOURCE_LIMIT = 60

_ENDINGS = {".md": "markdown", ".markdown": "markdown", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}

_YAML_START = re.compile(r"(?:---[ \t]*\n|#[^\n]*\n|[ \t]*\n)*[\"']?prodev[\"']?[ \t]*:")


def _markdown(text: str) -> Document:
    return read_marked(text) if has_marks(text) else read_overview(text, vocabulary=host_vocabulary())


_READERS: dict[str, Callable[[str], Document]] = {
    "markdown": _markdown,
    "json": lambda text: read_curriculum(parse_json(text), "json"),
    "yaml": lambda text: read_curriculum(parse_yaml(text), "yaml"),
}

FORMATS = tuple(_READERS)
"""The names of the formats that are read."""


def read_document(text: str, *, name: str = "", format: str = "auto") -> Document:
    """The records of a decoded text.

    ``format`` is one of ``FORMATS``, or ``auto``: then the ending of ``name`` decides, and failing that the text.
    Raises ``DocumentError``, or one of its kinds, where the text cannot be read as that.
    """
    chosen = detect_format(text, name) if format == "auto" else format
    if chosen not in _READERS:
        raise DocumentError(f"{chosen!r} is not a format; the formats are auto, {', '.join(FORMATS)}.")
    return _READERS[chosen](text)


def detect_format(text: str, name: str = "") -> str:
    """The format of a text: by the ending of its name, else by how it begins."""
    if known := _ENDINGS.get(PurePath(name).suffix.lower()):
        return known
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return "json"
    return "yaml" if _YAML_START.match(text) else "markdown"


def read_bytes(data: bytes, *, name: str, format: str = "auto") -> SourceDocument:
    """The document that a file's bytes hold; its errors name the file."""
    try:
        text = decode_document(data, max_bytes=prodev_settings.DOCUMENT_MAX_BYTES)
        document = read_document(text, name=name, format=format)
    except DocumentError as error:
        error.args = (f"{name}: {error}", *error.args[1:])
        raise
    stem = PurePath(name).stem
    source = source_named(slugify(stem)[:_SOURCE_LIMIT].strip("-") or short_digest(stem))
    return SourceDocument(name, source, document)


def read_file(path: str | Path, *, format: str = "auto") -> SourceDocument:
    """The document in a file, which must be a regular one and no larger than ``DOCUMENT_MAX_BYTES``."""
    path = Path(path)
    most = prodev_settings.DOCUMENT_MAX_BYTES
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise DocumentError(f"{path}: this is not a file.")
        if found.st_size > most:
            raise DocumentTooLarge(f"{path}: The file has {found.st_size:,} bytes; at most {most:,} are read.")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(f"{path}: the file cannot be opened ({reason}).") from error
    return read_bytes(data, name=str(path), format=format)
