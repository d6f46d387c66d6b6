"""Words as they were meant: what is one slip of the keyboard away from a known word is that word.

Which words are known is given by the caller. Short words are left alone: too many of them are one letter apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

# A word of seven letters may have one slip, but not another letter in place of one; a word of ten may have two.
_ONE_SLIP = 7
_ANOTHER_LETTER = 8
_TWO_SLIPS = 10


@dataclass(frozen=True, slots=True)
class Spelling:
    """Known words, found by what they become when letters are left out."""

    known: frozenset[str]
    by_deletion: dict[str, str] = field(repr=False)
    _seen: dict[str, str] = field(init=False, repr=False, compare=False, default_factory=dict)

    @classmethod
    def of(cls, targets: Iterable[str], known: Iterable[str]) -> "Spelling":
        """Correct towards ``targets``, and never a word that is among ``known``."""
        by_deletion: dict[str, str] = {}
        for word in sorted(set(targets)):
            if len(word) >= _ONE_SLIP:
                for form in _shortened(word, 2 if len(word) >= _TWO_SLIPS else 1):
                    by_deletion.setdefault(form, word)
        return cls(frozenset(known) | frozenset(targets), by_deletion)

    def correct(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words, each as it was meant."""
        if all(word in self.known or len(word) < _ONE_SLIP - 1 for word in words):
            return words
        return tuple(self._one(word) for word in words)

    def _one(self, word: str) -> str:
        if word in self.known or not _ONE_SLIP - 1 <= len(word) <= 2 * _TWO_SLIPS:
            return word
        meant = self._seen.get(word)
        if meant is None:
            meant = self._meant(word)
            if len(self._seen) < 4096:
                self._seen[word] = meant
        return meant

    def _meant(self, word: str) -> str:
        for form in _shortened(word, 2):
            found = self.by_deletion.get(form)
            if found is None or found[0] != word[0]:
                continue
            most = 2 if len(found) >= _TWO_SLIPS else 1
            is_swap = len(found) >= _ANOTHER_LETTER or len(word) != len(found) or sorted(word) == sorted(found)
            if is_swap and _slips(word, found) <= most:
                return found
        return word


def _shortened(word: str, letters: int) -> list[str]:
    """The word, and the word with up to so many of its letters left out, the longest first."""
    forms = {word: None}
    last = [word]
    for _ in range(letters):
        last = [form[:at] + form[at + 1 :] for form in last for at in range(len(form))]
        forms.update(dict.fromkeys(last))
    return list(forms)


def _slips(one: str, other: str) -> int:
    """How many letters are wrong, missing, too many or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        following = [at]
        for to, wanted in enumerate(other, start=1):
            cost = min(row[to] + 1, following[to - 1] + 1, row[to - 1] + (letter != wanted))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted:
                cost = min(cost, before[to - 2] + 1)
            following.append(cost)
        before, row = row, following
    return row[-1]
