"""Challenges without labels: a title (heading, bold line, item, lead of an item) and what was done about it."""

from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading
from django_prodev.documents.overview.challenges.resolutions import tells_resolution, where_resolved
from django_prodev.documents.overview.headings import PAIRED, Role
from django_prodev.documents.overview.inline import Lead, plain, sentences, split_lead
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render_all

_LONGEST_TITLE = 9

_ARROWS = ("→", "➡", "⇒", "➜", "➔", "->", "=>", "✅", "✔", "💡")


@dataclass(slots=True)
class _Unit:
    title: list[Line]
    body: list[Line]
    has_lead: bool
    solution: list[Line] = field(default_factory=list)


def read_titled(nodes: list[Node], context: Context) -> Reading | None:
    """Every heading, bold title or item as a challenge, or ``None`` where there are none."""
    for markers, name, confidence in (
        (TITLES, "heading with its solution", 0.72),
        (ITEMS, "items: title and what was done", 0.7),
    ):
        chosen = _expanded([node for node in nodes if node.marker in markers and node.lines])
        # Where some tasks of a list are ticked off and others are not, that says which of them are over.
        are_tasks = {node.is_done for node in chosen} >= {True, False}
        units = [
            _ticked_off(unit) if are_tasks and node.is_done else unit
            for node in chosen
            if (unit := _unit(node)) and not _is_bare_label(node, context)
        ]
        if units:
            return _read(units, name, confidence, context)
    units = _run_in(nodes) or _lines(nodes)
    return _read(units, "lines: title and what was done", 0.55, context) if units else None


def _run_in(nodes: list[Node]) -> list[_Unit]:
    """Paragraphs that begin with a bold title, each with the paragraphs after it."""
    units: list[_Unit] = []
    for node in nodes:
        lead = _bold_opening(node)
        if lead is not None:
            first = node.lines[0].number
            rest = [Line(first, lead.rest)] if lead.rest else []
            body = [*rest, *node.lines[1:], *render_all(node.children)]
            units.append(_Unit([Line(first, lead.name)], body, has_lead=True))
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


def _lines(nodes: list[Node]) -> list[_Unit]:
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
        units.append(_Unit(list(lines[at].lines), body, has_lead=True))
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


def _expanded(nodes: list[Node]) -> list[Node]:
    """Titles that only group items give way to their items."""
    out: list[Node] = []
    for node in nodes:
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


def _unit(node: Node) -> _Unit | None:
    if not plain(node.text):
        return None
    first = node.lines[0]
    below = render_all(node.children)
    if node.marker in TITLES:
        pointed = split_lead(first.text)
        if pointed is not None and pointed.rest and pointed.separator in _ARROWS and below:
            # "### Slow pages → lazy loading": the arrow leads from the challenge to its solution.
            return _Unit([Line(first.number, pointed.name)], below, True, [Line(first.number, pointed.rest)])
        return _Unit([first], below, has_lead=True)
    lead = _lead(node)
    if lead is not None and (lead[1] or len(node.lines) > 1 or node.children):
        rest = [Line(first.number, lead[1])] if lead[1] else []
        return _Unit([Line(first.number, lead[0])], [*rest, *node.lines[1:], *below], has_lead=True)
    if len(node.lines) > 1 and node.lines[1].text.lstrip().startswith(_ARROWS):
        return _Unit([first], [*node.lines[1:], *below], has_lead=True)
    return _Unit(list(node.lines), below, has_lead=bool(below))


def _goes_on(unit: _Unit) -> bool:
    """Whether more than one sentence is said under a title: what was hard, and what came of it."""
    return len(_sentences(unit.body)) > 1


def _ticked_off(unit: _Unit) -> _Unit:
    """ "- [x] Slow pages — an index": what follows the title is how it was done."""
    return _Unit(unit.title, [], unit.has_lead, unit.solution or unit.body)


def _read(units: list[_Unit], name: str, confidence: float, context: Context) -> Reading:
    told = [_tells_resolution(unit.body or unit.title, context) for unit in units]
    solving = context.tells_solutions or sum(told) * 2 >= len(told)
    goes_on = not solving and any(told) and all(map(_goes_on, units))
    challenges = []
    for unit, resolved in zip(units, told, strict=True):
        challenge = Challenge(title=unit.title)
        if unit.solution:
            challenge.text, challenge.solution = unit.body, unit.solution
        elif not unit.body:
            # "Getting used to GraphQL" names a challenge; nothing is told of its end.
            text = " ".join(line.text for line in unit.title)
            if resolved and (context.tells_solutions or tells_resolution(text, context.vocabulary, surely=True)):
                _split_at_cue(challenge, context)
        elif solving or tells_resolution(" ".join(line.text for line in unit.body), context.vocabulary, surely=True):
            challenge.text, challenge.solution = _divide(unit.body, context)
        elif goes_on:
            pieces = _sentences(unit.body)
            challenge.text, challenge.solution = pieces[:1], pieces[1:]
        else:
            challenge.text = unit.body
        challenges.append(challenge)
    led = sum(1 for unit in units if unit.has_lead)
    why = f"{led} of {len(units)} have a title of their own; no label says what is a solution"
    return Reading(name, round(confidence - 0.2 * (1 - led / len(units)), 2), challenges, why=why)


def _is_bare_label(node: Node, context: Context) -> bool:
    """Whether a node is a label with nothing after it, as in a form that was never filled in."""
    label = node.parts(context.vocabulary)[0].label
    return label is not None and label.role in {"challenge", "solution"} and not label.rest and len(node.lines) == 1


def _tells_resolution(lines: list[Line], context: Context) -> bool:
    if lines and lines[0].text.lstrip().startswith(_ARROWS):
        return True
    return tells_resolution(" ".join(line.text for line in lines), context.vocabulary)


def _divide(body: list[Line], context: Context) -> tuple[list[Line], list[Line]]:
    """What is told of the challenge, and from where on its solution is told."""
    if any(line.text.lstrip().startswith(("- ", "1. ", "```", "|")) for line in body):
        return [], body
    pieces = _sentences(body)
    pointed = next((at for at, piece in enumerate(pieces) if piece.text.lstrip().startswith(_ARROWS)), len(pieces))
    told = where_resolved([piece.text for piece in pieces[:pointed]], context.vocabulary)
    done = pointed if told is None else told
    return (pieces[:done], pieces[done:]) if done < len(pieces) else ([], body)


def _sentences(lines: list[Line]) -> list[Line]:
    return [Line(line.number, sentence) for line in lines for sentence in sentences(line.text)]


def _split_at_cue(challenge: Challenge, context: Context) -> None:
    pieces = _sentences(challenge.title)
    for at, piece in enumerate(pieces):
        if at and _tells_resolution([piece], context):
            challenge.title, challenge.solution = pieces[:at], pieces[at:]
            return
    challenge.solution = list(challenge.title)
