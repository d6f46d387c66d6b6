"""The words of headings, columns and labels in curricula, to look up. ``vocabulary/curricula.json`` has them."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from django_prodev.documents.vocabulary import Phrase, tokens

_ROMAN = re.compile(r"[ivxl]{1,6}")


@cache
def _words() -> dict[str, Any]:
    source = files("django_prodev.documents.vocabulary") / "curricula.json"
    loaded: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return loaded


def _flat(by_language: Mapping[str, Iterable[str]]) -> frozenset[Phrase]:
    return frozenset(tokens(word) for words in by_language.values() for word in words)


@cache
def phrases(section: str, meaning: str = "") -> frozenset[Phrase]:
    """All phrases of a section of the file, or those with one meaning."""
    return _flat(_words()[section][meaning] if meaning else _words()[section])


def meaning_of(section: str, text: str) -> str:
    """Which meaning of a section a text has as a whole, or an empty string. The first that has it is taken."""
    return _meanings(section).get(tokens(text), "")


@cache
def _meanings(section: str) -> dict[Phrase, str]:
    found: dict[Phrase, str] = {}
    for meaning in _words()[section]:
        for phrase in phrases(section, meaning):
            found.setdefault(phrase, meaning)
    return found


def roles_of_column(text: str) -> tuple[str, ...]:
    """What a column may hold, by its header: more than one where a word is used for several things."""
    phrase = tokens(text)
    return tuple(role for role in _words()["columns"] if phrase in phrases("columns", role))


def heading_role(text: str) -> str:
    """What a heading announces: syllabus, final, objectives, about, aside, or nothing.

    The name of what it is about may stand around it: "Python course syllabus", "Module goals for week 2".
    """
    phrase = tokens(text)
    if role := _meanings("headings").get(phrase, ""):
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
    for number, names in _words()["numbers"].items():
        if (word,) in {tokens(name) for name in names}:
            return int(number)
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
    for kind in _words()["kinds"]:
        if any(set(phrase) <= words for phrase in phrases("kinds", kind)):
            return str(kind)
    return ""
