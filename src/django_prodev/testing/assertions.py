"""Assertions that a host site needs when it tests its own views and rules over this package's rows."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connections, models
from django.test.utils import CaptureQueriesContext

from django_prodev.cache import touch


def count_statements(work: Callable[[], object], *, using: str = "default") -> int:
    """How many SQL statements ``work`` sends to the database ``using``."""
    with CaptureQueriesContext(connections[using]) as captured:
        work()
    return len(captured)


def assert_same_statements(
    grow: Callable[[int], object], work: Callable[[], object], *, sizes: Iterable[int] = (1, 10, 100)
) -> int:
    """Hold that ``work`` sends as many SQL statements at every size, and return how many.

    ``grow(n)`` brings the rows to ``n``. What is looked up once a process (a content type, say) is warmed up by one run
    before the first is counted. What the cache holds is out of date before each.

    Raises:
        AssertionError: naming the count at each size.
    """
    counts: dict[int, int] = {}
    for size in sizes:
        grow(size)
        if not counts:
            work()
        touch("*")
        counts[size] = count_statements(work)
    assert len(set(counts.values())) == 1, f"SQL statements by number of rows: {counts}"
    return next(iter(counts.values()))


def assert_sees(
    viewer: Any, model: type[models.Model], expected: Iterable[models.Model], *, addressed: bool = False
) -> None:
    """Hold that ``viewer`` (a user or ``None``) sees exactly the ``expected`` rows of ``model``, each once.

    Raises:
        AssertionError: naming the rows that are wrongly hidden and those that leak.
    """
    manager: Any = model._default_manager
    seen = list(manager.visible_to(viewer, addressed=addressed))
    wanted = list(expected)
    hidden = [row for row in wanted if row not in seen]
    leaked = [row for row in seen if row not in wanted]
    assert not hidden, f"{model.__name__} rows wrongly hidden from {viewer}: {hidden}"
    assert not leaked, f"{model.__name__} rows that {viewer} must not see: {leaked}"
    assert len(seen) == len(set(seen)), f"{viewer} sees a {model.__name__} more than once: {seen}"
