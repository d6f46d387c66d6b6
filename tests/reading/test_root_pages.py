"""However PostgreSQL is asked for a page, it is the page that the plain rule, filters and order make."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from django_prodev.enums import Role, Visibility
from django_prodev.exceptions import Invalid
from django_prodev.models.among import circles
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.reading import root_pages
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import ENROLLMENT, ENTRY, LISTED, PROGRESS, PROJECT
from django_prodev.reading.circles import NearAndFar
from django_prodev.reading.compiler import compile_list
from django_prodev.reading.entities import Entity
from django_prodev.reading.listing import Listing
from django_prodev.reading.reader import PlanCache, Reader
from django_prodev.reading.slots import Slot
from django_prodev.reading.statement import Statement
from django_prodev.testing import (
    make_enrollment,
    make_entry,
    make_membership,
    make_project,
    make_published_program,
    make_topic,
    make_user,
)
from tests.reading.asking import page, select
from tests.reading.library import Library

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

GIVEN: tuple[dict[str, Any], ...] = (
    {},
    {"order": "created_at"},
    {"search": "entry"},
    {"search": "nothing like it"},
    {"filters": {"program": "program-1"}},
    {"filters": {"topic": "narrow-1"}},
    {"filters": {"topic": "narrow-1"}, "search": "e"},
    {"filters": {"unit": "unit-2", "kind": "challenge"}},
    {"filters": {"kind": "challenge,solution"}},
    {"filters": {"status": "published"}},
    {"filters": {"solved": True}},
    {"filters": {"accepted": False}},
)


@pytest.fixture
def people() -> dict[str, Any]:
    """A library in which each circle has rows that others do not see, and those who stand in them."""
    library = Library(4)
    first, second = library.shelves[0], library.shelves[1]
    learner, mentor, owner = make_user("learner"), make_user("mentor"), make_user("owner")
    mate = make_enrollment(user=make_user("mate"), cohort=first["cohort"])
    make_enrollment(user=learner, cohort=first["cohort"])
    make_membership(user=mentor, cohort=second["cohort"], role=Role.MENTOR)
    make_membership(user=owner, provider=second["provider"], role=Role.OWNER)
    for number, visibility in enumerate(Visibility.values * 3):
        make_entry(
            author=mate.user, enrollment=mate, visibility=visibility, status="published", title=f"Entry {number}"
        )
        make_entry(author=learner, program=second["program"], visibility=visibility, title=f"Entry {number}")
        make_project(owner=mate.user, program=first["program"], visibility=visibility, status="submitted")
    superuser = get_user_model().objects.create_superuser("root")
    return {
        "nobody": None,
        "learner": learner,
        "mentor": mentor,
        "owner": owner,
        "root": superuser,
        "author": library.reader,
    }


def asked_of(entity: Entity) -> Iterator[dict[str, Any]]:
    """What of ``GIVEN`` can be asked of this list."""
    for given in GIVEN:
        try:
            check_list(entity, ListInput(**{"filters": {}} | given))
        except Invalid:
            continue
        yield given


@cache
def plain_statement(entity: Any, listing: Listing, scope: Scope) -> Statement:
    asking = Viewer(scope, Slot("viewer", get_user_model()._meta.pk) if scope is Scope.USER else None)
    rows = listing.narrow(entity.rows().visible_to(asking), entity, asking, addressed=False)
    return Statement.prepare(listing.paginate(rows, entity).values_list("uuid"), limit=listing.limit)


def plainly(entity: Any, viewer: Viewer, request: Any) -> list[str]:
    """The identifiers of a page by nothing but the rule, the filters and the order."""
    statement = plain_statement(entity, request.listing, viewer.scope)
    found = statement.run({**request.values, "viewer": viewer.user_id})
    uuids = [str(uuid) for (uuid,) in found[: request.size]]
    return uuids[::-1] if request.listing.backwards else uuids


@pytest.mark.parametrize("window", [1, 3, 1_000])
def test_a_page_is_the_same_whether_its_rows_are_near_or_far(
    people: dict[str, Any], window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(root_pages, "RULE_WINDOW", window)
    monkeypatch.setattr(root_pages, "FOUND_WINDOW", window)
    seen = 0
    for entity in LISTED:
        reader = Reader(select(entity, "uuid"), PlanCache(64))
        for given in asked_of(entity):
            for person in people.values():
                after = None
                while True:
                    whole = {"filters": {}, "first": 2, "after": after} | given
                    request = check_list(entity, ListInput(**whole))
                    found = page(reader, person, **whole)
                    assert [node["uuid"] for node in found.nodes] == plainly(entity, Viewer.of(person), request), (
                        entity.name,
                        given,
                        person,
                    )
                    seen += len(found.nodes)
                    if not found.has_next or after == "twice":
                        break
                    after = found.cursors[-1]
    assert seen > 500


def test_a_page_read_backwards_is_the_same_too(people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(root_pages, "RULE_WINDOW", 2)
    for person in people.values():
        whole = {"filters": {}, "last": 3}
        found = page(Reader(select(ENTRY, "uuid"), PlanCache(8)), person, **whole)
        assert [node["uuid"] for node in found.nodes] == plainly(
            ENTRY, Viewer.of(person), check_list(ENTRY, ListInput(**whole))
        )


def test_rows_are_counted_the_same_in_circles(people: dict[str, Any]) -> None:
    for entity in (ENTRY, PROJECT, ENROLLMENT, PROGRESS):
        reader = Reader(select(entity, "uuid"), PlanCache(64))
        for given in asked_of(entity):
            for person in people.values():
                whole = {"filters": {}, "first": 100, "counted": True} | given
                found = page(reader, person, **whole)
                assert found.total == len(found.nodes)


def test_lists_of_large_tables_are_looked_for_near_and_far_by_people() -> None:
    for entity in (ENTRY, PROJECT, ENROLLMENT, PROGRESS):
        request = check_list(entity, ListInput(filters={}))
        plan = compile_list(select(entity, "uuid"), request.listing, Scope.USER)
        assert isinstance(plan.root.statement, NearAndFar), entity.name


def test_a_row_with_two_topics_of_one_slug_is_listed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    topics = [make_topic(slug="postgresql", kind=kind) for kind in ("technology", "concept")]
    shown = {"status": "published", "visibility": "public", "program": make_published_program(visibility="public")}
    titles = [f"Entry {number}" for number in range(5)]
    for number, title in enumerate(titles):
        make_entry(title=title, topics=topics if number % 2 else topics[:1], **shown)
    reader = Reader(select(ENTRY, "title"), PlanCache(8))
    for window in (1, 3, 4, 1_000):
        monkeypatch.setattr(root_pages, "RULE_WINDOW", window)
        found = page(reader, None, filters={"topic": "postgresql"}, first=4, counted=True)
        assert [node["title"] for node in found.nodes] == titles[:0:-1], window
        assert (found.has_next, found.total) == (True, 5)


def test_a_page_of_a_topic_takes_one_statement_however_many_rows_carry_it(
    django_assert_num_queries: Any,
) -> None:
    shown = {"status": "published", "visibility": "public", "program": make_published_program(visibility="public")}
    rare, common = make_topic(slug="rare"), make_topic(slug="common")
    for number in range(30):
        make_entry(topics=[common] if number else [common, rare], **shown)
    reader = Reader(select(ENTRY, "uuid"), PlanCache(8))
    for slug, size in (("rare", 1), ("common", 10)):
        page(reader, None, filters={"topic": slug}, first=10)
        with django_assert_num_queries(1):
            assert len(page(reader, None, filters={"topic": slug}, first=10).nodes) == size


def test_the_branches_of_a_rule_are_what_its_conditions_multiply_to() -> None:
    from django.db.models import Q

    rule = (Q(a=1) | Q(b=2)) & Q(c=3) | ~(Q(d=4) | Q(e=5))
    assert circles(rule) == [(("a", 1), ("c", 3)), (("b", 2), ("c", 3)), (~(Q(d=4) | Q(e=5)),)]
    assert circles(Q()) == [()]
