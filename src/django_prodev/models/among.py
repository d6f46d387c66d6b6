"""Conditions of the rules of visibility that name few keys, and the branches that a rule is made of."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, Q, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler

Circle = tuple[Any, ...]


class Among(Expression):
    """``column IN (SELECT …)``, where the keys are those of a person's own circle: few, however large the table is.

    It finds what ``__in`` finds. The difference is for whoever compiles a list: rows of these keys can be fetched key
    by key, by an index that begins with ``column``, instead of by looking through the table for them.
    """

    conditional = True

    def __init__(self, column: str, keys: "QuerySet[Any, Any]") -> None:
        super().__init__(output_field=BooleanField())
        self.name = column
        self.rows = keys
        self._column: Any = F(column)
        self._keys: Any = Subquery(keys)

    def get_source_expressions(self) -> list[Any]:
        return [self._column, self._keys]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        self._column, self._keys = exprs

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        column, params = compiler.compile(self._column)
        keys, keys_params = compiler.compile(self._keys)
        return f"{column} IN {keys}", (*params, *keys_params)


def circles(rule: Q) -> list[Circle]:
    """The branches of a rule: it holds where all conditions of one of them do. What is negated stays whole."""
    if rule.negated:
        return [(rule,)]
    found: list[Circle] = [] if rule.connector == Q.OR else [()]
    for child in rule.children:
        branches = circles(child) if isinstance(child, Q) else [(child,)]
        if rule.connector == Q.OR:
            found += branches
        else:
            found = [(*left, *right) for left in found for right in branches]
    return found


def among(column: str, rows: "QuerySet[Any, Any]", rule: Q) -> Q:
    """Whether ``column`` leads to one of ``rows`` for which ``rule`` holds, asked branch by branch of the rule.

    Each branch is then a subquery of its own, whose size PostgreSQL can estimate; that of an ``OR`` it only guesses.
    """
    found = Q()
    for circle in circles(rule):
        found |= Q(Among(column, rows.filter(*circle).values("pk")))
    return found
