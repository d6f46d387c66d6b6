"""Challenges in tables: Markdown tables, rows of pipes that the parser refuses, and columns pasted with tabs."""

import re
from collections.abc import Sequence

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading
from django_prodev.documents.overview.headings import Role, announce
from django_prodev.documents.overview.inline import plain
from django_prodev.documents.overview.labels import read_label
from django_prodev.documents.overview.nodes import Marker, Node
from django_prodev.documents.vocabulary import Vocabulary

_RULER = re.compile(r"^[\s|:+=-]+$")
_TABS = re.compile(r"\t+| {3,}")
_ONLY_LINK = re.compile(r"^[*_`]{0,3}\[[^\[\]]{1,200}\]\(([^()\s]{1,500})\)[*_`]{0,3}$")
_CELL_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)

# A table that is read has few columns; what stands in further ones goes with the challenge's text.
_MOST_COLUMNS = 50

_USUAL_ORDER: list[str | None] = ["challenge", "solution"]
_AFTER_SOLUTION = frozenset({"outcome"})


def read_tables(nodes: list[Node], context: Context) -> Reading | None:
    """The challenges in every table under these nodes, or ``None``."""
    read = [_read_rows(rows, context.vocabulary) for rows in tables_under(nodes)]
    # Beside a table whose header speaks of challenges, one that does not is about something else.
    sure = [challenges for challenges, by_header in read if by_header and challenges]
    found = [challenge for challenges in sure or (challenges for challenges, _ in read) for challenge in challenges]
    if not found:
        return None
    why = "the table's header names its columns" if sure else "the order of the columns is taken to be the usual one"
    return Reading("table", 0.97 if sure else 0.7, found, why=why)


def tables_under(nodes: list[Node]) -> list[list[list[Line]]]:
    """The rows of every table under these nodes."""
    found: list[list[list[Line]]] = []
    loose: list[Line] = []

    def flush() -> None:
        rows = typed_rows(loose)
        if len(rows) > 1:
            found.append(rows)
        loose.clear()

    for node in nodes:
        for inner in node.walk():
            # Pasted rows may stand in a paragraph each.
            if inner.marker is Marker.LINE and all(_is_tabbed(line.text) for line in inner.lines):
                loose.extend(inner.lines)
                continue
            flush()
            rows = inner.rows if inner.marker is Marker.TABLE else typed_rows(inner.lines)
            if len(rows) > 1:
                found.append(list(rows))
    flush()
    return found


def typed_rows(lines: list[Line]) -> list[list[Line]]:
    """Lines of text as rows of cells, if pipes or tabs make columns of them."""
    for is_row, split in ((_is_piped, _split_pipes), (_is_tabbed, _split_tabs)):
        rows = [line for line in lines if is_row(line.text)]
        if len(rows) > 1 and len(rows) >= len(lines) - 1:
            cells = [[Line(line.number, cell) for cell in split(line.text)] for line in rows]
            return [row for row in cells if row]
    return []


def _is_piped(text: str) -> bool:
    return text.count("|") >= 2 or (text.count("|") == 1 and not text.strip().startswith("|"))


def _is_tabbed(text: str) -> bool:
    return bool(_TABS.search(text.strip()))


def _split_pipes(text: str) -> list[str]:
    return [] if _RULER.match(text) else [cell.strip() for cell in text.strip().strip("|").split("|")]


def _split_tabs(text: str) -> list[str]:
    return [cell.strip() for cell in _TABS.split(text.strip())]


def column_role(text: str, vocabulary: Vocabulary) -> str | None:
    """What a column holds, by the words of its header."""
    bare = plain(text)
    label = read_label(bare, vocabulary)
    if label is not None and not label.rest:
        return label.role
    roles = announce(bare, vocabulary).roles
    if roles and roles[0] in {Role.CHALLENGE, Role.SOLUTION}:
        return str(roles[0])
    return None


def _read_rows(rows: list[list[Line]], vocabulary: Vocabulary) -> tuple[list[Challenge], bool]:
    header: list[str | None] = [column_role(cell.text, vocabulary) for cell in rows[0][:_MOST_COLUMNS]]
    by_header = "challenge" in header or "solution" in header
    body = rows[1:] if by_header or all(len(cell.text.split()) <= 3 for cell in rows[0]) else rows
    if not by_header:
        header = _USUAL_ORDER[: len(rows[0])] + ["outcome"] * (len(rows[0]) - 2)
    elif "challenge" not in header:
        first_other = next((at for at, role in enumerate(header) if role != "solution"), None)
        if first_other is None:
            return [], False
        header[first_other] = "challenge"
    if _lists_exercises(body, header):
        return [], False
    names = [plain(cell.text) for cell in rows[0]] if by_header else []
    return [found for row in body if (found := _read_row(row, header, names)) is not None], by_header


def _lists_exercises(body: list[list[Line]], header: Sequence[str | None]) -> bool:
    """Whether every solution is only a link to a file, or to anything where every challenge is only a link too."""
    told = _targets(body, header, "challenge")
    solved = _targets(body, header, "solution")
    return bool(solved) and all(solved) and (all(told) or not any("://" in target for target in solved))


def _targets(body: list[list[Line]], header: Sequence[str | None], wanted: str) -> list[str]:
    """Where the cells of a column lead that are nothing but a link; "" for the others."""
    cells = [cell.text.strip() for row in body for cell, role in zip(row, header, strict=False) if role == wanted]
    return [match[1] if (match := _ONLY_LINK.match(cell)) else "" for cell in cells]


def _read_row(row: list[Line], header: Sequence[str | None], names: list[str]) -> Challenge | None:
    challenge = Challenge()
    main = header.index("challenge")
    for at, cell in enumerate(row):
        if not cell.text.strip(" -–—"):
            continue
        role = header[at] if at < len(header) else "outcome"
        line = Line(cell.number, _CELL_BREAK.sub(" ", cell.text))
        if role == "challenge":
            (challenge.title if at == main else challenge.text).append(line)
        elif role == "solution":
            challenge.solution.append(line)
        elif role in _AFTER_SOLUTION and challenge.is_solved:
            name = names[at] if at < len(names) else ""
            challenge.solution.append(Line(line.number, f"**{name}:** {line.text}") if name else line)
        elif not line.text.strip("# ").rstrip(".").isdigit():
            challenge.text.append(line)
    if not challenge.title:
        return None
    return challenge
