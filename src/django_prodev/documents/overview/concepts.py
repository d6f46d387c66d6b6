"""Concepts: a sub-heading with what is said under it, or an item."""

from collections.abc import Iterator

from django_prodev.documents.overview.entries import Entry, Teaching, adopt, below, body_of, entry
from django_prodev.documents.overview.inline import is_placeholder, plain, short_title, split_lead
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render_all
from django_prodev.documents.overview.technologies import is_group, named_entries, named_item
from django_prodev.documents.records import RecordKind


def read_concepts(nodes: list[Node], teaching: Teaching) -> list[Entry]:
    """Concepts: a sub-heading with what is said under it, or an item."""
    out: list[Entry] = []
    for node in adopt(nodes):
        items = [child for child in node.children if child.marker in ITEMS]
        known = [child for child in items if _leads_with_technology(child, teaching)]
        if node.marker in TITLES and node.roles:
            out.extend(read_concepts(node.children, teaching))
        elif node.marker in TITLES and len(known) * 2 > len(items) and len(known) > 1:
            out.extend(named_entries(node.children, teaching, RecordKind.TECHNOLOGY, plain(node.text)))
        elif node.marker in TITLES and known and _is_group_of_names(node, items, teaching):
            for child in items:
                kind = RecordKind.TECHNOLOGY if child in known else RecordKind.CONCEPT
                out.extend(named_item(child, teaching, kind, plain(node.text)))
        elif node.marker in TITLES:
            if node.children:
                title = plain(node.text).rstrip(":")
                sources = [*node.lines, *below(node)]
                out.append(entry(RecordKind.CONCEPT, title, render_all(node.children), sources, 0.85, "sub-headings"))
        elif node.marker is Marker.NUMBERED and node.children and node.lines and not split_lead(node.lines[0].text):
            sources = [*node.lines, *below(node)]
            title = short_title(node.text)
            out.append(entry(RecordKind.CONCEPT, title, render_all(node.children), sources, 0.85, "items"))
        elif node.marker in ITEMS:
            out.extend(_concept_item(node, teaching))
        else:
            out.extend(named_entries([node], teaching, RecordKind.CONCEPT, ""))
    return out


def _is_group_of_names(node: Node, items: list[Node], teaching: Teaching) -> bool:
    """Whether a title like "Styling" groups nothing but items that are led by names of their own."""
    leads = [split_lead(item.lines[0].text) if item.lines else None for item in items]
    return (
        len(items) == len(node.children)
        and all(lead is not None and lead.marked and lead.separator for lead in leads)
        and is_group(plain(node.text), teaching)
    )


def _leads_with_technology(node: Node, teaching: Teaching) -> bool:
    lead = split_lead(node.lines[0].text) if node.lines else None
    topic = teaching.topics.exact(plain(lead.name)) if lead is not None and lead.separator else None
    return topic is not None and topic.kind == "technology"


def _concept_item(node: Node, teaching: Teaching) -> Iterator[Entry]:
    lead = split_lead(node.lines[0].text) if node.lines else None
    if lead is not None and (lead.separator or lead.marked) and not is_placeholder(node.text, teaching.vocabulary):
        name = plain(lead.name).rstrip(":")
        yield entry(RecordKind.CONCEPT, name, body_of(node, lead), [*node.lines, *below(node)], 0.9, "items")
    else:
        yield from named_item(node, teaching, RecordKind.CONCEPT, "")
