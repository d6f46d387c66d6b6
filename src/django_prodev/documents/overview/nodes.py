"""A section as one tree of nodes, whatever its markup: headings, bold titles, items, lines, tables.

The shape readers work on this tree. Nothing of what the words mean is decided here, beyond telling text from code.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django_prodev.documents.overview.blocks import MAX_NESTING, Block, Kind, Line
from django_prodev.documents.overview.headings import Role
from django_prodev.documents.overview.labels import Part, split_parts
from django_prodev.documents.overview.outline import Section
from django_prodev.documents.vocabulary import Vocabulary


class Marker(StrEnum):
    """How a node is set apart in the source."""

    HEADING = "heading"
    BOLD = "bold"
    ITEM = "item"
    NUMBERED = "numbered"
    LINE = "line"
    TABLE = "table"
    CODE = "code"
    MARKUP = "markup"


TITLES = frozenset({Marker.HEADING, Marker.BOLD})
ITEMS = frozenset({Marker.ITEM, Marker.NUMBERED})

_TYPED_BULLET = re.compile(r"^\s*(?:[•·▪◦‣⁃●○■□➤►▶✓✔✗✘✅☑🔹🔸👉–—-]\ufe0f?\s*|[-*+]\s+)(?=\S)")
_LETTERED = re.compile(r"^\s*\(?[a-hA-H]\)\s+(?=\S)")
_TASK = re.compile(r"^\s*\[[ xX✓✔]?\]\s+(?=\S)")
_SURE_BULLETS = frozenset("•·▪◦●")
_CODE_LIKE = re.compile(
    r"[{};]\s*$|^\s*[})\]]|^\s*(?:GET|POST|PUT|PATCH|DELETE)\s+/|^\s*\$\s|^\s*(?:import|from|def|class|return|const|let|var|"
    r"git|cd|pip|npm|docker|python|npx|yarn|sudo|curl|source|mkdir|export|print|SELECT|CREATE|INSERT)\b[^:]*$|"
    r"[├└│─┌┐]|-->|->>|=>\s*\{|^\s*[A-Z_]{3,}=|\w\(\w*\)\s*$|^\s*#"
)


@dataclass(slots=True, eq=False)
class Node:
    """A piece of a section: its own lines, and what stands under it."""

    marker: Marker
    lines: list[Line]
    children: list["Node"] = field(default_factory=list)
    rows: Sequence[list[Line]] = ()
    roles: tuple[Role, ...] = ()
    is_done: bool | None = None
    """Whether a task of a list is ticked off; ``None`` for what is no task."""

    _parts: list[Part] | None = None

    def parts(self, vocabulary: Vocabulary) -> list[Part]:
        """The node's own lines, parted where labels begin; every reader of a document asks with the same words."""
        if self._parts is None:
            self._parts = split_parts(self.lines, vocabulary)
        return self._parts

    @property
    def text(self) -> str:
        """The node's own text, its lines joined."""
        return "\n".join(line.text.strip() for line in self.lines).strip()

    def walk(self) -> Iterator["Node"]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all_lines(self) -> Iterator[Line]:
        """Every line of this node and below."""
        for node in self.walk():
            yield from node.lines
            for row in node.rows:
                yield from row

    def words(self) -> int:
        """How many words stand in and under this node."""
        return sum(len(line.text.split()) for line in self.all_lines())


def section_nodes(section: Section) -> list[Node]:
    """What stands under a heading, its sub-headings among it."""
    nodes = block_nodes(section.blocks)
    for child in section.children:
        assert child.heading is not None  # only the root has none, and the root is nobody's child
        marker = Marker.HEADING if child.marker == "heading" else Marker.BOLD
        nodes.append(Node(marker, [child.heading], section_nodes(child), roles=child.roles))
    return nodes


def block_nodes(blocks: Iterable[Block]) -> list[Node]:
    """Blocks as nodes; indented text goes under the line above it."""
    nodes: list[Node] = []
    before: Block | None = None
    for block in blocks:
        if block.kind is Kind.LIST and _continues(before, block):
            # Two spaces do not nest a bullet under "1.", though everyone who writes them means it.
            nodes[-1].children.extend(_item(child, ordered=False) for child in block.children)
        elif block.kind is Kind.LIST:
            nodes.extend(_item(child, ordered=block.ordered) for child in block.children)
        elif block.kind is Kind.QUOTE:
            nodes.extend(block_nodes(block.children))
        elif block.kind is Kind.PARAGRAPH:
            nodes.extend(_paragraph(block.lines))
        elif block.kind is Kind.HEADING:
            nodes.append(Node(Marker.BOLD, block.lines))
        elif block.kind is Kind.INDENTED:
            _indented(block, nodes)
        elif block.kind is Kind.TABLE:
            nodes.append(Node(Marker.TABLE, [], rows=block.rows))
        elif block.kind is Kind.CODE:
            nodes.append(Node(Marker.CODE, block.lines))
        elif block.kind is Kind.HTML:
            nodes.append(Node(Marker.MARKUP, block.lines))
        before = block
    return nodes


def _continues(before: Block | None, block: Block) -> bool:
    return (
        before is not None
        and before.kind is Kind.LIST
        and before.ordered
        and not block.ordered
        and block.first == before.last + 1
    )


def _item(item: Block, *, ordered: bool) -> Node:
    marker = Marker.NUMBERED if ordered else Marker.ITEM
    if item.children and item.children[0].kind is Kind.PARAGRAPH:
        own = item.children[0].lines
        is_done = None
        if task := _TASK.match(own[0].text):
            is_done = bool(task[0].strip(" []\t"))
            own = [Line(own[0].number, own[0].text[task.end() :]), *own[1:]]
        typed = next((at for at, line in enumerate(own) if at and _TYPED_BULLET.match(line.text)), None)
        if typed is not None:
            # "-Word" under an item is a bullet to everyone but the parser.
            below = _paragraph(own[typed:]) + block_nodes(item.children[1:])
            return Node(marker, own[:typed], below, is_done=is_done)
        return Node(marker, own, block_nodes(item.children[1:]), is_done=is_done)
    return Node(marker, [], block_nodes(item.children))


def _paragraph(lines: list[Line]) -> list[Node]:
    lettered = _LETTERED.match(lines[0].text) is not None
    bullet = _LETTERED if lettered else _TYPED_BULLET
    bulleted = [bool(bullet.match(line.text)) for line in lines]
    if sum(bulleted) < 2 and not lettered and lines[0].text.lstrip()[:1] not in _SURE_BULLETS:
        return [Node(Marker.LINE, list(lines))]
    nodes: list[Node] = []
    stack: list[tuple[int, Node]] = []
    for line, is_bullet in zip(lines, bulleted, strict=True):
        if is_bullet:
            node = Node(Marker.ITEM, [Line(line.number, bullet.sub("", line.text, count=1))])
            _under(stack, nodes, _indent(line.text), node)
        elif stack:
            stack[-1][1].lines.append(line)
        elif nodes:
            nodes[-1].lines.append(line)
        else:
            nodes.append(Node(Marker.LINE, [line]))
    return nodes


def _indent(text: str) -> int:
    expanded = text.expandtabs(4)
    return len(expanded) - len(expanded.lstrip())


def _under(stack: list[tuple[int, Node]], top: list[Node], indent: int, node: Node) -> None:
    """Put a node under the last one that is indented less, or at the top."""
    while stack and stack[-1][0] >= indent:
        stack.pop()
    (stack[-1][1].children if stack else top).append(node)
    if len(stack) < MAX_NESTING:
        stack.append((indent, node))


def looks_like_code(lines: list[Line]) -> bool:
    """Whether indented lines are commands or a listing, not an outline."""
    return sum(1 for line in lines if _CODE_LIKE.search(line.text)) * 4 > len(lines)


def _indented(block: Block, nodes: list[Node]) -> None:
    if looks_like_code(block.lines):
        nodes.append(Node(Marker.CODE, block.lines))
        return
    top: list[Node] = []
    stack: list[tuple[int, Node]] = []
    for line in block.lines:
        node = Node(Marker.ITEM, [Line(line.number, _TYPED_BULLET.sub("", line.text.strip(), count=1))])
        _under(stack, top, _indent(line.text), node)
    above = nodes[-1] if nodes else None
    if above is not None and above.marker in {Marker.LINE, Marker.NUMBERED} and len(above.lines) == 1:
        above.children.extend(top)
    else:
        nodes.extend(top)


def render(node: Node, depth: int = 0) -> list[Line]:
    """A node as lines of Markdown, with list marks and fences put back."""
    pad = "  " * depth
    out: list[Line] = []
    if node.marker is Marker.TABLE:
        for at, row in enumerate(node.rows):
            out.append(Line(row[0].number if row else 0, "| " + " | ".join(cell.text for cell in row) + " |"))
            if at == 0:
                out.append(Line(out[0].number, "|" + " --- |" * len(row)))
        return out
    if node.marker is Marker.CODE:
        first = node.lines[0].number if node.lines else 0
        fence = "````" if any("```" in line.text for line in node.lines) else "```"
        return [
            Line(first, pad + fence),
            *(Line(line.number, pad + line.text) for line in node.lines),
            Line(first, pad + fence),
        ]
    if node.marker in ITEMS:
        mark = "- " if node.marker is Marker.ITEM else "1. "
        for at, line in enumerate(node.lines):
            out.append(Line(line.number, pad + (mark if at == 0 else " " * len(mark)) + line.text.strip()))
        for child in node.children:
            out.extend(render(child, depth + 1))
        return out
    for line in node.lines:
        text = (
            f"**{line.text.strip()}**" if node.marker is Marker.HEADING and "*" not in line.text else line.text.strip()
        )
        out.append(Line(line.number, pad + text))
    nested = depth + 1 if node.marker is Marker.LINE and node.children else depth
    for child in node.children:
        if out and child.marker not in ITEMS and child.marker is not Marker.CODE:
            out.append(Line(out[-1].number, ""))
        out.extend(render(child, nested))
    return out


def render_all(nodes: Iterable[Node]) -> list[Line]:
    """Several nodes as lines of Markdown."""
    out: list[Line] = []
    previous: Marker | None = None
    for node in nodes:
        tight = previous in ITEMS and node.marker in ITEMS
        if out and not tight:
            out.append(Line(out[-1].number, ""))
        out.extend(render(node))
        previous = node.marker
    return out
