"""Lines that serve as headings without being marked as such: bold, italic, plain, with a picture, or run in.

What else can be a heading, and how headings nest, is decided elsewhere.
"""

import re
from collections import Counter
from dataclasses import dataclass

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


class LineHeads:
    """Says of a line whether it serves as a heading, by what the rest of the document looks like."""

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

    def head(self, line: Line, *, at_head: bool, alone: bool) -> Head | None:
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
        if (
            label is not None
            and not text.rstrip(":").casefold().endswith("s")
            and not (alone and self._is_once(label, text))
        ):
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

    def run_in(self, block: Block) -> Lead | None:
        """The bold title that a paragraph begins with, if text follows it and it is no label."""
        text = block.lines[0].text
        lead = split_lead(text) if text.lstrip().startswith(("**", "__")) else None
        if lead is None or not (lead.rest or len(block.lines) > 1) or bold_line(text) is not None:
            return None
        label = read_label(text, self.vocabulary)
        if label is not None and label.role != "outcome" and not label.numbered:
            return None
        return lead if len(lead.name.split()) <= LONGEST else None

    def _is_pictured(self, text: str) -> bool:
        """Whether an emoji that is not used as a bullet stands in front."""
        opener = _FIRST_CHAR.match(text)
        if opener is None or opener[1] in _BULLETS:
            return False
        return ord(opener[1]) > _FIRST_EMOJI and self.openers[opener[1]] < 3

    def _announcing_run_ins(self, blocks: list[Block]) -> int:
        """How many paragraphs begin with a bold title that announces a section."""
        leads = (self.run_in(block) for block in blocks if block.kind is Kind.PARAGRAPH)
        found = [announce(lead.name, self.vocabulary) for lead in leads if lead is not None]
        return sum(1 for one in found if one.whole and one.roles)

    def _has_bold_heads(self) -> bool:
        found = (announce(bold, self.vocabulary) for bold in self.bold_lines)
        return any(one.whole and one.roles for one in found)

    def _is_once(self, label: Label, text: str) -> bool:
        """Whether a question that could be a label ("What was hard") comes once, as a heading does."""
        words = plain(text)
        return not label.rest and words[-1:] != ":" and len(words.split()) > 2 and self.plain_lines[fold(words)] == 1

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
        if self.bold_lines[bold] == 1 and self._is_once(label, bold):
            return True
        if not any(word.endswith("s") for word in label.name.casefold().split()):
            return False
        if label.role != "outcome":
            return True
        repeated = self.bold_lines[bold] > 1
        inside = Role.CHALLENGE in self.above and bold.endswith(":") and not self.is_plain
        return not (repeated or inside)


def _titled(text: str) -> bool:
    """Whether most words of a line have capitals, as in a title; a script without capitals always has."""
    words = [word for word in text.split() if word[:1].isalpha() and len(word) > 3]
    return not words or sum(1 for word in words if not word[:1].islower()) * 2 > len(words)
