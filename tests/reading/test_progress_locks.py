from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from django_prodev.reading.progress_locks import Lock, Order, locks_of
from django_prodev.reading.progress_tree import Item, Tree

PYTHON, SQL, DJANGO = 1, 2, 3


def order(
    *, is_enforced: bool = False, requires: Mapping[int, list[int]] | None = None, teaches: Mapping[int, list[int]]
) -> Order:
    return Order(is_enforced, requires or {}, teaches)


def flat(count: int) -> Tree:
    return Tree([Item(key, None, key) for key in range(1, count + 1)])


def test_a_unit_waits_for_the_topics_it_requires() -> None:
    rules = order(teaches={1: [PYTHON], 2: [SQL]}, requires={3: [PYTHON, SQL, DJANGO]})
    assert locks_of(flat(3), rules, set()) == {3: Lock(topics=(PYTHON, SQL))}
    assert locks_of(flat(3), rules, {1}) == {3: Lock(topics=(SQL,))}
    assert locks_of(flat(3), rules, {1, 2}) == {}
    assert locks_of(flat(3), rules, {3}) == {}


def test_units_in_order_wait_for_what_is_asked_for_before_them() -> None:
    tree = Tree([Item(1, None, 1), Item(2, None, 2, is_required=False), Item(3, None, 3), Item(4, None, 4)])
    rules = order(is_enforced=True, teaches={})
    assert locks_of(tree, rules, set()) == {
        2: Lock(waits_for=(1,)),
        3: Lock(waits_for=(1,)),
        4: Lock(waits_for=(1, 3)),
    }
    assert locks_of(tree, rules, {1}) == {4: Lock(waits_for=(3,))}


def test_what_stands_inside_something_locked_is_locked_too() -> None:
    tree = Tree([Item(1, None, 1), Item(2, None, 2), Item(3, 2, 3), Item(4, 2, 4)])
    rules = order(is_enforced=True, teaches={})
    assert locks_of(tree, rules, set())[3] == Lock(waits_for=(1,))
    assert locks_of(tree, rules, set())[4] == Lock(waits_for=(1, 3))
    assert set(locks_of(tree, rules, {1})) == {4}


def test_what_a_group_teaches_is_learnt_when_enough_of_its_parts_are_done() -> None:
    tree = Tree([Item(1, None, 1), Item(2, 1, 2), Item(3, 1, 3, is_required=False), Item(4, None, 4)])
    rules = order(teaches={1: [PYTHON]}, requires={4: [PYTHON]})
    assert locks_of(tree, rules, set()) == {4: Lock(topics=(PYTHON,))}
    assert locks_of(tree, rules, {2}) == {}


def test_a_part_does_not_wait_for_what_its_own_group_teaches() -> None:
    tree = Tree([Item(1, None, 1), Item(2, 1, 2), Item(3, 1, 3)])
    rules = order(teaches={1: [PYTHON], 2: [SQL]}, requires={2: [PYTHON], 3: [PYTHON, SQL]})
    assert locks_of(tree, rules, set()) == {3: Lock(topics=(SQL,))}


def test_there_is_no_order_among_any_n_of_these() -> None:
    tree = Tree([Item(1, None, 1, min_children=1), Item(2, 1, 2), Item(3, 1, 3), Item(4, None, 4)])
    rules = order(is_enforced=True, teaches={})
    assert set(locks_of(tree, rules, set())) == {4}
    assert locks_of(tree, rules, {3}) == {}


@given(st.integers(1, 8), st.frozensets(st.integers(1, 8)), st.booleans())
def test_a_flat_order_leaves_something_open_until_all_is_done(
    count: int, done: frozenset[int], is_enforced: bool
) -> None:
    tree = flat(count)
    locks = locks_of(tree, order(is_enforced=is_enforced, teaches={}), done)
    assert not set(locks) & done
    left = [item.key for item in tree.missing(done)]
    assert (left == []) or left[0] not in locks
    assert is_enforced or not locks
