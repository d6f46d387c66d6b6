"""Challenges told in running text."""

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading
from django_prodev.documents.overview.inline import plain, sentences
from django_prodev.documents.overview.nodes import Marker, Node, render
from django_prodev.documents.vocabulary import tokens


def read_prose(nodes: list[Node], context: Context) -> Reading | None:
    """Paragraphs as challenges: each that speaks of a difficulty opens one, and the others go on with it."""
    lines = [node for node in nodes if node.marker is Marker.LINE and node.lines]
    told: list[list[Line]] = []
    for node in nodes:
        speaks = node.marker is Marker.LINE and _speaks(node, context)
        if node.marker is Marker.LINE and not told and len(lines) > 1 and plain(node.text).endswith(":"):
            continue
        if speaks or (not told and node.marker is Marker.LINE):
            told.append(render(node))
        elif told:
            told[-1].extend(render(node))
    if not told:
        return None
    challenges = [_divided(lines, context) for lines in told]
    has_cue = any(challenge.is_solved for challenge in challenges) or any(_speaks(node, context) for node in lines)
    if context.tells_solutions or any(challenge.is_solved for challenge in challenges):
        for challenge in challenges:
            if not challenge.is_solved:
                challenge.text, challenge.solution = [], challenge.text
    if has_cue:
        return Reading("prose", 0.4, challenges, why="running text that speaks of difficulties or of what helped")
    # One paragraph is one challenge; of several without a cue, nothing says where one ends.
    confidence = 0.36 if len(lines) == 1 else 0.3
    return Reading(
        "prose", confidence, challenges, why="running text in which no word speaks of a difficulty or of what helped"
    )


def _speaks(node: Node, context: Context) -> bool:
    return len(node.text.split()) > 6 and context.vocabulary.difficulty_cues.has(tokens(sentences(node.text)[0]))


def _divided(lines: list[Line], context: Context) -> Challenge:
    pieces = [Line(line.number, sentence) for line in lines for sentence in sentences(line.text)]
    cues = context.vocabulary.resolution_cues
    for at, piece in enumerate(pieces):
        if at and cues.has(tokens(piece.text)):
            return Challenge(pieces[:1], pieces[1:at], pieces[at:])
    challenge = Challenge(pieces[:1], pieces[1:])
    if pieces and cues.has(tokens(pieces[0].text)):
        challenge.solution = list(pieces)
        challenge.text = []
    return challenge
