"""Challenges without labels: a title (heading, bold line, item, lead of an item) and what was done about it."""

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.ends import ARROWS, Unit, read_units
from django_prodev.documents.overview.challenges.reading import Context, Reading
from django_prodev.documents.overview.challenges.titles import names_a_kind
from django_prodev.documents.overview.headings import PAIRED, Role
from django_prodev.documents.overview.inline import Lead, plain, split_lead
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render_all

_LONGEST_TITLE = 9


def read_titled(nodes: list[Node], context: Context) -> Reading | None:
    """Every heading, bold title or item as a challenge, or ``None`` where there are none."""
    for markers, name, confidence in (
        (TITLES, "heading with its solution", 0.72),
        (ITEMS, "items: title and what was done", 0.7),
    ):
        chosen = _expanded([node for node in nodes if node.marker in markers and node.lines], context)
        # Where some tasks of a list are ticked off and others are not, that says which of them are over.
        are_tasks = {node.is_done for node in chosen} >= {True, False}
        units = [
            _ticked_off(unit) if are_tasks and node.is_done else unit
            for node in chosen
            if (unit := _unit(node)) and not _is_bare_label(node, context)
        ]
        if units:
            return read_units(units, name, confidence, context)
    units = _run_in(nodes) or _lines(nodes)
    return read_units(units, "lines: title and what was done", 0.55, context) if units else None


def _run_in(nodes: list[Node]) -> list[Unit]:
    """Paragraphs that begin with a bold title, each with the paragraphs after it."""
    units: list[Unit] = []
    for node in nodes:
        lead = _bold_opening(node)
        if lead is not None:
            first = node.lines[0].number
            rest = [Line(first, lead.rest)] if lead.rest else []
            body = [*rest, *node.lines[1:], *render_all(node.children)]
            units.append(Unit([Line(first, lead.name)], body, has_lead=True))
        elif units:
            units[-1].body.extend(render_all([node]))
    return units if len(units) > 1 else []


def _bold_opening(node: Node) -> Lead | None:
    if node.marker is not Marker.LINE or not node.lines or not plain(node.text):
        return None
    lead = split_lead(node.lines[0].text)
    if lead is None or not lead.marked or not (lead.rest or len(node.lines) > 1 or node.children):
        return None
    return lead if len(lead.name.split()) <= _LONGEST_TITLE else None


def _lines(nodes: list[Node]) -> list[Unit]:
    """Plain lines as units: "title: what was done" on one line, or a short line above a paragraph."""
    lines = [node for whole in nodes for node in _exploded(whole) if node.marker is Marker.LINE and node.lines]
    led = [node for node in lines if len(node.lines) == 1 and _is_led(node.lines[0].text)]
    if len(led) > 1 and len(led) * 2 > len(lines):
        return [unit for node in led if (unit := _unit(node)) is not None]
    titles = [
        at
        for at, node in enumerate(lines[:-1])
        if _is_title_line(node.text) and len(lines[at + 1].text.split()) > _LONGEST_TITLE
    ]
    if len(titles) < 2:
        return []
    units = []
    for at, end in zip(titles, [*titles[1:], len(lines)], strict=True):
        body = [line for node in lines[at + 1 : end] for line in node.lines]
        units.append(Unit(list(lines[at].lines), body, has_lead=True))
    return units


def _exploded(node: Node) -> list[Node]:
    """A paragraph whose lines name something each, as so many lines."""
    if node.marker is not Marker.LINE or node.children or len(node.lines) < 2:
        return [node]
    led = [line for line in node.lines if _is_led(line.text)]
    if len(led) < 2 or len(led) * 3 < len(node.lines) * 2:
        return [node]
    return [Node(Marker.LINE, [line]) for line in node.lines]


def _is_led(text: str) -> bool:
    lead = split_lead(text)
    return lead is not None and bool(lead.rest) and bool(lead.separator)


def _is_title_line(text: str) -> bool:
    words = plain(text)
    return bool(words) and len(words.split()) <= _LONGEST_TITLE and words[-1] not in ".:;!?,"


def _expanded(nodes: list[Node], context: Context, *, in_group: bool = False) -> list[Node]:
    """Titles that only group items give way to their items."""
    out: list[Node] = []
    groups = {node for node in nodes if names_a_kind(node, context.vocabulary)}
    for node in nodes:
        if node in groups and (in_group or len(groups) * 2 > len(nodes)):
            # "Technical" and "Personal" part the challenges, which stand below.
            below = [child for child in node.children if child.marker in ITEMS or child.marker in TITLES]
            out.extend(_expanded(below, context, in_group=True))
            continue
        if node.roles and node.roles[0] in PAIRED:
            # "Common challenges" over a list names the list; what only announces solutions is nobody's challenge.
            if node.roles[0] is Role.CHALLENGE:
                out.extend(child for child in node.children if child.marker in ITEMS or child.marker in TITLES)
            continue
        items = [child for child in node.children if child.marker in ITEMS]
        led = [child for child in items if (lead := _lead(child)) and (lead[1] or child.children)]
        if node.marker in TITLES and len(led) > 1 and len(led) == len(node.children) and len(led) * 2 > len(items):
            out.extend(items)
        else:
            out.append(node)
    return out


def _lead(node: Node) -> tuple[str, str] | None:
    lead = split_lead(node.lines[0].text) if node.lines else None
    if lead is None or not (lead.separator or len(node.lines) > 1 or (lead.marked and not lead.rest)):
        return None
    return lead.name, lead.rest


def _unit(node: Node) -> Unit | None:
    if not plain(node.text):
        return None
    first = node.lines[0]
    below = render_all(node.children)
    is_nested = any(child.marker in ITEMS for child in node.children)
    if node.marker in TITLES:
        pointed = split_lead(first.text)
        if pointed is not None and pointed.rest and pointed.separator in ARROWS and below:
            # "### Slow pages → lazy loading": the arrow leads from the challenge to its solution.
            return Unit([Line(first.number, pointed.name)], below, True, [Line(first.number, pointed.rest)])
        return Unit([first], below, has_lead=True)
    lead = _lead(node)
    if lead is not None and (lead[1] or len(node.lines) > 1 or node.children):
        rest = [Line(first.number, lead[1])] if lead[1] else []
        body = [*rest, *node.lines[1:], *below]
        return Unit([Line(first.number, lead[0])], body, has_lead=True, is_nested=is_nested)
    if len(node.lines) > 1 and node.lines[1].text.lstrip().startswith(ARROWS):
        return Unit([first], [*node.lines[1:], *below], has_lead=True)
    return Unit(list(node.lines), below, has_lead=bool(below), is_nested=is_nested)


def _ticked_off(unit: Unit) -> Unit:
    """ "- [x] Slow pages — an index": what follows the title is how it was done."""
    return Unit(unit.title, [], unit.has_lead, unit.solution or unit.body)


def _is_bare_label(node: Node, context: Context) -> bool:
    """Whether a node is a label with nothing after it, as in a form that was never filled in."""
    label = node.parts(context.vocabulary)[0].label
    return label is not None and label.role in {"challenge", "solution"} and not label.rest and len(node.lines) == 1
