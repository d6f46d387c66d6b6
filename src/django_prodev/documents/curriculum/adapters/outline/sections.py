"""A Markdown text as a tree of sections: headings, bold lines that number something, and ``<details>`` blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django_prodev.documents.curriculum.adapters.outline.words import number_of, phrases
from django_prodev.documents.overview.blocks import Block, Kind, Line, parse
from django_prodev.documents.overview.inline import bold_line, plain
from django_prodev.documents.vocabulary import tokens

_HTML_HEADING = re.compile(r"<h([1-6])\b[^<>]{0,300}>(.{1,2000}?)</h\1\s{0,3}>", re.IGNORECASE | re.DOTALL)
_DETAILS = re.compile(r"<(/?)details\b[^<>]{0,300}>", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary\b[^<>]{0,300}>(.{1,2000}?)</summary\s{0,3}>", re.IGNORECASE | re.DOTALL)
_LEADING_NUMBER = re.compile(r"^[^\w\s]{0,3}\s{0,3}(\d{1,3})\s{0,2}(?:[.):]|[-–—]\s)\s{0,3}(?=\S)")
_PLAIN_HEADING = re.compile(r"\[([^\[\]]{1,300})\]\([^()\n]{0,1000}\)")
_MOST_LEVEL = 6


@dataclass(slots=True, eq=False)
class Section:
    """A heading with the blocks and the sections under it. The root has level 0 and no heading."""

    level: int
    raw: str
    line: int
    blocks: list[Block] = field(default_factory=list)
    children: list["Section"] = field(default_factory=list)
    ordinal: str = ""

    @property
    def title(self) -> str:
        """The heading's words, without marks."""
        words = plain(self.raw).strip()
        return words.rstrip(" :").strip() or words

    @property
    def last(self) -> int:
        """The last source line of what stands under the heading."""
        return max([self.line, *(block.last for block in self.blocks), *(child.last for child in self.children)])

    def walk(self) -> Iterator["Section"]:
        """This section and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


def build_sections(text: str) -> Section:
    """The sections of a text that ``prepare`` has made ready, under one root."""
    root = Section(0, "", 1)
    stack = [root]
    for element in _flow(parse(text)):
        if isinstance(element, Block):
            stack[-1].blocks.append(element)
            continue
        while len(stack) > 1 and stack[-1].level >= element.level:
            stack.pop()
        if element.raw:
            stack[-1].children.append(element)
            stack.append(element)
    return root


def _flow(blocks: list[Block]) -> Iterator[Block | Section]:
    """Blocks and headings in their order. What closes a ``<details>`` is a heading without words."""
    level = 0
    opened: list[int] = []
    for block in blocks:
        if block.kind is Kind.HEADING:
            level = block.level
            opened.clear()
            yield _section(2 * level, block.lines[0].text, block.first)
        elif block.kind is Kind.HTML:
            yield from _html(block, 2 * level, opened)
        elif block.kind is Kind.PARAGRAPH and (bold := _bold_heading(block)):
            yield Section(2 * _MOST_LEVEL + 1, bold, block.first, ordinal=ordinal_of(bold))
        else:
            yield block


def _html(block: Block, level: int, opened: list[int]) -> Iterator[Block | Section]:
    content = "\n".join(line.text for line in block.lines)
    for match in _DETAILS.finditer(content):
        if match[1]:
            closing = opened.pop() if opened else level + 1
            yield Section(closing, "", block.last)
            continue
        summary = _SUMMARY.search(content, match.end())
        opened.append(level + 1 + len(opened))
        if summary:
            yield _section(
                opened[-1], " ".join(summary[1].split()), block.first + content.count("\n", 0, summary.start())
            )
    if not _DETAILS.search(content):
        found = _HTML_HEADING.search(content)
        if found and found.start() == 0 and found.end() == len(content.rstrip()):
            yield _section(2 * int(found[1]), " ".join(found[2].split()), block.first)
            return
    yield block


def _section(level: int, raw: str, line: int) -> Section:
    return Section(level, raw, line, ordinal=ordinal_of(raw))


def _bold_heading(block: Block) -> str:
    """The words of a paragraph that is one bold line and numbers something, as a heading would."""
    if len(block.lines) != 1:
        return ""
    words = bold_line(block.lines[0].text) or ""
    return block.lines[0].text if words and ordinal_of(words) == "strong" else ""


def html_title(blocks: list[Block]) -> Line | None:
    """The first heading that is written in HTML, and its line."""
    for block in blocks:
        content = "\n".join(line.text for line in block.lines) if block.kind is Kind.HTML else ""
        for match in _HTML_HEADING.finditer(content):
            if words := plain(" ".join(match[2].split())):
                return Line(block.first + content.count("\n", 0, match.start()), words)
    return None


def ordinal_of(raw: str) -> str:
    """How a heading numbers what stands under it: ``strong`` ("Week 3", "Module #1"), ``weak`` ("Step 2", "3. Loops"),
    or not at all."""
    written = _PLAIN_HEADING.sub(r"\1", raw)
    words = tokens(plain(written))[:3]
    if len(words) >= 2:
        numbered = number_of(words[1]) is not None
        if numbered and (words[0],) in phrases("ordinals"):
            return "strong"
        if numbered and (words[0],) in phrases("weak_ordinals"):
            return "weak"
    if words and (match := re.fullmatch(r"([^\W\d_]+)(\d{1,2})", words[0])) and (match[1],) in phrases("ordinals"):
        return "strong"
    return "weak" if _LEADING_NUMBER.match(written.strip().strip("*_ ")) else ""


def unnumbered(title: str) -> str:
    """A heading's words without what numbers it, as long as something is left: slugs must not move with numbers."""
    words = title.split()
    first, second = tokens(" ".join(words[:1])), tokens(" ".join(words[1:2]))
    numbers = (phrases("ordinals"), phrases("weak_ordinals"))
    is_numbered = any(first in known for known in numbers) and len(second) == 1 and number_of(second[0]) is not None
    rest = " ".join(words[2:]).lstrip(":-–—#.| ").strip() if is_numbered else ""
    return rest or title
