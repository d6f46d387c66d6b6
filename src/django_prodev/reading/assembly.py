"""Plain rows into plain values, by a function made for the selection.

A tuple becomes a dict by one expression, written out as source and compiled once, the way ``dataclasses`` and
``namedtuple`` write their methods: a loop over fields in Python for each value costs several times the SQL. Nothing
of a request stands in the source: keys, constants and converters are passed in by name.
"""

from collections.abc import Callable
from functools import lru_cache
from types import CodeType
from typing import Any

from django_prodev.reading.statement import Row

Lookup = Callable[..., Any]
Build = Callable[..., Any]

NOTHING: list[Any] = []
"""The answer for a row with no rows under it. It is written out, never changed."""


class Assembler:
    """Collects the pieces of one statement's rows and makes the function that assembles them."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {"NOTHING": NOTHING}
        self._children = 0

    def _bind(self, value: Any) -> str:
        name = f"v{len(self._names)}"
        self._names[name] = value
        return name

    def constant(self, value: Any) -> str:
        return self._bind(value)

    def leaf(self, at: int, convert: Callable[[Any], Any] | None, nullable: bool) -> str:
        if convert is None:
            return f"r[{at}]"
        call = f"{self._bind(convert)}(r[{at}])"
        return f"(None if r[{at}] is None else {call})" if nullable else call

    def derived(self, at: list[int], derive: Callable[..., Any]) -> str:
        """A value that is made of several columns."""
        return f"{self._bind(derive)}({', '.join(f'r[{column}]' for column in at)})"

    def record(self, parts: list[tuple[str, str]], null_at: int | None = None) -> str:
        """A dict of keys and expressions; ``None`` where the column at ``null_at`` is null."""
        body = "{" + ", ".join(f"{self._bind(key)}: {expression}" for key, expression in parts) + "}"
        return body if null_at is None else f"(None if r[{null_at}] is None else {body})"

    def child(self, at: int, default: Any) -> str:
        """What hangs on the key in column ``at``: looked up in the answers of the next child statement."""
        name = f"c{self._children}"
        self._children += 1
        return f"{name}(r[{at}], {self._bind(default)})"

    def as_list(self, record: str) -> Build:
        """A function of ``(rows, *children)`` that gives the records in the order of the rows."""
        return self._compile(f"    return [{record} for r in rows]")

    def as_groups(self, record: str) -> Build:
        """The same, as a lookup of lists by the key in the first column."""
        return self._compile(
            "    found = {}\n"
            "    for r in rows:\n"
            "        key = r[0]\n"
            f"        value = {record}\n"
            "        if key in found:\n"
            "            found[key].append(value)\n"
            "        else:\n"
            "            found[key] = [value]\n"
            "    return found.get"
        )

    def as_index(self, record: str) -> Build:
        """The same, as a lookup of single records by the key in the first column."""
        return self._compile(f"    return {{r[0]: {record} for r in rows}}.get")

    def _compile(self, body: str) -> Build:
        children = "".join(f", c{number}" for number in range(self._children))
        source = f"def build(rows{children}):\n{body}\n"
        scope = dict(self._names)
        exec(_code(source), scope)  # noqa: S102  the source is made here alone
        build: Build = scope["build"]
        return build


@lru_cache(maxsize=1_024)
def _code(source: str) -> CodeType:
    """The source compiled: selections that differ in keys alone, as by an alias, have the same."""
    return compile(source, "<django_prodev.reading>", "exec")


def first_column(rows: list[Row], at: int) -> list[Any]:
    """The distinct values of a column, without nulls, in the order of the rows."""
    found = dict.fromkeys(row[at] for row in rows)
    found.pop(None, None)
    return list(found)
