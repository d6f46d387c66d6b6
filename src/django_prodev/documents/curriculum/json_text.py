"""JSON text to values that know their lines. Stricter than ``json``: no duplicate key, no NaN, no deep nesting."""

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder
from typing import Any, NoReturn

from django_prodev.documents.curriculum.tree import MAX_DEPTH, Counter, Table, too_deep, twice
from django_prodev.documents.records import Lines
from django_prodev.exceptions import DocumentError

_SPACE = re.compile(r"[ \t\r\n]*")
_NEWLINE = re.compile(r"\n")


def parse_json(text: str) -> Any:
    """The value that a JSON text (RFC 8259) holds.

    Raises ``DocumentError`` with the line for what is not JSON, a key given twice, nesting over ``MAX_DEPTH``,
    and more than ``MAX_VALUES`` values.
    """
    return _Parser(text).document()


class _Parser:
    """Scalars are left to the standard decoder; lists and mappings are walked here, which bounds their depth."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.newlines = [match.start() for match in _NEWLINE.finditer(text)]
        self.counter = Counter()
        self.decoder = JSONDecoder(parse_constant=self.refuse_constant)

    def document(self) -> Any:
        value = self.value(0)
        self.skip()
        if self.at < len(self.text):
            self.fail("there is text after the end of the document")
        return value

    def line(self, offset: int) -> int:
        return bisect_right(self.newlines, offset - 1) + 1

    def fail(self, what: str) -> NoReturn:
        raise DocumentError(f"Not valid JSON, line {self.line(self.at)}: {what}.")

    def refuse_constant(self, name: str) -> NoReturn:
        self.fail(f"{name} is not a JSON number")

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match:
            self.at = match.end()

    def peek(self) -> str:
        self.skip()
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Any:
        self.counter.count()
        mark = self.peek()
        if mark in {"{", "["} and depth >= MAX_DEPTH:
            raise too_deep(self.line(self.at))
        if mark == "{":
            return self.mapping(depth)
        if mark == "[":
            return self.list(depth)
        return self.scalar()

    def scalar(self) -> Any:
        try:
            value, self.at = self.decoder.raw_decode(self.text, self.at)
        except JSONDecodeError as error:
            self.at = error.pos
            self.fail(error.msg[:1].lower() + error.msg[1:])
        except ValueError:
            self.fail("a number has too many digits")
        return value

    def list(self, depth: int) -> list[Any]:
        items: list[Any] = []
        self.at += 1
        if self.peek() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value(depth + 1))
            if self.follows("]"):
                return items

    def mapping(self, depth: int) -> Table:
        table = Table()
        key_lines: dict[str, Lines] = {}
        start = self.line(self.at)
        self.at += 1
        if self.peek() == "}":
            self.at += 1
        else:
            self.members(table, key_lines, depth)
        table.lines = Lines(start, self.line(self.at - 1))
        table.key_lines = key_lines
        return table

    def members(self, table: Table, key_lines: dict[str, Lines], depth: int) -> None:
        while True:
            if self.peek() != '"':
                self.fail("a key in double quotes is expected")
            line = self.line(self.at)
            key = self.scalar()
            if key in table:
                raise twice(key, line)
            if self.peek() != ":":
                self.fail("a colon is expected after a key")
            self.at += 1
            table[key] = self.value(depth + 1)
            key_lines[key] = Lines(line, self.line(self.at - 1))
            if self.follows("}"):
                return

    def follows(self, closing: str) -> bool:
        """Step over a comma or the closing mark; tell whether it was the latter."""
        mark = self.peek()
        if mark not in {",", closing} or not mark:
            self.fail(f"a comma or {closing} is expected")
        self.at += 1
        return mark == closing
