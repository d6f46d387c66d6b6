"""Cells that a spreadsheet would run as formulas, made harmless and undone again.

By OWASP's advice on CSV injection (https://owasp.org/www-community/attacks/CSV_Injection): a single quote goes before
what begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end, at the start of a cell and wherever a cell would start
for somebody who splits the line at another delimiter or ignores quotes. The full-width forms count too. A text that
looks guarded already gets one more quote, so that taking one away from each place gives back every text exactly.
"""

import re

_SIGNS = r"[=+\-@＝＋－＠]"
_BLANKS = r"[ \u00a0\u3000]*"
_EDGES = r"[,;|\t\r\n\"]"

_DANGER = rf"(?:\A(?='*(?:[\t\r\n]|{_BLANKS}{_SIGNS}))|(?<={_EDGES})(?='*{_BLANKS}{_SIGNS}))"
_GUARD = rf"(?:\A'(?='*(?:[\t\r\n]|{_BLANKS}{_SIGNS}))|(?<={_EDGES})'(?='*{_BLANKS}{_SIGNS}))"

_IN_CSV = re.compile(_DANGER)
_GUARDED = re.compile(_GUARD)


def guard(text: str) -> str:
    """The text for a CSV cell: no part of it is a formula to any program that opens the file."""
    return _IN_CSV.sub("'", text)


def guard_look_alikes(text: str) -> str:
    """The text for a cell that is marked as text: only what ``unguard`` would take for a guard gets one."""
    return _GUARDED.sub("''", text)


def unguard(text: str) -> str:
    """The text that ``guard`` or ``guard_look_alikes`` was given."""
    return _GUARDED.sub("", text)
