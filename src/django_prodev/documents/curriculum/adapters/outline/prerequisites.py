"""A cell of prerequisites as names, and which unit of the same document each name means."""

import re
from collections.abc import Iterable

from django_prodev.documents.curriculum.adapters.outline.words import is_nothing
from django_prodev.documents.overview.inline import plain
from django_prodev.documents.topics import phrase_of
from django_prodev.documents.vocabulary import Phrase

_BREAK = re.compile(r"<br\s{0,3}/?>", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\n]{0,1000}\)")
_SEPARATOR = re.compile(r"[,;•·]|\s/\s|\n")
_AND = re.compile(r"\s+(?:and|&|et|y|e|و)\s+", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:and|or|a|an|the|et|ou|un|une|y|o|una|e|um|uma|some|basic understanding of)\s+", re.IGNORECASE
)
_LABEL = re.compile(r"^(?:co-?requisites?|prerequisites?|requires|recommended|optional)\s{0,3}:\s{0,3}", re.IGNORECASE)
_LONGEST = 120
_LONGEST_CELL = 4_000
_MOST_PARTS = 6
_LEAST_WORDS = 2


class Known:
    """The titles of a document's units and modules, to find which of them a prerequisite means."""

    def __init__(self, titles: Iterable[tuple[str, str]]) -> None:
        """``titles`` has the title and slug of each unit, in the order of the document."""
        self.by_words: dict[Phrase, str] = {}
        self.by_word: dict[str, list[tuple[frozenset[str], str]]] = {}
        self.order: dict[str, int] = {}
        for title, slug in titles:
            words = _words(title)
            self.order[slug] = len(self.order)
            if not words or words in self.by_words:
                continue
            self.by_words[words] = slug
            for word in set(words):
                self.by_word.setdefault(word, []).append((frozenset(words), slug))

    def find(self, name: str, *, before: str = "") -> str:
        """The slug of the unit that a name means: the one called so, or the only one with all words of the name.

        With ``before`` only a unit that stands before that one will do: nobody is asked to know what comes later.
        """
        found = self._find(name)
        return found if found and (not before or self.order[found] < self.order[before]) else ""

    def _find(self, name: str) -> str:
        words = _words(name)
        if words in self.by_words:
            return self.by_words[words]
        if len(words) < _LEAST_WORDS:
            return ""
        rarest = min((self.by_word.get(word, []) for word in words), key=len)
        found = {slug for all_words, slug in rarest if all_words.issuperset(words)}
        return next(iter(found)) if len(found) == 1 else ""

    def has(self, name: str) -> bool:
        """Whether a unit is called so, word for word."""
        return _words(name) in self.by_words


_ROMANS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}


def _words(text: str) -> Phrase:
    return tuple(_ROMANS.get(word, word) for word in phrase_of(text))


def prerequisite_names(cell: str, known: Known) -> list[str]:
    """The names in a cell of prerequisites, each once.

    A whole cell, or a run of its parts, that is a unit's title stays whole, whatever commas the title has.
    """
    text = _BREAK.sub(", ", cell[:_LONGEST_CELL])
    names: list[str] = []
    if known.has(plain(text)):
        return [plain(text)]
    parts = [part.strip() for part in _SEPARATOR.split(_LINK.sub(_sealed, text))]
    at = 0
    while at < len(parts):
        for end in range(min(len(parts), at + _MOST_PARTS), at, -1):
            run = ", ".join(parts[at:end])
            if end == at + 1 or known.has(_opened(run)):
                names.extend(_named(_opened(run), known))
                at = end
                break
    return list(dict.fromkeys(name for name in names if name))


_SEAL = str.maketrans({",": "\ue000", ";": "\ue001", "/": "\ue002", "&": "\ue003"})
_UNSEAL = {ord(sealed): char for char, sealed in zip(",;/&", "\ue000\ue001\ue002\ue003", strict=True)}


def _sealed(match: re.Match[str]) -> str:
    """The words of a link, kept from being parted."""
    return match[1].translate(_SEAL).replace(" and ", " \ue004 ")


def _opened(text: str) -> str:
    return plain(text.translate(_UNSEAL).replace("\ue004", "and"))


def _named(text: str, known: Known) -> list[str]:
    text = _LABEL.sub("", text.strip(" .-–—:*"))
    before = ""
    while text != before:
        before, text = text, _LEADING.sub("", text).strip()
    if not text or is_nothing(text) or len(text) > _LONGEST:
        return []
    halves = [half.strip() for half in _AND.split(text)]
    if len(halves) > 1 and all(known.find(half) for half in halves):
        return halves
    return [text]
