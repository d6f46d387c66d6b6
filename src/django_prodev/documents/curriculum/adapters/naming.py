"""Slugs that stay the same from one version of a source to the next, and names for what has only a slug."""

import re

from django.utils.text import slugify

from django_prodev.documents.topics import TopicMatcher
from django_prodev.documents.vocabulary import fold
from django_prodev.documents.wording import short_digest

UNIT_SLUG_LIMIT = 150
PROGRAM_SLUG_LIMIT = 100
TOPIC_LIMIT = 200
_SEPARATORS = re.compile(r"[-_/\s]+")


class Slugs:
    """Gives each unit of a source a slug of its own, with the program's in front: units belong to a provider, and two
    programs may both have a ``hello-world``."""

    def __init__(self, program: str) -> None:
        self.program = program
        self.taken: set[str] = set()
        self.numbers: dict[str, int] = {}

    def unit(self, name: str, parent: str = "") -> str:
        """A slug for a unit called ``name``. Of two alike, the later one takes the parent's slug, then a number."""
        base = slugify(name) or f"unit-{short_digest(name)}"
        inside = f"{slugify(parent)}-{base}" if parent else base
        for candidate in (f"{self.program}-{base}", f"{self.program}-{inside}"):
            if (slug := _cut(candidate)) not in self.taken:
                break
        stem = _cut(f"{self.program}-{inside}", 10)
        while slug in self.taken:
            self.numbers[stem] = self.numbers.get(stem, 1) + 1
            slug = f"{stem}-{self.numbers[stem]}"
        self.taken.add(slug)
        return slug


def _cut(slug: str, room: int = 0) -> str:
    """A slug that fits; a cut one ends in a digest, so that long names that begin alike stay apart."""
    most = UNIT_SLUG_LIMIT - room
    return slug if len(slug) <= most else f"{slug[: most - 13].strip('-')}-{short_digest(slug)}"


def program_slug(name: str) -> str:
    """The slug of a program called so."""
    return slugify(name)[:PROGRAM_SLUG_LIMIT].strip("-") or f"program-{short_digest(name)}"


def humanized(slug: str) -> str:
    """A title for what has only a slug: ``working-with-npm-scripts`` is "Working with npm scripts".

    Names that the vocabulary knows are written as it writes them.
    """
    words = [word for word in _SEPARATORS.split(slug.strip()) if word]
    matcher = TopicMatcher.shipped()
    out: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(4, len(words) - at), 0, -1):
            written = " ".join(words[at : at + length])
            known = matcher.named(written)
            if known is not None and (known.kind == "technology" or _is_spelt(known.name, written)):
                out.append(known.name)
                at += length
                break
        else:
            out.append(words[at])
            at += 1
    title = " ".join(out)
    return title[:1].upper() + title[1:]


def named_topics(text: str) -> list[str]:
    """The names of the topics of the vocabulary that a title names."""
    return [topic.name for topic in TopicMatcher.shipped().find(text)]


def topic_references(names: list[str], role: str = "teaches") -> list[dict[str, str]]:
    """References to topics as a unit has them; a name that is too long for a topic is none."""
    return [{"name": name, "role": role} for name in dict.fromkeys(names) if name and len(name) <= TOPIC_LIMIT]


def _is_spelt(name: str, written: str) -> bool:
    """Whether a name differs from what is written by capitals alone, and not only by the first."""
    return fold(name) == fold(written) and name[1:] != name[1:].lower()
