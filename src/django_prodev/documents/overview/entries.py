"""What sections teach and conclude, before it becomes records: entries, and what their readers share.

How a kind of section is read is in the module of that kind; challenges have a room of their own.
"""

from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.inline import Lead
from django_prodev.documents.overview.nodes import TITLES, Marker, Node, render_all
from django_prodev.documents.records import RecordKind
from django_prodev.documents.topics import TopicMatcher
from django_prodev.documents.vocabulary import Vocabulary

# A name has at most so many words; what has more is a sentence.
LONGEST_NAME = 8


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


def entry(
    kind: RecordKind, title: str, text: list[Line], sources: list[Line], confidence: float, reader: str, group: str = ""
) -> Entry:
    return Entry(kind, title.strip(), list(text), list(sources), confidence, reader, group)


def below(node: Node) -> list[Line]:
    return [line for child in node.children for line in child.all_lines()]


def body_of(node: Node, lead: Lead) -> list[Line]:
    number = node.lines[0].number
    rest = [Line(number, lead.rest)] if lead.rest else []
    return [*rest, *node.lines[1:], *render_all(node.children)]


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
