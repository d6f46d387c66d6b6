"""Which adapters there are, and which of them reads a source. The host's come first, so that they may replace ours."""

from collections.abc import Collection
from functools import lru_cache

from django_prodev.conf import prodev_settings
from django_prodev.documents.curriculum.adapters.base import Adapter, ParsedSource, Recognition
from django_prodev.documents.curriculum.adapters.codecrafters import CodecraftersCourse
from django_prodev.documents.curriculum.adapters.exercism import ExercismTrack
from django_prodev.documents.curriculum.adapters.freecodecamp import FreecodecampSuperblock
from django_prodev.documents.curriculum.adapters.outline import MarkdownOutline
from django_prodev.documents.curriculum.reader import read_curriculum
from django_prodev.documents.records import Document
from django_prodev.exceptions import DocumentError

LEAST_CONFIDENCE = 0.5
"""Below this an adapter is not asked to read: guessing is left to people, who can name it."""

_SHIPPED: tuple[type[Adapter], ...] = (ExercismTrack, FreecodecampSuperblock, CodecraftersCourse, MarkdownOutline)


def adapters() -> dict[str, Adapter]:
    """Every adapter by its name; of two with one name, the host's."""
    return _made(tuple(prodev_settings.CURRICULUM_ADAPTERS))


@lru_cache(maxsize=4)
def _made(classes: tuple[type[Adapter], ...]) -> dict[str, Adapter]:
    made: dict[str, Adapter] = {}
    for one in (*classes, *_SHIPPED):
        adapter = one()
        made.setdefault(adapter.name, adapter)
    return made


def best_adapter(source: ParsedSource) -> tuple[Adapter, Recognition] | None:
    """The adapter that is surest of a source; of two that are equally sure the first. ``None`` where none is sure."""
    found: tuple[Adapter, Recognition] | None = None
    for adapter in adapters().values():
        recognition = recognized_by(adapter, source)
        if recognition is None or recognition.confidence < LEAST_CONFIDENCE:
            continue
        if found is None or recognition.confidence > found[1].confidence:
            found = adapter, recognition
    return found


def recognized_by(adapter: Adapter, source: ParsedSource) -> Recognition | None:
    """What an adapter says of a source that it may look at."""
    return adapter.recognize(source) if source.format in _formats(adapter) else None


def read_with(adapter: Adapter, source: ParsedSource, recognition: Recognition | None) -> Document:
    """The document that an adapter makes of a source; without ``recognition`` somebody named the adapter.

    Raises ``DocumentError`` where the adapter does not read that format, cannot read the source, or gives what is
    not in the curriculum format.
    """
    if source.format not in _formats(adapter):
        raise DocumentError(f"{adapter.name} reads {' and '.join(sorted(_formats(adapter)))}, not {source.format}.")
    try:
        adapted = adapter.read(source)
        read = read_curriculum(adapted.value, source.format, reader=adapter.name)
    except DocumentError as error:
        raise DocumentError(f"{adapter.name}: {error}") from error
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # An adapter may be a host's. What it did not expect is a fault of the document for whoever imports it.
        raise DocumentError(
            f"{adapter.name}: the document cannot be read ({type(error).__name__}: {error})."
        ) from error
    said = recognition or Recognition(1.0, "named by --format")
    return Document(
        source.format,
        read.records,
        adapted.left_out,
        is_structured=True,
        reader=adapter.name,
        confidence=said.confidence,
        because=said.because,
    )


def _formats(adapter: Adapter) -> Collection[str]:
    return adapter.formats
