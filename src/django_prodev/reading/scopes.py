"""Which scopes the rows of each table belong to, and which scopes the answer of a plan depends on.

A model's scope is named after it, and the table of a many-to-many field belongs to the model that has the field. Users
are of the host's model, whichever that is: the scope ``user`` moves when one of them changes, but not with a sign-in.

What a plan depends on is read off its SQL, so that the rules of visibility count as what they narrow does. An answer
that depends on anything else (a table without stamps, the time of day) has no scopes, and is not kept.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model

from django_prodev import conf
from django_prodev.cache.tables import OWN, StampedTable, declared
from django_prodev.conf import prodev_settings
from django_prodev.reading.plan import Level, Plan
from django_prodev.reading.statement import Statement

PERSONAL = {"enrollment": "user", "membership": "user"}
"""Models of which most plans read the viewer's own rows alone: ``enrollment:user:7`` moves with person 7's."""


def stamped_tables() -> Iterator[StampedTable]:
    """Every table of the package, and the host's table of users."""
    for model in apps.get_app_config("django_prodev").get_models(include_auto_created=True):
        made_for: Any = model._meta.auto_created
        name = str((made_for or model)._meta.model_name)
        narrowed = ((PERSONAL[name], _column(model, PERSONAL[name])),) if name in PERSONAL else ()
        yield StampedTable(model._meta.db_table, name, narrowed, key=_column(model))
    user = get_user_model()._meta.concrete_model or get_user_model()
    for model in (user, *user._meta.get_parent_list()):
        yield StampedTable(model._meta.db_table, "user", unseen=("last_login",), key=_column(model))


def _column(model: type[Model], name: str = "pk") -> str:
    field: Any = model._meta.pk if name == "pk" else model._meta.get_field(name)
    return str(field.column)


_FROM = re.compile(r'\b(?:FROM|JOIN)\s+"([^"]+)"')

_BY_THE_CLOCK = re.compile(
    r"\b(?:NOW|RANDOM|TIMEOFDAY|\w+_TIMESTAMP|CURRENT_\w+|LOCALTIME\w*|STRFTIME|JULIANDAY|GEN_RANDOM\w*)\b",
    re.IGNORECASE,
)

_ALIAS = re.compile(r'(?:\s+"?(\w+)"?)? WHERE ')

_NOT_PLAIN = re.compile(r"\b(?:OR|NOT|SELECT|JOIN|UNION|GROUP|LIMIT)\b")

_PLACES = re.compile("%[s%]")

_TEXT = re.compile(r"'(?:[^']|'')*'")


def scopes_of(plans: Iterable[Plan]) -> frozenset[str] | None:
    """What the answers of these plans depend on; ``None`` where they depend on what has no stamps.

    Where a plan reads the viewer's own rows of a table and no others, the scope ends with ``OWN``.
    """
    found: set[str] = set()
    for plan in plans:
        for statement in _statements(plan.root):
            scopes = _scopes_of_statement(statement)
            if scopes is None:
                return None
            found |= scopes
    return frozenset(found)


def every_scope() -> frozenset[str]:
    """All scopes of the package: what an answer depends on that is not read by plans alone."""
    return frozenset(stamped.scope for stamped in stamped_tables()) - {"event", "job", "receipt"}


def has_own_rules() -> bool:
    """Whether this package's rules say who may see and do what. A host's rules may look at what has no stamps."""
    usual = conf.declared()
    return all(
        getattr(prodev_settings, name) is usual[name].read(usual[name].default)
        for name in ("VISIBILITY_POLICY", "PERMISSION_POLICY")
    )


def _statements(level: Level) -> Iterator[Statement]:
    yield from level.statement.parts
    if level.page is not None and level.page.count is not None:
        yield level.page.count
    for child in level.children:
        yield from _statements(child)


def _scopes_of_statement(statement: Statement) -> set[str] | None:
    bare = _TEXT.sub("''", statement.sql)
    if _BY_THE_CLOCK.search(bare):
        return None
    known, found = _scope_by_table(), set[str]()
    for reads in _FROM.finditer(bare):
        scope = known.get(reads.group(1))
        if scope is None:
            return None
        person = PERSONAL.get(scope)
        is_own = person is not None and _reads_own_rows(statement, bare, reads)
        found.add(f"{scope}:{person}:{OWN}" if is_own else scope)
    return found


def _reads_own_rows(statement: Statement, sql: str, reads: re.Match[str]) -> bool:
    """Whether a subquery, known by its ``FROM``, says in a plain conjunction that it reads the viewer's own rows."""
    alias = _ALIAS.match(sql, reads.end())
    if alias is None:
        return False
    end = _end_of_subquery(sql, alias.end())
    body = sql[alias.end() : end].replace(" IS NOT NULL", " IS PRESENT")
    if _NOT_PLAIN.search(body):
        return False
    name = re.escape(alias.group(1) or reads.group(1))
    own = re.search(rf'(?<!\w)"?{name}"?\."user_id" = \(?%s\b', body)
    if own is None:
        return False
    before = sum(place == "%s" for place in _PLACES.findall(sql[: alias.end()] + body[: own.start()]))
    return getattr(statement.params[before], "name", "") == "viewer"


def _end_of_subquery(sql: str, start: int) -> int:
    depth = 0
    for at in range(start, len(sql)):
        if sql[at] == "(":
            depth += 1
        elif sql[at] == ")":
            depth -= 1
            if depth < 0:
                return at
    return len(sql)


@cache
def _scope_by_table() -> dict[str, str]:
    return {stamped.table: stamped.scope for stamped in declared()}
