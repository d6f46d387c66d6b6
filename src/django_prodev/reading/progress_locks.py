"""What is locked for a person, and by what. A pure computation over a curriculum and the units that are done.

A unit that requires a topic opens when a unit of the same curriculum that teaches the topic is done; a topic that
nothing here teaches is taken as known. Where a program keeps its units in order, a unit also waits for what is asked
for and stands before it, on its own level and on those above it; among the children of "any n of these" there is no
order. What is done is never locked, and what stands inside something locked is locked too.
"""

from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass

from django_prodev.reading.progress_tree import Item, Tree


@dataclass(frozen=True, slots=True)
class Lock:
    """Why an item is closed: the topics that are not learnt yet, and the items before it that are not done."""

    topics: tuple[int, ...] = ()
    waits_for: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What opens what: whether units keep their order, and which topics a unit requires and teaches, by its key."""

    is_enforced: bool
    requires: Mapping[int, Collection[int]]
    teaches: Mapping[int, Collection[int]]


def locks_of(tree: Tree, order: Order, done: Set[int]) -> dict[int, Lock]:
    """The locks by key of the item; an item that is open has none."""
    taught: set[int] = set()
    learnt: set[int] = set()
    for item in tree.walk():
        topics = order.teaches.get(item.unit, ())
        taught.update(topics)
        # Nobody marks a group as done: what it teaches is learnt when enough of its parts are.
        if item.unit in done or (tree.is_group(item) and tree.is_complete(done, item.key)):
            learnt.update(topics)
    locks: dict[int, Lock] = {}

    def close(parent: int | None, above: Lock, around: frozenset[int]) -> None:
        for item in tree.children.get(parent, ()):
            # What a group teaches is learnt by its parts, so none of them waits for it.
            own = around.union(order.teaches.get(item.unit, ()))
            topics = [topic for topic in order.requires.get(item.unit, ()) if topic in taught - learnt - own]
            before = list(_before(tree, item, done)) if order.is_enforced else []
            lock = Lock(
                tuple(dict.fromkeys((*above.topics, *topics))), tuple(dict.fromkeys((*above.waits_for, *before)))
            )
            if (lock.topics or lock.waits_for) and item.unit not in done:
                locks[item.key] = lock
            close(item.key, lock, own)

    close(None, Lock(), frozenset())
    return locks


def _before(tree: Tree, item: Item, done: Set[int]) -> Iterator[int]:
    if item.parent is not None and tree.items[item.parent].min_children is not None:
        return
    for sibling in tree.counted[item.parent]:
        if _stands_at_or_after(tree, sibling, item):
            return
        if not tree.is_complete(done, sibling.key):
            yield sibling.key


def _stands_at_or_after(tree: Tree, sibling: Item, item: Item) -> bool:
    siblings = tree.children[item.parent]
    return siblings.index(sibling) >= siblings.index(item)
