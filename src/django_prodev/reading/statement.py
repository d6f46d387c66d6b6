"""One SQL statement, written by the ORM once and run many times."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

import orjson
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from django_prodev.reading.execution import fetch, fetch_prepared
from django_prodev.reading.slots import KeysSlot, LateralKey, NumberSlot, Slot, folded_name

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

LIMIT_MARK = "987654321"
"""The ORM writes ``LIMIT`` as a number; this one marks the place of the slot."""

_PARENTS = f"unnest(%s::bigint[]) AS {LateralKey.ALIAS}(key)"

_MOST_ARGUMENTS = 99
"""PostgreSQL gives a function at most a hundred arguments."""

_SAME_IN_JSON = (
    models.BooleanField,
    models.CharField,
    models.ForeignKey,
    models.IntegerField,
    models.JSONField,
    models.TextField,
    models.UUIDField,
)

_PLACES = re.compile("%[s%]")


@dataclass(frozen=True, slots=True)
class Statement:
    """Prepared SQL: its text, its parameters, and what must be done to columns that come back. UUIDs come as text.

    ``limit`` is written into the text when it is run, not passed: a planner that does not know how many rows are
    wanted keeps no plan.
    """

    alias: str
    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, Convert], ...] = ()
    limit: NumberSlot | None = None
    width: int = 0
    uuids: tuple[int, ...] = ()
    from_json: tuple[tuple[int, Convert], ...] | None = None

    @classmethod
    def prepare(cls, queryset: QuerySet[Any, Any], *, limit: NumberSlot | None = None) -> "Statement":
        """Let the ORM write the SQL of a ``values_list`` queryset, with an optional ``LIMIT`` slot."""
        query = queryset.query.clone()
        if limit is not None:
            query.set_limits(0, int(LIMIT_MARK))
        connection = connections[queryset.db]
        # A rule that hides everything must give a statement all the same: what is empty for one scope is not for all.
        compiler = query.get_compiler(queryset.db, elide_empty=False)
        sql, params = compiler.as_sql()
        if limit is not None and not sql.endswith(f"LIMIT {LIMIT_MARK}"):
            raise RuntimeError("The ORM did not end the statement with its LIMIT")  # on a database not supported
        if connection.vendor == "postgresql":
            sql, params = _with_constants(sql, params)
        columns = [column for column, _, _ in compiler.select[: compiler.col_count]]
        found = compiler.get_converters(columns)
        return cls(
            alias=queryset.db,
            sql=sql,
            params=tuple(params),
            converters=tuple(
                (position, _chain(functions, expression, connection))
                for position, (functions, expression) in found.items()
            ),
            limit=limit,
            width=len(columns),
            uuids=tuple(at for at, column in enumerate(columns) if isinstance(column.output_field, models.UUIDField)),
            from_json=_from_json([column.output_field for column in columns]),
        )

    def for_each_parent(self) -> "Statement":
        """Run this statement once for each parent key, in one go: PostgreSQL's ``LATERAL``.

        The statement compares its link with a ``LateralKey``, and selects it.
        """
        sql = f"SELECT prodev_rows.* FROM {_PARENTS} CROSS JOIN LATERAL ({self.sql}) AS prodev_rows"
        return replace(self, sql=sql, params=(KeysSlot(), *self.params))

    @property
    def can_be_folded(self) -> bool:
        """Whether JSON can carry the rows of this statement."""
        return self.from_json is not None and self.width <= _MOST_ARGUMENTS

    def with_folded(self, statements: "Sequence[Statement]", depth: int) -> "Statement":
        """This statement, with the rows of others that refer to each of its rows as further columns, in JSON."""
        name = folded_name(depth)
        cast = "" if depth else "::text"  # what is folded twice must not be quoted twice
        folded = ", ".join(f"({each._as_json()}){cast}" for each in statements)
        return replace(
            self,
            sql=f"SELECT {name}.*, {folded} FROM ({self.sql}) AS {name} ({_names(self.width)})",
            params=(*(param for each in statements for param in each.params), *self.params),
            limit=statements[0].limit,
            width=self.width + len(statements),
        )

    def _as_json(self) -> str:
        names = _names(self.width)
        return f"SELECT json_agg(json_build_array({names})) FROM ({self.sql}) AS prodev_folded ({names})"

    def unfold(self, cells: Iterable[Any]) -> list[Row]:
        """The rows of this statement that were folded into these cells."""
        rows: list[Any] = []
        for cell in cells:
            if cell is not None:
                rows += orjson.loads(cell) if isinstance(cell, str) else cell
        for at, convert in self.from_json or ():
            for row in rows:
                if row[at] is not None:
                    row[at] = convert(row[at])
        return rows

    def counted(self) -> "Statement":
        """Count the rows of this statement instead of fetching them."""
        return Statement(self.alias, f"SELECT COUNT(*) FROM ({self.sql}) AS prodev_counted", self.params)

    def of_keys(self, keys: "Statement", most: int) -> "Statement":
        """The rows of this statement for each of these keys, so many at most. It compares with a ``LateralKey``."""
        sql = (
            f"SELECT prodev_rows.* FROM ({keys.sql}) AS {LateralKey.ALIAS} (key) "
            f"CROSS JOIN LATERAL ({self.sql}) AS prodev_rows LIMIT {most}"
        )
        return replace(self, sql=sql, params=(*keys.params, *self.params))

    def counted_for_each_parent(self) -> "Statement":
        """Each parent's key, and how many rows this statement has for it."""
        count = f"(SELECT COUNT(*) FROM ({self.sql}) AS prodev_counted)"
        sql = f"SELECT {LateralKey.ALIAS}.key, {count} FROM {_PARENTS}"
        return Statement(self.alias, sql, (*self.params, KeysSlot()))

    @property
    def parts(self) -> "tuple[Statement, ...]":
        """This statement: a page may be made of two."""
        return (self,)

    def bind(self, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """The text and the parameters for these values."""
        connection = connections[self.alias]
        bound = [
            param.bind(values, connection) if isinstance(param, Slot | KeysSlot) else param for param in self.params
        ]
        if self.limit is None:
            return self.sql, bound
        return self.sql.replace(LIMIT_MARK, str(int(values[self.limit.name]))), bound

    def run(self, values: Mapping[str, Any]) -> list[Row]:
        """Bind the slots and fetch every row."""
        connection = connections[self.alias]
        sql, bound = self.bind(values)
        rows, converters = fetch_prepared(connection, sql, bound), self.converters
        if rows is None:
            rows, converters = fetch(connection, sql, bound), (*converters, *((at, _text) for at in self.uuids))
        if not converters or not rows:
            return rows
        columns: list[Any] = list(zip(*rows, strict=True))
        for position, convert in converters:
            columns[position] = [convert(value) for value in columns[position]]
        return list(zip(*columns, strict=True))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _names(width: int) -> str:
    return ", ".join(f"c{number}" for number in range(width))


def _from_json(fields: list[Any]) -> tuple[tuple[int, Convert], ...] | None:
    """What makes of JSON what the driver would have given; ``None`` where nothing is known to."""
    found: list[tuple[int, Convert]] = []
    for at, field in enumerate(fields):
        if isinstance(field, models.DateTimeField):
            found.append((at, datetime.fromisoformat))
        elif isinstance(field, models.DateField):
            found.append((at, date.fromisoformat))
        elif isinstance(field, models.FloatField):
            found.append((at, float))
        elif not isinstance(field, _SAME_IN_JSON):
            return None
    return tuple(found)


def _with_constants(sql: str, params: tuple[Any, ...]) -> tuple[str, list[Any]]:
    """The statement with its constants written into the text: what is left as parameters changes with each run."""
    left: list[Any] = []
    waiting = iter(params)

    def write(place: re.Match[str]) -> str:
        if place.group() == "%%":
            return "%%"
        param = next(waiting)
        if isinstance(param, Enum):
            param = param.value
        if type(param) is str and "\\" not in param and "\x00" not in param:
            return "'" + param.replace("'", "''").replace("%", "%%") + "'"
        if type(param) is int:
            return str(param)
        left.append(param)
        return "%s"

    return _PLACES.sub(write, sql), left


def _chain(functions: list[Any], expression: Any, connection: BaseDatabaseWrapper) -> Convert:
    """The ORM's converters of one column as one function of the value."""
    if len(functions) == 1:
        only = functions[0]
        return lambda value: only(value, expression, connection)

    def convert(value: Any) -> Any:
        for function in functions:
            value = function(value, expression, connection)
        return value

    return convert
