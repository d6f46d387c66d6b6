"""Which lines and items without a label are titles of challenges that labels tell of, and what stands in them."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.inline import plain, split_lead
from django_prodev.documents.overview.labels import Part
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node
from django_prodev.documents.vocabulary import Vocabulary, tokens

_ROMAN = re.compile(r"^[IVX]{1,4}(?:[.)]\s*[A-Z0-9]{0,2})?[.):]?\s+(?=\S)")

TELLING = frozenset({"challenge", "context", "solution"})


def labels_below(parts: list[Part], children: list[Node], vocabulary: Vocabulary) -> set[str]:
    """The roles of the labels in these parts and below them, as far as they have to be known."""
    found = {part.label.role for part in parts if part.label}
    for child in children:
        for node in child.walk():
            for part in node.parts(vocabulary):
                if part.label:
                    found.add(part.label.role)
        if found >= TELLING:
            break
    return found


def _has_titled(nodes: list[Node], markers: Collection[Marker], vocabulary: Vocabulary) -> bool:
    """Whether nodes of these kinds are titles with a solution labelled below: then the others name challenges too."""
    titled = 0
    for node in nodes:
        if node.marker not in markers:
            continue
        parts = node.parts(vocabulary)
        if parts and parts[0].label is None and "solution" in labels_below(parts[1:], node.children, vocabulary):
            titled += 1
        if titled > 1:
            return True
    return False


@dataclass(slots=True)
class Titled:
    """Nodes beside each other, asked once whether several items, or several titles, are over labelled solutions."""

    nodes: list[Node]
    vocabulary: Vocabulary
    _known: dict[frozenset[Marker], bool] = field(default_factory=dict)

    def has(self, markers: frozenset[Marker]) -> bool:
        if markers not in self._known:
            self._known[markers] = _has_titled(self.nodes, markers, self.vocabulary)
        return self._known[markers]


def is_over_titles(parts: list[Part], node: Node, vocabulary: Vocabulary) -> bool:
    """Whether an item stands over items that are titles themselves: "Database" over "Slow reports" over "Fix: …"."""
    below = [child.parts(vocabulary) for child in node.children]
    if node.marker not in ITEMS or len(parts) > 1 or any(said and said[0].label for said in below):
        return False
    return any(
        child.marker in ITEMS and said and "solution" in labels_below(said[1:], child.children, vocabulary)
        for child, said in zip(node.children, below, strict=True)
    )


def names_a_kind(node: Node, vocabulary: Vocabulary) -> bool:
    """Whether a title only says of what kind the challenges under it are: "Technical", "III.B Organisational"."""
    if node.marker not in TITLES or not any(child.marker in ITEMS or child.marker in TITLES for child in node.children):
        return False
    words = [word for word in tokens(_ROMAN.sub("", plain(node.text))) if not word.isdigit()]
    known = vocabulary.challenge_groups
    return not known.isdisjoint(words) and all(word in known or word in vocabulary.heading_fillers for word in words)


def titles_next(nodes: list[Node], at: int, vocabulary: Vocabulary, *, is_waiting: bool) -> bool:
    """Whether a line without a label is the title of the labels that follow it.

    ``is_waiting`` says that the challenge before it has no solution yet.
    """
    node = nodes[at]
    if at + 1 >= len(nodes) or node.children or len(node.lines) > 1:
        return False
    words = plain(node.text)
    if not words or words.endswith((":", ";")):
        return False
    following = nodes[at + 1]
    if node.marker is Marker.ITEM and following.marker not in ITEMS:
        return False
    parts = following.parts(vocabulary)
    label = parts[0].label if parts else None
    if label is None:
        return False
    if words.endswith(".") or len(words.split()) > 16:
        # A sentence is a challenge only where its solution follows and nothing else waits for one.
        return label.role == "solution" and not is_waiting and split_lead(node.text) is not None
    if label.role == "challenge":
        # "1. Slow queries" above "Problem: …" is a title; "**Stack:** Django" above it tells of something else.
        lead = split_lead(node.text)
        return lead is None or not (lead.marked and lead.rest and lead.separator == ":")
    if label.role == "context":
        return node.marker is not Marker.ITEM
    return label.role == "solution" and not is_waiting


def lead_and_text(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """A bold lead as the title, and what follows it as the text."""
    lead = split_lead(lines[0].text)
    if lead is None or not lead.marked or not lead.rest or not (lead.separator or lead.name.endswith((".", "!", "?"))):
        return lines, []
    number = lines[0].number
    return [Line(number, lead.name)], [Line(number, lead.rest), *lines[1:]]


def title_and_text(node: Node) -> tuple[list[Line], list[Line]]:
    """A title's line, cut after its lead where a sentence follows."""
    lead = split_lead(node.text)
    if lead is None or not lead.separator or len(lead.rest.split()) < 4:
        return list(node.lines), []
    number = node.lines[0].number
    return [Line(number, lead.name)], [Line(number, lead.rest)]
