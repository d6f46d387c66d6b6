"""The designs that race: this package's, and those that are known to serve what is stale, as controls.

Each reads the number of a row through the cache and writes another one. The rows are topics, the number their text.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import random
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from django_prodev.cache import cached
from django_prodev.cache.stores import store
from django_prodev.models import Topic

LINGER = 0.002
"""Seconds, at most, between a write and its commit: longer than a read takes, as in a real transaction."""


@dataclass(frozen=True)
class Design:
    """How a row is read through the cache, and what a writer does about the cache."""

    read: Callable[[int], int]
    write: Callable[[int, int], None]


def number_of(key: int) -> int:
    """What the database says."""
    return int(Topic.objects.values_list("description", flat=True).get(pk=key) or 0)


def _store(key: int, number: int) -> None:
    Topic.objects.filter(pk=key).update(description=str(number), updated_at=timezone.now())


def _write(key: int, number: int, within: Callable[[], Any] = lambda: None) -> None:
    with transaction.atomic():
        _store(key, number)
        within()
        if random() < 0.3:
            time.sleep(random() * LINGER)


def _read_by_stamp(key: int) -> int:
    found: int = cached(lambda: number_of(key), scope="topic", name="race", vary=key)
    return found


def _aside(name: str, compute: Callable[[], int]) -> int:
    """Look into the cache, else into the database, and keep what is there: as everybody does it."""
    used = store()
    found = used.get(name)
    if found is not None:
        return int(found)
    number = compute()
    used.set(name, str(number).encode(), 60)
    return number


def _read_by_name(key: int) -> int:
    return _aside(f"prodev:race:{key}", lambda: number_of(key))


def _delete(key: int) -> None:
    store().delete(f"prodev:race:{key}")


def _delete_within(key: int, number: int) -> None:
    """As a receiver of ``post_save`` does."""
    _write(key, number, lambda: _delete(key))


def _delete_after(key: int, number: int) -> None:
    _write(key, number, lambda: transaction.on_commit(lambda: _delete(key)))


def _read_by_newest(key: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT MAX(updated_at), COUNT(*) FROM "{Topic._meta.db_table}"')
        newest, count = cursor.fetchone()
    mark = str(newest).replace(" ", "T")
    return _aside(f"prodev:race:{key}:{mark}:{count}", lambda: number_of(key))


OURS = "stamps"

DESIGNS = {
    OURS: Design(_read_by_stamp, _write),
    "delete in post_save": Design(_read_by_name, _delete_within),
    "delete in on_commit": Design(_read_by_name, _delete_after),
    "max(updated_at) and count": Design(_read_by_newest, _write),
}
