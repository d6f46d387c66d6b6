"""Names to topics: rows that exist, then the shipped vocabulary, then a row to create, once."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias, TypeVar

from django.utils.text import slugify

from django_prodev.documents.plan.topic_names import bare_names, written_out
from django_prodev.documents.topics import phrase_of
from django_prodev.documents.vocabulary import Phrase, shipped_topics
from django_prodev.documents.wording import clean_text, clean_title, short_digest
from django_prodev.enums import TopicKind
from django_prodev.models import Topic

_NAME_LIMIT = 200
_SLUG_LIMIT = 100

# "C", "C++" and "C#" are three languages; "Node.js" and "NodeJS" are one.
_NOT_TELLING = re.compile(r"[^\w+#]|_")


_KeyT = TypeVar("_KeyT")
_Words: TypeAlias = tuple[Phrase, str]


class TopicIndex:
    """Topics by name and alias, whatever the case and the punctuation. What is not found is created, and found then.

    A version or an abbreviation behind a name is not part of it: "PostgreSQL 15" and "Structured Query Language (SQL)"
    are PostgreSQL and SQL.
    """

    def __init__(self, known: Iterable[Topic], created: list[Topic]) -> None:
        self.created = created
        self.by_name: dict[str, list[Topic]] = {}
        self.by_alias: dict[str, list[Topic]] = {}
        self.by_words: dict[_Words, list[Topic]] = {}
        self.by_slug: dict[tuple[str, str], Topic] = {}
        self.by_key: dict[int, Topic] = {}
        for topic in known:
            self._add(topic)

    def find(self, name: str, kind: str = "", *, is_exact: bool = False) -> Topic | None:
        """The topic that a name means, if it is known; ``kind`` narrows it to one kind.

        ``is_exact`` looks for the name as it is written, whatever the case: not for one that is only alike.
        """
        key = _key(name)
        named = [topic for topic in self.by_name.get(key, ()) if kind in {"", topic.kind}]
        # Where the vocabulary gives an alias to one of two topics, it is that one's, whichever was made first.
        seed = seed_of(name)
        also = [topic for topic in self.by_alias.get(key, ()) if kind in {"", topic.kind} and _may_mean(topic, seed)]
        if named or also or is_exact:
            return next(iter([*named, *also]), None)
        alike = (topic for topic in self.by_words.get(_words(name), ()) if kind in {"", topic.kind})
        return next((topic for topic in alike if _may_mean(topic, seed)), None)

    def find_bare(self, name: str, kind: str = "") -> Topic | None:
        """The topic that a name means without the version or the abbreviation behind it.

        A bare number is a version only of a technology: two courses may be called "Calculus 1" and "Calculus 2".
        """
        for bare, is_sure in bare_names(name):
            found = self.find(bare, kind)
            if found is None and (seed := seed_of(bare)) and kind in {"", seed["kind"]}:
                found = self.find(seed["name"], seed["kind"]) or (
                    self.define(seed) if is_sure or seed["kind"] == TopicKind.TECHNOLOGY else None
                )
            if found and (is_sure or found.kind == TopicKind.TECHNOLOGY):
                return found
        return None

    def resolve(self, name: str, *, kind: str = "", fallback: str = TopicKind.CONCEPT) -> Topic:
        """The topic that a name means, made if it is not known.

        With ``kind`` only a topic of that kind will do; without, the vocabulary decides the kind of what is made, and
        ``fallback`` where it does not know the name.
        """
        name = clean_title(name)
        if found := self.find(name, kind):
            return found
        seed = seed_of(name)
        if seed and kind in {"", seed["kind"]}:
            return self.find(seed["name"], seed["kind"]) or self.define(seed)
        if found := self.find_bare(name, kind):
            return found
        name, aliases = written_out(name)
        return self.define({"name": name, "kind": kind or fallback, "aliases": aliases})

    def define(self, fields: Mapping[str, Any]) -> Topic:
        """The topic that a definition describes. One that exists is left as it is: topics are everyone's."""
        name = clean_title(fields["name"])
        if len(name) > _NAME_LIMIT:
            name = name[: _NAME_LIMIT - 1].rstrip() + "…"
        kind = fields.get("kind") or _kind_of(name)
        slug = fields.get("slug") or slugify(name)[:_SLUG_LIMIT].strip("-") or f"topic-{short_digest(name)}"
        taken = self.by_slug.get((kind, slug))
        if taken and (fields.get("slug") or _letters(taken.name) == _letters(name)):
            return taken
        if found := self.find(name, kind, is_exact=True):
            return found
        if taken:
            slug = f"{slug[: _SLUG_LIMIT - 13]}-{short_digest(name)}"
        topic = Topic(
            kind=kind,
            slug=slug,
            name=name,
            description=clean_text(fields.get("description", "")),
            aliases=[clean_title(alias) for alias in fields.get("aliases", [])],
            uri=fields.get("uri", ""),
        )
        self.created.append(topic)
        self._add(topic)
        return topic

    def _add(self, topic: Topic) -> None:
        self.by_name.setdefault(_key(topic.name), []).append(topic)
        for alias in topic.aliases if isinstance(topic.aliases, list) else ():
            self.by_alias.setdefault(_key(str(alias)), []).append(topic)
        for called in (topic.name, *(topic.aliases if isinstance(topic.aliases, list) else ())):
            if (words := _words(str(called)))[0]:
                self.by_words.setdefault(words, []).append(topic)
        self.by_slug[topic.kind, topic.slug] = topic
        if topic.pk:
            self.by_key[topic.pk] = topic


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _words(name: str) -> _Words:
    """A name's words, whatever stands between them, and the signs that tell languages apart."""
    return phrase_of(name), "".join(char for char in name if char in "+#")


def _letters(name: str) -> str:
    return _NOT_TELLING.sub("", name.casefold())


def _kind_of(name: str) -> str:
    seed = seed_of(name)
    return str(seed["kind"]) if seed else TopicKind.CONCEPT


def _may_mean(topic: Topic, seed: Mapping[str, Any] | None) -> bool:
    """Whether a topic is not one of the vocabulary where the vocabulary says that another one is meant."""
    return seed is None or not _is_shipped(topic) or topic.slug == seed["slug"]


def _is_shipped(topic: Topic) -> bool:
    seed = _shipped().get(_key(topic.name))
    return seed is not None and (seed["kind"], seed["slug"]) == (topic.kind, topic.slug)


def seed_of(name: str) -> dict[str, Any] | None:
    """The topic of the shipped vocabulary that a name means as a whole."""
    return _shipped().get(_key(name)) or _shipped_words().get(_words(name))


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    return _indexed(_key)


@cache
def _shipped_words() -> dict[_Words, dict[str, Any]]:
    return _indexed(_words)


def _indexed(key: Callable[[str], _KeyT]) -> dict[_KeyT, dict[str, Any]]:
    index: dict[_KeyT, dict[str, Any]] = {}
    topics = shipped_topics()
    for topic in topics:
        index.setdefault(key(topic["name"]), topic)
    for topic in topics:
        for alias in topic["aliases"]:
            index.setdefault(key(alias), topic)
    return index
