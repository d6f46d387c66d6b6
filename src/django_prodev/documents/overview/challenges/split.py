"""Challenges in one list and their solutions in another, paired by order only."""

import unicodedata
from itertools import dropwhile, pairwise, takewhile

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading
from django_prodev.documents.overview.headings import Role, announce
from django_prodev.documents.overview.inline import split_lead
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render_all


def read_split(nodes: list[Node], context: Context) -> Reading | None:
    """Two lists under their own announcements, or ``None``."""
    challenges: list[Node] = []
    solutions: list[Node] = []
    for role, units in _announced(nodes, context):
        (challenges if role is Role.CHALLENGE else solutions).extend(units)
    if solutions and not challenges:
        challenges = _own_list(nodes, len(solutions))
    if not challenges and not solutions:
        return _by_signs(nodes)
    if len(challenges) < 1 or len(solutions) < 1 or (len(challenges) == 1 and len(solutions) == 1):
        return None
    read = [_challenge(node) for node in challenges]
    for challenge, node in zip(read, solutions, strict=False):
        challenge.solution = [*node.lines, *render_all(node.children)]
    for node in solutions[len(read) :]:
        read[-1].solution.extend([*node.lines, *render_all(node.children)])
    if len(challenges) == len(solutions):
        confidence = 0.98
    else:
        confidence = 0.975 if min(len(challenges), len(solutions)) > 1 else 0.5
    why = f"{len(challenges)} challenges and {len(solutions)} solutions stand in lists of their own, paired by order"
    return Reading("one list of challenges, one of solutions", confidence, read, why=why)


def _own_list(nodes: list[Node], length: int) -> list[Node]:
    """The section's own list before the heading of the solutions, where it has as many items."""
    items = list(takewhile(lambda node: node.marker in ITEMS, dropwhile(lambda node: node.marker not in ITEMS, nodes)))
    return items if len(items) == length > 1 else []


def _by_signs(nodes: list[Node]) -> Reading | None:
    """Items or lines by turns, each kind with a sign of its own ("❌ …", "✅ …"). A solution may be missing."""
    turns = [node for node in nodes if node.marker in ITEMS and node.lines] or _signed_lines(nodes)
    signs = [node.lines[0].text.strip()[:1] for node in turns]
    told, done = signs[:1], set(signs) - set(signs[:1])
    solved = sum(sign in done for sign in signs)
    if len(done) != 1 or any(pair[0] in done and pair[1] in done for pair in pairwise(signs)):
        return None
    if solved * 2 < len(signs) - solved or not all(_is_sign(sign) for sign in (*told, *done)):
        return None
    read: list[Challenge] = []
    for node, sign in zip(turns, signs, strict=True):
        if sign in done:
            read[-1].solution = [*node.lines, *render_all(node.children)]
        else:
            read.append(_challenge(node))
    why = "items take turns, each kind with a sign of its own"
    return Reading("items by turns", 0.9, read, why=why)


def _signed_lines(nodes: list[Node]) -> list[Node]:
    """The lines of paragraphs, each with those after it that have no sign; none where text stands before all signs."""
    found: list[Node] = []
    for node in nodes:
        for line in node.lines if node.marker is Marker.LINE else ():
            if _is_sign(line.text.strip()[:1]):
                found.append(Node(Marker.LINE, [line]))
            elif found:
                found[-1].lines.append(line)
            elif line.text.strip():
                return []
    return found if len(found) > 3 else []


def _is_sign(text: str) -> bool:
    return text != "" and unicodedata.category(text) == "So"


def _challenge(node: Node) -> Challenge:
    lead = split_lead(node.lines[0].text) if node.lines else None
    if lead is not None and lead.rest and lead.separator:
        number = node.lines[0].number
        return Challenge(
            [Line(number, lead.name)], [Line(number, lead.rest), *node.lines[1:], *render_all(node.children)]
        )
    return Challenge(list(node.lines[:1]), [*node.lines[1:], *render_all(node.children)])


def _announced(nodes: list[Node], context: Context) -> list[tuple[Role, list[Node]]]:
    out: list[tuple[Role, list[Node]]] = []
    for at, node in enumerate(nodes):
        if not node.lines or len(node.lines) > 1:
            continue
        found = announce(node.text.rstrip(":"), context.vocabulary)
        if not found.whole or found.roles not in {(Role.CHALLENGE,), (Role.SOLUTION,)}:
            continue
        units = _units(node.children)
        if not units and node.marker is Marker.LINE:
            units = _units(_following(nodes, at))
        if units:
            out.append((found.roles[0], units))
    return out


def _following(nodes: list[Node], at: int) -> list[Node]:
    taken = []
    for node in nodes[at + 1 :]:
        if node.marker not in ITEMS:
            break
        taken.append(node)
    return taken


def _units(nodes: list[Node]) -> list[Node]:
    for markers in (TITLES, ITEMS):
        units = [node for node in nodes if node.marker in markers and node.lines]
        if units:
            return units
    lines = [Node(Marker.LINE, [line]) for node in nodes if node.marker is Marker.LINE for line in node.lines]
    return lines if len(lines) > 1 else []
