"""Challenges told in running text."""

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading
from django_prodev.documents.overview.challenges.resolutions import tells_resolution, where_resolved
from django_prodev.documents.overview.headings import Role
from django_prodev.documents.overview.inline import plain, sentences
from django_prodev.documents.overview.nodes import Marker, Node, render
from django_prodev.documents.vocabulary import Vocabulary, tokens

# A paragraph of so few words opens no challenge by its first word alone.
_SHORT = 12


def read_prose(nodes: list[Node], context: Context) -> Reading | None:
    """Paragraphs as challenges: each that speaks of a difficulty opens one, and the others go on with it."""
    lines = [node for node in nodes if node.marker is Marker.LINE and node.lines]
    told_so = sum(_is_story(node, context) for node in lines)
    stories = told_so == len(lines) or (len(lines) > 2 and told_so * 3 >= len(lines) * 2)
    told: list[list[Line]] = []
    for node in nodes:
        is_line = node.marker is Marker.LINE
        if is_line and not told and len(lines) > 1 and plain(node.text).endswith(":"):
            continue
        if is_line and (not told or stories or _speaks(node, context) or _opens(node, context)):
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


def read_stories(nodes: list[Node], context: Context) -> Reading | None:
    """Paragraphs that stand under no announcement, where the writer calls something hard and says what they did."""
    told = [
        node.lines
        for node in nodes
        if node.marker is Marker.LINE and not node.children and _is_own_story(node, context.vocabulary)
    ]
    if not told:
        return None
    challenges = [_divided(lines, context) for lines in told]
    return Reading("prose", 0.36, challenges, why="a paragraph calls something hard and says what its writer did")


def _is_own_story(node: Node, vocabulary: Vocabulary) -> bool:
    opening, *rest = sentences(" ".join(line.text for line in node.lines)) or [""]
    said = [tokens(sentence) for sentence in rest]
    is_called_hard = any(value == Role.CHALLENGE for _, _, value in vocabulary.headings.find(tokens(opening)))
    return is_called_hard and any(
        not vocabulary.first_person.isdisjoint(words) and tells_resolution(sentence, vocabulary, surely=True)
        for words, sentence in zip(said, rest, strict=True)
    )


def _is_story(node: Node, context: Context) -> bool:
    """Whether a paragraph tells of a challenge and of its end."""
    return len(sentences(" ".join(line.text for line in node.lines))) > 1 and tells_resolution(
        node.text, context.vocabulary
    )


def _opens(node: Node, context: Context) -> bool:
    """Whether a paragraph begins as one of several do ("Then there was …")."""
    words = tokens(node.text)[:6]
    openings = context.vocabulary.sequence_openings.find(words)
    return len(node.text.split()) > _SHORT and any(at == 0 for at, _, _ in openings)


def _speaks(node: Node, context: Context) -> bool:
    return len(node.text.split()) > 6 and context.vocabulary.difficulty_cues.has(tokens(sentences(node.text)[0]))


def _divided(lines: list[Line], context: Context) -> Challenge:
    pieces = [Line(line.number, sentence) for line in lines for sentence in sentences(line.text)]
    done = where_resolved([piece.text for piece in pieces[1:]], context.vocabulary)
    if done is not None:
        return Challenge(pieces[:1], pieces[1 : done + 1], pieces[done + 1 :])
    challenge = Challenge(pieces[:1], pieces[1:])
    if pieces and tells_resolution(pieces[0].text, context.vocabulary):
        challenge.solution = list(pieces)
        challenge.text = []
    return challenge
