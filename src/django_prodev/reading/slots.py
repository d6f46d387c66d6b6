"""Places in a prepared statement that are filled when it is run.

A slot is an expression, so it passes through the ORM wherever a value could stand: in filters, keyset conditions,
subqueries. The compiler puts it among the statement's parameters, where ``Statement`` finds it again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, BooleanField, Expression, Field, Subquery
from django.db.models.sql.compiler import SQLCompiler

Sql = tuple[str, tuple[Any, ...]]


class Slot(Expression):
    """A named value, bound at run time. ``output_field`` prepares the value for the database."""

    def __init__(self, name: str, output_field: "Field[Any, Any]") -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        return "%s", (self,)

    def bind(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        """The parameter for the database driver."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class UnseenSlot(Slot):
    """A slot whose value PostgreSQL does not see when it plans.

    It would take a plan of its own for each value of a range for the better one, and plan anew every time, which costs
    as much as finding the page. The index is the same for all of them.
    """

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        return f"(SELECT %s::{self.output_field.db_type(connection)})", (self,)


class ListSlot(Slot):
    """A list of values, each of ``output_field``, for ``InSlot``."""

    def bind(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        prepared = [self.output_field.get_db_prep_value(value, connection) for value in values[self.name]]
        return pass_list(prepared, connection)


class NumberSlot:
    """A number that stands outside expressions: the ``LIMIT`` of a statement."""

    def __init__(self, name: str) -> None:
        self.name = name


class KeysSlot:
    """The keys of the parent rows of a to-many relation."""

    name = "keys"

    def bind(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        return pass_list(values["keys"], connection)


def pass_list(values: list[Any], connection: BaseDatabaseWrapper) -> Any:
    """A list as one parameter: an array on PostgreSQL, JSON elsewhere."""
    if connection.vendor == "postgresql":
        return values
    return orjson.dumps(values).decode()


class InSlot(Expression):
    """``column IN (list)`` with the whole list as one parameter, so that the SQL does not change with its length."""

    conditional = True

    def __init__(self, column: Any, slot: "ListSlot | RawKeys | ArrayOf") -> None:
        super().__init__(output_field=BooleanField())
        self.column = column
        self.slot = slot

    def get_source_expressions(self) -> list[Any]:
        return [self.column, self.slot]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self.column, self.slot = exprs

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        column, params = compiler.compile(self.column)
        listed, listed_params = compiler.compile(self.slot)
        if connection.vendor == "postgresql":
            return f"{column} = ANY({listed})", (*params, *listed_params)
        return f"{column} IN (SELECT value FROM json_each({listed}))", (*params, *listed_params)


class ArrayOf(Subquery):
    """The keys that a subquery finds, as the list of an ``InSlot`` on PostgreSQL, which gathers them beforehand."""

    template = "ARRAY(%(subquery)s)"


class RawKeys(Expression):
    """The parent keys of a to-many relation, as the list of an ``InSlot``."""

    def __init__(self) -> None:
        super().__init__(output_field=BooleanField())

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        return "%s", (KeysSlot(),)


class LateralKey(Expression):
    """The parent key of the row that a ``LATERAL`` subquery is run for."""

    ALIAS = "prodev_parent"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        return f"{self.ALIAS}.key", ()


class ParentKey(Expression):
    """The key, in the column at a place, of the row that a folded statement is run for."""

    def __init__(self, depth: int, at: int) -> None:
        super().__init__(output_field=BigIntegerField())
        self.name = f"{folded_name(depth)}.c{at}"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        return self.name, ()


def folded_name(depth: int) -> str:
    """The name of the rows, at a depth, that statements are folded into; their columns are ``c0``, ``c1`` and so on."""
    return f"prodev_rows_{depth}"
