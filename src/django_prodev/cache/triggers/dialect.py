"""What differs by database about stamps: the tables, the triggers, and how stamps are read and moved."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django_prodev.cache.tables import StampedTable

FOLDED = "django_prodev_stamp"
"""The table of what has been counted up: how many writes a scope has seen, and the sum of their random numbers."""

LOG = "django_prodev_stamplog"
"""The table of writes that are not counted up yet: one row for each write and scope."""

PREFIX = "prodev_stamp_"
"""What the name of each trigger begins with."""

NONCE_BITS = (1 << 48) - 1
TOTAL_BITS = (1 << 62) - 1

Quote = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger as it should be: ``name`` tells one version of it from another."""

    table: str
    name: str
    create: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dialect:
    """The SQL of one database. ``%s`` stands for a parameter; what is a list is passed as ``listed`` gives it."""

    tables: tuple[str, ...]
    drop_tables: tuple[str, ...]
    triggers: Callable[[StampedTable, Quote, str], list[Trigger]]
    drop: Callable[[str, str, Quote], tuple[str, ...]]
    installed: str
    """Gives, of each trigger that is there, its table, its ``Trigger.name``, and whether it is enabled."""
    schema: str
    stamp: str
    """Gives rows of a count, a total, and how much of the count is not folded yet: rows to be added up."""
    stamps: str
    """The same by scope."""
    touch: str
    listed: Callable[[list[str]], Any]
    repeat: int
    """How often a read takes its list of scopes."""
    fold: str = ""
