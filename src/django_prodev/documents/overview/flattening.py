"""Finds everything that serves as a heading: Markdown's own, bold lines, plain lines, items, HTML.

How headings nest is decided elsewhere.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest

from django_prodev.documents.overview.blocks import Block, Kind, Line
from django_prodev.documents.overview.headings import LONGEST, NOTHING, PAIRED, TAUGHT, Announcement, Role, announce
from django_prodev.documents.overview.inline import Lead, bold_line, plain, split_lead
from django_prodev.documents.overview.labels import Label, read_label
from django_prodev.documents.vocabulary import Vocabulary, fold

# Levels below Markdown's six: lines that announce a section, and lines that title a piece of one.
ROLE_LINE_LEVEL = 7
TITLE_LINE_LEVEL = 8

LONGEST_LINE = 160

# Below it are letters, and punctuation that opens ordinary lines.
_FIRST_EMOJI = 0x2190

_BULLETS = frozenset("→⇒➔➜➡►▶➤✓✔✗✘✅☑■□●○◦▪👉🔹🔸")

# Under these a list names sections and holds none.
_LISTS_OF_NAMES = frozenset({Role.STRUCTURE, Role.OBJECTIVE, Role.FEATURE, Role.SETUP, Role.META})

_HTML_HEADING = re.compile(r"<h([1-6])[^<>]{0,200}>(.{1,300}?)</h\1>", re.IGNORECASE)
_HTML_SUMMARY = re.compile(r"<summary[^<>]{0,200}>(.{1,300}?)</summary>", re.IGNORECASE)
_ITALIC_LINE = re.compile(r"^([*_])(?=[^\s*_])([^*_\n]{1,160})\1\s{0,3}[:.]?$")
_TERMINAL = re.compile(r"[.!?;,]$")
_FIRST_CHAR = re.compile(r"^\s*(?:\d+[.)]\s*)?(\S)")


@dataclass(frozen=True, slots=True)
class Head:
    """A line that serves as a heading: its level, what it announces, and what marks it out."""

    level: int
    line: Line
    announcement: Announcement
    marker: str


Flow = list["Head | Block"]


class Flattener:
    """Finds everything that serves as a heading."""

    def __init__(self, blocks: list[Block], vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        headings = [block for block in blocks if block.kind is Kind.HEADING]
        self.is_plain = len(headings) <= 1
        self.bold_lines = Counter(
            bold
            for block in blocks
            if block.kind is Kind.PARAGRAPH
            for line in block.lines
            if (bold := bold_line(line.text)) is not None
        )
        lines = [line.text for block in blocks for inner in block.walk() for line in inner.lines]
        self.plain_lines = Counter(
            fold(plain(text)) for text in lines if len(text) <= LONGEST_LINE and "](" not in text
        )
        self.above: tuple[Role, ...] = ()
        self.openers: Counter[str] = Counter(
            match[1]
            for block in blocks
            for inner in block.walk()
            for line in inner.lines
            if (match := _FIRST_CHAR.match(line.text))
        )
        self.has_run_in_heads = self.is_plain and self._announcing_run_ins(blocks) > 1 and not self._has_bold_heads()
        self.has_pictured_heads = sum(1 for text in lines if self._is_pictured(text) and len(text.split()) <= 8) > 2

    def _is_pictured(self, text: str) -> bool:
        """Whether an emoji that is not used as a bullet stands in front."""
        opener = _FIRST_CHAR.match(text)
        if opener is None or opener[1] in _BULLETS:
            return False
        return ord(opener[1]) > _FIRST_EMOJI and self.openers[opener[1]] < 3

    def flow(self, blocks: list[Block]) -> Flow:
        out: Flow = []
        for block, following in zip_longest(blocks, blocks[1:]):
            if out and isinstance(out[-1], Head) and out[-1].announcement.roles:
                self.above = out[-1].announcement.roles
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
            elif first is not None and self.is_plain and self._is_plain_heading_item(first, following):
                flush()
                out.extend(self.flow(item.children))
            else:
                kept.append(item)
        flush()
        return out

    def _announcing_items(self, block: Block) -> list[Block]:
        """The items of a list that are sections in all but markup ("1. Challenges faced:" with a list under it)."""
        if self.above and self.above[0] in _LISTS_OF_NAMES:
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
        if roles <= PAIRED and Role.CHALLENGE in self.above:
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

    def _announcing_run_ins(self, blocks: list[Block]) -> int:
        """How many paragraphs begin with a bold title that announces a section."""
        leads = (self._run_in(block) for block in blocks if block.kind is Kind.PARAGRAPH)
        found = [announce(lead.name, self.vocabulary) for lead in leads if lead is not None]
        return sum(1 for one in found if one.whole and one.roles)

    def _has_bold_heads(self) -> bool:
        found = (announce(bold, self.vocabulary) for bold in self.bold_lines)
        return any(one.whole and one.roles for one in found)

    def _run_in(self, block: Block) -> Lead | None:
        """The bold title that a paragraph begins with, if text follows it and it is no label."""
        text = block.lines[0].text
        lead = split_lead(text) if text.lstrip().startswith(("**", "__")) else None
        if lead is None or not (lead.rest or len(block.lines) > 1) or bold_line(text) is not None:
            return None
        label = read_label(text, self.vocabulary)
        if label is not None and label.role != "outcome" and not label.numbered:
            return None
        return lead if len(lead.name.split()) <= LONGEST else None

    def _paragraph(self, block: Block) -> Flow:
        lead = self._run_in(block) if self.has_run_in_heads else None
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
            head = self._line_head(line, at_head=starts, alone=len(block.lines) == 1)
            if head is None:
                rest.append(line)
                at_head = False
            else:
                flush()
                out.append(head)
        flush()
        return out

    def _line_head(self, line: Line, *, at_head: bool, alone: bool) -> Head | None:
        text = line.text.strip()
        if not text or len(text) > LONGEST_LINE or "|" in text or "\t" in text:
            return None
        bold = bold_line(text)
        if bold is not None:
            return self._bold_head(line, bold) if at_head else None
        if at_head and alone and self.is_plain and (italic := _ITALIC_LINE.match(text)):
            found = announce(italic[2], self.vocabulary)
            return Head(ROLE_LINE_LEVEL, line, found, "bold") if found.roles and found.whole else None
        if not (at_head or self.is_plain) or text.startswith((">", "`", "{", "[", "!")):
            return None
        found = announce(text, self.vocabulary)
        bare = plain(text)
        pictured = self._is_pictured(text)
        longest = LONGEST if Role.CHALLENGE in found.roles and (pictured or (alone and self.is_plain)) else 8
        is_short = len(bare.split()) <= longest and not _TERMINAL.search(bare)
        if not is_short or found.labelled or "*" in text:
            return None
        label = read_label(text, self.vocabulary)
        if label is not None and not text.rstrip(":").endswith("s"):
            return None
        if not pictured and self._is_passing(bare, found):
            return None
        if Role.CHALLENGE in found.roles and self.is_plain and at_head and alone and ":" not in bare[:-1]:
            told = found.whole or (bare[:1].isupper() and Role.SOLUTION in found.roles)
            return Head(ROLE_LINE_LEVEL, line, found, "line") if told else None
        if found.roles and found.whole and (self.is_plain or pictured or (alone and found.roles[0] in PAIRED | TAUGHT)):
            return Head(ROLE_LINE_LEVEL, line, found, "line")
        if found.roles and pictured:
            return Head(ROLE_LINE_LEVEL, line, found, "line")
        if pictured and at_head and ":" not in bare[:-1]:
            return Head(ROLE_LINE_LEVEL, line, NOTHING, "line")
        return None

    def _is_passing(self, bare: str, found: Announcement) -> bool:
        """Whether a plain line with an announcing word is an item or an entry of a table of contents, no heading."""
        if not found.roles:
            return False
        if self.above and self.above[0] is Role.STRUCTURE and self.plain_lines[fold(bare)] > 1:
            # The same line comes again; that one is the heading.
            self.plain_lines[fold(bare)] -= 1
            return True
        if self.has_pictured_heads and found.roles[0] in {Role.FEATURE, Role.COLLABORATION, Role.OBJECTIVE}:
            return True
        return (
            not (found.strong and (found.whole or found.roles[0] in PAIRED))
            and len(bare.split()) > 2
            and not _titled(bare)
        )

    def _bold_head(self, line: Line, bold: str) -> Head | None:
        label = read_label(line.text, self.vocabulary)
        found = announce(bold, self.vocabulary)
        if label is not None and not self._outgrows(label, bold, found):
            return None
        words = bold.split()
        if len(words) > LONGEST or (bold.endswith(".") and len(words) > 6):
            return None
        announces = bool(found.roles) and (
            found.whole or found.roles[0] is Role.CHALLENGE or (found.leads and found.roles[0] in TAUGHT)
        )
        level = ROLE_LINE_LEVEL if announces else TITLE_LINE_LEVEL
        return Head(level, line, found if announces else NOTHING, "bold")

    def _outgrows(self, label: Label, bold: str, found: Announcement) -> bool:
        """Whether what could be a label ("Challenges:", "Key takeaways") is a heading."""
        if not found.roles or not found.whole or label.rest:
            return False
        if not any(word.endswith("s") for word in label.name.casefold().split()):
            return False
        if label.role != "outcome":
            return True
        repeated = self.bold_lines[bold] > 1
        inside = Role.CHALLENGE in self.above and bold.endswith(":") and not self.is_plain
        return not (repeated or inside)

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


def _titled(text: str) -> bool:
    """Whether most words of a line have capitals, as in a title; a script without capitals always has."""
    words = [word for word in text.split() if word[:1].isalpha() and len(word) > 3]
    return not words or sum(1 for word in words if not word[:1].islower()) * 2 > len(words)


def replace_children(block: Block, children: list[Block]) -> Block:
    """The same list with fewer items."""
    return Block(block.kind, children[0].first, children[-1].last, block.lines, children, block.level, block.ordered)
