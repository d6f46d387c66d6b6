"""What an adapter is, and the values it takes and gives. No shape is known here."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol

from django_prodev.documents.records import LeftOut


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A source that was parsed and not yet understood.

    ``format`` is ``json``, ``yaml`` or ``markdown``. ``value`` is what JSON or YAML holds, with every mapping a
    ``Table`` that knows its lines; of Markdown it is the text. ``name`` is what the file is called, without folder and
    ending, for sources that have no title of their own; nothing is recognised by it.
    """

    format: str
    value: Any
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recognition:
    """That an adapter knows a source: how sure it is, from 0 to 1, and by what, in half a sentence."""

    confidence: float
    because: str


@dataclass(frozen=True, slots=True)
class Adapted:
    """What an adapter makes of a source: a value in the curriculum format, and what it has no place for.

    Mappings of ``value`` that are ``Table`` values carry the lines that the plan shows.
    """

    value: dict[str, Any]
    left_out: tuple[LeftOut, ...] = ()


class Adapter(Protocol):
    """Reads one shape of curriculum. ``name`` is what ``--format`` calls it, ``formats`` which sources it looks at."""

    @property
    def name(self) -> str: ...

    @property
    def formats(self) -> Collection[str]: ...

    def recognize(self, source: ParsedSource) -> Recognition | None:
        """How sure the adapter is that the source has its shape; ``None`` where it has not. Raises nothing."""

    def read(self, source: ParsedSource) -> Adapted:
        """The source in the curriculum format. Raises ``DocumentError`` where that cannot be."""
