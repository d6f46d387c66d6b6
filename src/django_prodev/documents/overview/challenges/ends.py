"""What is said under titles without labels: how much of it is about the challenge, and from where on about its end.

The titles of a section are looked at together: people tell of one end as they tell of the others.
"""

from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading
from django_prodev.documents.overview.challenges.resolutions import opens_with_deed, tells_resolution, where_resolved
from django_prodev.documents.overview.inline import sentences

ARROWS = ("→", "➡", "⇒", "➜", "➔", "->", "=>", "✅", "✔", "💡")


@dataclass(slots=True)
class Unit:
    """A title and what is said under it; ``is_nested`` says that some of that is a list below an item."""

    title: list[Line]
    body: list[Line]
    has_lead: bool
    solution: list[Line] = field(default_factory=list)
    is_nested: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether more than one sentence is said: what was hard, and what came of it."""
        return len(_sentences(self.body)) > 1


@dataclass(frozen=True, slots=True)
class _Manner:
    """How the units of a section tell of ends.

    ``by_body``: what stands under a title is its end. ``by_length``: what follows the first sentence is.
    ``by_nesting``: the list below an item is. ``only_at_length``: whatever tells of an end takes more than one
    sentence, so that a lone one only says what was hard.
    """

    by_body: bool
    by_length: bool
    by_nesting: bool
    only_at_length: bool

    @classmethod
    def of(cls, units: list[Unit], told: list[bool], context: Context) -> "_Manner":
        by_body = context.tells_solutions or sum(told) * 2 >= len(told)
        most = len(units) * 2
        return cls(
            by_body=by_body,
            by_length=not by_body and any(told) and sum(unit.goes_on for unit in units) * 3 >= most,
            by_nesting=(context.tells_solutions or any(told)) and sum(unit.is_nested for unit in units) * 3 >= most,
            only_at_length=not context.tells_solutions
            and all(unit.goes_on for unit, resolved in zip(units, told, strict=True) if resolved),
        )


def read_units(units: list[Unit], name: str, confidence: float, context: Context) -> Reading:
    """The challenges that these titles name."""
    told = [_tells_resolution(unit.body or unit.title, context) for unit in units]
    manner = _Manner.of(units, told, context)
    challenges = [_challenge(unit, resolved, manner, context) for unit, resolved in zip(units, told, strict=True)]
    led = sum(1 for unit in units if unit.has_lead)
    why = f"{led} of {len(units)} have a title of their own; no label says what is a solution"
    return Reading(name, round(confidence - 0.2 * (1 - led / len(units)), 2), challenges, why=why)


def _challenge(unit: Unit, resolved: bool, manner: _Manner, context: Context) -> Challenge:
    challenge = Challenge(title=unit.title)
    if unit.solution:
        challenge.text, challenge.solution = unit.body, unit.solution
    elif not unit.body:
        # "Getting used to GraphQL" names a challenge; nothing is told of its end.
        deed = any(opens_with_deed(piece.text, context.vocabulary) for piece in _sentences(unit.title)[1:])
        if deed or (resolved and (context.tells_solutions or _tells_surely(unit.title, context))):
            _split_at_cue(challenge, context)
    elif manner.by_nesting and unit.is_nested:
        challenge.text, challenge.solution = _divide(unit.body, context)
    elif not resolved and not unit.goes_on and (manner.only_at_length or manner.by_nesting):
        challenge.text = unit.body
    elif manner.by_body or _tells_surely(unit.body, context):
        challenge.text, challenge.solution = _divide(unit.body, context)
    elif manner.by_length and unit.goes_on:
        pieces = _sentences(unit.body)
        challenge.text, challenge.solution = pieces[:1], pieces[1:]
    else:
        challenge.text = unit.body
    return challenge


def _tells_resolution(lines: list[Line], context: Context) -> bool:
    if lines and lines[0].text.lstrip().startswith(ARROWS):
        return True
    return tells_resolution(" ".join(line.text for line in lines), context.vocabulary)


def _tells_surely(lines: list[Line], context: Context) -> bool:
    return tells_resolution(" ".join(line.text for line in lines), context.vocabulary, surely=True)


def _divide(body: list[Line], context: Context) -> tuple[list[Line], list[Line]]:
    """What is told of the challenge, and from where on its solution is told."""
    if any(line.text.lstrip().startswith(("- ", "1. ", "```", "|")) for line in body):
        return [], body
    pieces = _sentences(body)
    pointed = next((at for at, piece in enumerate(pieces) if piece.text.lstrip().startswith(ARROWS)), len(pieces))
    told = where_resolved([piece.text for piece in pieces[:pointed]], context.vocabulary)
    done = pointed if told is None else told
    return (pieces[:done], pieces[done:]) if done < len(pieces) else ([], body)


def _sentences(lines: list[Line]) -> list[Line]:
    return [Line(line.number, sentence) for line in lines for sentence in sentences(line.text)]


def _split_at_cue(challenge: Challenge, context: Context) -> None:
    pieces = _sentences(challenge.title)
    for at, piece in enumerate(pieces):
        if at and (_tells_resolution([piece], context) or opens_with_deed(piece.text, context.vocabulary)):
            challenge.title, challenge.solution = pieces[:at], pieces[at:]
            return
    challenge.solution = list(challenge.title)
