"""What a heading announces: its roles, by the words in it. Where headings are found is decided elsewhere."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from django_prodev.documents.overview.inline import plain
from django_prodev.documents.overview.labels import read_label
from django_prodev.documents.vocabulary import Phrase, Vocabulary, tokens


class Role(StrEnum):
    """What a section holds."""

    CHALLENGE = "challenge"
    SOLUTION = "solution"
    TECHNOLOGY = "technology"
    CONCEPT = "concept"
    PRACTICE = "practice"
    TAKEAWAY = "takeaway"
    LEARNING = "learning"
    PROJECT = "project"
    OVERVIEW = "overview"
    INTRODUCTION = "introduction"
    CONCLUSION = "conclusion"
    OBJECTIVE = "objective"
    FEATURE = "feature"
    SETUP = "setup"
    STRUCTURE = "structure"
    META = "meta"
    COLLABORATION = "collaboration"
    EXERCISE = "exercise"
    FUTURE = "future"


PAIRED = frozenset({Role.CHALLENGE, Role.SOLUTION})
TAUGHT = frozenset({Role.TECHNOLOGY, Role.CONCEPT, Role.PRACTICE, Role.TAKEAWAY})
RECORDED = PAIRED | TAUGHT | {Role.LEARNING, Role.PROJECT, Role.OVERVIEW, Role.INTRODUCTION, Role.CONCLUSION}

LONGEST = 14

_JOINING_SIGN = re.compile(r"[&+/,]|[-=]>|[→⇒➜➡]")
_LONGEST_COUPLED = 6
_LONGEST_TEXT = 600


@dataclass(frozen=True, slots=True)
class Announcement:
    """The roles of a heading, first the weightiest.

    ``whole`` says that no word of it is about anything else, ``strong`` that the first role is announced by a word
    that hardly stands in ordinary lines, ``labelled`` that it is one challenge or solution by its label, ``leads``
    that a strong word in the plural comes first, as in "Takeaways from a long year".
    """

    roles: tuple[Role, ...] = ()
    whole: bool = False
    labelled: bool = False
    strong: bool = False
    leads: bool = False


NOTHING = Announcement()


def announce(text: str, vocabulary: Vocabulary) -> Announcement:
    """What a heading's text announces."""
    # No heading is longer; this also bounds what is kept.
    return _announced(text, vocabulary) if len(text) <= _LONGEST_TEXT else NOTHING


@lru_cache(maxsize=4096)
def _announced(text: str, vocabulary: Vocabulary) -> Announcement:
    words = vocabulary.spelling.correct(tokens(plain(text)))
    if not words or len(words) > LONGEST:
        return NOTHING
    label = read_label(text, vocabulary)
    lead = words[: len(words) - len(tokens(label.rest))] if label is not None else words
    plural = any(word.endswith("s") for word in lead)
    # "A: Tools" is the first of several sections, not an answer.
    is_named = label is not None and len(label.word) > 1
    if label is not None and is_named and label.role in PAIRED and (label.numbered or (label.rest and not plural)):
        return Announcement(labelled=True)
    matches = list(vocabulary.headings.find(words))
    if not matches:
        return NOTHING
    if _couples(text, vocabulary):
        return Announcement((Role.CHALLENGE, Role.SOLUTION), strong=True)
    covered = {at for start, length, _ in matches for at in range(start, start + length)}
    whole = all(at in covered or word in vocabulary.heading_fillers or word.isdigit() for at, word in enumerate(words))
    weak = vocabulary.weak_headings.by_phrase
    leading = next((at for at, word in enumerate(words) if at in covered or word not in vocabulary.heading_fillers), 0)
    if not whole:
        # "Tools" announces technologies; "tools of the trade" need not.
        matches = [match for match in matches if words[match[0] : match[0] + match[1]] not in weak]
    found = [(Role(value), start == leading or start + length == len(words)) for start, length, value in matches]
    named = [words[start : start + length] for start, length, value in matches if value == Role.CHALLENGE]
    if any(_ends_well(phrase, vocabulary) for phrase in named):
        found.append((Role.SOLUTION, False))
    roles = _resolve(found, whole)
    strong = any(
        value == roles[0] and words[start : start + length] not in weak for start, length, value in matches if roles
    )
    leads = any(
        start == leading and roles and value == roles[0] and words[start + length - 1].endswith("s")
        for start, length, value in matches
        if words[start : start + length] not in weak
    )
    return Announcement(roles, whole, strong=strong, leads=leads)


def _ends_well(phrase: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether a phrase for challenges speaks of solutions too ("problems we solved")."""
    return any(vocabulary.headings.by_phrase.get((word,)) == Role.SOLUTION for word in phrase)


def _couples(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a heading couples something with solutions ("Snags and how I fixed them"): then that is challenges."""
    words = vocabulary.spelling.correct(tokens(_JOINING_SIGN.sub(" and ", plain(text))))
    at = max((at for at, word in enumerate(words) if word in vocabulary.joiners), default=0)
    before, after = words[:at], words[at + 1 :]
    if not 0 < len(before) <= _LONGEST_COUPLED or vocabulary.headings.has(before):
        return False
    found = list(vocabulary.headings.find(after))
    covered = {place for start, length, _ in found for place in range(start, start + length)}
    return (
        {value for _, _, value in found} == {Role.SOLUTION}
        and all(place in covered or word in vocabulary.heading_fillers for place, word in enumerate(after))
        and not all(word in vocabulary.heading_fillers for word in before)
    )


def _resolve(found: list[tuple[Role, bool]], whole: bool) -> tuple[Role, ...]:
    roles = tuple(dict.fromkeys(role for role, _ in found))
    others = tuple(role for role in roles if role in TAUGHT)
    if Role.CHALLENGE in roles:
        paired = tuple(role for role in (Role.CHALLENGE, Role.SOLUTION) if role in roles)
        return paired + tuple(role for role in others if role in {Role.PRACTICE, Role.TAKEAWAY})
    if Role.SOLUTION in roles and whole:
        return (Role.SOLUTION,)
    if others:
        return others
    if Role.LEARNING in roles:
        outside = [role for role in roles if role in {Role.META, Role.FEATURE, Role.SETUP, Role.FUTURE, Role.STRUCTURE}]
        return tuple(outside[:1]) or (Role.LEARNING,)
    edges = [role for role, at_edge in found if role is not Role.SOLUTION and (at_edge or whole)]
    return tuple(edges[:1])
