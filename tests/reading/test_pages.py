"""Pages: however a list is walked, it is the plain order of the rows, with none missing and none twice."""

import random
import uuid
from typing import Any

import pytest
from django.db.models import IntegerField
from django.utils.dateparse import parse_datetime

from django_prodev.models import Entry
from django_prodev.reading.catalog import ENTRY, LISTED, TOPIC
from django_prodev.reading.entities import Entity, Order
from django_prodev.reading.reader import Reader
from django_prodev.reading.selection import Page
from django_prodev.testing import make_published_program, make_topic
from tests.reading.asking import page, select
from tests.reading.library import PERSONAL, Library

pytestmark = pytest.mark.django_db

TEXTS = ("", " ", "A", "a", "ä", "Z", "z", "_", "%", "10", "9", "日本", "é", "e\u0301")
TIMES = ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000001Z", "1999-12-31T23:59:59.999999Z")


def scramble(entity: Entity, seed: int) -> None:
    """Give the rows sort values of which many are equal."""
    chance = random.Random(seed)
    for row in entity.rows():
        values: dict[str, Any] = {"created_at": parse_datetime(chance.choice(TIMES))}
        for order in entity.orders:
            if order.column != "created_at":
                whole = isinstance(entity.model._meta.get_field(order.column), IntegerField)
                values[order.column] = chance.randint(1, 3) if whole else chance.choice(TEXTS)
        entity.rows().filter(pk=row.pk).update(**values, uuid=uuid.UUID(int=chance.getrandbits(128)))


def plain(entity: Entity, order: Order, viewer: Any = None) -> list[uuid.UUID]:
    sign = "-" if order.descending else ""
    rows: Any = entity.model._default_manager
    ordered = rows.visible_to(viewer).order_by(f"{sign}{order.column}", f"{sign}uuid")
    return list(ordered.values_list("uuid", flat=True))


def walk(reader: Reader, viewer: Any, order: Order, size: int) -> list[Page]:
    pages = [page(reader, viewer, order=order.name, first=size)]
    while pages[-1].has_next:
        pages.append(page(reader, viewer, order=order.name, first=size, after=pages[-1].cursors[-1]))
    return pages


def walk_back(reader: Reader, viewer: Any, order: Order, size: int) -> list[Page]:
    pages = [page(reader, viewer, order=order.name, last=size)]
    while pages[-1].has_previous:
        pages.append(page(reader, viewer, order=order.name, last=size, before=pages[-1].cursors[0]))
    return pages[::-1]


def identifiers(pages: list[Page]) -> list[uuid.UUID]:
    return [uuid.UUID(node["uuid"]) for each in pages for node in each.nodes]


@pytest.mark.parametrize("who", ["anonymous", "reader"])
@pytest.mark.parametrize("entity", LISTED, ids=lambda entity: entity.name)
def test_walking_forward_and_backward_gives_the_plain_order_whatever_ties(entity: Entity, who: str) -> None:
    library = Library(7)
    viewer = library.reader if who == "reader" else None
    scramble(entity, seed=len(who))
    reader = Reader(select(entity, "uuid"))
    for order in entity.orders:
        expected = plain(entity, order, viewer)
        assert len(expected) >= (7 if viewer or entity.name not in PERSONAL else 0)
        for size in {1, 2, 3, max(1, len(expected) - 1), max(1, len(expected)), len(expected) + 1}:
            forward, backward = walk(reader, viewer, order, size), walk_back(reader, viewer, order, size)
            assert identifiers(forward) == expected
            assert identifiers(backward) == expected
            assert {len(each.nodes) for each in forward[:-1]} <= {size}
            assert {len(each.nodes) for each in backward[1:]} <= {size}


@pytest.mark.parametrize("order", TOPIC.orders, ids=lambda order: order.name)
def test_two_cursors_cut_out_what_lies_between_them(order: Order) -> None:
    Library(6)
    scramble(TOPIC, 3)
    reader = Reader(select(TOPIC, "uuid"))
    whole = page(reader, order=order.name)
    expected = plain(TOPIC, order)
    for start in range(12):
        for end in range(12):
            asked: dict[str, Any] = {"order": order.name, "after": whole.cursors[start], "before": whole.cursors[end]}
            between = expected[start + 1 : end]
            assert identifiers([page(reader, **asked)]) == between
            assert identifiers([page(reader, **asked, first=3)]) == between[:3]
            assert identifiers([page(reader, **asked, last=3)]) == between[-3:]


def test_a_page_says_what_lies_beyond_it() -> None:
    for number in range(5):
        make_topic(name=f"{number}")
    reader = Reader(select(TOPIC, "name"))
    start = page(reader, first=2)
    middle = page(reader, first=2, after=start.cursors[1])
    end = page(reader, first=2, after=middle.cursors[1])
    back = page(reader, last=2, before=end.cursors[0])
    assert [(each.has_previous, each.has_next) for each in (start, middle, end, back)] == [
        (False, True),
        (True, True),
        (True, False),
        (True, True),
    ]
    assert back.nodes == middle.nodes
    assert list(back.cursors) == list(middle.cursors)


def test_an_empty_list_is_an_empty_page() -> None:
    found = page(select(TOPIC, "name"), counted=True)
    assert found.nodes == list(found.cursors) == []
    assert not found.has_next
    assert not found.has_previous
    assert found.total == 0


def test_a_cursor_holds_its_place_when_its_row_goes_and_others_come() -> None:
    topics = [make_topic(name=f"{number}") for number in (1, 3, 5)]
    reader = Reader(select(TOPIC, "name"))
    place = page(reader, first=2).cursors[1]
    topics[1].delete()
    make_topic(name="2")
    make_topic(name="4")
    assert page(reader, after=place).nodes == [{"name": "4"}, {"name": "5"}]


def test_a_page_deep_in_a_list_is_found_by_the_place_of_its_row() -> None:
    program = make_published_program(units=0)
    shared = {"program": program, "kind": "learning", "status": "published", "visibility": "public"}
    Entry.objects.bulk_create(Entry(title=f"{number}", **shared) for number in range(300))
    expected = plain(ENTRY, ENTRY.default_order)
    reader = Reader(select(ENTRY, "uuid"))
    place = page(reader, first=100).cursors[99]
    place = page(reader, first=100, after=place).cursors[99]
    assert identifiers([page(reader, first=3, after=place)]) == expected[200:203]
