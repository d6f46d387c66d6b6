"""Finds everything that serves as a heading: Markdown's own, bold lines, plain lines, items, HTML.

How headings nest is decided elsewhere.
"""

import re
from collections.abc import Sequence
from itertools import zip_longest

from django_prodev.documents.overview.blocks import Block, Kind, Line
from django_prodev.documents.overview.headings import PAIRED, TAUGHT, Role, announce
from django_prodev.documents.overview.inline import bold_line
from django_prodev.documents.overview.labels import read_label
from django_prodev.documents.overview.line_heads import ROLE_LINE_LEVEL, TITLE_LINE_LEVEL, Head, LineHeads
from django_prodev.documents.vocabulary import Vocabulary

# Under these a list names sections and holds none.
_LISTS_OF_NAMES = frozenset({Role.STRUCTURE, Role.OBJECTIVE, Role.FEATURE, Role.SETUP, Role.META})

_HTML_HEADING = re.compile(r"<h([1-6])[^<>]{0,200}>(.{1,300}?)</h\1>", re.IGNORECASE)
_HTML_SUMMARY = re.compile(r"<summary[^<>]{0,200}>(.{1,300}?)</summary>", re.IGNORECASE)


Flow = list["Head | Block"]


class Flattener:
    """Finds everything that serves as a heading."""

    def __init__(self, blocks: list[Block], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.lines = LineHeads(blocks, vocabulary)

    def flow(self, blocks: Sequence[Block]) -> Flow:
        out: Flow = []
        for block, following in zip_longest(blocks, blocks[1:]):
            if out and isinstance(out[-1], Head) and out[-1].announcement.roles:
                self.lines.above = out[-1].announcement.roles
            if block.kind is Kind.HEADING:
                line = Line(block.first, " ".join(line.text.strip() for line in block.lines))
                if line.text.strip():
                    out.append(Head(block.level, line, announce(line.text, self.vocabulary), "heading"))
            elif block.kind is Kind.LIST:
                out.extend(self._list(block, following))
            elif block.kind is Kind.QUOTE and any(inner.kind is Kind.HEADING for inner in block.children):
                out.extend(self.flow(block.children))
            elif block.kind is Kind.PARAGRAPH:
                out.extend(self._paragraph(block))
            elif block.kind is Kind.HTML:
                out.extend(self._html(block))
            else:
                out.append(block)
        return out

    def _list(self, block: Block, following: Block | None) -> Flow:
        out: Flow = []
        kept: list[Block] = []

        def flush() -> None:
            if kept:
                out.append(replace_children(block, list(kept)))
                kept.clear()

        announcing = self._announcing_items(block)
        for item in block.children:
            first = item.children[0] if item.children else None
            if first is not None and first.kind is Kind.HEADING:
                flush()
                out.extend(self.flow(item.children))
            elif first is not None and item in announcing:
                flush()
                line, *rest = first.lines
                found = announce(line.text, self.vocabulary)
                out.append(Head(ROLE_LINE_LEVEL, line, found, "item"))
                if rest:
                    out.append(Block(Kind.PARAGRAPH, rest[0].number, rest[-1].number, rest))
                out.extend(item.children[1:])
            elif first is not None and self.lines.is_plain and self._is_plain_heading_item(first, following):
                flush()
                out.extend(self.flow(item.children))
            else:
                kept.append(item)
        flush()
        return out

    def _announcing_items(self, block: Block) -> list[Block]:
        """The items of a list that are sections in all but markup ("1. Challenges faced:" with a list under it)."""
        if self.lines.above and self.lines.above[0] in _LISTS_OF_NAMES:
            return []
        found: list[Block] = []
        roles: set[Role] = set()
        for item in block.children:
            first = item.children[0] if item.children else None
            if first is None or first.kind is not Kind.PARAGRAPH or "](" in first.lines[0].text:
                continue
            said = announce(first.lines[0].text, self.vocabulary)
            if said.whole and said.roles and said.roles[0] in PAIRED | TAUGHT:
                found.append(item)
                roles.add(said.roles[0])
        if roles <= PAIRED and Role.CHALLENGE in self.lines.above:
            return []
        filled = [item for item in found if len(item.children) > 1]
        every = len(roles) == 2 and len(found) == len(block.children)
        if len(roles) >= 3 or every or (len(roles) == 2 and filled) or (filled and Role.CHALLENGE in roles):
            return found
        return []

    def _is_plain_heading_item(self, first: Block, following: Block | None) -> bool:
        if first.kind is not Kind.PARAGRAPH or self._begins_with_label(following):
            return False
        found = announce(first.lines[0].text, self.vocabulary)
        return found.whole and bool(found.roles) and read_label(first.lines[0].text, self.vocabulary) is None

    def _begins_with_label(self, block: Block | None) -> bool:
        """Whether a block tells of the challenge that the line above it names."""
        if block is None or block.kind is not Kind.PARAGRAPH:
            return False
        label = read_label(block.lines[0].text, self.vocabulary)
        return label is not None and label.role in {"challenge", "context", "solution"}

    def _paragraph(self, block: Block) -> Flow:
        lead = self.lines.run_in(block) if self.lines.has_run_in_heads else None
        if lead is not None:
            first, *others = block.lines
            head = Head(ROLE_LINE_LEVEL, Line(first.number, lead.name), announce(lead.name, self.vocabulary), "bold")
            lines = [*([Line(first.number, lead.rest)] if lead.rest else []), *others]
            return [head, Block(Kind.PARAGRAPH, first.number, lines[-1].number, lines)]
        out: Flow = []
        rest: list[Line] = []

        def flush() -> None:
            if rest:
                out.append(Block(Kind.PARAGRAPH, rest[0].number, rest[-1].number, list(rest)))
                rest.clear()

        at_head = True
        titled = bold_line(block.lines[0].text) is not None
        for line in block.lines:
            # Where the first line is a bold title, a bold line further on is another.
            starts = at_head or (titled and bold_line(line.text) is not None)
            found = self.lines.head(line, at_head=starts, alone=len(block.lines) == 1)
            if found is None:
                rest.append(line)
                at_head = False
            else:
                flush()
                out.append(found)
        if not out:
            return [block]
        flush()
        return out

    def _html(self, block: Block) -> Flow:
        out: Flow = []
        for line in block.lines:
            heading = _HTML_HEADING.search(line.text)
            summary = _HTML_SUMMARY.search(line.text)
            if heading:
                found = announce(heading[2], self.vocabulary)
                out.append(Head(int(heading[1]), Line(line.number, heading[2]), found, "heading"))
            elif summary:
                found = announce(summary[1], self.vocabulary)
                level = ROLE_LINE_LEVEL if found.roles else TITLE_LINE_LEVEL
                out.append(Head(level, Line(line.number, summary[1]), found, "bold"))
        out.append(block)
        return out


def replace_children(block: Block, children: list[Block]) -> Block:
    """The same list with fewer items."""
    return Block(block.kind, children[0].first, children[-1].last, block.lines, children, block.level, block.ordered)
