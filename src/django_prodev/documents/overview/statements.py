"""Practices and takeaways: one an item or line, grouped by sub-headings."""

from collections.abc import Iterator

from django_prodev.documents.overview.entries import Entry, Teaching, below, body_of, entry
from django_prodev.documents.overview.headings import Role, announce
from django_prodev.documents.overview.inline import is_placeholder, plain, short_title, split_lead, unstopped
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render_all
from django_prodev.documents.records import RecordKind


def read_statements(nodes: list[Node], teaching: Teaching, kind: RecordKind, group: str = "") -> list[Entry]:
    """Practices and takeaways: one an item or line; sub-headings group them."""
    out: list[Entry] = []
    has_items = any(node.marker in ITEMS or node.marker in TITLES for node in nodes)
    for node in nodes:
        if node.marker in TITLES:
            out.extend(_stated_title(node, teaching, kind))
        elif node.marker in ITEMS:
            out.extend(read_statement(node, teaching, kind, group))
        elif node.marker is Marker.LINE:
            out.extend(_stated_lines(node, teaching, kind, group, has_items=has_items))
        elif node.marker is Marker.TABLE:
            out.extend(_stated_rows(node, kind, group))
    return out


def _stated_rows(node: Node, kind: RecordKind, group: str) -> Iterator[Entry]:
    for row in node.rows[1:]:
        said = [cell for cell in row if plain(cell.text).strip(" -–—")]
        # A number in the first column only orders the rows.
        if said and plain(said[0].text).rstrip(".").isdigit():
            said = said[1:]
        if said:
            yield entry(kind, short_title(said[0].text), said[1:], row, 0.85, "table", group)


def _stated_title(node: Node, teaching: Teaching, kind: RecordKind) -> list[Entry]:
    title = plain(node.text).rstrip(":")
    own = kind_of(title, teaching, kind)
    if any(child.marker in ITEMS or child.marker in TITLES for child in node.children):
        return read_statements(node.children, teaching, own, title)
    if all(child.marker in {Marker.CODE, Marker.MARKUP} for child in node.children):
        return []
    body = render_all(node.children)
    heading_only = own is not kind or announce(title, teaching.vocabulary).whole
    name = short_title("\n".join(line.text for line in body)) if heading_only else title
    return [entry(own, name, body, [*node.lines, *below(node)], 0.75, "sub-headings", title)]


def kind_of(text: str, teaching: Teaching, kind: RecordKind) -> RecordKind:
    found = announce(text, teaching.vocabulary)
    roles = found.roles if found.whole else ()
    if Role.TAKEAWAY in roles and Role.PRACTICE not in roles:
        return RecordKind.TAKEAWAY
    if Role.PRACTICE in roles and Role.TAKEAWAY not in roles:
        return RecordKind.PRACTICE
    return kind


def read_statement(node: Node, teaching: Teaching, kind: RecordKind, group: str) -> Iterator[Entry]:
    if not node.lines or not plain(node.text):
        yield from read_statements(node.children, teaching, kind, group)
        return
    if is_placeholder(node.text, teaching.vocabulary):
        teaching.placeholders.extend([*node.lines, *below(node)])
        return
    lead = split_lead(node.lines[0].text)
    named = lead is not None and lead.separator and len(plain(lead.name).split()) <= 10
    sources = [*node.lines, *below(node)]
    if lead is not None and named:
        name = plain(lead.name).rstrip(":")
        own = kind_of(name, teaching, kind)
        body = body_of(node, lead)
        if own is not kind and announce(name, teaching.vocabulary).whole:
            nested = [child for child in node.children if child.marker in ITEMS]
            if nested and not lead.rest:
                yield from read_statements(nested, teaching, own, name)
                return
            name = short_title("\n".join(line.text for line in body))
        yield entry(own, name, body, sources, 0.9, "items", group)
        return
    whole = unstopped(plain(node.text))
    title = short_title(node.text)
    own_lines = [] if title == whole else node.lines
    yield entry(kind, title, [*own_lines, *render_all(node.children)], sources, 0.85, "items", group)


def _stated_lines(node: Node, teaching: Teaching, kind: RecordKind, group: str, *, has_items: bool) -> Iterator[Entry]:
    text = plain(node.text)
    lead = split_lead(node.lines[0].text)
    own = kind_of(plain(lead.name), teaching, kind) if lead is not None else kind
    if lead is not None and own is not kind and (lead.rest or len(node.lines) > 1):
        body = body_of(node, lead)
        title = short_title("\n".join(line.text for line in body))
        yield entry(own, title, body, [*node.lines, *below(node)], 0.85, "labels")
    elif text and not text.endswith(":") and not has_items and not is_placeholder(node.text, teaching.vocabulary):
        separate = all(len(line.text.split()) <= 25 for line in node.lines) and len(node.lines) > 1
        for lines in [[line] for line in node.lines] if separate else [node.lines]:
            yield from read_statement(Node(Marker.ITEM, list(lines)), teaching, kind, group)
        if node.children:
            yield from read_statements(node.children, teaching, kind, text)
    elif node.children:
        yield from read_statements(node.children, teaching, kind, text)
    elif is_placeholder(node.text, teaching.vocabulary):
        teaching.placeholders.extend(node.lines)
