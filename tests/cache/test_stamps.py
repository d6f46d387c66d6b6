"""What a stamp promises: it moves with every committed write, whatever the order, and with nothing else."""

import itertools
import re
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from django_prodev.cache import stamps
from django_prodev.cache.stamps import fold_stamps, read_stamps, stamp_of, touch
from django_prodev.cache.triggers import DIALECTS
from django_prodev.cache.triggers.dialect import LOG
from django_prodev.models import Entry, Program
from django_prodev.testing import make_entry, make_program, make_user

pytestmark = pytest.mark.django_db


def test_several_scopes_are_read_in_one_statement(django_assert_num_queries: Any) -> None:
    touch("one", "two")
    with django_assert_num_queries(1):
        found = read_stamps(["one", "two", "never touched"])
    assert list(found) == ["never touched", "one", "two"]
    with django_assert_num_queries(1):
        stamp_of(["one", "two", "never touched"])


def test_a_stamp_moves_with_its_own_scope_alone() -> None:
    before = read_stamps(["one", "two"])
    touch("one")
    after = read_stamps(["one", "two"])
    assert before["one"] != after["one"]
    assert before["two"] == after["two"]


@pytest.mark.parametrize("scope", ['a"b', "a\\b", "a\\", "{a}", "a,b", "NULL", " a ", "%s", "grün", "'"])
def test_a_scope_is_any_text(scope: str) -> None:
    before = read_stamps([scope, "a", "b"]), stamp_of([scope]), stamp_of(["a", "b"])
    touch(scope)
    after = read_stamps([scope, "a", "b"]), stamp_of([scope]), stamp_of(["a", "b"])
    assert [name for name in before[0] if before[0][name] != after[0][name]] == [scope]
    assert (before[1] != after[1], before[2] == after[2]) == (True, True)


def test_one_stamp_of_several_scopes_moves_with_each() -> None:
    seen = {stamp_of(["one", "two"])}
    for scope in ("one", "two", "one", "three"):
        touch(scope)
        seen.add(stamp_of(["one", "two"]))
    assert len(seen) == 4


def test_everything_moves_with_the_scope_of_everything() -> None:
    before = read_stamps(["one", "entry"])
    touch("*")
    assert not before.items() & read_stamps(["one", "entry"]).items()


def test_a_write_that_is_rolled_back_leaves_the_stamp_as_it_was() -> None:
    before = stamp_of(["entry", "program"])
    with transaction.atomic():
        make_entry()
        inside = stamp_of(["entry", "program"])
        transaction.set_rollback(True)
    assert inside != before
    assert stamp_of(["entry", "program"]) == before


def test_no_stamp_comes_twice() -> None:
    seen = set()
    for _ in range(20):
        Program.objects.update(summary="the same")
        make_program()
        seen.add(stamp_of(["program"]))
    assert len(seen) == 20


def test_folding_leaves_every_stamp_as_it_was() -> None:
    entry = make_entry()
    scopes = ["entry", "program", "user", "provider", "event"]
    for turn in range(3):
        Entry.objects.filter(pk=entry.pk).update(position=turn)
        before = read_stamps(scopes), stamp_of(scopes)
        folded = fold_stamps()
        assert (read_stamps(scopes), stamp_of(scopes)) == before
        assert folded if connection.vendor == "postgresql" else folded == 0
        assert fold_stamps() == 0


def test_folding_takes_no_more_than_it_is_told_and_goes_on_where_it_stopped() -> None:
    fold_stamps()
    before = read_stamps(["one"])
    for _ in range(5):
        touch("one")
    after = read_stamps(["one"])
    if connection.vendor == "postgresql":
        assert [fold_stamps(at_once=2) for _ in range(4)] == [2, 2, 1, 0]
    assert before != after == read_stamps(["one"])


@pytest.mark.postgres
@pytest.mark.parametrize("planned", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("analyzed", [False, True])
def test_stamps_are_read_row_by_row_so_that_what_was_folded_is_passed_by(planned: str, analyzed: bool) -> None:
    dialect = DIALECTS["postgresql"]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {LOG} (scope, nonce) SELECT 's' || n % 3, n FROM generate_series(1, 30000) n")
        while fold_stamps():
            pass
        cursor.execute(f"INSERT INTO {LOG} (scope, nonce) SELECT 's' || n % 3, n FROM generate_series(1, 250) n")
        if analyzed:
            cursor.execute(f"ANALYZE {LOG}")
        cursor.execute(f"SET LOCAL plan_cache_mode = {planned}")
        for statement in (dialect.stamp, dialect.stamps):
            sql = statement.replace("%s", "$1").replace("%%", "%")
            cursor.execute(f"PREPARE of_scopes (text[]) AS {sql}")
            cursor.execute("EXPLAIN EXECUTE of_scopes ('{s0,s1,*}')")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            cursor.execute("DEALLOCATE of_scopes")
            assert re.search(f"Index (Only )?Scan using {LOG}_pkey", plan), plan
            assert f"on {LOG}_pkey" not in plan


@pytest.mark.django_db(transaction=True)
def test_what_is_logged_is_folded_by_the_way_where_much_of_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite logs nothing")
    fold_stamps()
    monkeypatch.setattr(stamps, "FOLD_AT", 3)
    for _ in range(4):
        touch("one")
    before = stamp_of(["one"])
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT COUNT(*) FROM "{LOG}"')
        assert cursor.fetchone() == (0,)
    assert stamp_of(["one"]) == before


@pytest.mark.django_db(transaction=True)
def test_a_database_that_refuses_to_fold_is_read_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "FOLD_AT", 0)
    monkeypatch.setattr(stamps, "_no_folding_before", {})
    touch("one")
    with connection.cursor() as cursor:
        read_only, read_write = (
            ("SET default_transaction_read_only = on", "SET default_transaction_read_only = off")
            if connection.vendor == "postgresql"
            else ("PRAGMA query_only = on", "PRAGMA query_only = off")
        )
        cursor.execute(read_only)
        try:
            assert stamp_of(["one"]) == stamp_of(["one"])
        finally:
            cursor.execute(read_write)


@pytest.mark.parametrize("scopes", [[], "", ["one", ""], ["x" * 201], ["a\nb"], [7]])
def test_what_is_no_scope_is_refused_and_said(scopes: Any) -> None:
    with pytest.raises(ImproperlyConfigured, match="scope"):
        read_stamps(scopes)
    with pytest.raises(ImproperlyConfigured, match="scope"):
        touch(*([scopes] if isinstance(scopes, str) else scopes))


def test_a_row_that_belongs_to_one_person_moves_that_persons_scope_and_nobody_elses() -> None:
    from django_prodev.testing import make_enrollment

    one, other = make_user(), make_user()
    scope_of = {user.pk: f"enrollment:user:{_stored_key(user)}" for user in (one, other)}
    before = read_stamps(scope_of.values())
    row = make_enrollment(user=one)
    after = read_stamps(scope_of.values())
    assert before[scope_of[one.pk]] != after[scope_of[one.pk]]
    assert before[scope_of[other.pk]] == after[scope_of[other.pk]]
    type(row).objects.filter(pk=row.pk).update(user=other)  # it leaves the one and comes to the other
    assert not after.items() & read_stamps(scope_of.values()).items()


def _stored_key(user: Any) -> str:
    return str(user._meta.pk.get_db_prep_value(user.pk, connection))


def test_signing_in_moves_nothing_and_a_new_name_does() -> None:
    user = make_user()
    before = stamp_of(["user"])
    type(user)._default_manager.filter(pk=user.pk).update(last_login="2026-01-01T00:00:00Z")
    if connection.vendor == "postgresql":
        assert stamp_of(["user"]) == before
    type(user)._default_manager.filter(pk=user.pk).update(is_active=False)
    assert stamp_of(["user"]) != before


def test_the_sum_does_not_depend_on_the_order_of_writes() -> None:
    """Three writers, committed in every order: the last stamp is one, and those on the way are all different."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    rows = [("order", 11), ("order", 22), ("order", 44)]
    last, seen = set(), set()
    for order in itertools.permutations(rows):
        with transaction.atomic(), connection.cursor() as cursor:
            for row in order:
                cursor.execute(f'INSERT INTO "{LOG}" (scope, nonce) VALUES (%s, %s)', row)
                stamp = stamp_of(["order"])
                seen.add(stamp)
            last.add(stamp)
            transaction.set_rollback(True)
    assert len(last) == 1
    assert len(seen) == 3 + 3 + 1
