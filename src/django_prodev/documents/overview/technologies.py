"""Technologies: by item, row of a table, sub-heading, plain line, or name in a list of names.

The same reader names concepts where they are only named.
"""

import re
from collections.abc import Iterator, Sequence

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.tables import typed_rows
from django_prodev.documents.overview.entries import LONGEST_NAME, Entry, Teaching, below, body_of, entry
from django_prodev.documents.overview.headings import Role, announce
from django_prodev.documents.overview.inline import Lead, is_placeholder, plain, short_title, split_lead, unstopped
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render, render_all
from django_prodev.documents.records import RecordKind
from django_prodev.documents.vocabulary import tokens

_TAIL = re.compile(r"^(.{2,80}?)\s*\(([^()]{1,300})\)\s*[.:]?$")
_ABBREVIATION = re.compile(r"^[A-Z][A-Za-z0-9/+.-]{1,9}$")
_PARENTHESIS = re.compile(r"\([^()]{0,200}\)")
_COMMAS = re.compile(r"\s*[,،;•|]\s*|\s+/\s+")
_AND = re.compile(r"^(?:and|&|et|y|e|und)\s+")
_BETWEEN_NAMES = re.compile(r"\s*[,،;+/]\s*|\s+(?:&|and|et|y|e|und|و)\s+")
_LONGEST_LINE_NAME = 5
_LONGEST_NAMES = 120
_MOST_COLUMNS = 50
_LIST_SEPARATORS = frozenset({":", "：", ",", "→", "=>", "->"})


def read_technologies(nodes: list[Node], teaching: Teaching, kind: RecordKind = RecordKind.TECHNOLOGY) -> list[Entry]:
    """Technologies by item, table row, sub-heading or line; a group gives one entry a name."""
    return list(named_entries(nodes, teaching, kind, ""))


def named_entries(nodes: list[Node], teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    last: Entry | None = None
    for node in nodes:
        if node.marker is Marker.TABLE:
            yield from _table(node.rows, teaching, kind)
        elif node.marker in TITLES:
            yield from _named_title(node, teaching, kind)
        elif node.marker in ITEMS and last is not None and _goes_on(node, teaching):
            last.text.extend(render(node))
            last.sources.extend([*node.lines, *below(node)])
        elif node.marker in ITEMS:
            last = None
            for found in named_item(node, teaching, kind, group):
                last = found if found.reader == "items" and _is_named(node, teaching) else None
                yield found
        elif node.marker is Marker.LINE:
            yield from _named_lines(node, teaching, kind, group)


def _goes_on(node: Node, teaching: Teaching) -> bool:
    """Whether an item after a named one is a sentence about it, though it is not nested."""
    text = plain(node.text)
    return len(text.split()) > 4 and not _is_named(node, teaching) and split_lead(node.text) is None


def _named_title(node: Node, teaching: Teaching, kind: RecordKind) -> Iterator[Entry]:
    title = plain(node.text).rstrip(":")
    known = teaching.topics.exact(title)
    items = [child for child in node.children if child.marker in ITEMS]
    titled = [child for child in node.children if child.marker in TITLES or child.marker is Marker.TABLE]
    named = [child for child in items if _is_named(child, teaching)]
    lines = [child for child in node.children if child.marker is Marker.LINE]
    grouping = titled or (items and len(named) * 2 >= len(items)) or is_group(title, teaching)
    if not node.children:
        if known is not None:
            yield entry(kind, title, [], node.lines, 0.7, "sub-headings")
        return
    mostly_named = bool(items) and len(named) * 2 > len(items)
    listing = items or titled or all(len(line.text.split()) <= LONGEST_NAME for line in lines)
    if (
        node.roles
        or (known is None and grouping and listing)
        or (known is not None and (titled or (known.kind != "technology" and mostly_named)))
    ):
        yield from named_entries(node.children, teaching, kind, title)
    else:
        yield entry(kind, title, render_all(node.children), [*node.lines, *below(node)], 0.85, "sub-headings")


def _is_named(node: Node, teaching: Teaching) -> bool:
    """Whether an item is a name with something said about it, not a sentence."""
    text = plain(node.text)
    if teaching.topics.exact(text):
        return True
    lead = split_lead(node.lines[0].text) if node.lines else None
    if lead is not None and (lead.separator or not lead.rest or lead.rest.startswith("(")):
        return lead.marked or teaching.topics.exact(plain(lead.name)) is not None
    tail = _TAIL.match(text)
    return tail is not None and teaching.topics.exact(tail[1]) is not None


def is_group(title: str, teaching: Teaching) -> bool:
    """Whether a title only groups technologies ("Databases", "CI/CD & hosting")."""
    words = tokens(title)
    groups = teaching.vocabulary.technology_groups
    covered = {at + offset for at, length, _ in groups.find(words) for offset in range(length)}
    fillers = teaching.vocabulary.heading_fillers
    return bool(covered) and all(at in covered or word in fillers for at, word in enumerate(words))


def named_item(node: Node, teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    if not node.lines:
        yield from named_entries(node.children, teaching, kind, group)
        return
    if is_placeholder(node.text, teaching.vocabulary):
        teaching.placeholders.extend([*node.lines, *below(node)])
        return
    lead = split_lead(node.lines[0].text)
    usable = lead is not None and (
        lead.separator or lead.rest.startswith("(") or not lead.rest or len(node.lines) > 1 or lead.marked
    )
    if lead is None or not usable:
        yield from _unled(node, teaching, kind, group)
        return
    name = plain(lead.name).rstrip(":")
    nested = [child for child in node.children if child.marker in ITEMS]
    known = teaching.topics.exact(name)
    if not lead.rest and nested and len(node.lines) == 1 and (known is None or known.kind != "technology"):
        named = [child for child in nested if teaching.topics.exact(plain(child.text)) or _is_named(child, teaching)]
        if len(named) * 2 > len(nested):
            yield from named_entries(nested, teaching, kind, name)
            return
    if known is None or known.kind != "technology":
        parts = _listed(lead, teaching, name)
        if parts and len(node.lines) == 1:
            for part in parts:
                yield _part(part, kind, node.lines, "groups", name)
            for child in nested:
                yield from named_item(child, teaching, kind, name)
            return
    body = body_of(node, lead)
    yield entry(kind, name, body, [*node.lines, *below(node)], 0.92, "items", group)


def _listed(lead: Lead, teaching: Teaching, name: str) -> list[str]:
    """The names in "Languages: Python, JavaScript", or nothing where the rest is a description."""
    rest = plain(lead.rest).rstrip(".")
    if not rest or lead.separator not in _LIST_SEPARATORS:
        return []
    # A comma in brackets does not part two names.
    masked = _PARENTHESIS.sub(lambda match: match[0].replace(",", "\0").replace(";", "\1"), rest)
    parts = [part.replace("\0", ",").replace("\1", ";").strip() for part in _COMMAS.split(masked)]
    parts = [_AND.sub("", part) for part in parts if part.strip()]
    if not parts or any(len(_PARENTHESIS.sub("", part).split()) > 4 for part in parts):
        return []
    known = [part for part in parts if teaching.topics.exact(part)]
    if is_group(name, teaching):
        named = [part for part in parts if part in known or not part[:1].islower() or len(part.split()) == 1]
        return parts if len(named) == len(parts) else []
    return parts if len(known) > 1 and len(known) * 4 >= len(parts) * 3 else []


def _known_names(text: str, teaching: Teaching) -> list[str]:
    """The names in "Python and Django", if each is known and all of it together is not."""
    if len(text) > _LONGEST_NAMES or teaching.topics.exact(text):
        return []
    names = [name for name in _BETWEEN_NAMES.split(text) if name]
    return names if len(names) > 1 and all(teaching.topics.exact(name) for name in names) else []


def _unled(node: Node, teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    text = unstopped(plain(node.text))
    bare = Lead("", text, marked=False, separator=",")
    parts = _listed(bare, teaching, "")
    if len(parts) < 3:
        parts = _known_names(text, teaching) or parts
    if len(parts) > 1 and not node.children and kind is RecordKind.TECHNOLOGY:
        for part in parts:
            yield _part(part, kind, node.lines, "lists of names", group)
        return
    tail = _TAIL.match(text)
    said_below = render_all(node.children)
    if tail is not None and not _ABBREVIATION.match(tail[2]) and len(node.lines) == 1:
        said = [Line(node.lines[0].number, f"({tail[2]})")]
        yield entry(kind, tail[1], [*said, *said_below], [*node.lines, *below(node)], 0.85, "items", group)
        return
    title = short_title(node.text)
    text_lines = [] if title == text else node.lines
    yield entry(kind, title, [*text_lines, *said_below], [*node.lines, *below(node)], 0.8, "items", group)


def _part(part: str, kind: RecordKind, lines: list[Line], reader: str, group: str) -> Entry:
    """One name of a list, with what stands in brackets behind it as its text."""
    tail = _TAIL.match(part)
    if tail is None or _ABBREVIATION.match(tail[2]):
        return entry(kind, part, [], lines, 0.85, reader, group)
    return entry(kind, tail[1], [Line(lines[0].number, f"({tail[2]})")], lines, 0.85, reader, group)


def _named_lines(node: Node, teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    rows = typed_rows(node.lines)
    if rows:
        yield from _table(rows, teaching, kind)
        return
    said_of = _said_of(node.lines)
    for line in node.lines:
        text = plain(line.text)
        lead = split_lead(line.text)
        if line in said_of.values():
            continue
        if (said := said_of.get(line)) is not None:
            yield entry(kind, text, [said], [line, said], 0.75, "lines", group)
            continue
        is_sentence = len(text.split()) > LONGEST_NAME and text.endswith((".", ":", "!"))
        if not text or text.endswith(":") or (is_sentence and not lead):
            continue
        if lead is None and len(text.split()) > LONGEST_NAME and text.count(",") < 2:
            continue
        if is_group(text, teaching) and not teaching.topics.exact(text):
            group = text
            continue
        if "![" in line.text or (len(text.split()) > 14 and not lead):
            continue
        yield from named_item(Node(Marker.ITEM, [line]), teaching, kind, group)
    if node.children:
        yield from named_entries(node.children, teaching, kind, plain(node.text))


def _said_of(lines: list[Line]) -> dict[Line, Line]:
    """Of lines by turns, a short name and a sentence about it: the sentence of each name."""
    names, sentences = lines[::2], lines[1::2]
    if len(names) != len(sentences):
        return {}
    is_told = all(line.text.rstrip().endswith(".") and len(line.text.split()) > 2 for line in sentences)
    is_named = all(len(line.text.split()) <= _LONGEST_LINE_NAME and line.text.rstrip()[-1:].isalnum() for line in names)
    return dict(zip(names, sentences, strict=True)) if is_told and is_named else {}


def _table(rows: Sequence[list[Line]], teaching: Teaching, kind: RecordKind) -> Iterator[Entry]:
    header = [announce(cell.text, teaching.vocabulary).roles for cell in rows[0][:_MOST_COLUMNS]]
    column = next((at for at, roles in enumerate(header) if Role.TECHNOLOGY in roles), 0)
    for row in rows[1:]:
        if len(row) <= column or not plain(row[column].text):
            continue
        name = plain(row[column].text)
        if column:
            label = plain(row[0].text)
            parts = _listed(Lead(label, row[column].text, marked=True, separator=":"), teaching, label) or [name]
            for part in parts:
                yield _part(part, kind, row, "table", label)
        else:
            text = " – ".join(cell.text for cell in row[1:] if cell.text)
            said = [Line(row[0].number, text)] if text else []
            yield entry(kind, name, said, row, 0.9, "table")
