"""What somebody asks for: a tree of attributes and relations, under the names it is to be answered with.

A selection is all that a plan needs to know of an interface. Plans are kept by selection, so of all that ask for the
same there is one (``canonical``), and it is compared by identity.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from django_prodev.reading.entities import Attribute, Entity, Many, One
from django_prodev.reading.listing import Listing


@dataclass(frozen=True, eq=False, slots=True)
class Leaf:
    """An attribute, answered as ``key``. ``convert`` is applied to values that are not null."""

    key: str
    attribute: Attribute
    convert: Callable[[Any], Any] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Constant:
    """A value that does not depend on the row."""

    key: str
    value: Any


@dataclass(frozen=True, eq=False, slots=True)
class Branch:
    """A relation, answered as ``key`` with its own selection.

    A paged relation has a ``listing``, and a ``wrap`` that makes the answer of each parent's page.
    """

    key: str
    relation: One | Many
    selection: "Selection"
    listing: Listing | None = None
    wrap: "Wrap | None" = None


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """More of the same row, answered together under ``key``."""

    key: str
    selection: "Selection"


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Selection:
    """The picks from an entity, in the order of the answer."""

    entity: Entity
    picks: tuple[Leaf | Constant | Branch | Group, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: the assembled rows and what is around them.

    ``cursors`` holds a row's place in the list, in the order of ``nodes``; ``total`` is the number of rows of the
    whole list where it was asked for and is at most ``COUNT_LIMIT``.
    """

    nodes: list[Any]
    cursors: "Sequence[str]"
    has_next: bool
    has_previous: bool
    total: int | None = None


Wrap = Callable[[Page], Any]


_canonical: WeakValueDictionary[tuple[Any, ...], Selection] = WeakValueDictionary()


def canonical(selection: Selection) -> Selection:
    """The selection that stands for all that ask for the same under the same names, as long as anything keeps it."""
    return _canonical.setdefault(_shape(selection), selection)


def _shape(selection: Selection) -> tuple[Any, ...]:
    """What a plan depends on. Functions are the same where they are one object, or where their ``shape`` is equal."""
    return (selection.entity, *(_shape_of_pick(pick) for pick in selection.picks))


def _shape_of_pick(pick: Leaf | Constant | Branch | Group) -> tuple[Any, ...]:
    match pick:
        case Leaf():
            return (pick.key, pick.attribute, pick.convert)
        case Constant():
            return (pick.key, "constant", type(pick.value), pick.value)
        case Group():
            return (pick.key, "group", _shape(pick.selection))
        case Branch():
            wrap = getattr(pick.wrap, "shape", pick.wrap)
            return (pick.key, pick.relation, _shape(pick.selection), pick.listing, wrap)
