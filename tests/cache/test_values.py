"""``cached``: computed once, until something changes in its scopes; never the value of somebody else."""

import threading
import uuid
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection, transaction

from django_prodev.cache import cached, filling, touch, viewer_scope
from django_prodev.cache.stores import store
from django_prodev.models import Program
from django_prodev.testing import make_program, make_user
from tests.cache.servers import DUMMY

pytestmark = pytest.mark.django_db


class Counting:
    def __init__(self) -> None:
        self.calls: list[Any] = []

    def __call__(self, *args: Any) -> Any:
        self.calls.append(args)
        return {"call": len(self.calls), "args": args}


@pytest.mark.usefixtures("every_cache")
def test_a_value_is_computed_once_until_its_scope_moves() -> None:
    calls = []

    @cached(scope="program")
    def titles() -> list[str]:
        calls.append(1)
        return sorted(Program.objects.values_list("title", flat=True))

    assert titles() == titles() == []
    assert len(calls) == 1
    program = make_program(title="Rowing")
    assert titles() == titles() == ["Rowing"]
    assert len(calls) == 2
    Program.objects.filter(pk=program.pk).update(title="Sailing")
    assert titles() == ["Sailing"]
    touch("entry")
    titles()
    assert len(calls) == 3


def test_a_value_varies_by_the_arguments() -> None:
    count = Counting()

    @cached(scope="program", name="test.args")
    def look(first: Any, second: Any = None) -> Any:
        return count(first, second)

    same = uuid.uuid4()
    for arguments in ((1,), ("1",), (None,), (True,), (1, 2), ((1, 2),), (same,), ([],), ({},)):
        look(*arguments)
    assert len(count.calls) == 9
    look(1)
    look(same)
    look(1, second=None)  # written otherwise: another key, and no other value
    assert len(count.calls) == 10


def test_the_same_is_returned_the_first_time_and_after() -> None:
    @cached(scope="program")
    def look() -> Any:
        return {1: ("a", "b")}

    assert look() == look() == {"1": ["a", "b"]}


@pytest.mark.parametrize("value", [None, False, 0, "", b"", b"\x00j", [], {}, "grün", 2**53])
def test_any_plain_value_is_kept(value: Any) -> None:
    calls = []

    @cached(scope="program", name="test.plain")
    def look(key: str) -> Any:
        calls.append(key)
        return value

    assert look(repr(value)) == value
    assert look(repr(value)) == value
    assert len(calls) == 1


def test_it_can_be_called_with_what_to_compute() -> None:
    count = Counting()
    assert cached(count, scope="program", name="test.call")["call"] == 1
    assert cached(count, scope="program", name="test.call")["call"] == 1
    assert cached(count, scope="program", name="test.call", vary=7)["call"] == 2
    assert cached(count, scope="program", name="test.other")["call"] == 3


def test_viewers_have_values_of_their_own() -> None:
    count = Counting()

    def look(user: Any) -> Any:
        return cached(count, scope="program", name="test.viewer", vary=viewer_scope(user))["call"]

    one, other = make_user(), make_user()
    boss = make_user(is_superuser=True)
    gone = make_user(is_active=False)
    assert [look(user) for user in (None, one, other, boss, gone, one, None)] == [1, 2, 3, 4, 1, 2, 1]
    type(one)._default_manager.filter(pk=one.pk).update(is_superuser=True)
    one.refresh_from_db()
    assert look(one) == 5


def test_scope_and_vary_may_be_functions_of_the_arguments() -> None:
    count = Counting()

    @cached(scope=lambda user: f"membership:user:{user.pk}", vary=lambda user: user.pk)
    def roles(user: Any) -> Any:
        return count()

    one, other = make_user(), make_user()
    roles(one)
    roles(other)
    touch(f"membership:user:{one.pk}")
    roles(one)
    roles(other)
    assert len(count.calls) == 3


def test_what_raises_is_computed_again_and_holds_nobody_up() -> None:
    calls: list[int] = []

    @cached(scope="program", name="test.raising")
    def look() -> int:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError
        return len(calls)

    with pytest.raises(ValueError):
        look()
    assert look() == look() == 2


def test_what_a_transaction_reads_of_its_own_writes_is_nobody_elses() -> None:
    @cached(scope="program", name="test.own")
    def titles() -> list[str]:
        return sorted(Program.objects.values_list("title", flat=True))

    make_program(title="Before")
    assert titles() == ["Before"]
    with transaction.atomic():
        Program.objects.update(title="Inside")
        assert titles() == titles() == ["Inside"]
        transaction.set_rollback(True)
    assert titles() == ["Before"]


@pytest.mark.parametrize("off", ["setting", "dummy", "poisoned"])
def test_without_a_cache_it_computes_each_time(off: str, settings: Any) -> None:
    if off == "setting":
        settings.DJANGO_PRODEV = {"CACHE": False}
    elif off == "dummy":
        settings.CACHES = DUMMY
    else:
        settings.DJANGO_PRODEV = {}
        held: Any = store().store
        held.get = lambda key: b"\x80\x05rubbish"
    count = Counting()
    look = cached(scope="program", name=f"test.off.{off}")(count)
    assert [look()["call"] for _ in range(3)] == [1, 2, 3]


def test_a_deployment_with_other_settings_has_values_of_its_own(settings: Any) -> None:
    count = Counting()
    look = cached(scope="program", name="test.shape")(count)
    assert look()["call"] == 1
    settings.DJANGO_PRODEV = {"MIN_GROUP_SIZE": 7}
    assert look()["call"] == 2
    settings.SECRET_KEY = "another"
    assert look()["call"] == 3


@pytest.mark.parametrize(
    ("use", "error", "says"),
    [
        (lambda: cached(lambda: 1, scope="program"), ImproperlyConfigured, "name="),
        (lambda: cached(lambda: 1, scope="", name="x"), ImproperlyConfigured, "scope"),
        (lambda: cached(scope=[]), ImproperlyConfigured, "scope"),
        (lambda: cached(object, scope="program", name="x"), TypeError, "cannot be cached"),
        (lambda: cached(dict, scope="program", name="x", vary=object()), TypeError, "must be plain"),
        (lambda: cached(scope="program")(print)(object()), TypeError, "must be plain"),
    ],
)
def test_what_cannot_be_is_said(use: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        use()


def _at_once(readers: int, read: Any) -> list[Any]:
    barrier, results = threading.Barrier(readers), []

    def run() -> None:
        barrier.wait()
        results.append(read())

    threads = [threading.Thread(target=run) for _ in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.usefixtures("every_cache")
def test_sixty_four_readers_make_one_computation(monkeypatch: pytest.MonkeyPatch) -> None:
    # A connection for each is too many.
    monkeypatch.setattr(filling, "stamp_beside", lambda scopes, work, using=None: ("1-1", work()))
    going, count = threading.Event(), Counting()

    def compute() -> Any:
        going.wait(0.3)
        return count()

    found = _at_once(64, lambda: cached(compute, scope="program", name="test.stampede"))
    assert len(count.calls) == 1
    assert found == [{"call": 1, "args": []}] * 64


@pytest.mark.usefixtures("every_cache")
def test_who_gets_the_lock_after_another_has_filled_it_computes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "stamp_beside", lambda scopes, work, using=None: ("1-1", work()))
    used, count, others = store(), Counting(), []
    claim = used.claim

    def late(*args: Any) -> Any:
        if not others:  # between the look of the first and its lock, another reader comes and goes
            others.append(True)
            assert cached(count, scope="program", name="test.late")["call"] == 1
        return claim(*args)

    monkeypatch.setattr(used, "claim", late)
    assert [cached(count, scope="program", name="test.late")["call"] for _ in range(2)] == [1, 1]
    assert len(count.calls) == 1


def test_who_waits_too_long_computes_it_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "stamp_beside", lambda scopes, work, using=None: ("1-1", work()))
    monkeypatch.setattr(filling, "PATIENCE", 0.1)
    done, count = threading.Event(), Counting()

    def compute() -> Any:
        number = count()["call"]
        if number == 1:
            done.wait(10)
        else:
            done.set()
        return number

    found = _at_once(2, lambda: cached(compute, scope="program", name="test.patience"))
    assert sorted(found) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_cache_in_the_database_that_has_the_stamps_too(settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "test_prodev_cache"}
    }
    call_command("createcachetable", verbosity=0)
    count = Counting()
    try:
        found = [cached(count, scope="program", name="test.in_database") for _ in range(3)]
        assert found == [{"call": 1, "args": []}] * 3
        assert not store().breaker.is_open
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE test_prodev_cache")
