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
from django_prodev.cache.tables import StampedTable, declared
from django_prodev.conf import prodev_settings
from django_prodev.reading.plan import Level, Plan
from django_prodev.reading.statement import Statement

PERSONAL = {"enrollment": "user", "membership": "user"}
"""Models whose rows most readers see for their own person alone: ``enrollment:user:7`` moves with person 7's."""


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

_BY_THE_CLOCK = re.compile(r"\b(?:NOW|RANDOM|CLOCK_TIMESTAMP|CURRENT_\w+|LOCALTIME\w*|STRFTIME)\b", re.IGNORECASE)

_TEXT = re.compile(r"'(?:[^']|'')*'")


def scopes_of(plans: Iterable[Plan]) -> frozenset[str] | None:
    """What the answers of these plans depend on; ``None`` where they depend on what has no stamps."""
    found: set[str] = set()
    for plan in plans:
        for statement in _statements(plan.root):
            scopes = _scopes_of_sql(statement.sql)
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
    yield level.statement
    if level.page is not None and level.page.count is not None:
        yield level.page.count
    for child in level.children:
        yield from _statements(child)


def _scopes_of_sql(sql: str) -> set[str] | None:
    bare = _TEXT.sub("''", sql)
    if _BY_THE_CLOCK.search(bare):
        return None
    known = _scope_by_table()
    try:
        return {known[table] for table in _FROM.findall(bare)}
    except KeyError:
        return None


@cache
def _scope_by_table() -> dict[str, str]:
    return {stamped.table: stamped.scope for stamped in declared()}
