"""Whether a text tells what was done about a challenge, or that nothing was found yet. No shape is known here."""

import re
from collections.abc import Iterable, Sequence
from itertools import takewhile

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.vocabulary import Phrase, Vocabulary, tokens

# "I then also wrote": between who did and what was done stand at most so many words.
_BETWEEN = 2
_LONGEST_UNSOLVED = 8
_LONGEST_IN_SUCH_WORDS = 5
_LONGEST_STILL_OPEN = 18
_LABELLED = re.compile(r"\*\*[^*:]{1,60}:\*\*\s")

# "And I drew", "so I moved it": Arabic joins the word to the deed, and the deed tells who did it.
_ARABIC_DEED = re.compile("[فو][\u0621-\u064a]{2,}(?<!ا)ت(?:ه|ها|هم|هن)?")


def tells_resolution(text: str, vocabulary: Vocabulary, *, surely: bool = False) -> bool:
    """Whether a text tells of something done. With ``surely``, a word like "using" is not enough."""
    words = tokens(text)
    return _has_cue(words, vocabulary, surely=surely) or _tells_deed(words, vocabulary)


def has_sure_cue(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text tells of an end in words for that; that somebody did something is not enough."""
    return _has_cue(tokens(text), vocabulary, surely=True)


def _has_cue(words: Phrase, vocabulary: Vocabulary, *, surely: bool) -> bool:
    weak = vocabulary.weak_resolution_cues.by_phrase if surely else {}
    denied = vocabulary.negations
    cues = vocabulary.resolution_cues.find(words)
    return any(words[at : at + length] not in weak and not (at and words[at - 1] in denied) for at, length, _ in cues)


def opens_with_deed(sentence: str, vocabulary: Vocabulary) -> bool:
    """Whether a sentence begins with what was done: "Moved it to the worker", "Added a limit"."""
    words = tokens(sentence)
    return bool(words) and _is_deed(words[0], vocabulary)


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
            if "؀" <= word[0] <= "ۿ" and _ARABIC_DEED.fullmatch(word) and word not in vocabulary.misfortunes:
                return True
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
    """Whether what stands as a solution says that there is none, whatever another label adds to it."""
    own = takewhile(lambda line: not _LABELLED.match(line.text), lines)
    words = tokens(" ".join(line.text for line in own))
    if words and len(words) <= _LONGEST_UNSOLVED:
        found = list(vocabulary.unsolved.find(words))
        if any(at == 0 and (length > 1 or length == len(words)) for at, length, _ in found):
            return True
        # "Nothing at all so far" is said in the words of "nothing" and "none so far".
        says_so = not vocabulary.unsolved_openings.isdisjoint(words[:1]) and vocabulary.unsolved_words.issuperset(words)
        if says_so and len(words) <= _LONGEST_IN_SUCH_WORDS:
            return True
    return 0 < len(words) <= _LONGEST_STILL_OPEN and vocabulary.still_open.has(words)
