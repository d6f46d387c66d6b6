"""HTML that only lays a Markdown document out is written as Markdown, line for line, so that line numbers stay.

Headings, lists, emphasis, folded parts and centred blocks come off; tables stay for the parser. What the text means
is not looked at.
"""

import re
from collections.abc import Iterator

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_CODE = re.compile(r"(`[^`]*`)")
_BOLD = re.compile(r"<(b|strong)\b[^<>]{0,200}>([^<>]{1,2000})</\1>", re.IGNORECASE)
_ITALIC = re.compile(r"<(i|em)\b[^<>]{0,200}>([^<>]{1,2000})</\1>", re.IGNORECASE)
_TYPED = re.compile(r"<(code|kbd|tt|samp)\b[^<>]{0,200}>([^<>`]{1,2000})</\1>", re.IGNORECASE)
_ANCHOR = re.compile(r"<a\b[^<>]{0,300}>\s*</a>", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:b|strong|i|em|u|ins|mark|small|big|sub|sup|font|span|center|div|p|section|article|main|header|footer|"
    r"blockquote|details|hr|picture|source|figure|figcaption|ul|ol|dl)\b[^<>]{0,400}/?>",
    re.IGNORECASE,
)
_LIST = re.compile(r"<(/?)(ul|ol)\b[^<>]{0,200}>", re.IGNORECASE)
_ITEM = re.compile(r"^\s*(?:<(?:ul|ol)\b[^<>]{0,200}>\s*)*<(li|dt|dd)\b[^<>]{0,200}>\s*", re.IGNORECASE)
_ITEM_END = re.compile(r"</(?:li|dt|dd)>", re.IGNORECASE)
_HEADING = re.compile(r"<(h[1-6]|summary)\b[^<>]{0,300}>", re.IGNORECASE)
_HEADING_END = re.compile(r"</(?:h[1-6]|summary)>", re.IGNORECASE)
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)
_BREAK_LAST = re.compile(r"<br\s{0,9}/?>$", re.IGNORECASE)
_IMAGE_ALONE = re.compile(r"^\s*(?:<img\b[^<>]{0,1000}>\s*)+$", re.IGNORECASE)
_LEVEL = re.compile(r"^ {0,3}(#{1,6})\s")
_DETAILS = re.compile(r"<(/?)details\b", re.IGNORECASE)

_INDENT = 2
_DEEPEST = 8


def without_layout(lines: list[str]) -> list[str]:
    """The same number of lines, with Markdown where HTML laid the text out."""
    if not any("<" in line for line in lines):
        return lines
    levels = _summary_levels(lines)
    writer = _Writer(levels)
    return [writer.line(number, line) for number, line in enumerate(lines)]


class _Writer:
    """Goes through the lines and remembers what is open."""

    def __init__(self, levels: dict[int, int]) -> None:
        self.levels = levels
        self.fence = ""
        self.in_table = False
        self.lists: list[str] = []
        self.heading = 0

    def line(self, number: int, line: str) -> str:
        fence = _FENCE.match(line)
        if fence and (not self.fence or fence[1].startswith(self.fence)):
            self.fence = "" if self.fence else fence[1]
            return line
        if self.fence or ("<" not in line and not self.heading):
            return line
        table = None
        for table in _TABLE.finditer(line):
            self.in_table = not table[1]
        if self.in_table or table is not None:
            return _emphasised(line)
        if _IMAGE_ALONE.match(line):
            return ""
        while last := _BREAK_LAST.search(line[-20:].rstrip()):
            line = line.rstrip()
            line = line[: len(line) - len(last[0])].rstrip()
        return self._laid_out(number, line)

    def _laid_out(self, number: int, line: str) -> str:
        opening = _HEADING.search(line)
        if opening and not line[: opening.start()].strip().strip("<>/abcdefghijklmnopqrstuvwxyz"):
            name = opening[1].lower()
            self.heading = self.levels.get(number, 2) if name == "summary" else int(name[1])
            line = line[opening.end() :]
        if self.heading:
            return self._heading_line(line)
        item = _ITEM.match(line)
        for found in _LIST.finditer(line[: item.end()] if item else line):
            self._open_or_close(found)
        if item:
            rest = _emphasised(_ITEM_END.sub("", line[item.end() :])).strip()
            for found in _LIST.finditer(line[item.end() :]):
                self._open_or_close(found)
            return self._item(item[1].lower(), _bare(rest))
        bare = _bare(_ITEM_END.sub("", _emphasised(line)))
        return bare if bare.strip() else ""

    def _heading_line(self, line: str) -> str:
        said = " ".join(_bare(_emphasised(_HEADING_END.sub(" ", line))).split())
        level = self.heading
        if said or _HEADING_END.search(line):
            self.heading = 0
        return f"{'#' * level} {said}" if said else ""

    def _open_or_close(self, found: re.Match[str]) -> None:
        if found[1]:
            del self.lists[-1:]
        elif len(self.lists) < _DEEPEST:
            self.lists.append(found[2].lower())

    def _item(self, name: str, said: str) -> str:
        if name == "dd":
            return f"  {said}"
        indent = " " * _INDENT * max(len(self.lists) - 1, 0)
        if name == "dt":
            return f"{indent}- **{said}**"
        return f"{indent}- {said}"


def _summary_levels(lines: list[str]) -> dict[int, int]:
    """For the line of each summary, the level of the heading that it is to its folded part.

    One above the headings inside, or else one below the heading before.
    """
    levels: dict[int, int] = {}
    above = 1
    open_at: list[int] = []
    for number, level in _marks(lines):
        if level > 0:
            for at in open_at:
                levels[at] = max(min(levels.get(at, 6), level - 1), 1)
            above = level if not open_at else above
        elif level == 0:
            del open_at[-1:]
        else:
            open_at = [*open_at[-_DEEPEST:], number]
            levels.setdefault(number, min(above + len(open_at), 6))
    return levels


def _marks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """Headings with their level, summaries as -1, and ends of folded parts as 0."""
    fenced = False
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
        if fenced:
            continue
        heading = _LEVEL.match(line)
        if heading:
            yield number, len(heading[1])
        elif "<" in line:
            opening = _HEADING.search(line)
            if opening:
                yield number, -1 if opening[1].lower() == "summary" else int(opening[1][1])
            for found in _DETAILS.finditer(line):
                if found[1]:
                    yield number, 0


def _emphasised(line: str) -> str:
    """A line with emphasis in asterisks and code in backticks, and nothing changed inside code."""
    pieces = _CODE.split(line)
    for at in range(0, len(pieces), 2):
        piece = _BOLD.sub(lambda match: f"**{match[2].strip()}**", pieces[at])
        piece = _ITALIC.sub(lambda match: f"*{match[2].strip()}*", piece)
        pieces[at] = _TYPED.sub(r"`\2`", piece)
    return "".join(pieces)


def _bare(line: str) -> str:
    pieces = _CODE.split(line)
    for at in range(0, len(pieces), 2):
        pieces[at] = _INLINE.sub("", _ANCHOR.sub("", pieces[at]))
    return "".join(pieces)
