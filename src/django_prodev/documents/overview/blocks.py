"""Markdown text to a small tree of blocks that keep their source lines.

The parser is markdown-it's CommonMark with tables. Its inline pass and its link definitions are switched off: the
first is where runs of brackets and asterisks cost quadratic time, the second would swallow text. What a document
means is not decided here.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_NESTING = 24


class Line(NamedTuple):
    """A line of text without the marks of the block it stands in, and its number in the source, from 1."""

    number: int
    text: str


class Kind(Enum):
    """What a block is."""

    HEADING = auto()
    PARAGRAPH = auto()
    LIST = auto()
    ITEM = auto()
    QUOTE = auto()
    CODE = auto()
    INDENTED = auto()
    TABLE = auto()
    HTML = auto()
    RULE = auto()


@dataclass(slots=True, eq=False)
class Block:
    """A block with its lines, its children, and, for tables, rows of cells.

    Most blocks have neither children nor rows; those share an empty tuple, for a large document has very many.
    """

    kind: Kind
    first: int
    last: int
    lines: list[Line] = field(default_factory=list)
    children: Sequence["Block"] = ()
    level: int = 0
    ordered: bool = False
    rows: Sequence[list[Line]] = ()

    def walk(self) -> Iterator["Block"]:
        """This block and every block below it, in the order of the document."""
        stack = [self]
        while stack:
            block = stack.pop()
            yield block
            stack.extend(reversed(block.children))


_CONTAINERS = {
    "bullet_list_open": Kind.LIST,
    "ordered_list_open": Kind.LIST,
    "list_item_open": Kind.ITEM,
    "blockquote_open": Kind.QUOTE,
}

_HTML_CELL = re.compile(
    r"<(tr|td|th)\b[^<>]{0,300}>(?:(?<!<tr>)([^<]{0,4000}(?:<(?!/?t[dhr]\b)[^<]{0,4000}){0,40}))?", re.IGNORECASE
)

_SUB_HEADING = re.compile(r"^ {0,3}#{2,6}\s+\S")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_MOST_REPAIRS = 3
_TOP_HEADING = re.compile(r"^#{1,6} ")
# Lines that are parsed at a time.
_PIECE = 4_000

_SENTENCE_END = re.compile(r"[.!?:;,][*_\"')\]]*\s*$")
_LIST_MARK = re.compile(r"^\s*(?:[-*+•·▪◦]|\d{1,3}[.)])\s")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    parser.core.ruler.disable(["inline", "text_join"])
    parser.block.ruler.disable(["reference"])
    return parser


def parse(text: str) -> list[Block]:
    """The top-level blocks of a Markdown text."""
    return parse_lines(text.split("\n"))


def parse_lines(
    lines: list[str], apart: frozenset[int] = frozenset(), on_line: Callable[[int], None] = lambda line: None
) -> list[Block]:
    """The top-level blocks of the lines of a Markdown text.

    A fence that is never closed and would swallow headings is read as if it were not there. ``apart`` has the numbers
    of lines that are headings only to keep them out of the list above; they come as paragraphs. ``on_line`` is told
    how many lines are parsed.
    """
    blocks: list[Block] = []
    first, size = 0, _PIECE
    # In pieces, because the parser holds many times the size of what it reads.
    while first < len(lines):
        end = _boundary(lines, first + size)
        # The heading that follows is still to come, so the last line ends as one within the whole does.
        tokens = _parser().parse("\n".join(lines[first:end]) + ("\n" if end < len(lines) else ""))
        if end < len(lines) and _is_open(tokens, end - first):
            size *= 2
            continue
        if end == len(lines):
            tokens = _repaired(tokens, lines[first:end])
        blocks.extend(_tree(tokens, first, apart))
        first, size = end, _PIECE
        on_line(end)
    return blocks


def _boundary(lines: list[str], at: int) -> int:
    """The first heading from a line on, where whatever stands before it has ended; the end where there is none."""
    return next((end for end in range(at, len(lines)) if _TOP_HEADING.match(lines[end])), len(lines))


def _is_open(tokens: list[Token], lines: int) -> bool:
    """Whether a piece ends in code or HTML that may go on."""
    last = next((token for token in reversed(tokens) if token.map), None)
    return last is not None and last.type in {"fence", "html_block"} and last.map is not None and last.map[1] >= lines


def _repaired(tokens: list[Token], lines: list[str]) -> list[Token]:
    for _ in range(_MOST_REPAIRS):
        opening = _swallowing_fence(tokens, lines)
        if opening is None:
            break
        lines[opening] = ""
        tokens = _parser().parse("\n".join(lines))
    return tokens


def _swallowing_fence(tokens: list[Token], lines: list[str]) -> int | None:
    fence = next((token for token in reversed(tokens) if token.type == "fence"), None)
    if fence is None or fence.map is None:
        return None
    if any(line.strip() for line in lines[fence.map[1] :]):
        return None
    inside = lines[fence.map[0] + 1 : fence.map[1]]
    written = [line for line in inside if line.strip()]
    if not written or written[-1].strip().startswith(fence.markup):
        return None
    return fence.map[0] if any(_SUB_HEADING.match(line) for line in written) else None


def _tree(parsed: list[Token], before: int, apart: frozenset[int]) -> list[Block]:
    """Tokens as blocks; ``before`` is how many lines of the source stand before them."""
    for token in parsed if before else ():
        token.map = [token.map[0] + before, token.map[1] + before] if token.map else None
    root: list[Block] = []
    stack = [root]
    tokens = iter(parsed)
    for token in tokens:
        if token.type in _CONTAINERS:
            inside: list[Block] = []
            is_ordered = token.type.startswith("ordered")
            stack[-1].append(Block(_CONTAINERS[token.type], *_range(token), children=inside, ordered=is_ordered))
            stack.append(inside)
        elif token.type.endswith("_close") and token.type[: -len("close")] + "open" in _CONTAINERS:
            stack.pop()
        elif token.type == "table_open":
            stack[-1].append(_table(token, tokens))
        else:
            stack[-1].extend(_leaf(token, tokens))
            leaf = stack[-1][-1] if apart and stack[-1] else None
            if leaf is not None and leaf.kind is Kind.HEADING and leaf.first in apart:
                leaf.kind, leaf.level = Kind.PARAGRAPH, 0
    return root


def _range(token: Token) -> tuple[int, int]:
    start, end = token.map or (0, 1)
    return start + 1, max(end, start + 1)


def _lines(token: Token, first: int) -> list[Line]:
    return [Line(first + offset, text.rstrip()) for offset, text in enumerate(token.content.split("\n"))]


def _broken(lines: list[Line]) -> list[Line]:
    """Lines cut where HTML breaks them."""
    if not any("<" in line.text for line in lines):
        return lines
    cut = [Line(line.number, piece.rstrip()) for line in lines for piece in _BREAK.split(line.text)]
    return [line for line in cut if line.text.strip()] or lines


def _leaf(token: Token, tokens: Iterator[Token]) -> list[Block]:
    first, last = _range(token)
    if token.type == "heading_open":
        inline = next(tokens)
        return [_heading(token, _lines(inline, first), first, last)]
    if token.type == "paragraph_open":
        lines = _broken(_lines(next(tokens), first))
        return [Block(Kind.PARAGRAPH, first, lines[-1].number, lines)]
    if token.type == "fence":
        return [Block(Kind.CODE, first, last, [Line(n, t) for n, t in _lines(token, first + 1) if t.strip()])]
    if token.type == "code_block":
        kept = [line for line in _lines(token, first) if line.text.strip()]
        return [Block(Kind.INDENTED, first, last, kept)]
    if token.type == "html_block":
        rows = _html_rows(token.content, first)
        if len(rows) > 1:
            return [Block(Kind.TABLE, first, last, rows=rows)]
        kept = [line for line in _lines(token, first) if line.text.strip()]
        return [Block(Kind.HTML, first, last, kept)]
    if token.type == "hr":
        return [Block(Kind.RULE, first, first)]
    return []


def _heading(token: Token, lines: list[Line], first: int, last: int) -> Block:
    underlined = token.markup in {"-", "="}
    if underlined and _is_accident(lines, token.markup):
        return Block(Kind.PARAGRAPH, first, lines[-1].number, lines)
    return Block(Kind.HEADING, first, last, lines, level=int(token.tag[1]))


def _is_accident(lines: list[Line], markup: str) -> bool:
    """Whether a text above a rule only looks like an underlined heading."""
    text = lines[0].text.strip()
    if len(lines) > 1 or _LIST_MARK.match(text):
        return True
    return markup == "-" and (len(text.split()) > 10 or bool(_SENTENCE_END.search(text)))


def _html_rows(content: str, first: int) -> list[list[Line]]:
    """The rows of a table written in HTML, or nothing."""
    rows: list[list[Line]] = []
    if "<tr" not in content.lower():
        return rows
    at, number = 0, first
    for match in _HTML_CELL.finditer(content):
        number += content.count("\n", at, match.start())
        at = match.start()
        if match[1].lower() == "tr":
            rows.append([])
        elif rows:
            rows[-1].append(Line(number, " ".join(match[2].split())))
    return [row for row in rows if row]


def _table(opening: Token, tokens: Iterator[Token]) -> Block:
    first, last = _range(opening)
    rows: list[list[Line]] = []
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
            number = _range(token)[0]
        elif token.type == "inline":
            rows[-1].append(Line(number, token.content.strip()))
    return Block(Kind.TABLE, first, last, rows=rows)
