"""What is said under titles without labels: how much of it is about the challenge, and from where on about its end."""

from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading
from django_prodev.documents.overview.challenges.resolutions import tells_resolution, where_resolved
from django_prodev.documents.overview.inline import sentences

ARROWS = ("→", "➡", "⇒", "➜", "➔", "->", "=>", "✅", "✔", "💡")


@dataclass(slots=True)
class Unit:
    title: list[Line]
    body: list[Line]
    has_lead: bool
    solution: list[Line] = field(default_factory=list)


def read_units(units: list[Unit], name: str, confidence: float, context: Context) -> Reading:
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


def _goes_on(unit: Unit) -> bool:
    """Whether more than one sentence is said under a title: what was hard, and what came of it."""
    return len(_sentences(unit.body)) > 1


def _tells_resolution(lines: list[Line], context: Context) -> bool:
    if lines and lines[0].text.lstrip().startswith(ARROWS):
        return True
    return tells_resolution(" ".join(line.text for line in lines), context.vocabulary)


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
        if at and _tells_resolution([piece], context):
            challenge.title, challenge.solution = pieces[:at], pieces[at:]
            return
    challenge.solution = list(challenge.title)
