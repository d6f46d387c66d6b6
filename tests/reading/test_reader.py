"""Plans are kept: as many as there is room for, for every thread, and never one for another's viewer or rules."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import override_settings

from django_prodev.models.viewer import Scope, Viewer
from django_prodev.models.visibility import VisibilityPolicy
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import PROGRAM, TOPIC
from django_prodev.reading.compiler import compile_list
from django_prodev.reading.plan import Plan
from django_prodev.reading.reader import PLANS, PlanCache, Reader
from django_prodev.testing import make_membership, make_program, make_published_program, make_topic, make_user
from tests.reading.asking import page, select


class Mine(VisibilityPolicy):
    """Rules of a host that are those of the package."""


def plan_of(entity: Any = TOPIC, **given: Any) -> Plan:
    return compile_list(select(entity, "slug"), check_list(entity, ListInput({}, **given)).listing, Scope.ANONYMOUS)


@pytest.mark.django_db
def test_a_plan_is_compiled_once_for_a_shape_and_serves_every_viewer_of_a_scope() -> None:
    hidden, seen = make_program(slug="hidden"), make_published_program(slug="seen")
    editor = make_membership(program=hidden).user
    reader = Reader(select(PROGRAM, "slug"), PlanCache(10))
    assert [node["slug"] for node in page(reader, make_user()).nodes] == [seen.slug]
    assert [node["slug"] for node in page(reader, editor, order="title").nodes] == [hidden.slug, seen.slug]
    assert [node["slug"] for node in page(reader, make_user(), first=7).nodes] == [seen.slug]
    assert len(reader.plans) == 1
    page(reader)
    page(reader, make_user(is_superuser=True))
    assert len(reader.plans) == 3
    page(reader, counted=True)
    page(reader, filters={"slug": "a"})
    page(reader, filters={"slug": "b"})
    assert len(reader.plans) == 5


@pytest.mark.django_db
def test_another_policy_has_plans_of_its_own() -> None:
    make_topic()
    reader = Reader(select(TOPIC, "slug"), PlanCache(10))
    page(reader)
    with override_settings(DJANGO_PRODEV={"VISIBILITY_POLICY": f"{__name__}.Mine"}):
        page(reader)
    assert len(reader.plans) == 2


def test_the_plan_that_was_not_used_for_longest_goes_first() -> None:
    plans, compiled = PlanCache(2), []

    def compiling(key: str) -> Plan:
        compiled.append(key)
        return plan_of()

    for key in ("a", "b", "a", "c", "a", "b"):
        plans.get(key, lambda key=key: compiling(key))
    assert compiled == ["a", "b", "c", "b"]
    assert len(plans) == 2


@pytest.mark.django_db
def test_the_readers_of_a_process_share_what_room_there_is() -> None:
    assert Reader(select(TOPIC, "slug")).plans is Reader(select(PROGRAM, "slug")).plans is PLANS
    plans = PlanCache(5)
    for name in ("slug", "name", "slug"):
        reader = Reader(select(TOPIC, name), plans)
        for order in TOPIC.order_by_name:
            page(reader, order=order)
    assert len(plans) == 5


def test_many_threads_get_the_plan_of_their_own_key_and_no_more_are_kept_than_there_is_room_for() -> None:
    plans, start = PlanCache(3), threading.Barrier(8)
    made = {key: plan_of(order=key) for key in TOPIC.order_by_name}
    keys = list(made)

    def work(seed: int) -> int:
        start.wait()
        found = 0
        for turn in range(2_000):
            key = keys[(turn * (seed + 1) + seed) % len(keys)]
            found += plans.get(key, lambda key=key: made[key]) is made[key]
        return found

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(8))) == [2_000] * 8
    assert len(plans) <= 3


def test_a_plan_holds_no_viewer() -> None:
    plan = compile_list(select(PROGRAM, "slug"), check_list(PROGRAM, ListInput({})).listing, Scope.USER)
    slots = [getattr(param, "name", "") for param in plan.root.statement.params]
    assert slots.count("viewer") == 4
    assert Viewer(Scope.USER, 7).scope is Scope.USER
