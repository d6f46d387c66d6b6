"""Cursors: what one says comes back as it was, and no text whatever does more harm than to be refused."""

import base64
import re
import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_prodev.reading.catalog import CURRICULUM, ENTRY, LISTED, PROGRAM, TOPIC
from django_prodev.reading.cursors import LONGEST, InvalidCursor, decode, encode
from django_prodev.reading.entities import Entity, Order
from django_prodev.testing import make_topic
from tests.reading.asking import page, select

ORDERS = [(entity, order) for entity in LISTED for order in entity.orders]
TITLES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=250)
EARLIEST, LATEST = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
MOMENTS = st.datetimes(EARLIEST.replace(tzinfo=None), LATEST.replace(tzinfo=None), timezones=st.just(UTC))


def sealed(content: Any) -> str:
    """Whatever content as a cursor would be written."""
    return base64.urlsafe_b64encode(orjson.dumps(content)).rstrip(b"=").decode()


def values(order: Order) -> st.SearchStrategy[Any]:
    if order.column == "created_at":
        return MOMENTS
    return st.integers(0, 2**31 - 1) if order.column in {"version", "position"} else TITLES


@given(st.data(), st.sampled_from(ORDERS), st.uuids())
def test_a_cursor_gives_back_the_place_that_was_written(
    data: st.DataObject, listed: tuple[Entity, Order], identifier: uuid.UUID
) -> None:
    entity, order = listed
    value = data.draw(values(order))
    cursor = encode(order, value, identifier)
    assert len(cursor) <= LONGEST
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]*", cursor)
    assert decode(entity, order, cursor) == (value, identifier)


@given(st.sampled_from(ORDERS), st.text() | st.text("ABCXYZabcxyz0189-_=", max_size=200))
def test_any_text_is_a_cursor_or_refused_as_none(listed: tuple[Entity, Order], text: str) -> None:
    with pytest.raises(InvalidCursor):
        decode(*listed, text)


SCALARS = st.none() | st.booleans() | st.floats() | st.integers(-(2**63), 2**63) | st.text(st.characters(codec="utf-8"))
CONTENTS = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text("ab"), inner), max_leaves=9)


@given(st.sampled_from(ORDERS), st.data())
def test_forged_content_is_a_place_or_refused(listed: tuple[Entity, Order], data: st.DataObject) -> None:
    entity, order = listed
    identifier = data.draw(st.uuids().map(str) | CONTENTS)
    name = data.draw(st.just(order.name) | st.text("ab"))
    content = data.draw(CONTENTS | st.tuples(st.just(name), CONTENTS, st.just(identifier)).map(list))
    try:
        value, found = decode(entity, order, sealed(content))
    except InvalidCursor:
        return
    assert isinstance(found, uuid.UUID)
    assert type(value) in (str, int, datetime)


@pytest.mark.parametrize(
    "moment",
    [
        "2024-01-01T00:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2024-13-01T00:00:00Z",
        "2024-01-01",
        "",
        1704067200,
        None,
        ["2024-01-01T00:00:00Z"],
    ],
)
def test_a_moment_without_a_zone_or_beyond_time_is_refused(moment: Any) -> None:
    with pytest.raises(InvalidCursor):
        decode(ENTRY, ENTRY.default_order, sealed(["-created_at", moment, str(uuid.uuid4())]))


def test_a_moment_of_another_zone_is_the_same_place() -> None:
    here = datetime(2024, 5, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    identifier = uuid.uuid4()
    assert decode(ENTRY, ENTRY.default_order, encode(ENTRY.default_order, here, identifier)) == (here, identifier)


@pytest.mark.parametrize("version", [True, 1.5, "1", 2**31, -(2**31), 2**63])
def test_a_version_that_is_no_whole_number_of_the_column_is_refused(version: Any) -> None:
    with pytest.raises(InvalidCursor):
        decode(CURRICULUM, CURRICULUM.order_by_name["version"], sealed(["version", version, str(uuid.uuid4())]))


def test_a_cursor_of_another_order_or_too_long_is_refused() -> None:
    cursor = encode(PROGRAM.order_by_name["title"], "a", uuid.uuid4())
    for text in ("-title", "created_at"):
        with pytest.raises(InvalidCursor):
            decode(PROGRAM, PROGRAM.order_by_name[text], cursor)
    with pytest.raises(InvalidCursor, match="use one that a page of it gave"):
        decode(PROGRAM, PROGRAM.order_by_name["title"], "A" * (LONGEST + 1))


@pytest.mark.django_db
def test_a_cursor_tells_nothing_of_internal_keys() -> None:
    topic = make_topic(name="n")
    (cursor,) = page(select(TOPIC, "name")).cursors
    content = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert content == ["name", "n", str(topic.uuid)]


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
def test_the_ends_of_time_are_places_that_the_database_takes(moment: str) -> None:
    make_topic()
    cursor = sealed(["created_at", moment, str(uuid.uuid4())])
    found = page(select(TOPIC, "name"), order="created_at", after=cursor)
    assert len(found.nodes) == (moment < "2")
