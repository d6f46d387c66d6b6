"""What sections teach and conclude: technologies, concepts, practices, takeaways, learnings, projects.

Each reader turns a section's nodes into entries; challenges have a room of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.tables import typed_rows
from django_prodev.documents.overview.headings import Role, announce
from django_prodev.documents.overview.inline import Lead, is_placeholder, plain, short_title, split_lead, unstopped
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render, render_all
from django_prodev.documents.records import RecordKind
from django_prodev.documents.topics import TopicMatcher
from django_prodev.documents.vocabulary import Vocabulary, tokens

_TAIL = re.compile(r"^(.{2,80}?)\s*\(([^()]{1,300})\)\s*[.:]?$")
_ABBREVIATION = re.compile(r"^[A-Z][A-Za-z0-9/+.-]{1,9}$")
_PARENTHESIS = re.compile(r"\([^()]{0,200}\)")
_COMMAS = re.compile(r"\s*[,،;•|]\s*|\s+/\s+")
_AND = re.compile(r"^(?:and|&|et|y|e|und)\s+")
_LIST_SEPARATORS = frozenset({":", "：", ",", "→", "=>", "->"})
_LONGEST_NAME = 8


@dataclass(slots=True)
class Entry:
    """Something read: its kind, its title, its text, and the lines both come from."""

    kind: RecordKind
    title: str
    text: list[Line]
    sources: list[Line]
    confidence: float
    reader: str
    group: str = ""


@dataclass(slots=True)
class Teaching:
    """What a section's readers need to know, and what they set aside."""

    vocabulary: Vocabulary
    topics: TopicMatcher
    placeholders: list[Line] = field(default_factory=list)


def adopt(nodes: list[Node]) -> list[Node]:
    """Numbered titles and the plain lines after them, which only order ties together, put into one node each."""
    numbered = [node for node in nodes if node.marker is Marker.NUMBERED]
    lines = [node for node in nodes if node.marker is Marker.LINE]
    bare = all(not node.children for node in numbered)
    if len(numbered) < 2 or len(lines) < len(numbered) or not bare:
        return nodes
    out: list[Node] = []
    for node in nodes:
        if (
            out
            and out[-1].marker is Marker.NUMBERED
            and node.marker is not Marker.NUMBERED
            and node.marker not in TITLES
        ):
            out[-1].children.append(node)
        else:
            out.append(node)
    return out


def read_technologies(nodes: list[Node], teaching: Teaching, kind: RecordKind = RecordKind.TECHNOLOGY) -> list[Entry]:
    """Technologies by item, table row, sub-heading or line; a group gives one entry a name."""
    return list(_named(nodes, teaching, kind, ""))


def _named(nodes: list[Node], teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    last: Entry | None = None
    for node in nodes:
        if node.marker is Marker.TABLE:
            yield from _table(node.rows, teaching, kind)
        elif node.marker in TITLES:
            yield from _named_title(node, teaching, kind)
        elif node.marker in ITEMS and last is not None and _goes_on(node, teaching):
            last.text.extend(render(node))
            last.sources.extend([*node.lines, *_below(node)])
        elif node.marker in ITEMS:
            last = None
            for entry in _named_item(node, teaching, kind, group):
                last = entry if entry.reader == "items" and _is_named(node, teaching) else None
                yield entry
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
    grouping = titled or (items and len(named) * 2 >= len(items)) or _is_group(title, teaching)
    if not node.children:
        if known is not None:
            yield _entry(kind, title, [], node.lines, 0.7, "sub-headings")
        return
    listing = items or titled or all(len(line.text.split()) <= _LONGEST_NAME for line in lines)
    if node.roles or (known is None and grouping and listing):
        yield from _named(node.children, teaching, kind, title)
    elif known is not None and (titled or (known.kind != "technology" and len(named) * 2 > max(len(items), 1))):
        yield from _named(node.children, teaching, kind, title)
    else:
        yield _entry(kind, title, render_all(node.children), [*node.lines, *_below(node)], 0.85, "sub-headings")


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


def _is_group(title: str, teaching: Teaching) -> bool:
    words = tokens(title)
    groups = teaching.vocabulary.technology_groups
    covered = {at + offset for at, length, _ in groups.find(words) for offset in range(length)}
    fillers = teaching.vocabulary.heading_fillers
    return bool(covered) and all(at in covered or word in fillers for at, word in enumerate(words))


def _named_item(node: Node, teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    if not node.lines:
        yield from _named(node.children, teaching, kind, group)
        return
    if is_placeholder(node.text, teaching.vocabulary):
        teaching.placeholders.extend([*node.lines, *_below(node)])
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
            yield from _named(nested, teaching, kind, name)
            return
    if known is None or known.kind != "technology":
        parts = _listed(lead, teaching, name)
        if parts and len(node.lines) == 1:
            for part in parts:
                yield _part(part, kind, node.lines, "groups", name)
            for child in nested:
                yield from _named_item(child, teaching, kind, name)
            return
    body = _body(node, lead)
    yield _entry(kind, name, body, [*node.lines, *_below(node)], 0.92, "items", group)


def _body(node: Node, lead: Lead) -> list[Line]:
    number = node.lines[0].number
    rest = [Line(number, lead.rest)] if lead.rest else []
    return [*rest, *node.lines[1:], *render_all(node.children)]


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
    if _is_group(name, teaching):
        named = [part for part in parts if teaching.topics.find(part) or not part[:1].islower()]
        return parts if len(named) == len(parts) else []
    return parts if len(known) > 1 and len(known) * 4 >= len(parts) * 3 else []


def _unled(node: Node, teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    text = unstopped(plain(node.text))
    bare = Lead("", text, marked=False, separator=",")
    parts = _listed(bare, teaching, "")
    if len(parts) > 2 and not node.children and kind is RecordKind.TECHNOLOGY:
        for part in parts:
            yield _part(part, kind, node.lines, "lists of names", group)
        return
    tail = _TAIL.match(text)
    below = render_all(node.children)
    if tail is not None and not _ABBREVIATION.match(tail[2]) and len(node.lines) == 1:
        said = [Line(node.lines[0].number, f"({tail[2]})")]
        yield _entry(kind, tail[1], [*said, *below], [*node.lines, *_below(node)], 0.85, "items", group)
        return
    title = short_title(node.text)
    text_lines = [] if title == text else node.lines
    yield _entry(kind, title, [*text_lines, *below], [*node.lines, *_below(node)], 0.8, "items", group)


def _part(part: str, kind: RecordKind, lines: list[Line], reader: str, group: str) -> Entry:
    """One name of a list, with what stands in brackets behind it as its text."""
    tail = _TAIL.match(part)
    if tail is None or _ABBREVIATION.match(tail[2]):
        return _entry(kind, part, [], lines, 0.85, reader, group)
    return _entry(kind, tail[1], [Line(lines[0].number, f"({tail[2]})")], lines, 0.85, reader, group)


def _named_lines(node: Node, teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    rows = typed_rows(node.lines)
    if rows:
        yield from _table(rows, teaching, kind)
        return
    for line in node.lines:
        text = plain(line.text)
        lead = split_lead(line.text)
        is_sentence = len(text.split()) > _LONGEST_NAME and text.endswith((".", ":", "!"))
        if not text or text.endswith(":") or (is_sentence and not lead):
            continue
        if lead is None and len(text.split()) > _LONGEST_NAME and text.count(",") < 2:
            continue
        if _is_group(text, teaching) and not teaching.topics.exact(text):
            group = text
            continue
        if "![" in line.text or (len(text.split()) > 14 and not lead):
            continue
        yield from _named_item(Node(Marker.ITEM, [line]), teaching, kind, group)
    if node.children:
        yield from _named(node.children, teaching, kind, plain(node.text))


def _table(rows: list[list[Line]], teaching: Teaching, kind: RecordKind) -> Iterator[Entry]:
    header = [announce(cell.text, teaching.vocabulary).roles for cell in rows[0]]
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
            yield _entry(kind, name, said, row, 0.9, "table")


def read_concepts(nodes: list[Node], teaching: Teaching) -> list[Entry]:
    """Concepts: a sub-heading with what is said under it, or an item."""
    out: list[Entry] = []
    for node in adopt(nodes):
        items = [child for child in node.children if child.marker in ITEMS]
        known = [child for child in items if _leads_with_technology(child, teaching)]
        if node.marker in TITLES and node.roles:
            out.extend(read_concepts(node.children, teaching))
        elif node.marker in TITLES and len(known) * 2 > len(items) and len(known) > 1:
            out.extend(_named(node.children, teaching, RecordKind.TECHNOLOGY, plain(node.text)))
        elif node.marker in TITLES:
            if node.children:
                title = plain(node.text).rstrip(":")
                sources = [*node.lines, *_below(node)]
                out.append(_entry(RecordKind.CONCEPT, title, render_all(node.children), sources, 0.85, "sub-headings"))
        elif node.marker is Marker.NUMBERED and node.children and node.lines and not split_lead(node.lines[0].text):
            sources = [*node.lines, *_below(node)]
            title = short_title(node.text)
            out.append(_entry(RecordKind.CONCEPT, title, render_all(node.children), sources, 0.85, "items"))
        elif node.marker in ITEMS:
            out.extend(_concept_item(node, teaching))
        else:
            out.extend(_named([node], teaching, RecordKind.CONCEPT, ""))
    return out


def _leads_with_technology(node: Node, teaching: Teaching) -> bool:
    lead = split_lead(node.lines[0].text) if node.lines else None
    topic = teaching.topics.exact(plain(lead.name)) if lead is not None and lead.separator else None
    return topic is not None and topic.kind == "technology"


def _concept_item(node: Node, teaching: Teaching) -> Iterator[Entry]:
    lead = split_lead(node.lines[0].text) if node.lines else None
    if lead is not None and (lead.separator or lead.marked) and not is_placeholder(node.text, teaching.vocabulary):
        name = plain(lead.name).rstrip(":")
        yield _entry(RecordKind.CONCEPT, name, _body(node, lead), [*node.lines, *_below(node)], 0.9, "items")
    else:
        yield from _named_item(node, teaching, RecordKind.CONCEPT, "")


def read_statements(nodes: list[Node], teaching: Teaching, kind: RecordKind, group: str = "") -> list[Entry]:
    """Practices and takeaways: one an item or line; sub-headings group them."""
    out: list[Entry] = []
    has_items = any(node.marker in ITEMS or node.marker in TITLES for node in nodes)
    for node in nodes:
        if node.marker in TITLES:
            out.extend(_stated_title(node, teaching, kind))
        elif node.marker in ITEMS:
            out.extend(_statement(node, teaching, kind, group))
        elif node.marker is Marker.LINE:
            out.extend(_stated_lines(node, teaching, kind, group, has_items=has_items))
    return out


def _stated_title(node: Node, teaching: Teaching, kind: RecordKind) -> list[Entry]:
    title = plain(node.text).rstrip(":")
    own = _kind_of(title, teaching, kind)
    if any(child.marker in ITEMS or child.marker in TITLES for child in node.children):
        return read_statements(node.children, teaching, own, title)
    if all(child.marker in {Marker.CODE, Marker.MARKUP} for child in node.children):
        return []
    body = render_all(node.children)
    heading_only = own is not kind or announce(title, teaching.vocabulary).whole
    name = short_title("\n".join(line.text for line in body)) if heading_only else title
    return [_entry(own, name, body, [*node.lines, *_below(node)], 0.75, "sub-headings", title)]


def _kind_of(text: str, teaching: Teaching, kind: RecordKind) -> RecordKind:
    found = announce(text, teaching.vocabulary)
    roles = found.roles if found.whole else ()
    if Role.TAKEAWAY in roles and Role.PRACTICE not in roles:
        return RecordKind.TAKEAWAY
    if Role.PRACTICE in roles and Role.TAKEAWAY not in roles:
        return RecordKind.PRACTICE
    return kind


def _statement(node: Node, teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    if not node.lines or not plain(node.text):
        yield from read_statements(node.children, teaching, kind, group)
        return
    if is_placeholder(node.text, teaching.vocabulary):
        teaching.placeholders.extend([*node.lines, *_below(node)])
        return
    lead = split_lead(node.lines[0].text)
    named = lead is not None and lead.separator and len(plain(lead.name).split()) <= 10
    sources = [*node.lines, *_below(node)]
    if lead is not None and named:
        name = plain(lead.name).rstrip(":")
        own = _kind_of(name, teaching, kind)
        body = _body(node, lead)
        if own is not kind and announce(name, teaching.vocabulary).whole:
            nested = [child for child in node.children if child.marker in ITEMS]
            if nested and not lead.rest:
                yield from read_statements(nested, teaching, own, name)
                return
            name = short_title("\n".join(line.text for line in body))
        yield _entry(own, name, body, sources, 0.9, "items", group)
        return
    whole = unstopped(plain(node.text))
    title = short_title(node.text)
    own_lines = [] if title == whole else node.lines
    yield _entry(kind, title, [*own_lines, *render_all(node.children)], sources, 0.85, "items", group)


def _stated_lines(node: Node, teaching: Teaching, kind: RecordKind, group: str, *, has_items: bool) -> Iterator[Entry]:
    text = plain(node.text)
    lead = split_lead(node.lines[0].text)
    own = _kind_of(plain(lead.name), teaching, kind) if lead is not None else kind
    if lead is not None and own is not kind and (lead.rest or len(node.lines) > 1):
        body = _body(node, lead)
        title = short_title("\n".join(line.text for line in body))
        yield _entry(own, title, body, [*node.lines, *_below(node)], 0.85, "labels")
    elif text and not text.endswith(":") and not has_items and not is_placeholder(node.text, teaching.vocabulary):
        separate = all(len(line.text.split()) <= 25 for line in node.lines) and len(node.lines) > 1
        for lines in [[line] for line in node.lines] if separate else [node.lines]:
            yield from _statement(Node(Marker.ITEM, list(lines)), teaching, kind, group)
        if node.children:
            yield from read_statements(node.children, teaching, kind, text)
    elif node.children:
        yield from read_statements(node.children, teaching, kind, text)
    elif is_placeholder(node.text, teaching.vocabulary):
        teaching.placeholders.extend(node.lines)


def read_units(nodes: list[Node], teaching: Teaching, kind: RecordKind) -> list[Entry]:
    """Learnings and projects: one a sub-heading, or, where there is none, one an item or paragraph."""
    nodes = adopt(nodes)
    titles = [node for node in nodes if node.marker in TITLES and node.children]
    items = [node for node in nodes if node.marker in ITEMS and node.lines]
    out: list[Entry] = []
    if titles:
        for node in titles:
            sources = [*node.lines, *_below(node)]
            title = plain(node.text).rstrip(":")
            out.append(_entry(kind, title, render_all(node.children), sources, 0.8, "sub-headings"))
        return out
    if items:
        for node in items:
            out.extend(_statement(node, teaching, kind, ""))
        return out
    lines = [node for node in nodes if node.marker is Marker.LINE and not plain(node.text).endswith(":")]
    at = 0
    while at < len(lines):
        node = lines[at]
        words = plain(node.text)
        following = lines[at + 1] if at + 1 < len(lines) else None
        sources = [*node.lines, *_below(node)]
        if following is not None and _names_next(words, plain(following.text)):
            out.append(_entry(kind, words, render(following), [*sources, *following.lines], 0.65, "lines"))
            at += 2
            continue
        title = short_title(node.text)
        whole = title == unstopped(words)
        out.append(_entry(kind, title, [] if whole else render(node), sources, 0.6, "paragraphs"))
        at += 1
    return out


def _names_next(words: str, following: str) -> bool:
    """Whether a short line is the title of the line after it."""
    if len(words.split()) > _LONGEST_NAME or words.endswith("."):
        return False
    return len(following.split()) > _LONGEST_NAME or following.endswith(".")


def read_learnings(nodes: list[Node], teaching: Teaching) -> list[Entry]:
    """What was learnt; where most items lead with known topics, those are technologies and concepts."""
    entries = read_units(nodes, teaching, RecordKind.LEARNING)
    led = [entry for entry in entries if entry.reader == "items" and entry.text]
    known = {id(entry): topic for entry in led if (topic := teaching.topics.exact(entry.title)) is not None}
    if len(known) > 1 and len(known) * 2 >= len(led):
        for entry in led:
            topic = known.get(id(entry))
            if topic is not None:
                entry.kind = RecordKind(topic.kind) if topic.kind in {"technology", "concept"} else entry.kind
    return entries


def _below(node: Node) -> list[Line]:
    return [line for child in node.children for line in child.all_lines()]


def _entry(
    kind: RecordKind, title: str, text: list[Line], sources: list[Line], confidence: float, reader: str, group: str = ""
) -> Entry:
    return Entry(kind, title.strip(), [line for line in text], list(sources), confidence, reader, group)
