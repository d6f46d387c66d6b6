"""Lists under the rows of a list: each parent has its own page, by ``LATERAL`` on PostgreSQL, elsewhere by a window."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from django_prodev.models import Cohort, Entry, Program, Topic
from django_prodev.models.viewer import Scope
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import COHORT, ENTRY, PROGRAM, TOPIC
from django_prodev.reading.compiler import compile_list
from django_prodev.reading.selection import Selection
from django_prodev.testing import make_cohort, make_entry, make_published_program, make_topic
from tests.reading.asking import one, page, pages_of, select

pytestmark = pytest.mark.django_db


@pytest.fixture
def programs() -> list[Program]:
    """Three programs with 0, 3 and 5 cohorts, of which one more is a draft; the titles of two are equal."""
    made = [make_published_program(slug=f"p{number}", title=f"P{number}", units=0) for number in range(3)]
    for program, cohorts in zip(made, (0, 3, 5), strict=True):
        for number in range(cohorts):
            make_cohort(program=program, title=f"{number // 2}", status="published")
        make_cohort(program=program, title="hidden")
    return made


def cohorts_of(program: Program, *order: str) -> list[str]:
    return list(
        Cohort.objects.filter(program=program, status="published").order_by(*order).values_list("slug", flat=True)
    )


def nested(**given: Any) -> dict[str, dict[str, Any]]:
    """The page of cohorts of each program."""
    branch, values = pages_of(PROGRAM, "cohorts", select(COHORT, "slug"), **given)
    found = page(Selection(PROGRAM, (*select(PROGRAM, "slug").picks, branch)), values=values)
    return {node["slug"]: node["cohorts"] for node in found.nodes}


def slugs(answer: dict[str, Any]) -> list[str]:
    return [node["slug"] for node in answer["nodes"]]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
@pytest.mark.parametrize(("order", "columns"), [("title", ("title", "uuid")), ("-title", ("-title", "-uuid"))])
def test_each_parent_has_its_own_first_and_last_page(
    programs: list[Program], size: int, order: str, columns: tuple[str, ...]
) -> None:
    first, last = nested(order=order, first=size, counted=True), nested(order=order, last=size, counted=True)
    for program in programs:
        expected = cohorts_of(program, *columns)
        start, end = first[program.slug], last[program.slug]
        assert slugs(start) == expected[:size]
        assert slugs(end) == expected[-size:]
        assert start["has_next"] == end["has_previous"] == (len(expected) > size)
        assert start["total"] == end["total"] == len(expected)
        assert len(start["cursors"]) == len(start["nodes"])


def test_a_cursor_of_a_nested_page_goes_on_in_each_parent(programs: list[Program]) -> None:
    expected = cohorts_of(programs[2], "title", "uuid")
    start = nested(order="title", first=2)["p2"]
    rest = nested(order="title", after=start["cursors"][1])["p2"]
    assert slugs(start) + slugs(rest) == expected
    assert rest["has_previous"]
    assert slugs(nested(order="title", last=9, before=rest["cursors"][0])["p2"]) == expected[:2]


def test_filters_and_search_narrow_the_page_and_the_count_of_each_parent(programs: list[Program]) -> None:
    assert [answer["total"] for answer in nested(search="1", counted=True).values()] == [0, 1, 2]
    drafts = nested(filters={"status": ["draft"]}, counted=True)
    assert {(len(answer["nodes"]), answer["total"]) for answer in drafts.values()} == {(0, 0)}


def test_two_pages_of_the_same_relation_do_not_mix_their_values(programs: list[Program]) -> None:
    first, some = pages_of(PROGRAM, "cohorts", select(COHORT, "title"), name="a.", order="title", first=1)
    last, more = pages_of(PROGRAM, "cohorts", select(COHORT, "title"), name="b.", order="title", last=1, search="2")
    answer = one(
        Selection(PROGRAM, (first, replace(last, key="others"))), values={**some, **more}, uuid=programs[2].uuid
    )
    assert [node["title"] for node in answer["cohorts"]["nodes"]] == ["0"]
    assert [node["title"] for node in answer["others"]["nodes"]] == ["2"]


def test_what_hangs_under_a_nested_page_is_read_with_it() -> None:
    topics = [make_topic(name=f"T{number}") for number in range(3)]
    program = make_published_program(units=0)
    shared = {"author": None, "program": program, "status": "published", "visibility": "public"}
    for number, topic in enumerate(topics):
        make_entry(title=f"{number}", topics=[topic], **shared)
    inner = select(ENTRY, "title", topics=select(TOPIC, "name"))
    branch, values = pages_of(PROGRAM, "entries", inner, order="created_at", first=2)
    answer = one(Selection(PROGRAM, (branch,)), values=values, uuid=program.uuid)
    assert answer["entries"]["nodes"] == [
        {"title": "0", "topics": [{"name": "T0"}]},
        {"title": "1", "topics": [{"name": "T1"}]},
    ]
    assert Entry.objects.count() == Topic.objects.count() == 3


def test_a_nested_page_is_one_statement_made_for_the_database() -> None:
    branch, _ = pages_of(PROGRAM, "cohorts", select(COHORT, "slug"), first=1)
    listing = check_list(PROGRAM, ListInput({})).listing
    plan = compile_list(Selection(PROGRAM, (branch,)), listing, Scope.ANONYMOUS)
    (level,) = plan.root.children
    means = "LATERAL" if connection.vendor == "postgresql" else "ROW_NUMBER() OVER (PARTITION BY"
    assert means in level.statement.sql
