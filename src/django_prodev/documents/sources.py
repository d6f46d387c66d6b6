"""A file to records: its size, its encoding, its format, and the reader of that format."""

import hashlib
import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any

from django.utils.text import slugify

from django_prodev.conf import prodev_settings
from django_prodev.documents.curriculum import parse_json, parse_yaml, read_curriculum
from django_prodev.documents.curriculum.adapters import ParsedSource, adapters, best_adapter, read_with, recognized_by
from django_prodev.documents.decoding import decode_document
from django_prodev.documents.host_vocabulary import host_vocabulary
from django_prodev.documents.marks import has_marks, read_marked
from django_prodev.documents.overview import OnProgress, read_overview
from django_prodev.documents.plan.outcome import SourceDocument
from django_prodev.documents.plan.rows import source_named
from django_prodev.documents.records import Document, RecordKind
from django_prodev.documents.wording import short_digest
from django_prodev.exceptions import DocumentError, DocumentTooLarge, EmptySkeleton, NotAnOverview, UnfilledTemplate

_SOURCE_LIMIT = 60

_ENDINGS = {".md": "markdown", ".markdown": "markdown", ".json": "json", ".yaml": "yaml", ".yml": "yaml"}

_TOLD = (RecordKind.CHALLENGE, RecordKind.PRACTICE, RecordKind.TAKEAWAY)
"""What learners tell, and a program's own curriculum does not."""

_OVERVIEW_CONFIDENCE = (0.6, 0.75, 0.85, 0.92)
"""How sure it is that a document is an overview, by how many of those it tells."""

_YAML_START = re.compile(r"(?:---[ \t]*\n|#[^\n]*\n|[ \t]*\n)*[\"']?prodev[\"']?[ \t]*:")

FORMATS = ("markdown", "json", "yaml")
"""How sources are written."""

_PARSERS: dict[str, Callable[[str], Any]] = {"markdown": str, "json": parse_json, "yaml": parse_yaml}


def import_formats() -> tuple[str, ...]:
    """What a caller may name: how a source is written, or the adapter that shall read it."""
    return (*FORMATS, *adapters())


def read_document(
    text: str, *, name: str = "", format: str = "auto", on_progress: OnProgress | None = None
) -> Document:
    """The records of a decoded text.

    ``format`` is one of ``import_formats()``, or ``auto``: then the ending of ``name`` decides how the text is written,
    and failing that the text. Which reader of that is taken, its shape decides, unless ``format`` names an adapter.
    ``on_progress`` is told how much of an overview is read. Raises ``DocumentError``, or one of its kinds, where the
    text cannot be read as that.
    """
    if format not in {"auto", *import_formats()}:
        raise DocumentError(f"{format!r} is not a format; the formats are auto, {', '.join(import_formats())}.")
    adapter = adapters().get(format)
    written = format if format in FORMATS else detect_format(text, name)
    if adapter and len(adapter.formats) == 1:
        written = next(iter(adapter.formats))
    if written == "markdown" and has_marks(text):
        return read_marked(text)
    source = ParsedSource(written, _PARSERS[written](text), PurePath(name).stem)
    if adapter:
        return read_with(adapter, source, recognized_by(adapter, source))
    return _read_markdown(source, on_progress) if written == "markdown" else _read_tree(source)


def _read_tree(source: ParsedSource) -> Document:
    """A curriculum file of our own form, or else of the one that an adapter knows."""
    is_own = isinstance(source.value, dict) and "prodev" in source.value
    found = None if is_own else best_adapter(source)
    if found:
        return read_with(found[0], source, found[1])
    try:
        return read_curriculum(source.value, source.format)
    except DocumentError as error:
        if not is_own:
            known = ", ".join(name for name, adapter in adapters().items() if source.format in adapter.formats)
            error.args = (f"{error} No adapter knows its shape either ({known}).", *error.args[1:])
        raise


def _read_markdown(source: ParsedSource, on_progress: OnProgress | None) -> Document:
    """A learner's overview or a program's curriculum, whichever reader has more to go by."""
    found = best_adapter(source)
    try:
        overview = _read_overview(source.value, on_progress=on_progress)
    except (EmptySkeleton, UnfilledTemplate):
        raise
    except NotAnOverview:
        if found is None:
            raise
        return read_with(found[0], source, found[1])
    if found and found[1].confidence > overview.confidence:
        return read_with(found[0], source, found[1])
    return overview


def _read_overview(
    text: str, *, chosen: Mapping[int, str] | None = None, on_progress: OnProgress | None = None
) -> Document:
    overview = read_overview(text, vocabulary=host_vocabulary(), chosen=chosen, on_progress=on_progress)
    told = len(overview.of(*_TOLD))
    confidence = _OVERVIEW_CONFIDENCE[min(told, len(_OVERVIEW_CONFIDENCE) - 1)]
    because = f"{told} challenges, practices and takeaways are told" if told else "it tells what was learnt"
    return replace(overview, reader="overview", confidence=confidence, because=because)


def read_again(source: SourceDocument, chosen: Mapping[int, str]) -> Document:
    """An overview read with the shape readers that a person chose, by the line that a section begins at.

    Raises ``DocumentError`` where the source holds no text or what was chosen cannot be; it names the file.
    """
    if not source.text:
        raise DocumentError(f"{source.name}: no section of it can be read otherwise.")
    try:
        return _read_overview(source.text, chosen=chosen)
    except DocumentError as error:
        error.args = (f"{source.name}: {error}", *error.args[1:])
        raise


def detect_format(text: str, name: str = "") -> str:
    """The format of a text: by the ending of its name, else by how it begins."""
    if known := _ENDINGS.get(PurePath(name).suffix.lower()):
        return known
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return "json"
    return "yaml" if _YAML_START.match(text) else "markdown"


def read_bytes(
    data: bytes, *, name: str, format: str = "auto", on_progress: OnProgress | None = None
) -> SourceDocument:
    """The document that a file's bytes hold; its errors name the file."""
    try:
        text = decode_document(data, max_bytes=prodev_settings.DOCUMENT_MAX_BYTES)
        document = read_document(text, name=name, format=format, on_progress=on_progress)
    except DocumentError as error:
        error.args = (f"{name}: {error}", *error.args[1:])
        raise
    stem = PurePath(name).stem
    source = source_named(slugify(stem)[:_SOURCE_LIMIT].strip("-") or short_digest(stem))
    is_open = any(choice.rivals for choice in document.choices)
    return SourceDocument(name, source, document, hashlib.sha256(data).hexdigest(), text=text if is_open else "")


def read_file(path: str | Path, *, format: str = "auto", on_progress: OnProgress | None = None) -> SourceDocument:
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
    return read_bytes(data, name=str(path), format=format, on_progress=on_progress)
