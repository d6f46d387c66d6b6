"""The words of headings and labels that a host site adds, from the files that ``VOCABULARY_FILES`` names."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django_prodev.conf import prodev_settings
from django_prodev.documents.vocabulary import Vocabulary, shipped_curriculum_words, shipped_words
from django_prodev.exceptions import DocumentError

CURRICULA = "curricula"
"""The section of a file that adds to the words of curricula; all others add to those of overviews."""

Files = tuple[tuple[str, int], ...]


def host_files() -> Files:
    """The files that add words, each with when it was changed. Raises ``DocumentError`` where one is not there."""
    try:
        return tuple((path, Path(path).stat().st_mtime_ns) for path in prodev_settings.VOCABULARY_FILES)
    except OSError as error:
        raise DocumentError(f"VOCABULARY_FILES: {error.filename}: {error.strerror}.") from error


def host_vocabulary() -> Vocabulary:
    """The shipped words of overviews with the host's in front, read anew when a file changes.

    Raises ``DocumentError`` where a file cannot be read, or names a section or a meaning that there is not.
    """
    return _vocabulary(host_files())


def host_curriculum_words(host: Files) -> Mapping[str, Any]:
    """The words that these files add to those of curricula. Raises as ``host_vocabulary``."""
    words: Mapping[str, Any] = _merged(host).get(CURRICULA, {})
    return words


@lru_cache(maxsize=4)
def _vocabulary(host: Files) -> Vocabulary:
    return Vocabulary.load({section: words for section, words in _merged(host).items() if section != CURRICULA})


@lru_cache(maxsize=4)
def _merged(host: Files) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for path, _changed in host:
        try:
            words = json.loads(Path(path).read_text(encoding="utf-8"))
            _merge(merged, words, shipped_words() | {CURRICULA: {}}, "")
            _merge(merged.setdefault(CURRICULA, {}), words.get(CURRICULA, {}), shipped_curriculum_words(), CURRICULA)
        except (ValueError, TypeError, AttributeError) as error:
            raise DocumentError(f"VOCABULARY_FILES: {path} is not a vocabulary ({error}).") from error
    return merged


def _merge(merged: dict[str, Any], words: Mapping[str, Any], shipped: Mapping[str, Any], above: str) -> None:
    """Add words to words: sections of lists, and sections of lists by what the words mean."""
    _check_names(words, shipped, above or "a vocabulary")
    for section, content in words.items():
        where = f"{above}.{section}" if above else section
        if where == CURRICULA:
            continue
        if not _has_meanings(shipped[section]):
            merged.setdefault(section, []).extend(_listed(content, where))
            continue
        _check_names(content, shipped[section], where)
        meanings = merged.setdefault(section, {})
        for meaning, listed in content.items():
            meanings.setdefault(meaning, []).extend(_listed(listed, f"{where}.{meaning}"))


def _has_meanings(section: Mapping[str, Any]) -> bool:
    """Whether a shipped section parts its words by what they mean before it parts them by language."""
    return any(isinstance(words, Mapping) for words in section.values()) or all(name.isdecimal() for name in section)


def _check_names(given: Any, known: Mapping[str, Any], where: str) -> None:
    allowed = ", ".join(known)
    if not isinstance(given, Mapping):
        raise TypeError(f"{where} takes a mapping with any of {allowed}")
    for name in given:
        if name not in known:
            raise ValueError(f"there is no {name!r} in {where}; it takes {allowed}")


def _listed(words: Any, where: str) -> list[str]:
    """Words in a list, or in lists by language."""
    listed = [word for part in words.values() for word in part] if isinstance(words, Mapping) else words
    if not isinstance(listed, list) or not all(isinstance(word, str) for word in listed):
        raise TypeError(f"{where} takes a list of words, or such lists by language")
    return listed
