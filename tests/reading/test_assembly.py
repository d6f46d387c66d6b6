"""Rows into values: the functions that are made for a selection."""

from typing import Any

from django_prodev.models.viewer import Scope
from django_prodev.reading.assembly import NOTHING, Assembler, first_column
from django_prodev.reading.catalog import ENTRY, PERSON
from django_prodev.reading.compiler import compile_one
from django_prodev.reading.selection import Branch, Constant, Leaf, Selection

HOSTILE = "'\"]}); import os; \\ \n {r[0]} \x00"


def test_a_record_is_a_dict_in_the_order_of_its_parts() -> None:
    made = Assembler()
    record = made.record([("b", made.leaf(1, None, False)), ("a", made.leaf(0, None, True))])
    assert [list(row.items()) for row in made.as_list(record)([(1, 2), (None, 4)])] == [
        [("b", 2), ("a", 1)],
        [("b", 4), ("a", None)],
    ]


def test_a_conversion_leaves_nulls_alone_where_there_may_be_any() -> None:
    made = Assembler()
    record = made.record([("x", made.leaf(0, str, True)), ("y", made.leaf(1, str, False))])
    assert made.as_list(record)([(1, 2), (None, None)]) == [{"x": "1", "y": "2"}, {"x": None, "y": "None"}]


def test_a_joined_record_is_null_where_its_key_is() -> None:
    made = Assembler()
    record = made.record([("name", made.leaf(1, None, False))], null_at=0)
    assert made.as_list(record)([(5, "n"), (None, None)]) == [{"name": "n"}, None]


def test_children_are_looked_up_by_the_key_of_their_parent() -> None:
    made = Assembler()
    record = made.record([("one", made.child(0, None)), ("many", made.child(1, NOTHING))])
    build = made.as_list(record)
    assert build([(1, 1), (2, 2)], {1: "x"}.get, {2: ["y"]}.get) == [
        {"one": "x", "many": []},
        {"one": None, "many": ["y"]},
    ]


def test_groups_keep_the_order_of_the_rows_and_an_index_is_by_key() -> None:
    groups = Assembler()
    build = groups.as_groups(groups.record([("v", groups.leaf(1, None, False))]))
    found = build([(7, "a"), (8, "b"), (7, "c")])
    assert found(7) == [{"v": "a"}, {"v": "c"}]
    assert found(9) is None
    index = Assembler()
    assert index.as_index(index.record([("v", index.leaf(1, None, False))]))([(7, "a")])(7) == {"v": "a"}


def test_keys_and_constants_never_become_source() -> None:
    made = Assembler()
    record = made.record([(HOSTILE, made.constant(HOSTILE)), ("n", made.constant(None))])
    assert made.as_list(record)([()]) == [{HOSTILE: HOSTILE, "n": None}]


def test_a_plan_is_made_of_aliases_and_constants_as_they_are() -> None:
    title, author = ENTRY.by_name["title"], ENTRY.by_name["author"]
    person: Any = PERSON.by_name["name"]
    selection = Selection(
        ENTRY,
        (
            Leaf(HOSTILE, title),  # type: ignore[arg-type]
            Leaf("again", title, str.upper),  # type: ignore[arg-type]
            Constant("__typename", "Entry"),
            Branch("by", author, Selection(PERSON, (Leaf("n", person), Constant("t", "P")))),  # type: ignore[arg-type]
        ),
    )
    root = compile_one(selection, ("uuid",), Scope.ANONYMOUS).root
    assert not root.children
    (answer,) = root.assemble([("pk", "Title", 3, "Ada")], {})
    assert answer == {HOSTILE: "Title", "again": "TITLE", "__typename": "Entry", "by": {"n": "Ada", "t": "P"}}


def test_the_keys_of_parents_are_taken_once_without_nulls() -> None:
    assert first_column([(3,), (None,), (1,), (3,)], 0) == [3, 1]
    assert first_column([], 0) == []
