"""SQLite: it has one writer at a time, so a trigger counts up where it stands, and there is no log to fold.

A trigger's SQL is its own version. Columns are not compared: a trigger that names one would keep a host from dropping
it.
"""

import json

from django_prodev.cache.tables import StampedTable
from django_prodev.cache.triggers.dialect import FOLDED, NONCE_BITS, PREFIX, TOTAL_BITS, Dialect, Quote, Trigger

_KINDS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}

# In two statements: an upsert would follow the OR IGNORE or OR REPLACE of the statement that fired the trigger.
_MOVE = (
    f'INSERT INTO "{FOLDED}" (scope, count, total) SELECT column1, 0, 0 FROM (VALUES {{scopes}}) '
    f'WHERE column1 IS NOT NULL AND column1 NOT IN (SELECT scope FROM "{FOLDED}") GROUP BY column1; '
    f'UPDATE "{FOLDED}" SET count = count + 1, total = (total + (random() & {NONCE_BITS})) & {TOTAL_BITS} '
    "WHERE scope IN (VALUES {scopes});"
)


def _triggers(stamped: StampedTable, quote: Quote, schema: str) -> list[Trigger]:
    made = []
    for kind, rows in _KINDS.items():
        scopes = [f"('{stamped.scope}')"]
        scopes += [
            f"('{stamped.scope}:{name}:' || {row}.{quote(column)})" for name, column in stamped.narrowed for row in rows
        ]
        name = f"{PREFIX}{stamped.scope.replace('.', '_')}_{stamped.table}_{kind.lower()}"
        sql = (
            f"CREATE TRIGGER {quote(name)} AFTER {kind} ON {quote(stamped.table)} BEGIN "
            f"{_MOVE.format(scopes=', '.join(scopes))} END"
        )
        made.append(Trigger(stamped.table, sql, (sql,)))
    return made


def _drop(table: str, name: str, quote: Quote) -> tuple[str, ...]:
    # The name of a trigger is the second word of its SQL that stands in quotation marks or for itself.
    return (f"DROP TRIGGER IF EXISTS {name.split()[2]}",)


def _listed(scopes: list[str]) -> str:
    return json.dumps(scopes)


DIALECT = Dialect(
    tables=(
        (
            f'CREATE TABLE IF NOT EXISTS "{FOLDED}" (scope varchar(200) NOT NULL PRIMARY KEY, '
            "count bigint NOT NULL, total bigint NOT NULL) WITHOUT ROWID"
        ),
    ),
    drop_tables=(f'DROP TABLE IF EXISTS "{FOLDED}"',),
    triggers=_triggers,
    drop=_drop,
    installed=(
        "SELECT tbl_name, sql, 1 FROM sqlite_master "
        r"WHERE type = 'trigger' AND name LIKE 'prodev\_stamp\_%%' ESCAPE '\'"
    ),
    schema="SELECT 'main'",
    stamp=(
        # A sum of whole numbers that is too large is an error here, so it is left to Python.
        f'SELECT count, total, 0 FROM "{FOLDED}" WHERE scope IN (SELECT value FROM json_each(%s))'
    ),
    stamps=(f'SELECT scope, count, total, 0 FROM "{FOLDED}" WHERE scope IN (SELECT value FROM json_each(%s))'),
    touch=(
        f'INSERT INTO "{FOLDED}" (scope, count, total) SELECT value, 1, random() & {NONCE_BITS} FROM json_each(%s) '
        f"WHERE true ON CONFLICT (scope) DO UPDATE SET count = count + 1, "
        f"total = (total + excluded.total) & {TOTAL_BITS}"
    ),
    listed=_listed,
    repeat=1,
)
