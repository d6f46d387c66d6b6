"""Headings without marks that stand right under a list, where Markdown would take them for the end of its last item.

They are set apart before the blocks are parsed; which lines head a section is for the vocabulary to say.
"""

import re

from django_prodev.documents.overview.headings import announce
from django_prodev.documents.overview.inline import bold_line, plain
from django_prodev.documents.overview.labels import read_label
from django_prodev.documents.vocabulary import Vocabulary

# A heading of the lowest level may stand right under a list; the parser gives it back as a paragraph.
APART = "###### "

_LIST_MARK = re.compile(r"^\s*(?:[-*+]|\d{1,3}[.)])\s+\S")
_FENCE = re.compile(r"^ {0,3}(?:`{3,}|~{3,})")
_LONGEST = 120
_LONGEST_PLAIN = 6
_LONGEST_ABOVE = 40
_ENDS = frozenset(".!?…")


def set_apart(lines: list[str], vocabulary: Vocabulary) -> tuple[list[str], frozenset[int]]:
    """The lines with such headings set apart, and their numbers, from 1."""
    out = list(lines)
    apart: set[int] = set()
    in_list = in_fence = False
    for at, line in enumerate(lines):
        if _FENCE.match(line):
            in_fence = not in_fence
        if in_fence or not line.strip():
            in_list = False
        elif _LIST_MARK.match(line):
            in_list = True
        elif in_list and not line[0].isspace() and len(line) <= _LONGEST and _heads(line, lines[at - 1], vocabulary):
            out[at] = APART + line
            apart.add(at + 1)
            in_list = False
    return out, frozenset(apart)


def _heads(line: str, above: str, vocabulary: Vocabulary) -> bool:
    if line[0] in "#>|`<[" or "](" in line:
        return False
    label = read_label(line, vocabulary)
    if label is not None and (label.rest or label.role != "outcome") and not _is_plural(label.name):
        return False
    if bold_line(line) is not None:
        return True
    if line[0].islower() or (len(above.strip()) > _LONGEST_ABOVE and above.rstrip()[-1:] not in _ENDS):
        # A sentence that was wrapped goes on.
        return False
    found = announce(line, vocabulary)
    words = plain(line)
    return found.whole and found.strong and len(words.split()) <= _LONGEST_PLAIN and words[-1:] not in ".,;!?"


def _is_plural(name: str) -> bool:
    return any(word.endswith("s") for word in name.casefold().split())
