"""The words documents use for their headings and labels, and the seed of known topics, kept as data.

``words.json``, ``curricula.json`` and ``topics.json`` lie beside this file. A host adds its own words by passing a
mapping of the same form to ``Vocabulary.load``. No setting is read here, and no rule about the shape of a document
comes in.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from django_prodev.documents.vocabulary.spelling import Spelling

Phrase = tuple[str, ...]

_TOKEN = re.compile(r"[^\W_]+(?:['’](?!s\b)[^\W_]+)*")


_CACHED_LENGTH = 200

# Only words of these meanings are looked for behind a slip of the keyboard.
_OFTEN_MISSPELT = frozenset(
    {"challenge", "solution", "technology", "concept", "practice", "takeaway", "learning", "introduction", "conclusion"}
)


def fold(text: str) -> str:
    """Text without case, accents or vowel signs, so that words compare as a reader would compare them."""
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def tokens(text: str) -> Phrase:
    """The folded words of a text; Arabic words lose the article and the joined "and"."""
    return _short_tokens(text) if len(text) <= _CACHED_LENGTH else _tokens(text)


def _tokens(text: str) -> Phrase:
    found = _TOKEN.findall(fold(text))
    return tuple(found) if text.isascii() else tuple(_bare(word) for word in found)


# The same short lines are looked at by several readers.
_short_tokens = lru_cache(maxsize=8192)(_tokens)


def _bare(word: str) -> str:
    if len(word) > 3 and "؀" <= word[0] <= "ۿ":
        if word.startswith("وال"):
            return word[3:]
        if word.startswith(("ال", "لل")):
            return word[2:]
    return word


def _joined(phrase: Phrase) -> Iterator[Phrase]:
    """A phrase, and an Arabic one also with "and" joined to its first word."""
    yield phrase
    if phrase and "؀" <= phrase[0][0] <= "ۿ" and phrase[0][0] != "و":
        yield ("و" + phrase[0], *phrase[1:])


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Phrases with a value each, found in a run of tokens by longest match from left to right."""

    by_first: Mapping[str, tuple[tuple[Phrase, str], ...]]
    by_phrase: Mapping[Phrase, str]

    @classmethod
    def build(cls, pairs: Iterable[tuple[Phrase, str]]) -> "PhraseIndex":
        """Index (phrase, value) pairs; the first value given for a phrase stays."""
        by_phrase: dict[Phrase, str] = {}
        for phrase, value in pairs:
            if phrase:
                by_phrase.setdefault(phrase, value)
        grouped: dict[str, list[tuple[Phrase, str]]] = {}
        for phrase, value in by_phrase.items():
            grouped.setdefault(phrase[0], []).append((phrase, value))
        by_first = {first: tuple(sorted(found, key=lambda pair: -len(pair[0]))) for first, found in grouped.items()}
        return cls(by_first, by_phrase)

    def find(self, words: Phrase) -> Iterator[tuple[int, int, str]]:
        """Yield (start, length, value) of every phrase met, none overlapping."""
        at = 0
        while at < len(words):
            for phrase, value in self.by_first.get(words[at], ()):
                if words[at : at + len(phrase)] == phrase:
                    yield at, len(phrase), value
                    at += len(phrase)
                    break
            else:
                at += 1

    def has(self, words: Phrase) -> bool:
        """Whether any phrase stands in these words."""
        return next(self.find(words), None) is not None


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Headings, labels and cues, compiled for look-up. One is equal to itself only, so that readings can be kept."""

    headings: PhraseIndex
    weak_headings: PhraseIndex
    labels: PhraseIndex
    label_words: tuple[str, ...]
    heading_fillers: frozenset[str]
    label_fillers: frozenset[str]
    technology_groups: PhraseIndex
    program_areas: PhraseIndex
    resolution_cues: PhraseIndex
    weak_resolution_cues: PhraseIndex
    difficulty_cues: PhraseIndex
    unsolved: PhraseIndex
    unsolved_words: frozenset[str]
    unsolved_openings: frozenset[str]
    still_open: PhraseIndex
    hardships: PhraseIndex
    challenge_groups: frozenset[str]
    negations: frozenset[str]
    sequence_openings: PhraseIndex
    other_titles: PhraseIndex
    placeholder_openings: PhraseIndex
    sure_placeholders: PhraseIndex
    second_person: frozenset[str]
    first_person: frozenset[str]
    deed_endings: tuple[str, ...]
    misfortunes: frozenset[str]
    joiners: frozenset[str]
    spelling: Spelling

    @classmethod
    def load(cls, extra: Mapping[str, Any] | None = None) -> "Vocabulary":
        """The shipped words, with a host's own in front.

        ``extra`` has the form of ``words.json``; a list may stand where that file has languages, as in
        ``{"headings": {"challenge": ["hardships"]}, "resolution_cues": ["sorted out"]}``.
        """
        return _load_shipped() if not extra else _compile([extra, shipped_words()])


@cache
def shipped_words() -> dict[str, Any]:
    """The words of overviews, as they lie in the file: by section, most by what they mean, and by language."""
    loaded: dict[str, Any] = json.loads((files(__package__) / "words.json").read_text(encoding="utf-8"))
    return loaded


@cache
def shipped_curriculum_words() -> dict[str, Any]:
    """The words of curricula, as they lie in the file."""
    loaded: dict[str, Any] = json.loads((files(__package__) / "curricula.json").read_text(encoding="utf-8"))
    return loaded


@cache
def _load_shipped() -> Vocabulary:
    return _compile([shipped_words()])


def shipped_topics() -> list[dict[str, Any]]:
    """The seed of topics: dicts with ``slug``, ``name``, ``kind`` and ``aliases``."""
    loaded: list[dict[str, Any]] = json.loads((files(__package__) / "topics.json").read_text(encoding="utf-8"))
    return loaded


def _words(by_language: Mapping[str, list[str]] | list[str]) -> Iterator[str]:
    if isinstance(by_language, Mapping):
        for words in by_language.values():
            yield from words
    else:
        yield from by_language


def _leaves(content: Any) -> Iterator[str]:
    """Every word of a section, however deep its meanings and languages lie."""
    if isinstance(content, str):
        yield content
        return
    for part in content.values() if isinstance(content, Mapping) else content:
        yield from _leaves(part)


def _often_misspelt(sources: list[Mapping[str, Any]]) -> Iterator[str]:
    for source in sources:
        for section in ("headings", "labels"):
            for meaning, by_language in source.get(section, {}).items():
                if meaning in _OFTEN_MISSPELT:
                    yield from (token for word in _words(by_language) for token in tokens(word))


def _known(sources: list[Mapping[str, Any]]) -> Iterator[str]:
    for source in sources:
        for content in source.values():
            yield from (token for word in _leaves(content) for token in tokens(word))


def _compile(sources: list[Mapping[str, Any]]) -> Vocabulary:
    def valued(section: str) -> PhraseIndex:
        return PhraseIndex.build(
            (phrase, value)
            for source in sources
            for value, by_language in source.get(section, {}).items()
            for word in _words(by_language)
            for phrase in _joined(tokens(word))
        )

    def flat(section: str) -> list[str]:
        return [word for source in sources for word in _words(source.get(section, []))]

    def cues(section: str) -> PhraseIndex:
        return PhraseIndex.build((tokens(word), word) for word in flat(section))

    def single(section: str) -> frozenset[str]:
        return frozenset(token for word in flat(section) for token in tokens(word))

    label_words = sorted(
        {
            word
            for source in sources
            for by_language in source.get("labels", {}).values()
            for word in _words(by_language)
        },
        key=lambda word: (-len(word), word),
    )
    return Vocabulary(
        headings=valued("headings"),
        weak_headings=cues("weak_headings"),
        labels=valued("labels"),
        label_words=tuple(label_words),
        heading_fillers=single("heading_fillers"),
        label_fillers=single("label_fillers"),
        technology_groups=cues("technology_groups"),
        program_areas=cues("program_areas"),
        resolution_cues=cues("resolution_cues"),
        weak_resolution_cues=cues("weak_resolution_cues"),
        difficulty_cues=cues("difficulty_cues"),
        unsolved=cues("unsolved"),
        unsolved_words=single("unsolved"),
        unsolved_openings=frozenset(phrase[0] for word in flat("unsolved") if (phrase := tokens(word))),
        still_open=cues("still_open"),
        hardships=cues("hardships"),
        challenge_groups=single("challenge_groups"),
        negations=single("negations"),
        sequence_openings=cues("sequence_openings"),
        other_titles=cues("other_titles"),
        placeholder_openings=cues("placeholder_openings"),
        sure_placeholders=cues("sure_placeholders"),
        second_person=single("second_person"),
        first_person=single("first_person"),
        deed_endings=tuple(flat("deed_endings")),
        misfortunes=single("misfortunes"),
        joiners=single("joiners"),
        spelling=Spelling.of(_often_misspelt(sources), _known(sources)),
    )
