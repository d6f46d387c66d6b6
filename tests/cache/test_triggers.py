"""Every table has its triggers; where one is missing that is found, said, mended, and nothing is cached meanwhile."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection

from django_prodev.cache import installation, tables
from django_prodev.cache.stamps import read_stamps, stamp_of, touch
from django_prodev.cache.tables import StampedTable
from django_prodev.models import Entry, Program
from django_prodev.reading.scopes import stamped_tables
from django_prodev.testing import make_entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def look_again() -> Iterator[None]:
    """What a test took away is there again when its transaction is rolled back."""
    yield
    installation.forget()


def _triggers() -> list[tuple[str, str]]:
    sql = {
        "postgresql": "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
        r"WHERE t.tgname LIKE 'prodev\_stamp\_%'",
        "sqlite": "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'prodev_stamp_%'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _drop_one() -> str:
    table, name = next((table, name) for table, name in _triggers() if table == Entry._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TRIGGER "{name}"' + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))
    return name


def test_every_table_moves_stamps() -> None:
    models = [*apps.get_app_config("django_prodev").get_models(include_auto_created=True), get_user_model()]
    with_triggers = {table for table, _ in _triggers()}
    assert with_triggers == {model._meta.db_table for model in models}
    assert {stamped.table for stamped in stamped_tables()} == with_triggers
    assert installation.inspect(connection).is_whole


def test_installing_twice_changes_nothing() -> None:
    before = _triggers(), read_stamps(["entry"])
    assert installation.install(connection) == []
    assert (_triggers(), read_stamps(["entry"])) == before


def test_a_missing_trigger_is_named_by_a_check_and_by_the_command_and_comes_back() -> None:
    before = sorted(_triggers()), read_stamps(["program"])
    _drop_one()
    [found] = [message for message in run_checks(databases=["default"]) if message.id == "django_prodev.W007"]
    assert Entry._meta.db_table in found.msg
    out = StringIO()
    with pytest.raises(CommandError, match="--install"):
        call_command("prodev_stamps", stdout=out)
    assert f"MISSING    entry                {Entry._meta.db_table}\n" in out.getvalue()
    out = StringIO()
    call_command("prodev_stamps", "--install", stdout=out)
    assert "MISSING" not in out.getvalue()
    assert f"installed  {Entry._meta.db_table}\n" in out.getvalue()
    assert sorted(_triggers()) == before[0]
    # Nobody knows what was written without the trigger.
    assert read_stamps(["program"]) != before[1]


def test_there_are_no_stamps_while_a_trigger_is_missing(caplog: pytest.LogCaptureFixture) -> None:
    _drop_one()
    installation.forget()
    assert stamp_of(["entry"]) is None
    assert stamp_of(["entry"]) is None
    assert read_stamps(["entry"]) == {}
    touch("entry")
    assert [record.levelname for record in caplog.records if record.name == "django_prodev.cache"] == ["WARNING"]


def test_a_disabled_trigger_is_missing() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite cannot disable a trigger")
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{Entry._meta.db_table}" DISABLE TRIGGER USER')
    assert Entry._meta.db_table in installation.inspect(connection).missing
    assert installation.install(connection) == [Entry._meta.db_table]
    assert installation.inspect(connection).is_whole


def test_a_trigger_of_another_version_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    def other() -> Iterator[StampedTable]:
        for stamped in stamped_tables():
            if stamped.scope == "entry" and stamped.table == Entry._meta.db_table:
                yield StampedTable(stamped.table, "entry", (("program", "program_id"),))
            else:
                yield stamped

    monkeypatch.setattr(tables, "_sources", [other])
    assert installation.install(connection) == [Entry._meta.db_table]
    assert installation.install(connection) == []
    entry = make_entry()
    scope = f"entry:program:{entry.program_id}"
    before = read_stamps(["entry", scope])
    Entry.objects.filter(pk=entry.pk).update(position=3)
    assert not before.items() & read_stamps(["entry", scope]).items()


def test_a_host_stamps_a_model_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.sessions.models import Session

    monkeypatch.setattr(tables, "_sources", list(tables._sources))
    tables.stamp_model(Session)
    assert installation.install(connection) == [Session._meta.db_table]
    before = read_stamps(["sessions.session", "program"])
    Session.objects.create(session_key="k", session_data="", expire_date="2026-01-01T00:00:00Z")
    after = read_stamps(["sessions.session", "program"])
    assert before["sessions.session"] != after["sessions.session"]
    assert before["program"] == after["program"]


@pytest.mark.parametrize("scope", ["", "Entry", "a:b", "it's", "x" * 61, "1st"])
def test_a_name_that_is_no_scope_is_refused(scope: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="scope"):
        StampedTable("a_table", scope)


def test_what_migrate_does_puts_triggers_back() -> None:
    """A migration on SQLite makes a table anew, without its triggers."""
    from django.core.management.sql import emit_post_migrate_signal

    _drop_one()
    emit_post_migrate_signal(0, False, "default")
    assert installation.inspect(connection).is_whole


@pytest.mark.django_db(transaction=True)
def test_going_back_before_the_migration_takes_everything_away_and_coming_again_puts_it_back() -> None:
    everything: Any = {"verbosity": 0, "interactive": False}
    installation.remove(connection)
    try:
        assert _triggers() == []
        make_entry()
        assert stamp_of(["entry"]) is None
    finally:
        call_command("migrate", **everything)
    assert installation.inspect(connection).is_whole
    before = read_stamps(["program"])
    Program.objects.update(summary="x")
    assert read_stamps(["program"]) != before
