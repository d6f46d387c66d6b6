"""Where entries and projects stand in the lists of their topics, on PostgreSQL.

The table between a row and its topics has the row's place, too: when it was made, and its identifier. So one index has
the newest rows of a topic together, however many carry it. Triggers put the place there, whichever way a row is tagged,
and the columns take no nothing: without their triggers a row is refused, not left out of lists. The models do not know
these columns. ``migrate`` brings all of it up to date whenever it has run.
"""

from typing import Any

from django.apps.registry import Apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TAGGED = ("entry", "project")
"""The models whose rows carry topics, by the names of their tables."""

_FUNCTION = """CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $place$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_RELID = '{table}'::regclass THEN
    UPDATE {between} SET created_at = NEW.created_at, uuid = NEW.uuid WHERE {name}_id = NEW.id;
    RETURN NULL;
  END IF;
  SELECT created_at, uuid INTO NEW.created_at, NEW.uuid FROM {table} WHERE id = NEW.{name}_id;
  RETURN NEW;
END $place$"""

_INSTALL = (
    "ALTER TABLE {between} ADD COLUMN IF NOT EXISTS created_at timestamptz, ADD COLUMN IF NOT EXISTS uuid uuid",
    _FUNCTION,
    """CREATE OR REPLACE TRIGGER {trigger} BEFORE INSERT OR UPDATE OF {name}_id ON {between}
    FOR EACH ROW EXECUTE FUNCTION {function}()""",
    """CREATE OR REPLACE TRIGGER {trigger} AFTER UPDATE OF created_at, uuid ON {table} FOR EACH ROW
    WHEN ((OLD.created_at, OLD.uuid) IS DISTINCT FROM (NEW.created_at, NEW.uuid)) EXECUTE FUNCTION {function}()""",
    """UPDATE {between} AS tagged SET created_at = found.created_at, uuid = found.uuid FROM {table} AS found
    WHERE found.id = tagged.{name}_id
    AND (tagged.created_at, tagged.uuid) IS DISTINCT FROM (found.created_at, found.uuid)""",
    "ALTER TABLE {between} ALTER COLUMN created_at SET NOT NULL, ALTER COLUMN uuid SET NOT NULL",
    "CREATE INDEX IF NOT EXISTS {index} ON {between} (topic_id, created_at DESC, uuid DESC) INCLUDE ({name}_id)",
)

_REMOVE = (
    "DROP TRIGGER IF EXISTS {trigger} ON {table}",
    "DROP TRIGGER IF EXISTS {trigger} ON {between}",
    "DROP FUNCTION IF EXISTS {function}()",
    "DROP INDEX IF EXISTS {index}",
    "ALTER TABLE {between} DROP COLUMN IF EXISTS created_at, DROP COLUMN IF EXISTS uuid",
)


def places_of(name: str) -> Any:
    """The places of the rows of one of ``TAGGED``, to be read. Their ``pk`` is the row's; it has one for each topic."""
    return _PLACES[name]._base_manager.all()


def _place_model(name: str) -> type[models.Model]:
    meta = {
        "apps": Apps(),  # a registry of its own: the site's, its migrations and its admin shall not know it
        "app_label": "django_prodev",
        "managed": False,
        "db_table": f"django_prodev_{name}_topics",
    }
    columns = {
        "key": models.BigIntegerField(primary_key=True, db_column=f"{name}_id"),
        "topic_id": models.BigIntegerField(),
        "created_at": models.DateTimeField(),
        "uuid": models.UUIDField(),
    }
    return type(
        f"{name.capitalize()}TopicPlace",
        (models.Model,),
        {"__module__": __name__, "Meta": type("Meta", (), meta), **columns},
    )


_PLACES = {name: _place_model(name) for name in TAGGED}


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Those of ``TAGGED`` whose places are not kept in a database as they should be."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = ANY(%s) AND t.tgenabled IN ('O', 'A') AND pg_table_is_visible(c.oid)",
            [[_names(name)["trigger"] for name in TAGGED]],
        )
        there = [trigger for _, trigger in cursor.fetchall()]
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND pg_table_is_visible(oid)",
            [[_names(name)["index"] for name in TAGGED]],
        )
        there += [index for (index,) in cursor.fetchall()]
    wanted = {name: [_names(name)["trigger"]] * 2 + [_names(name)["index"]] for name in TAGGED}
    return [name for name, parts in wanted.items() if any(there.count(each) < parts.count(each) for each in parts)]


def install(connection: BaseDatabaseWrapper) -> None:
    """Let places be kept where they are not: the columns, what fills them, and the index."""
    for name in missing(connection):
        with transaction.atomic(connection.alias):
            _run(connection, _INSTALL, name)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take away the columns, what fills them, and the index."""
    if connection.vendor == "postgresql":
        for name in TAGGED:
            _run(connection, _REMOVE, name)


def _run(connection: BaseDatabaseWrapper, statements: tuple[str, ...], name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(n.nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.oid = %s::regclass",
            [f"django_prodev_{name}_topics"],
        )
        schema = cursor.fetchone()[0]
        for each in statements:
            cursor.execute(each.format(**_names(name), **_tables(name, schema)))


def _names(name: str) -> dict[str, str]:
    return {"name": name, "trigger": f"prodev_{name}_topic_place", "index": f"prodev_{name}_topics_newest"}


def _tables(name: str, schema: str) -> dict[str, str]:
    """With their schema: a function is also run by who has another search path."""
    return {
        "table": f"{schema}.django_prodev_{name}",
        "between": f"{schema}.django_prodev_{name}_topics",
        "function": f"{schema}.prodev_{name}_topic_place",
    }
