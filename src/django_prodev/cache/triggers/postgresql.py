"""PostgreSQL: a write adds rows to a log, so that writers never wait for each other; what is logged is folded later.

One statement-level trigger a kind of statement, so that a thousand rows cost as much as one. The function's name holds
a digest of its table and of what it does.
"""

from functools import lru_cache
from hashlib import blake2b

from django_prodev.cache.tables import EVERYTHING, StampedTable
from django_prodev.cache.triggers.dialect import FOLDED, LOG, NONCE_BITS, PREFIX, TOTAL_BITS, Dialect, Quote, Trigger

_KINDS = {
    "INSERT": "REFERENCING NEW TABLE AS written",
    "UPDATE": "REFERENCING OLD TABLE AS removed NEW TABLE AS written",
    "DELETE": "REFERENCING OLD TABLE AS removed",
    "TRUNCATE": "",
}

_FUNCTION = """CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $stamp$
DECLARE moved_by bigint := (random() * {bits})::bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    {insert};
  ELSIF TG_OP = 'UPDATE' THEN
    {update};
  ELSIF TG_OP = 'DELETE' THEN
    {delete};
  ELSE
    INSERT INTO {log} (scope, nonce) VALUES ('{everything}', moved_by);
  END IF;
  RETURN NULL;
END $stamp$"""


def _triggers(stamped: StampedTable, quote: Quote, schema: str) -> list[Trigger]:
    log = f"{quote(schema)}.{quote(LOG)}"
    both = " UNION ALL ".join(f"SELECT {_columns(stamped, quote)} FROM {rows}" for rows in ("written", "removed"))
    function = _FUNCTION.format(
        name="{name}",
        bits=NONCE_BITS,
        log=log,
        everything=EVERYTHING,
        insert=_moves(stamped, quote, log, "written", ""),
        update=_moves(stamped, quote, log, f"({both})" if stamped.narrowed else "written", _seen(stamped, quote)),
        delete=_moves(stamped, quote, log, "removed", ""),
    )
    digest = blake2b(f"{stamped.table} {function}".encode(), digest_size=4).hexdigest()
    label = stamped.scope.replace(".", "_")[:32]
    name = f"{PREFIX}{label}_{digest}"
    own = f"{quote(schema)}.{quote(name)}"
    made = [function.format(name=own)]
    made.extend(
        f"CREATE TRIGGER {quote(f'{name}_{kind.lower()}')} AFTER {kind} ON {quote(stamped.table)} {rows} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {own}()"
        for kind, rows in _KINDS.items()
    )
    names = [f"{name}_{kind.lower()}" for kind in _KINDS]
    return [Trigger(stamped.table, names[0], tuple(made)), *(Trigger(stamped.table, each, ()) for each in names[1:])]


def _columns(stamped: StampedTable, quote: Quote) -> str:
    return ", ".join(quote(column) for _, column in stamped.narrowed) or "1"


def _moves(stamped: StampedTable, quote: Quote, log: str, rows: str, condition: str) -> str:
    """The statement that logs what a write of these rows moves; a statement that wrote no row moves nothing."""
    if not stamped.narrowed:
        seen = condition or f"EXISTS (SELECT FROM {rows})"
        return f"INSERT INTO {log} (scope, nonce) SELECT '{stamped.scope}', moved_by WHERE {seen}"
    scopes = [f"('{stamped.scope}')"]
    scopes += [f"('{stamped.scope}:{name}:' || one_row.{quote(column)})" for name, column in stamped.narrowed]
    return (
        f"INSERT INTO {log} (scope, nonce) SELECT DISTINCT moved.scope, moved_by FROM {rows} AS one_row "
        f"CROSS JOIN LATERAL (VALUES {', '.join(scopes)}) AS moved (scope) WHERE moved.scope IS NOT NULL"
        + (f" AND {condition}" if condition else "")
    )


def _seen(stamped: StampedTable, quote: Quote) -> str:
    """Whether more than the unseen columns changed. Columns are compared by name, so a table may get others."""
    if not stamped.unseen:
        return ""
    unseen = "".join(f" - '{column}'" for column in stamped.unseen)
    return (
        f"EXISTS (SELECT FROM written FULL JOIN removed USING ({quote(stamped.key)}) "
        f"WHERE to_jsonb(written){unseen} IS DISTINCT FROM to_jsonb(removed){unseen})"
    )


def _drop(table: str, name: str, quote: Quote) -> tuple[str, ...]:
    function = name.rpartition("_")[0]
    kinds = (f"DROP TRIGGER IF EXISTS {quote(f'{function}_{kind.lower()}')} ON {quote(table)}" for kind in _KINDS)
    return (*kinds, f"DROP FUNCTION IF EXISTS {quote(function)}()")


@lru_cache(maxsize=1_024)
def _array(texts: tuple[str, ...]) -> str:
    """An array as PostgreSQL reads it (its documentation, 8.15.2): what a driver would make of a list each time."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"


_LOGGED = f'"{LOG}" WHERE scope = ANY(%s) AND nonce BETWEEN (SELECT 0::bigint) AND (SELECT {NONCE_BITS})'
"""What is logged of some scopes.

Every number is within these bounds. The planner does not see them, takes the range for a narrow one, and goes through
the index row by row. That marks the entries of folded rows as dead, and passes them by from then on; a bitmap of the
index would hold all of them each time, until a vacuum.
"""

DIALECT = Dialect(
    tables=(
        (
            f'CREATE TABLE IF NOT EXISTS "{FOLDED}" (scope varchar(200) COLLATE "C" PRIMARY KEY, '
            "count bigint NOT NULL, total bigint NOT NULL) WITH (fillfactor = 50)"
        ),
        # The primary key is what is read: the numbers of a scope, without a look at the table.
        (
            f'CREATE TABLE IF NOT EXISTS "{LOG}" (scope varchar(200) COLLATE "C" NOT NULL, nonce bigint NOT NULL, '
            "PRIMARY KEY (scope, nonce)) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)"
        ),
    ),
    drop_tables=(f'DROP TABLE IF EXISTS "{LOG}"', f'DROP TABLE IF EXISTS "{FOLDED}"'),
    triggers=_triggers,
    drop=_drop,
    installed=(
        # Another schema may have stamps of its own, of a table that both share.
        "SELECT c.relname, t.tgname, t.tgenabled IN ('O', 'A') FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        "JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace "
        r"WHERE n.nspname = current_schema() AND pg_table_is_visible(c.oid) AND t.tgname LIKE 'prodev\_stamp\_%%'"
    ),
    schema="SELECT current_schema()",
    stamp=(
        f'SELECT COALESCE(SUM(count), 0)::bigint, COALESCE(SUM(total), 0)::text, 0 FROM "{FOLDED}" '
        "WHERE scope = ANY(%s) UNION ALL "
        f"SELECT COUNT(*), COALESCE(SUM(nonce), 0)::text, COUNT(*) FROM {_LOGGED}"
    ),
    stamps=(
        "SELECT scope, SUM(n)::bigint, SUM(t)::text, SUM(p)::bigint FROM ("
        f'SELECT scope, count, total, 0 FROM "{FOLDED}" WHERE scope = ANY(%s) UNION ALL '
        f"SELECT scope, 1, nonce, 1 FROM {_LOGGED}) AS moved (scope, n, t, p) GROUP BY scope"
    ),
    touch=(
        f'INSERT INTO "{LOG}" (scope, nonce) '
        f"SELECT scope, (random() * {NONCE_BITS})::bigint FROM unnest(%s::text[]) AS scope"
    ),
    listed=lambda scopes: _array(tuple(scopes)),
    repeat=2,
    # The lock lets one process fold at a time; the others go on. Rows of writers that are not done are not seen.
    fold=(
        f"""WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtext('{LOG}')) AS taken),
gone AS (
  DELETE FROM "{LOG}" WHERE (SELECT taken FROM turn)
  AND (scope, nonce) IN (SELECT scope, nonce FROM "{LOG}" LIMIT %s) RETURNING scope, nonce
),
folded AS (
  INSERT INTO "{FOLDED}" AS kept (scope, count, total)
  SELECT scope, COUNT(*), (SUM(nonce) %% {TOTAL_BITS + 1})::bigint FROM gone GROUP BY scope ORDER BY scope
  ON CONFLICT (scope) DO UPDATE SET count = kept.count + EXCLUDED.count,
  total = ((kept.total::numeric + EXCLUDED.total) %% {TOTAL_BITS + 1})::bigint RETURNING scope
)
SELECT (SELECT COUNT(*) FROM gone), (SELECT COUNT(*) FROM folded)"""
    ),
)
