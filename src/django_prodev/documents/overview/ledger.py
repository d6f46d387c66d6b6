"""Every word of the source is accounted for: what no record holds is reported as left out, with lines and a reason.

The ledger knows lines and words only, nothing of headings or shapes.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import groupby

from django_prodev.documents.records import LeftOut, Lines

WORD = re.compile(r"[^\W_]+")

DEFAULT_REASON = "stands in no section that is about learning"
AROUND_REASON = "headings, labels and numbers around the records"


class Ledger:
    """The words of a source, and which of them a record holds."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        # Where each word begins and ends in its line; arrays, for there may be a million.
        self.begins = array("I")
        self.ends = array("I")
        self.positions: dict[str, array[int]] = {}
        self.starts = array("I")
        self.reasons: list[str | None] = [None] * len(lines)
        for line in lines:
            self.starts.append(len(self.begins))
            for match in WORD.finditer(line):
                found = self.positions.get(match[0])
                if found is None:
                    found = self.positions[match[0]] = array("I")
                found.append(len(self.begins))
                self.begins.append(match.start())
                self.ends.append(match.end())
        self.starts.append(len(self.begins))
        self.claimed = bytearray(len(self.begins))
        # For each occurrence of a word, where to look for the next one that is open.
        self.skips: dict[str, array[int]] = {}
        self.runs: list[int] | None = None

    def claim(self, text: str, first: int, last: int) -> None:
        """Mark the words of a record's text as held, looking for them in order in lines ``first`` to ``last``."""
        start, end = self.starts[first - 1], self.starts[min(last, len(self.lines))]
        at = start
        for match in WORD.finditer(text):
            found = self._next(match[0], at, end)
            if found is None and at != start:
                found = self._next(match[0], start, end)
            if found is not None:
                self.claimed[found] = 1
                at = found + 1

    def _next(self, word: str, start: int, end: int) -> int | None:
        positions = self.positions.get(word)
        if not positions:
            return None
        index = self._open(word, bisect_left(positions, start))
        if index >= len(positions) or positions[index] >= end:
            return None
        self.skips[word][index] = index + 1
        return positions[index]

    def _open(self, word: str, index: int) -> int:
        """The first occurrence of a word, from ``index`` on, that is not claimed; paths are halved on the way."""
        skips = self.skips.get(word)
        if skips is None:
            skips = self.skips[word] = array("I", range(len(self.positions[word]) + 1))
        while skips[index] != index:
            skips[index] = skips[skips[index]]
            index = skips[index]
        return index

    def give_reason(self, first: int, last: int, reason: str) -> None:
        """Say why lines ``first`` to ``last`` are left out, should they be; a later reason replaces an earlier."""
        for index in range(first - 1, min(last, len(self.lines))):
            self.reasons[index] = reason

    def left_out(self) -> list[LeftOut]:
        """The words that no record holds, in pieces of neighbouring lines with one reason each."""
        pieces = [piece for number in range(len(self.lines)) if (piece := self._left_of(number)) is not None]
        out: list[LeftOut] = []
        for _, group in groupby(pieces, key=lambda piece: (piece[2], piece[3], self._run_of(piece[0]))):
            found = list(group)
            text = "\n".join(text for _, text, _, _ in found)
            out.append(LeftOut(Lines(found[0][0], found[-1][0]), text, found[0][2]))
        return out

    def _run_of(self, number: int) -> int:
        """Which run of neighbouring lines a line with open words is in: a line whose words are all held ends one."""
        if self.runs is None:
            self.runs = []
            run = 0
            for at in range(len(self.lines)):
                start, end = self.starts[at], self.starts[at + 1]
                run += start < end and all(self.claimed[start:end])
                self.runs.append(run)
        return self.runs[number - 1]

    def _left_of(self, number: int) -> tuple[int, str, str, int] | None:
        start, end = self.starts[number], self.starts[number + 1]
        open_words = [at for at in range(start, end) if not self.claimed[at]]
        if not open_words:
            return None
        line = self.lines[number]
        reason = self.reasons[number] or DEFAULT_REASON
        if len(open_words) == end - start:
            return number + 1, line.strip(), reason, 0
        runs = _runs(open_words)
        text = " … ".join(line[self._begin(run[0], start) : self._finish(run[-1], end, line)].strip() for run in runs)
        return number + 1, text, AROUND_REASON, 1

    def _begin(self, at: int, start: int) -> int:
        return self.ends[at - 1] if at > start else 0

    def _finish(self, at: int, end: int, line: str) -> int:
        return self.begins[at + 1] if at + 1 < end else len(line)


def _runs(numbers: Iterable[int]) -> list[list[int]]:
    out: list[list[int]] = []
    for number in numbers:
        if out and out[-1][-1] == number - 1:
            out[-1].append(number)
        else:
            out.append([number])
    return out


def accounted(source: str, texts: Iterable[str]) -> dict[str, int]:
    """The words of a source that do not stand in these texts, with how often each is missing."""
    missing: dict[str, int] = {}
    for match in WORD.finditer(source):
        missing[match[0]] = missing.get(match[0], 0) + 1
    for text in texts:
        for match in WORD.finditer(text):
            if match[0] in missing:
                missing[match[0]] -= 1
    return {word: count for word, count in missing.items() if count > 0}
