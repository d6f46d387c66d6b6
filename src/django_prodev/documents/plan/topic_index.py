"""Names to topics: rows that exist, then the shipped vocabulary, then a row to create, once."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from django.utils.text import slugify

from django_prodev.documents.vocabulary import shipped_topics
from django_prodev.documents.wording import clean_text, clean_title, short_digest
from django_prodev.enums import TopicKind
from django_prodev.models import Topic

_NAME_LIMIT = 200
_SLUG_LIMIT = 100

# "C", "C++" and "C#" are three languages; "Node.js" and "NodeJS" are one.
_NOT_TELLING = re.compile(r"[^\w+#]|_")


class TopicIndex:
    """Topics by name and alias, whatever the case. What is not found is created, and found from then on."""

    def __init__(self, known: Iterable[Topic], created: list[Topic]) -> None:
        self.created = created
        self.by_name: dict[str, list[Topic]] = {}
        self.by_alias: dict[str, list[Topic]] = {}
        self.by_slug: dict[tuple[str, str], Topic] = {}
        self.by_key: dict[int, Topic] = {}
        for topic in known:
            self._add(topic)

    def find(self, name: str, kind: str = "") -> Topic | None:
        """The topic that a name means, if it is known; ``kind`` narrows it to one kind."""
        key = _key(name)
        named = [topic for topic in self.by_name.get(key, ()) if kind in {"", topic.kind}]
        # Where the vocabulary gives an alias to one of two topics, it is that one's, whichever was made first.
        seed = _shipped().get(key)
        also = [
            topic
            for topic in self.by_alias.get(key, ())
            if kind in {"", topic.kind} and (seed is None or not _is_shipped(topic) or topic.slug == seed["slug"])
        ]
        return next(iter([*named, *also]), None)

    def resolve(self, name: str, *, kind: str = "", fallback: str = TopicKind.CONCEPT) -> Topic:
        """The topic that a name means, made if it is not known.

        With ``kind`` only a topic of that kind will do; without, the vocabulary decides the kind of what is made, and
        ``fallback`` where it does not know the name.
        """
        name = clean_title(name)
        found = self.find(name, kind)
        if found:
            return found
        seed = _shipped().get(_key(name))
        if seed and kind in {"", seed["kind"]}:
            return self.find(seed["name"], seed["kind"]) or self.define(seed)
        return self.define({"name": name, "kind": kind or fallback})

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
        if found := self.find(name, kind):
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
        self.by_slug[topic.kind, topic.slug] = topic
        if topic.pk:
            self.by_key[topic.pk] = topic


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _letters(name: str) -> str:
    return _NOT_TELLING.sub("", name.casefold())


def _kind_of(name: str) -> str:
    seed = _shipped().get(_key(name))
    return str(seed["kind"]) if seed else TopicKind.CONCEPT


def _is_shipped(topic: Topic) -> bool:
    seed = _shipped().get(_key(topic.name))
    return seed is not None and (seed["kind"], seed["slug"]) == (topic.kind, topic.slug)


@cache
def _shipped() -> dict[str, dict[str, Any]]:
    index: dict[str, dict[str, Any]] = {}
    topics = shipped_topics()
    for topic in topics:
        index.setdefault(_key(topic["name"]), topic)
    for topic in topics:
        for alias in topic["aliases"]:
            index.setdefault(_key(alias), topic)
    return index
