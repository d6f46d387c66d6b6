"""The source text made ready for the parser, line for line: wrappings come off, and line numbers stay what they were.

Conflict marks, a fence or a byte-order mark around the whole file, escaped marks and front matter are undone by
blanking or rewriting lines, never by removing them.
"""

import re
from dataclasses import dataclass, field

from django_prodev.documents.overview.layout import without_layout
from django_prodev.documents.records import Lines

_CONFLICT = re.compile(r"^(<{7}|\|{7}|>{7})(?: .*)?$|^={7}$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)\s*$")
_QUOTED = re.compile(r"^ {0,3}> ?")
_INDENTED = re.compile(r"^(?: {4}|\t)")
_DEFINITION = re.compile(r"^:\s{1,9}\S")
_TERM = re.compile(r"^[^\s#>|`:\-+\d][^|]{0,120}$")
_FENCE_OPENING = re.compile(r"^ {0,3}(`{3,}|~{3,})")
# One "#" before a small letter or a digit is a tag or a number; behind words it may be that of "#1" or of "C#".
_UNPARTED = re.compile(r"^ {0,3}(#{2,6}(?=[^\s#])|#(?=[^\s#!a-z0-9]))(?=(?:[^#]|#(?=[\s\d]|$)){2,160}$)")
# "…caching# A second document": the end of one file and the heading of the next, without the line end between them.
_GLUED = re.compile(r"^(.{0,300}?[^\W\d_]{3,}[.!?]?)(#{1,6} (?=[^\W\da-z_])[^#`]{2,160})$")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPACE_ENTITY = re.compile(r"&(?:nbsp|#160|#x0*20|#32|#x0*A0);", re.IGNORECASE)
_FRONT_MATTER_FIELD = re.compile(r"^[\w-]+\s*:|^\s+\S|^\s*-\s|^\s*$")
_ESCAPED_BLOCK_MARK = re.compile(r"^\s*(?:\\[#*+>-]|\d+\\[.)]|\*?\\\*\\\*)")

CONFLICT_REASON = "a mark of a merge conflict that was never resolved"
WRAPPER_REASON = "a fence around the whole document"
LAYOUT_REASON = "HTML that lays the document out"
FRONT_MATTER_REASON = "front matter: settings for a site generator"


@dataclass(slots=True)
class Source:
    """The lines as they were written, the lines as they are parsed, and why some of them were set aside."""

    original: list[str]
    lines: list[str]
    set_aside: list[tuple[Lines, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the parser reads."""
        return "\n".join(self.lines)


def prepare(text: str) -> Source:
    """Undo what is wrapped around the document's own Markdown."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\x00", "\ufffd")
    for separator in ("\f", "\v", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"):
        text = text.replace(separator, "\n" if separator in "\u2028\u2029\x85" else " ")
    original = text.split("\n")
    source = Source(original, list(original))
    _drop_conflict_marks(source)
    _drop_front_matter(source)
    _unescape(source)
    _drop_wrapping_fence(source)
    _drop_wrapping_margin(source)
    _drop_layout(source)
    _part_headings(source)
    _part_glued(source)
    _list_definitions(source)
    return source


def _set_aside(source: Source, index: int, reason: str) -> None:
    source.lines[index] = ""
    source.set_aside.append((Lines(index + 1, index + 1), reason))


def _drop_conflict_marks(source: Source) -> None:
    marks = [index for index, line in enumerate(source.lines) if _CONFLICT.match(line.rstrip())]
    # A lone row of seven "=" underlines a heading; a conflict has a side mark as well.
    if any(source.lines[index][0] in "<>|" for index in marks):
        for index in marks:
            _set_aside(source, index, CONFLICT_REASON)


def _drop_front_matter(source: Source) -> None:
    if source.lines[0].rstrip() != "---":
        return
    for end, line in enumerate(source.lines[1:60], start=1):
        if line.rstrip() in {"---", "..."}:
            if end > 1:
                for index in range(end + 1):
                    _set_aside(source, index, FRONT_MATTER_REASON)
            return
        if not _FRONT_MATTER_FIELD.match(line):
            return


def _unescape(source: Source) -> None:
    written = [line for line in source.lines if line.strip()]
    escaped = sum(1 for line in written if _ESCAPED_BLOCK_MARK.match(line))
    heavy = sum(line.count("\\") for line in written) * 2 >= len(written)
    if escaped >= 3 and heavy:
        source.lines = [_ESCAPE.sub(r"\1", line) for line in source.lines]
    source.lines = [_SPACE_ENTITY.sub(" ", line) if "&" in line else line for line in source.lines]


def _drop_wrapping_margin(source: Source) -> None:
    """A document quoted or indented from end to end is read as what it quotes."""
    written = [line for line in source.lines if line.strip()]
    for margin in (_QUOTED, _INDENTED):
        if len(written) > 2 and sum(1 for line in written if margin.match(line)) * 20 >= len(written) * 19:
            source.lines = [margin.sub("", line, count=1) for line in source.lines]
            return


def _drop_layout(source: Source) -> None:
    laid_out = without_layout(source.lines)
    for index, (before, after) in enumerate(zip(source.lines, laid_out, strict=True)):
        if before.strip() and not after:
            _set_aside(source, index, LAYOUT_REASON)
    source.lines = laid_out


def _part_headings(source: Source) -> None:
    """Give "##Heading" the space that it was meant to have; "#tag" stays what it is."""
    fence = ""
    for index, line in enumerate(source.lines):
        marks = _FENCE_OPENING.match(line)
        if marks and (not fence or marks[1].startswith(fence)):
            fence = "" if fence else marks[1]
        elif not fence and line[:4].lstrip().startswith("#") and (found := _UNPARTED.match(line)):
            source.lines[index] = f"{found[1]} {line[found.end() :]}"


def _part_glued(source: Source) -> None:
    """Give a heading that is glued to the end of another line the empty line after it."""
    fence = ""
    for index, line in enumerate(source.lines[:-1]):
        marks = _FENCE_OPENING.match(line)
        if marks and (not fence or marks[1].startswith(fence)):
            fence = "" if fence else marks[1]
        elif not fence and "# " in line and not source.lines[index + 1].strip() and (found := _GLUED.match(line)):
            source.lines[index : index + 2] = [found[1], found[2]]


def _list_definitions(source: Source) -> None:
    """A term with ": what it means" on the next line becomes an item with its text."""
    for index, line in enumerate(source.lines):
        if not _DEFINITION.match(line) or not index:
            continue
        term = source.lines[index - 1]
        if _TERM.match(term):
            source.lines[index - 1] = f"- **{term.strip(' *')}**"
            source.lines[index] = f"  {line[1:].lstrip()}"


def _drop_wrapping_fence(source: Source) -> None:
    written = [index for index, line in enumerate(source.lines) if line.strip()]
    if len(written) < 3:
        return
    first = written[0]
    opening = _FENCE.match(source.lines[first])
    if not opening or opening[2].lower() not in {"", "markdown", "md", "text", "txt", "mdx"}:
        return
    closing = _closing(source.lines, written, opening[1])
    inside = [index for index in written[1:] if closing is None or index < closing]
    if len(inside) * 10 < len(written) * 6:
        return
    _set_aside(source, first, WRAPPER_REASON)
    if closing is not None:
        _set_aside(source, closing, WRAPPER_REASON)


def _closing(lines: list[str], written: list[int], opening: str) -> int | None:
    """The line that closes the fence around a document, whatever fences stand inside."""
    fences = [(index, match) for index in written[1:] if (match := _FENCE.match(lines[index]))]
    fences = [(index, match) for index, match in fences if match[1][0] == opening[0]]
    longer = [index for index, match in fences if len(match[1]) >= len(opening) and not match[2]]
    if len(opening) > 3:
        return longer[0] if longer else None
    # With fences of one length the last line closes, if the fences before it can be paired.
    if fences and fences[-1][0] == written[-1] and len(fences) % 2:
        return written[-1]
    is_open = False
    for index, match in fences:
        if not match[2] and not is_open:
            return index
        is_open = bool(match[2])
    return None
