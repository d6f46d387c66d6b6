"""The words of headings and labels that a host site adds, from the files that ``VOCABULARY_FILES`` names."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django_prodev.conf import prodev_settings
from django_prodev.documents.vocabulary import Vocabulary
from django_prodev.exceptions import DocumentError


def host_vocabulary() -> Vocabulary:
    """The shipped words with the host's in front, read anew when a file changes.

    Raises ``DocumentError`` where a file cannot be read or is not of the form that ``Vocabulary.load`` takes.
    """
    paths = prodev_settings.VOCABULARY_FILES
    try:
        return _loaded(tuple((path, Path(path).stat().st_mtime_ns) for path in paths))
    except OSError as error:
        raise DocumentError(f"VOCABULARY_FILES: {error.filename}: {error.strerror}.") from error


@lru_cache(maxsize=4)
def _loaded(files: tuple[tuple[str, int], ...]) -> Vocabulary:
    merged: dict[str, Any] = {}
    for path, _changed in files:
        try:
            _merge(merged, json.loads(Path(path).read_text(encoding="utf-8")))
        except (ValueError, TypeError, AttributeError) as error:
            raise DocumentError(f"VOCABULARY_FILES: {path} is not a vocabulary ({error}).") from error
    return Vocabulary.load(merged)


def _merge(merged: dict[str, Any], words: Mapping[str, Any]) -> None:
    """Add words to words: sections of lists, and sections of lists by what the words mean."""
    for section, content in words.items():
        if isinstance(content, list):
            merged.setdefault(section, []).extend(content)
            continue
        meanings = merged.setdefault(section, {})
        for meaning, listed in content.items():
            by_language = listed if isinstance(listed, dict) else {"": listed}
            meanings.setdefault(meaning, []).extend(word for one in by_language.values() for word in one)
