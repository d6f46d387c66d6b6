"""Learnings and projects: one a sub-heading, or, where there is none, one an item or paragraph."""

from django_prodev.documents.overview.entries import LONGEST_NAME, Entry, Teaching, adopt, below, entry
from django_prodev.documents.overview.inline import plain, short_title, unstopped
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render, render_all
from django_prodev.documents.overview.statements import read_statement
from django_prodev.documents.records import RecordKind


def read_units(nodes: list[Node], teaching: Teaching, kind: RecordKind) -> list[Entry]:
    """Learnings and projects: one a sub-heading, or, where there is none, one an item or paragraph."""
    nodes = adopt(nodes)
    titles = [node for node in nodes if node.marker in TITLES and node.children]
    items = [node for node in nodes if node.marker in ITEMS and node.lines]
    rows = [row for node in nodes if node.marker is Marker.TABLE for row in node.rows[1:] if row and plain(row[0].text)]
    out: list[Entry] = []
    if titles:
        for node in titles:
            sources = [*node.lines, *below(node)]
            title = plain(node.text).rstrip(":")
            out.append(entry(kind, title, render_all(node.children), sources, 0.8, "sub-headings"))
        return out
    for row in rows:
        said = [cell for cell in row[1:] if cell.text.strip()]
        out.append(entry(kind, plain(row[0].text), said, row, 0.75, "table"))
    if items:
        for node in items:
            out.extend(read_statement(node, teaching, kind, ""))
        return out
    lines = [node for node in nodes if node.marker is Marker.LINE and not plain(node.text).endswith(":")]
    at = 0
    while at < len(lines):
        node = lines[at]
        words = plain(node.text)
        following = lines[at + 1] if at + 1 < len(lines) else None
        sources = [*node.lines, *below(node)]
        if following is not None and _names_next(words, plain(following.text)):
            out.append(entry(kind, words, render(following), [*sources, *following.lines], 0.65, "lines"))
            at += 2
            continue
        title = short_title(node.text)
        whole = title == unstopped(words)
        out.append(entry(kind, title, [] if whole else render(node), sources, 0.6, "paragraphs"))
        at += 1
    return out


def read_learnings(nodes: list[Node], teaching: Teaching) -> list[Entry]:
    """What was learnt; where most items lead with known topics, those are technologies and concepts."""
    entries = read_units(nodes, teaching, RecordKind.LEARNING)
    led = [found for found in entries if found.reader == "items" and found.text]
    known = {id(found): topic for found in led if (topic := teaching.topics.exact(found.title)) is not None}
    if len(known) > 1 and len(known) * 2 >= len(led):
        for found in led:
            topic = known.get(id(found))
            if topic is not None and topic.kind in {"technology", "concept"}:
                found.kind = RecordKind(topic.kind)
    return entries


def _names_next(words: str, following: str) -> bool:
    """Whether a short line is the title of the line after it."""
    if len(words.split()) > LONGEST_NAME or words.endswith("."):
        return False
    return len(following.split()) > LONGEST_NAME or following.endswith(".")
