"""One transaction a service: locks are taken in it, and what the database refuses leaves it as our own exceptions.

Two writers who meet are put in line by row locks on PostgreSQL, and on SQLite by its single write lock, which is taken
before anything is read: a transaction that reads first and writes later fails there instead of waiting
(https://sqlite.org/rescode.html#busy_snapshot).

Rows are locked in this order, so that no two services wait for each other: provider, program, curriculum, cohort,
project, enrollment, progress, entry; within one table by ascending key.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connections, router, transaction

from django_prodev.exceptions import Busy, Conflict, NotFound
from django_prodev.models import Event
from django_prodev.models.base import Record

P = ParamSpec("P")
R = TypeVar("R")
RecordT = TypeVar("RecordT", bound=Record)

CODES = {
    "prodev_enrollment_one_open": "already_enrolled",
    "prodev_enrollment_one_invitation": "already_invited",
    "prodev_curriculum_one_draft": "draft_exists",
    "prodev_project_one_live": "already_submitted",
}
"""The code of a conflict that the database found, by the name of the constraint."""

_CONTENTION_STATES = {"40001", "40P01", "55P03"}  # serialization failure, deadlock, lock not available


def service(function: Callable[P, R]) -> Callable[P, R]:
    """Run ``function`` in a transaction of its own, or in the caller's.

    Raises ``Conflict`` where a constraint refused what a concurrent writer had made impossible, and ``Busy`` where the
    database gave up waiting for a lock.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with one_transaction():
                return function(*args, **kwargs)
        except IntegrityError as error:
            name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
            raise Conflict("This exists already.", code=CODES.get(name, "conflict")) from error
        except OperationalError as error:
            if not _is_contention(error):
                raise
            raise Busy from error

    return run


@contextmanager
def one_transaction() -> Iterator[None]:
    """Let several services, and what is read between them, stand or fall together."""
    using = router.db_for_write(Event)
    with transaction.atomic(using=using):
        take_write_lock(using)
        yield


def take_write_lock(using: str) -> None:
    """Take SQLite's write lock with an update that no row answers to; other databases lock rows instead."""
    if connections[using].vendor == "sqlite":
        Event.objects.using(using).filter(pk=-1).update(type="")


def locked(model: type[RecordT], pk: Any) -> RecordT:
    """Read a row and hold it until the transaction ends. Raises ``NotFound`` where it is gone.

    The lock leaves the key alone, so that rows which refer to this one can still be written by others.
    """
    try:
        return model._default_manager.select_for_update(no_key=True).get(pk=pk)
    except model.DoesNotExist:
        raise NotFound from None


def _is_contention(error: OperationalError) -> bool:
    if getattr(error.__cause__, "sqlstate", None) in _CONTENTION_STATES:
        return True
    return "database is locked" in str(error) or "database table is locked" in str(error)
