"""What a shape reader gives back, and what it is given. No shape is known here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.resolutions import is_unsolved
from django_prodev.documents.overview.inline import is_placeholder
from django_prodev.documents.records import Considered
from django_prodev.documents.vocabulary import Vocabulary

_WORD = re.compile(r"[^\W_]")


@dataclass(slots=True)
class Challenge:
    """A challenge as read: its title, the text about it, and its solution, each as source lines."""

    title: list[Line] = field(default_factory=list)
    text: list[Line] = field(default_factory=list)
    solution: list[Line] = field(default_factory=list)

    @property
    def is_solved(self) -> bool:
        """Whether a solution was told."""
        return any(line.text.strip() for line in self.solution)


@dataclass(frozen=True, slots=True)
class Context:
    """The section's surroundings: the words, and whether its heading speaks of solutions too.

    ``chosen`` has the readers that a person chose, by the line that a section begins at.
    """

    vocabulary: Vocabulary
    tells_solutions: bool
    chosen: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """The challenges that one shape reader sees, its name, how sure it is from 0 to 1, and why.

    ``section`` and ``considered`` are filled by the choice between readings: the line that the section begins at, and
    what each reader saw, the one that was taken first.
    """

    reader: str
    confidence: float
    challenges: list[Challenge]
    placeholders: list[Line] = field(default_factory=list)
    why: str = ""
    section: int = 0
    considered: tuple[Considered, ...] = ()
    is_chosen: bool = False
    """Whether a person chose it: then it is taken as it is."""

    @property
    def solved(self) -> int:
        """How many of the challenges have a solution."""
        return sum(challenge.is_solved for challenge in self.challenges)


def words_in(lines: Iterable[Line]) -> int:
    """How many words stand in these lines."""
    return sum(len(line.text.split()) for line in lines)


def without_placeholders(reading: Reading, vocabulary: Vocabulary) -> Reading:
    """The reading without places that were never filled in, and without solutions that say there is none."""
    kept: list[Challenge] = []
    for challenge in reading.challenges:
        for name in ("title", "text", "solution"):
            lines: list[Line] = getattr(challenge, name)
            text = "\n".join(line.text for line in lines)
            if lines and is_placeholder(text, vocabulary):
                reading.placeholders.extend(lines)
                setattr(challenge, name, [])
            elif not _WORD.search(text):
                setattr(challenge, name, [])
        if challenge.solution and is_unsolved(challenge.solution, vocabulary):
            challenge.text, challenge.solution = [*challenge.text, *challenge.solution], []
        if challenge.title or challenge.text:
            kept.append(challenge)
        else:
            reading.placeholders.extend(challenge.solution)
    reading.challenges = kept
    return reading
