"""Names in documents matched to known topics: by name or alias, whatever the case, with or without a version.

The topics come from the shipped seed or from whoever calls; no table is read here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

from django_prodev.documents.vocabulary import Phrase, fold, shipped_topics, tokens

_SPELT = (("c++", " cplusplus "), ("c#", " csharp "), ("f#", " fsharp "), (".net", " dotnet "))
_VERSION = re.compile(
    r"(?<![\w.])v?\d+(?:\.\d+){0,3}(?:\.x)?\+?(?![\w.])(?:\s+(?:lts|or higher|or later))?", re.IGNORECASE
)
_PARENTHESIS = re.compile(r"\([^()]{0,200}\)")
_GENERIC = frozenset(
    {"framework", "library", "database", "language", "api", "basics", "fundamentals", "advanced", "core", "the"}
)


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be learnt.

    ``match`` says how it is found in running text: ``any`` way it is written, ``cased`` as written here only, or not
    at all (``exact``: by whole names only).
    """

    slug: str
    name: str
    kind: str
    aliases: tuple[str, ...] = ()
    match: str = "any"


def phrase_of(text: str) -> Phrase:
    """The words of a name as topics are compared by: "C++" and "C#" are other words than "C"."""
    folded = fold(text)
    for written, spelt in _SPELT:
        folded = folded.replace(written, spelt)
    return tokens(folded)


@dataclass(slots=True)
class TopicMatcher:
    """Finds known topics in names and in running text."""

    topics: Iterable[Topic]
    _names: dict[Phrase, Topic] = field(init=False, repr=False, default_factory=dict)
    _by_first: dict[str, list[tuple[Phrase, Topic, str]]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.topics = tuple(self.topics)
        # Names before aliases: an alias never takes what is another topic's own name.
        for topic in self.topics:
            self._names.setdefault(phrase_of(topic.name), topic)
        for topic in self.topics:
            for alias in topic.aliases:
                self._names.setdefault(phrase_of(alias), topic)
        for topic in self.topics:
            for name in (topic.name, *topic.aliases):
                phrase = phrase_of(name)
                if phrase and topic.match != "exact" and self._names[phrase] is topic:
                    self._by_first.setdefault(phrase[0], []).append((phrase, topic, name))
        for found in self._by_first.values():
            found.sort(key=lambda entry: -len(entry[0]))

    @classmethod
    def shipped(cls) -> "TopicMatcher":
        """A matcher of the topics that come with the package."""
        return _shipped()

    def exact(self, text: str) -> Topic | None:
        """The topic that a whole name means ("DRF", "PostgreSQL 15", "Django (4.2)"), or ``None``."""
        for candidate in (text, _PARENTHESIS.sub(" ", text), _VERSION.sub(" ", _PARENTHESIS.sub(" ", text))):
            phrase = phrase_of(candidate)
            if not phrase:
                continue
            found = self._names.get(phrase)
            if found is None and len(phrase) > 1:
                found = self._names.get(tuple(word for word in phrase if word not in _GENERIC))
            if found is not None:
                return found
        return None

    def named(self, text: str) -> Topic | None:
        """The topic that is called so, word for word, unless it must not be looked for in text."""
        found = self._names.get(phrase_of(text))
        return found if found is not None and found.match != "exact" else None

    def find(self, text: str) -> tuple[Topic, ...]:
        """The topics that a running text names, in the order in which it first names them."""
        words = phrase_of(text)
        found: dict[Topic, None] = {}
        at = 0
        while at < len(words):
            for phrase, topic, name in self._by_first.get(words[at], ()):
                if words[at : at + len(phrase)] == phrase and (topic.match != "cased" or _stands(name, text)):
                    found.setdefault(topic)
                    at += len(phrase)
                    break
            else:
                at += 1
        return tuple(found)


def _stands(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


@cache
def _shipped() -> TopicMatcher:
    return TopicMatcher(
        Topic(row["slug"], row["name"], row["kind"], tuple(row["aliases"]), row.get("match", "any"))
        for row in shipped_topics()
    )
