"""Whether a text tells what was done about a challenge, or that nothing was found yet. No shape is known here."""

from collections.abc import Iterable, Sequence

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.vocabulary import Phrase, Vocabulary, tokens

# "I then also wrote": between who did and what was done stand at most so many words.
_BETWEEN = 2
_LONGEST_UNSOLVED = 8


def tells_resolution(text: str, vocabulary: Vocabulary, *, surely: bool = False) -> bool:
    """Whether a text tells of something done. With ``surely``, a word like "using" is not enough."""
    words = tokens(text)
    weak = vocabulary.weak_resolution_cues.by_phrase if surely else {}
    cues = vocabulary.resolution_cues.find(words)
    return any(words[at : at + length] not in weak for at, length, _ in cues) or _tells_deed(words, vocabulary)


def where_resolved(pieces: Sequence[str], vocabulary: Vocabulary) -> int | None:
    """Which sentence is the first of a solution, or ``None`` where none tells of one.

    "The client asked again, and we booked it twice" only goes on with the story where a clearer sentence follows.
    """
    told = [at for at, piece in enumerate(pieces) if tells_resolution(piece, vocabulary)]
    return next((at for at in told if _is_clear(tokens(pieces[at]), vocabulary)), told[0] if told else None)


def _is_clear(words: Phrase, vocabulary: Vocabulary) -> bool:
    return vocabulary.resolution_cues.has(words) or words[0] in vocabulary.first_person


def _tells_deed(words: Phrase, vocabulary: Vocabulary) -> bool:
    """Whether somebody says "I" and what they did."""
    for at, word in enumerate(words):
        if word not in vocabulary.first_person:
            continue
        for following in words[at + 1 : at + 2 + _BETWEEN]:
            if following in vocabulary.misfortunes:
                break
            if _is_deed(following, vocabulary):
                return True
    return False


def _is_deed(word: str, vocabulary: Vocabulary) -> bool:
    return any(
        word.endswith(ending[1:]) and len(word) > len(ending) if ending.startswith("-") else word == ending
        for ending in vocabulary.deed_endings
    )


def is_unsolved(lines: Iterable[Line], vocabulary: Vocabulary) -> bool:
    """Whether what stands as a solution says that there is none."""
    words = tokens(" ".join(line.text for line in lines))
    if not words or len(words) > _LONGEST_UNSOLVED:
        return False
    return any(at == 0 and (length > 1 or length == len(words)) for at, length, _ in vocabulary.unsolved.find(words))
