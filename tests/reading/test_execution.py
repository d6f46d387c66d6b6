"""How a statement is run changes nothing of its answer: prepared or watched, joined, folded or by itself."""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import orjson
import pytest
from django.db import connection, connections
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from django_prodev.models.viewer import Scope
from django_prodev.models.visibility import VisibilityPolicy
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import ENTRY, LISTED, PROGRAM
from django_prodev.reading.compiler import compile_one
from django_prodev.reading.reader import Reader
from django_prodev.testing import make_entry, make_user
from tests.reading.asking import one, page, select, whole
from tests.reading.library import Library

pytestmark = pytest.mark.django_db

Answers = dict[tuple[str, str], bytes]


class SameRules(VisibilityPolicy):
    """The rules as they are, in a class that nothing is known of: every row is then looked at by itself."""


@pytest.fixture
def library() -> Library:
    return Library(2)


def answers(library: Library) -> Answers:
    """Every list, and its first row by itself, as each kind of viewer."""
    viewers = {
        "anonymous": None,
        "reader": library.reader,
        "stranger": library.people[2],
        "superuser": library.people[1],
    }
    library.people[1].is_superuser = True  # type: ignore[attr-defined]
    found: Answers = {}
    for who, viewer in viewers.items():
        for entity in LISTED:
            reader = Reader(whole(entity))
            shown = page(reader, viewer)
            found[entity.name, who] = orjson.dumps([shown.nodes, list(shown.cursors)])
            for row in entity.rows().order_by("pk"):
                found[f"{entity.name} {row.uuid}", who] = orjson.dumps(one(whole(entity), viewer, uuid=row.uuid))
    return found


def watched(library: Library) -> Answers:
    with CaptureQueriesContext(connection):
        return answers(library)


def under_other_rules(library: Library) -> Answers:
    with override_settings(DJANGO_PRODEV={"VISIBILITY_POLICY": f"{__name__}.SameRules"}):
        return answers(library)


def forget_cursor() -> None:
    """Whether statements are prepared is asked once for each connection."""
    getattr(connection.connection, "__dict__", {}).pop("prodev_driver", None)


def unprepared(library: Library) -> Answers:
    forget_cursor()
    try:
        with override_settings(DJANGO_PRODEV={"PREPARED_STATEMENTS": False}):
            return answers(library)
    finally:
        forget_cursor()


@pytest.mark.parametrize("other", [watched, under_other_rules, unprepared], ids=lambda each: each.__name__)
def test_answers_are_the_same_however_the_statements_are_run(
    library: Library, other: Callable[[Library], Answers]
) -> None:
    found, usual = other(library), answers(library)
    assert [(key, found[key], usual[key]) for key in usual if found[key] != usual[key]] == []


def test_what_puts_its_own_cursor_in_the_place_of_djangos_sees_every_statement(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there, seen = connections["default"], []
    usual = there.cursor

    def cursor(*args: Any, **kwargs: Any) -> Any:
        seen.append("a cursor")
        return usual(*args, **kwargs)

    page(whole(ENTRY))
    monkeypatch.setitem(vars(there), "cursor", cursor)
    page(select(ENTRY, "title"))
    assert seen == ["a cursor"]


def test_what_the_rules_imply_is_not_looked_at_again(library: Library) -> None:
    with CaptureQueriesContext(connection) as queries:
        page(select(ENTRY, "title", program=select(PROGRAM, "title")))
    assert len(queries) == 1


@pytest.mark.postgres
def test_a_row_with_what_is_few_under_it_takes_one_statement() -> None:
    plan = compile_one(whole(ENTRY), ("uuid",), Scope.USER)
    assert plan.statements == 1


@pytest.mark.postgres
@override_settings(DJANGO_PRODEV={"MAX_NESTED_ROWS": 100})
def test_folded_rows_are_bounded_like_all_others() -> None:
    from django_prodev.reading.plan import AnswerTooLarge
    from django_prodev.testing import make_topic

    entry = make_entry(author=None, status="published", visibility="public")
    entry.topics.set([make_topic() for _ in range(101)])
    with pytest.raises(AnswerTooLarge):
        one(whole(ENTRY), make_user(is_superuser=True), uuid=entry.uuid)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_statements_that_a_pooler_has_lost_are_run_all_the_same(
    library: Library, caplog: pytest.LogCaptureFixture
) -> None:
    reader = Reader(select(ENTRY, "title"))
    before = page(reader).nodes
    for _ in range(5):
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$")  # which the driver does not notice
        assert [page(reader).nodes, page(reader).nodes] == [before, before]
    assert [message.partition(":")[0] for message in caplog.messages] == ["Prepared statements get lost"]


@pytest.mark.postgres
@override_settings(DJANGO_PRODEV={})
def test_no_constant_of_a_rule_is_left_to_be_bound() -> None:
    plan = Reader(whole(ENTRY))
    page(plan)
    listing = check_list(ENTRY, ListInput({})).listing
    from django_prodev.reading.compiler import compile_list

    assert compile_list(plan.selection, listing, Scope.ANONYMOUS).root.statement.params == ()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nothing_keeps_a_connection_that_was_closed(library: Library) -> None:
    page(select(ENTRY, "title"))
    driver = weakref.ref(connection.connection)
    connection.close()
    gc.collect()
    assert driver() is None
