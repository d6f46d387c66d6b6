"""YAML text to values that know their lines: the part of YAML 1.2 that means the same as JSON.

Built on the parser's events rather than on ``yaml.load``: no tag is honoured, no alias is followed (so nothing can be
multiplied), nesting is bounded, and words such as ``no`` or ``2026-01-01`` stay text.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from django_prodev.documents.curriculum.tree import MAX_DEPTH, Counter, Table, shown, too_deep, twice
from django_prodev.documents.records import Lines
from django_prodev.exceptions import DocumentError

# Only what YAML 1.1 and 1.2 both read as a number, so that files mean the same to every tool that wrote them.
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(text: str) -> Any:
    """The value that a YAML text holds.

    Raises ``DocumentError`` with the line for what is not YAML, for aliases, tags, keys that are no text or stand
    twice, more than one document, nesting over ``MAX_DEPTH``, and more than ``MAX_VALUES`` values.
    """
    try:
        return _Composer(yaml.parse(text, Loader=_Loader)).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f", line {mark.line + 1}" if mark else ""
        if "nesting depth" in str(error.problem):  # the parser has a bound of its own, and looks ahead
            raise too_deep(mark.line + 1 if mark else 1) from error
        problem = " ".join(str(error.problem or error.context or "it cannot be parsed").split())
        raise DocumentError(f"Not valid YAML{where}: {problem}.") from error
    except yaml.YAMLError as error:
        reason = str(getattr(error, "reason", "")) or "it cannot be parsed"
        raise DocumentError(f"Not valid YAML: {shown(reason)}.") from error


class _Composer:
    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.counter = Counter()
        self.last_line = 1

    def next(self) -> Any:
        event = next(self.events)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise DocumentError(f"Line {line}: anchors and aliases (& and *) are not read; write the value out.")
        if getattr(event, "tag", None) not in {None, "!"}:
            raise DocumentError(f"Line {line}: tags ({shown(event.tag)}) are not read.")
        return event

    def document(self) -> Any:
        self.next()  # the start of the stream
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        value = self.value(self.next(), 0)
        self.next()  # the end of the document
        following = self.next()
        if not isinstance(following, yaml.StreamEndEvent):
            raise DocumentError(f"Line {following.start_mark.line + 1}: a second document begins; one is read.")
        return value

    def value(self, event: Any, depth: int) -> Any:
        self.counter.count()
        if isinstance(event, yaml.ScalarEvent):
            self.last_line = _end_line(event)
            return self.scalar(event)
        if depth >= MAX_DEPTH:
            raise too_deep(event.start_mark.line + 1)
        if isinstance(event, yaml.SequenceStartEvent):
            items = []
            while not isinstance(inner := self.next(), yaml.SequenceEndEvent):
                items.append(self.value(inner, depth + 1))
            self.close(event, inner)
            return items
        return self.mapping(event, depth)

    def mapping(self, event: Any, depth: int) -> Table:
        table = Table()
        key_lines: dict[str, Lines] = {}
        start = event.start_mark.line + 1
        while not isinstance(inner := self.next(), yaml.MappingEndEvent):
            line = inner.start_mark.line + 1
            if not isinstance(inner, yaml.ScalarEvent):
                raise DocumentError(f"Line {line}: a key must be text, not a list or a mapping.")
            if inner.value in table:
                raise twice(inner.value, line)
            table[inner.value] = self.value(self.next(), depth + 1)
            key_lines[inner.value] = Lines(line, max(line, self.last_line))
        self.close(event, inner)
        table.lines = Lines(start, max(start, self.last_line))
        table.key_lines = key_lines
        return table

    def close(self, opening: Any, closing: Any) -> None:
        """Note the line on which a list or mapping ends; without brackets it ends with the last thing in it."""
        if opening.flow_style:
            self.last_line = _end_line(closing)

    def scalar(self, event: Any) -> Any:
        text = str(event.value)
        if not event.implicit[0]:  # quoted, or a block of text
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _WHOLE.fullmatch(text):
            return int(text)
        return float(text) if _DECIMAL.fullmatch(text) else text


def _end_line(event: Any) -> int:
    end = event.end_mark
    if getattr(event, "style", None) == "|":
        # The end mark of a block of text lies behind the blank lines that follow it.
        return int(event.start_mark.line) + 2 + str(event.value).rstrip("\n").count("\n")
    return int(end.line) + (1 if end.column else 0) if end.line > event.start_mark.line else int(end.line) + 1
