"""One SQL statement, written by the ORM once and run many times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from django_prodev.reading.slots import KeysSlot, LateralKey, NumberSlot, Slot

Row = tuple[Any, ...]
Convert = Callable[[Any], Any]

# The ORM writes LIMIT as a number; this one stands for the slot until the SQL is written.
_LIMIT_MARK = 987_654_321

_PARENTS = f"unnest(%s::bigint[]) AS {LateralKey.ALIAS}(key)"


@dataclass(frozen=True, slots=True)
class Statement:
    """Prepared SQL: its text, its parameters (values and slots), and what must be done to columns that come back."""

    alias: str
    sql: str
    params: tuple[Any, ...]
    converters: tuple[tuple[int, Convert], ...] = ()

    @classmethod
    def prepare(cls, queryset: QuerySet[Any, Any], *, limit: NumberSlot | None = None) -> "Statement":
        """Let the ORM write the SQL of a ``values_list`` queryset, with an optional ``LIMIT`` slot."""
        query = queryset.query.clone()
        if limit is not None:
            query.set_limits(0, _LIMIT_MARK)
        connection = connections[queryset.db]
        # A rule that hides everything must give a statement all the same: what is empty for one scope is not for all.
        compiler = query.get_compiler(queryset.db, elide_empty=False)
        sql, params = compiler.as_sql()
        if limit is not None:
            head, mark, tail = sql.rpartition(f"LIMIT {_LIMIT_MARK}")
            if not mark or tail.strip():  # a database whose LIMIT is written otherwise is not supported
                raise RuntimeError("The ORM did not end the statement with its LIMIT")
            sql, params = f"{head}LIMIT %s", (*params, limit)
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
        )

    def for_each_parent(self) -> "Statement":
        """Run this statement once for each parent key, in one go: PostgreSQL's ``LATERAL``.

        The statement compares its link with a ``LateralKey``, and selects it.
        """
        sql = f"SELECT prodev_rows.* FROM {_PARENTS} CROSS JOIN LATERAL ({self.sql}) AS prodev_rows"
        return Statement(self.alias, sql, (KeysSlot(), *self.params), self.converters)

    def counted(self) -> "Statement":
        """Count the rows of this statement instead of fetching them."""
        return Statement(self.alias, f"SELECT COUNT(*) FROM ({self.sql}) AS prodev_counted", self.params)

    def counted_for_each_parent(self) -> "Statement":
        """Each parent's key, and how many rows this statement has for it."""
        count = f"(SELECT COUNT(*) FROM ({self.sql}) AS prodev_counted)"
        sql = f"SELECT {LateralKey.ALIAS}.key, {count} FROM {_PARENTS}"
        return Statement(self.alias, sql, (*self.params, KeysSlot()))

    def run(self, values: Mapping[str, Any]) -> list[Row]:
        """Bind the slots and fetch every row."""
        connection = connections[self.alias]
        bound = [
            param.bind(values, connection) if isinstance(param, Slot | NumberSlot | KeysSlot) else param
            for param in self.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, bound)
            rows: list[Row] = cursor.fetchall()
        if not self.converters or not rows:
            return rows
        columns: list[Any] = list(zip(*rows, strict=True))
        for position, convert in self.converters:
            columns[position] = [convert(value) for value in columns[position]]
        return list(zip(*columns, strict=True))


def _chain(functions: list[Any], expression: Any, connection: Any) -> Convert:
    """The ORM's converters of one column as one function of the value."""
    if len(functions) == 1:
        only = functions[0]
        return lambda value: only(value, expression, connection)

    def convert(value: Any) -> Any:
        for function in functions:
            value = function(value, expression, connection)
        return value

    return convert
