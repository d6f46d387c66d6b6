"""The words of headings, columns and labels in curricula, to look up. ``vocabulary/curricula.json`` has them."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django_prodev.documents.host_vocabulary import Files, host_curriculum_words, host_files
from django_prodev.documents.vocabulary import Phrase, shipped_curriculum_words, tokens

_ROMAN = re.compile(r"[ivxl]{1,6}")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words as phrases: those of a section, those of a section with one meaning, and what each phrase means.

    Of several meanings the host's is taken, and then the first.
    """

    sections: Mapping[str, frozenset[Phrase]]
    by_meaning: Mapping[str, Mapping[str, frozenset[Phrase]]]
    meanings: Mapping[str, Mapping[Phrase, str]]


_of_this_reading: ContextVar[_Words] = ContextVar("words of curricula")


@contextmanager
def one_set_of_words() -> Iterator[None]:
    """Look the host's files up once: a document asks for its words some ten thousand times, and all of it by the same.

    Raises ``DocumentError`` as ``host_curriculum_words``.
    """
    before = _of_this_reading.set(_compiled(host_files()))
    try:
        yield
    finally:
        _of_this_reading.reset(before)


def _words() -> _Words:
    words = _of_this_reading.get(None)
    return _compiled(host_files()) if words is None else words


@lru_cache(maxsize=4)
def _compiled(host: Files) -> _Words:
    shipped, added = shipped_curriculum_words(), host_curriculum_words(host)
    sections: dict[str, frozenset[Phrase]] = {}
    by_meaning: dict[str, dict[str, frozenset[Phrase]]] = {}
    meanings: dict[str, dict[Phrase, str]] = {}
    for section, content in shipped.items():
        more = added.get(section, ())
        sections[section] = frozenset((*_phrases(more), *_phrases(content)))
        # Of the sections without meanings these are languages, and nobody asks for them.
        by_meaning[section] = {
            name: frozenset((*_phrases(_of_meaning(more, name)), *_phrases(words))) for name, words in content.items()
        }
        firsts = meanings.setdefault(section, {})
        for source in (more if isinstance(more, Mapping) else {}, content):
            for name in content:
                for phrase in _phrases(source.get(name, ())):
                    firsts.setdefault(phrase, name)
    return _Words(sections, by_meaning, meanings)


def _of_meaning(words: Any, meaning: str) -> Any:
    return words.get(meaning, ()) if isinstance(words, Mapping) else ()


def _phrases(words: Any) -> Iterator[Phrase]:
    """Every word of a section or of a part of one, however deep it lies."""
    if isinstance(words, str):
        yield tokens(words)
        return
    for part in words.values() if isinstance(words, Mapping) else words:
        yield from _phrases(part)


def phrases(section: str, meaning: str = "") -> frozenset[Phrase]:
    """All phrases of a section of the file, or those with one meaning."""
    words = _words()
    return words.by_meaning[section][meaning] if meaning else words.sections[section]


def roles_of_column(text: str) -> tuple[str, ...]:
    """What a column may hold, by its header: more than one where a word is used for several things."""
    phrase = tokens(text)
    return tuple(role for role, known in _words().by_meaning["columns"].items() if phrase in known)


def heading_role(text: str) -> str:
    """What a heading announces: syllabus, final, objectives, about, aside, or nothing.

    The name of what it is about may stand around it: "Python course syllabus", "Module goals for week 2".
    """
    phrase = tokens(text)
    if role := _words().meanings["headings"].get(phrase, ""):
        return role
    for role in ("objectives", "final"):
        if any(_begins(phrase, known) for known in phrases("headings", role) if len(known) > 1):
            return role
    return "syllabus" if phrase[-1:] in {("syllabus",), ("curriculum",)} and len(phrase) <= _LONGEST_SYLLABUS else ""


def names_a_plan(title: str) -> bool:
    """Whether a title says that the whole document is a plan of what to learn: "Backend roadmap", "Curso de SQL"."""
    words = tokens(title)
    known = phrases("plans")
    return any(words[-len(one) :] == one or words[: len(one)] == one for one in known)


_LONGEST_SYLLABUS = 4


def _begins(phrase: Phrase, known: Phrase) -> bool:
    return phrase[: len(known)] == known


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is nothing: a dash, "none", "TBD"."""
    phrase = tokens(text)
    return not phrase or phrase in phrases("nothing")


def is_leftover(text: str) -> bool:
    """Whether an item of a list only says that there are more."""
    return not tokens(text) or tokens(text) in phrases("leftover")


def has_word(section: str, text: str) -> bool:
    """Whether one of the words of a section stands in a text."""
    words = set(tokens(text))
    return any(set(phrase) <= words for phrase in phrases(section))


def number_of(word: str) -> int | None:
    """The number that a word is, up to fifty in figures and five in letters, or as a Roman numeral."""
    if word.isdigit() and len(word) <= 2:
        return int(word)
    if name := _words().meanings["numbers"].get((word,)):
        return int(name)
    return _roman(word) if _ROMAN.fullmatch(word) else None


def _roman(word: str) -> int:
    values = {"i": 1, "v": 5, "x": 10, "l": 50}
    total = 0
    for char, following in zip(word, [*word[1:], ""], strict=True):
        value = values[char]
        total += -value if following and values[following] > value else value
    return total


def kind_of(text: str) -> str:
    """The kind of unit that a title, heading or column names, or an empty string."""
    words = set(tokens(text))
    for kind, known in _words().by_meaning["kinds"].items():
        if any(set(phrase) <= words for phrase in known):
            return kind
    return ""
