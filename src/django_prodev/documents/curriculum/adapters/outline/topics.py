"""The topics of an outline: what a label lists, what a column names, what the vocabulary knows, what comes before."""

import re

from django_prodev.documents.curriculum.adapters.naming import named_topics, topic_references
from django_prodev.documents.curriculum.adapters.outline.items import item_text
from django_prodev.documents.curriculum.adapters.outline.prerequisites import Known, prerequisite_names
from django_prodev.documents.curriculum.adapters.outline.words import is_leftover, is_nothing, phrases
from django_prodev.documents.curriculum.tree import Table
from django_prodev.documents.overview.blocks import Block, Kind
from django_prodev.documents.overview.inline import plain
from django_prodev.documents.vocabulary import fold, tokens

_CODE = re.compile(r"`{1,2}([^`\n]{1,120})`{1,2}")
_LABEL = re.compile(r"^\s{0,3}(\*\*|__)?([^*_:`\n]{2,60}?)\s{0,3}:?\s{0,3}(\*\*|__)?\s{0,3}(:|$|\n|(?=`))")
_COMMA = re.compile(r"\s*[,;،]\s*|\s+[·•|]\s+|\n")
_LONGEST_WORDS = 5
_SHORT_WORDS = 2
_DIGIT = re.compile(r"\d")


def labelled_topics(blocks: list[Block]) -> list[str]:
    """The topics that paragraphs and lists under a label such as "Topics covered:" name."""
    names: list[str] = []
    is_open = False
    for block in blocks:
        if block.kind is Kind.LIST and is_open:
            names.extend(plain(item_text(item)) for item in block.children)
        is_open = False
        if block.kind is not Kind.PARAGRAPH:
            continue
        text = "\n".join(line.text.strip() for line in block.lines)
        match = _LABEL.match(text)
        if match and tokens(match[2]) in phrases("topic_labels"):
            rest = text[match.end() :].strip()
            is_open = not rest
            names.extend(_CODE.findall(rest) or (_COMMA.split(plain(rest)) if rest else []))
    return [name.strip() for name in names if not is_leftover(name)]


def column_topics(text: str, *, is_title: bool) -> list[str]:
    """The topics that a cell of a column of topics names: its parts between commas, where they are short.

    Where the cell is also the unit's title, one part alone is only that.
    """
    parts = [part.strip(" .!?") for part in _COMMA.split(text)]
    if len(parts) == 1 and is_title:
        return []
    named = [name for part in parts for name in (_halves(part) if len(parts) > 1 else [part])]
    return [name for name in named if _is_name(name)]


def _halves(part: str) -> list[str]:
    """The last part of "loops, scope & closures" is two, where both are short."""
    halves = [half.strip() for half in part.split(" & ")]
    return halves if all(half and len(tokens(half)) <= _SHORT_WORDS for half in halves) else [part]


def _is_name(part: str) -> bool:
    words = tokens(part)
    asks = words[:1] in phrases("no_topics")
    return 0 < len(words) <= _LONGEST_WORDS and not is_nothing(part) and not _DIGIT.search(part) and not asks


def teaches(title: str, *named: str) -> list[dict[str, str]]:
    """References to the topics that a title names, after those that were named for it."""
    names: dict[str, str] = {}
    for name in (*named, *named_topics(title)):
        names.setdefault(fold(name), name)
    return topic_references(list(names.values()))


def link_prerequisites(units: list[Table], prerequisites: dict[int, str]) -> None:
    """Turn cells of prerequisites into topics that a unit requires.

    A name that means a unit of the same document is taught by that unit, so that it opens when that is done.
    """
    flat: dict[str, Table] = {}
    above: dict[str, set[str]] = {}
    _index(units, set(), flat, above)
    known = Known((unit["title"], slug) for slug, unit in flat.items())
    for slug, unit in flat.items():
        cell = prerequisites.get(id(unit), "")
        for name in prerequisite_names(cell, known) if cell else ():
            target = known.find(name, before=slug)
            if target in above[slug]:
                continue
            _add(unit, name, "requires")
            if target:
                _add(flat[target], name, "teaches")


def _index(units: list[Table], parents: set[str], flat: dict[str, Table], above: dict[str, set[str]]) -> None:
    for unit in units:
        flat[unit["slug"]] = unit
        above[unit["slug"]] = parents
        _index(unit.get("units", []), parents | {unit["slug"]}, flat, above)


def _add(unit: Table, name: str, role: str) -> None:
    topics = unit.setdefault("topics", [])
    held = {(fold(topic["name"]), topic["role"]) for topic in topics}
    for reference in topic_references([name], role):
        if (fold(name), role) not in held and len(topics) < _MOST_TOPICS:
            topics.append(reference)


_MOST_TOPICS = 500
