"""Tables whose rows are units: which column is what, by its header, and the units that the rows are."""

from dataclasses import dataclass

from django_prodev.documents.curriculum.adapters.outline.items import Said, first_address, links_in, said_in
from django_prodev.documents.curriculum.adapters.outline.words import is_nothing, kind_of, roles_of_column
from django_prodev.documents.overview.blocks import Block, Line
from django_prodev.documents.overview.inline import plain
from django_prodev.documents.vocabulary import tokens

_TELLING = frozenset({"number", "duration", "effort", "prerequisites"})
_LEAST_ROWS = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A unit as a row tells it. ``told`` has the other cells as (header, Markdown)."""

    said: Said
    line: int
    number: str
    group: str
    duration: str
    effort: str
    prerequisites: str
    topics: str
    told: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class UnitTable:
    """A table of units: its rows, the kind its header names, and how many of its columns only curricula have."""

    first: int
    last: int
    rows: list[Row]
    kind: str
    telling: int
    has_topics: bool
    is_grouped: bool = False
    group_header: str = ""


def read_table(block: Block) -> UnitTable | None:
    """The units of a table, or ``None`` where its header does not speak of units."""
    if len(block.rows) < _LEAST_ROWS + 1:
        return None
    headers = [plain(cell.text) for cell in block.rows[0]]
    body = [row for row in block.rows[1:] if any(cell.text.strip() for cell in row)]
    columns = _columns(headers, body)
    if columns is None or not body:
        return None
    title = columns["title"][0]
    rows = [row for cells in body if (row := _row(cells, headers, columns))]
    if not rows:
        return None
    telling = sum(1 for role in _TELLING if columns.get(role)) + (1 if _is_strong(headers[title]) else 0)
    if columns.get("number") and not columns.get("material") and telling == 1:
        telling = 0
    table = UnitTable(
        block.first,
        block.last,
        rows,
        kind_of(headers[title]),
        telling,
        title in columns.get("topics", []),
        group_header=headers[columns["group"][0]] if columns.get("group") else "",
    )
    groups = [row.group for row in rows]
    table.is_grouped = any(groups) and len(dict.fromkeys(filter(None, groups))) < len(rows)
    return table


def _is_strong(header: str) -> bool:
    return "title" in roles_of_column(header)


def _columns(headers: list[str], body: list[list[Line]]) -> dict[str, list[int]] | None:
    """Which columns hold what, by number; ``None`` where none can be the title, or too little speaks of units."""
    roles = {index: roles_of_column(header) for index, header in enumerate(headers)}
    titles = [index for index, found in roles.items() if "title" in found]
    weak = [index for index, found in roles.items() if "weak_title" in found]
    candidates = titles or weak
    if not candidates:
        return None
    title = max(candidates, key=lambda index: (_linked(body, index), -index))
    columns: dict[str, list[int]] = {"title": [title]}
    for index, found in roles.items():
        if index == title:
            if "topics" in found:
                columns["topics"] = [index]
            continue
        role = next((role for role in found if role not in {"title", "weak_title"}), "")
        if not headers[index] and _is_numbered(body, index):
            role = "number"
        if role == "number" and "group" not in columns and not _is_unique(body, index):
            role = "group"
        if not role and (index in titles or index in weak):
            role = "group" if index < title and not _is_unique(body, index) and "group" not in columns else "material"
        if role:
            columns.setdefault(role, []).append(index)
    others = [role for role in columns if role not in {"title", "topics"}]
    if not others and not (titles and _linked(body, title) * 2 > len(body)):
        return None
    if not titles and not any(role in _TELLING or role == "group" for role in others):
        return None
    return columns


def _linked(body: list[list[Line]], index: int) -> int:
    return sum(1 for row in body if index < len(row) and links_in(row[index].text))


def _is_numbered(body: list[list[Line]], index: int) -> bool:
    cells = [plain_number(row[index].text) for row in body if index < len(row)]
    return bool(cells) and sum(cell.isdigit() for cell in cells) * 3 >= len(cells) * 2


def plain_number(text: str) -> str:
    """The figures of a cell that holds only a number ("1.", "#2"), else its words."""
    return "".join(tokens(text)) if len(tokens(text)) == 1 else text.strip()


def _is_unique(body: list[list[Line]], index: int) -> bool:
    cells = [plain(row[index].text) for row in body if index < len(row)]
    said = [cell for cell in cells if cell]
    return len(set(said)) == len(said) and len(said) == len(body)


def _row(cells: list[Line], headers: list[str], columns: dict[str, list[int]]) -> Row | None:
    def text(role: str) -> str:
        found = [cells[index].text.strip() for index in columns.get(role, []) if index < len(cells)]
        return next((cell for cell in found if cell), "")

    title = columns["title"][0]
    written = cells[title].text.strip() if title < len(cells) else ""
    if not plain(written):
        return None
    said = said_in(written)
    if is_nothing(said.title):
        number = next((index for index in columns.get("number", []) if index < len(cells)), None)
        counted = plain_number(cells[number].text) if number is not None else ""
        title_of_number = f"{headers[number]} {counted}" if number is not None and counted else said.title
        said = Said(title_of_number, said.url, said.rest, said.is_link)
    told: list[tuple[str, str]] = []
    used = {title, *(index for role in ("number", "group") for index in columns.get(role, []))}
    for index, cell in enumerate(cells):
        if index in used or not cell.text.strip() or is_nothing(plain(cell.text)):
            continue
        told.append((headers[index] if index < len(headers) else "", cell.text.strip()))
    material = [cells[index].text for index in columns.get("material", []) if index < len(cells)]
    if not said.url:
        address = next((found for cell in material if (found := first_address(cell))), "")
        said = Said(said.title, address, said.rest, said.is_link)
    return Row(
        said,
        cells[0].number,
        plain(text("number")),
        plain(text("group")),
        plain(text("duration")),
        plain(text("effort")),
        text("prerequisites"),
        plain(text("topics")) if title not in columns.get("topics", []) else plain(written),
        tuple(told),
    )
