"""A tree of chapters, modules, blocks and challenges, in the shape of freeCodeCamp's superblocks."""

from collections.abc import Iterator
from typing import Any

from django_prodev.documents.curriculum.adapters.base import Adapted, ParsedSource, Recognition
from django_prodev.documents.curriculum.adapters.naming import (
    Slugs,
    humanized,
    named_topics,
    program_slug,
    topic_references,
)
from django_prodev.documents.curriculum.adapters.nodes import Node, unit_value
from django_prodev.documents.curriculum.tree import Table
from django_prodev.documents.records import Lines
from django_prodev.documents.wording import fit
from django_prodev.exceptions import DocumentError

_LEVELS = ("superblocks", "chapters", "modules", "blocks", "challengeOrder", "challenges")
_NAMES = ("name", "title")
_SLUGS = ("dashedName", "slug")
# The first word of a block's slug, and the types of blocks, modules and chapters, say what is done in it.
_KINDS = {
    "exam": "milestone",
    "quiz": "milestone",
    "cert-project": "project",
    "lab": "project",
    "project": "project",
    "lecture": "lesson",
    "review": "lesson",
    "workshop": "lesson",
}
_TYPES = ("chapterType", "moduleType", "blockType", "blockLabel")
_INTRODUCTIONS = ("intro", "desc", "description")


class FreecodecampSuperblock:
    """Chapters and modules become modules, what stands deepest becomes lessons, projects and milestones."""

    name = "freecodecamp"
    formats = frozenset({"json", "yaml"})

    def recognize(self, source: ParsedSource) -> Recognition | None:
        """By lists named for their level, one inside the other, down to blocks or challenges."""
        value = _unwrapped(source.value)
        if not isinstance(value, dict):
            return None
        path: list[str] = []
        there: Any = value
        while isinstance(there, dict) and (level := _level(there)):
            path.append(level)
            if not there[level]:
                break
            there = _first(there[level])
        if not path or not value[path[0]] or path[-1] not in {"blocks", "challengeOrder", "challenges"}:
            return None
        if len(path) == 1 and path[0] == "challenges" and not any(key in value for key in _SLUGS):
            return None
        sure = 0.9 if len(path) > 1 or path[0] == "challengeOrder" or set(value) == {"blocks"} else 0.6
        return Recognition(sure, f"{' of '.join(reversed(path))}")

    def read(self, source: ParsedSource) -> Adapted:
        """The superblock as a program, called by its name, or else as its file is."""
        value = _unwrapped(source.value)
        if not isinstance(value, dict):
            raise DocumentError("$: a superblock is a mapping.")
        block = Node(value)
        named = block.title(*_SLUGS)
        title = block.title(*_NAMES) or humanized(named or source.name)
        if not title:
            raise DocumentError("$: the superblock has no name, and neither has its file.")
        slug = program_slug(named or source.name or title)
        title, text = fit(title, _introduction(block))
        reading = _Reading(Slugs(slug))
        units = list(reading.units(block, ""))
        adapted = Table(prodev=1, program={"title": title, "slug": slug, "description": text}, units=units)
        adapted.lines = block.lines
        return Adapted(adapted, tuple(block.left_out()))


class _Reading:
    def __init__(self, slugs: Slugs) -> None:
        self.slugs = slugs

    def units(self, above: Node, parent: str) -> Iterator[Table]:
        level = _level(above.table)
        if not level:
            return
        inside = above.table[level]
        lines = above.lines_of(level)
        above.taken.add(level)
        entries = inside.items() if isinstance(inside, dict) else ((None, entry) for entry in inside)
        for key, entry in entries:
            if isinstance(entry, dict):
                yield self.unit(above.reach(entry, level), key or "", parent)
            elif isinstance(entry, str) and entry.strip():
                yield self.leaf(lines, entry, humanized(entry), parent)
            elif isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry):
                yield self.leaf(lines, entry[1], entry[1], parent)
            else:
                above.stray_in(level, [entry])

    def leaf(self, lines: Lines, name: str, title: str, parent: str) -> Table:
        topics = topic_references(named_topics(title))
        return unit_value(lines, title, slug=self.slugs.unit(name, parent), kind=_kind(name), topics=topics)

    def unit(self, node: Node, key: str, parent: str) -> Table:
        name = node.title(*_SLUGS) or key
        title = node.title(*_NAMES) or humanized(name) or "Untitled"
        said = next((kind for type_ in _TYPES if (kind := _KINDS.get(node.title(type_)))), "")
        introduction = _introduction(node)
        slug = self.slugs.unit(name or title, parent)
        identifier = node.identifier("id")
        inner = node.node("challenges") if isinstance(node.table.get("challenges"), dict) else node
        below = list(self.units(inner, name or title))
        has_level = _level(inner.table) != ""
        return unit_value(
            node.lines,
            title,
            introduction,
            inner.facts() if inner is not node else "",
            node.facts(),
            slug=slug,
            kind="module" if has_level else said or _kind(name),
            id=identifier,
            topics=topic_references(named_topics(title)),
            units=below,
        )


def _unwrapped(value: Any) -> Any:
    """A superblock that stands alone under its own name, as in the data that the site itself serves."""
    if isinstance(value, dict) and len(value) == 1 and not _level(value):
        inner = next(iter(value.values()))
        if isinstance(inner, dict) and _level(inner):
            return inner
    return value


def _level(value: Any) -> str:
    """The key under which the next level stands, or an empty string."""
    for level in _LEVELS:
        inside = value.get(level)
        if isinstance(inside, list) or (level == "blocks" and isinstance(inside, dict)):
            return level
    return ""


def _first(inside: Any) -> Any:
    """The first of a level that has a level inside, or else the first."""
    found = list(inside.values()) if isinstance(inside, dict) else list(inside)
    deeper = [entry for entry in found if isinstance(entry, dict) and _level(entry)]
    return next(iter([*deeper, *found]), None)


def _kind(name: str) -> str:
    first = name.partition("-")[0]
    last = name.rpartition("-")[2]
    return _KINDS.get(first) or ("project" if last in {"project", "projects"} else "lesson")


def _introduction(node: Node) -> str:
    for key in _INTRODUCTIONS:
        if said := node.text(key) or "\n\n".join(node.texts(key)):
            return said
    return ""
