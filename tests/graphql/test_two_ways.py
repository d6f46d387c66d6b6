"""A query goes one of two ways, by plans or by graphql-core, and the answer is the same byte for byte.

Both read through plans, so a third way has no part in them: the ORM, row by row (``reference``).
"""

import json
import os
from collections import Counter
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from django_prodev.graphql import view as view_module
from django_prodev.graphql.operations import Planned, planned
from django_prodev.graphql.scalars import to_json
from django_prodev.graphql.view import GraphQLView
from django_prodev.reading.catalog import LISTED
from tests.graphql import reference
from tests.graphql.asking import list_of
from tests.graphql.documents import documents
from tests.models.world import make_world
from tests.reading.library import Library

pytestmark = pytest.mark.django_db

VIEWERS = ("anonymous", "learner", "mentor", "owner", "superuser")

ROOMY = {
    "GRAPHQL_MAX_ALIASES": 1_000,
    "GRAPHQL_MAX_TOKENS": 20_000,
    "GRAPHQL_MAX_FIELDS": 5_000,
    "GRAPHQL_MAX_DEPTH": 50,
    "GRAPHQL_MAX_COST": 10_000_000,
}

EXAMPLES = int(os.environ.get("PRODEV_TEST_EXAMPLES", "40"))

serve = GraphQLView.as_view()


def bytes_of(viewer: Any, text: str, variables: dict[str, Any]) -> bytes:
    body = json.dumps({"query": text, "variables": variables})
    request = RequestFactory().post("/", body, content_type="application/json")
    request.user = viewer or AnonymousUser()
    answer = serve(request)
    assert answer.status_code == 200
    content: bytes = answer.content
    return content


def by_plans(viewer: Any, text: str, variables: dict[str, Any]) -> tuple[bytes, bool]:
    """The answer, and whether plans gave it."""
    used: list[Planned | None] = []

    def noted(*args: Any) -> Planned | None:
        used.append(planned(*args))
        return used[-1]

    with mock.patch.object(view_module, "planned", noted):
        content = bytes_of(viewer, text, variables)
    return content, used != [None]


def by_graphql_core(viewer: Any, text: str, variables: dict[str, Any]) -> bytes:
    with mock.patch.object(view_module, "planned", return_value=None):
        return bytes_of(viewer, text, variables)


def compare(viewer: Any, text: str, variables: dict[str, Any]) -> str:
    """Hold that every way gives the same; tell whether it was an answer or a refusal."""
    fast, by_plan = by_plans(viewer, text, variables)
    assert fast == by_graphql_core(viewer, text, variables)
    answer = json.loads(fast)
    if "errors" in answer:
        return "refused"
    assert by_plan
    slow = reference.answer(viewer, text, variables)
    assert slow.errors is None
    assert fast == to_json({"data": slow.data})
    return "answered"


@pytest.mark.usefixtures("_roomy")
def test_drawn_documents_are_answered_alike() -> None:
    world, _ = make_world(), Library(2)
    rows = {entity.name: list(entity.model._default_manager.order_by("pk")[:12]) for entity in LISTED}
    outcomes: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(VIEWERS), documents(rows))
    def check(viewer: str, drawn: tuple[str, dict[str, Any]]) -> None:
        outcomes[compare(world.people[viewer], *drawn)] += 1

    check()
    assert outcomes["answered"] > outcomes["refused"]


@pytest.fixture
def _roomy(settings: Any) -> None:
    settings.DJANGO_PRODEV = ROOMY


@pytest.mark.djangos_user
@pytest.mark.usefixtures("_roomy")
def test_every_field_of_every_list_is_answered_alike() -> None:
    world, _ = make_world(), Library(2)
    for entity in LISTED:
        assert compare(world.people["learner"], list_of(entity, 1), {}) == "answered"


CASES = {
    "fields named twice are merged": "{ topics { nodes { slug } nodes { name slug } } topics { totalCount } }",
    "rows at several places": "{ topics { a: nodes { slug } edges { n: node { id } node { slug } } nodes { name } } }",
    "no rows are looked at": "{ topics { totalCount __typename pageInfo { hasNextPage } } }",
    "nothing but type names": "{ __typename topics { __typename edges { __typename node { __typename } } } }",
    "edges without nodes": "{ topics(first: 1) { edges { cursor } } }",
    "everything is skipped": "{ topics { nodes @skip(if: true) { slug } } }",
    "nothing is left at the root": "{ topics @include(if: false) { totalCount } }",
    "a list refuses its arguments": "{ ok: topics { totalCount } topics(first: 0) { totalCount } }",
    "a nested list refuses its arguments": "{ providers { nodes { programs(first: 1, last: 1) { totalCount } } } }",
    "an identifier of nothing": '{ node(id: "x") { id } topic(id: "VG9waWM6eA==") { id } }',
    "an identifier of another type": '{ program(id: "VG9waWM6MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=") { id } }',
}


def test_corners_are_answered_alike() -> None:
    world, _ = make_world(), Library(2)
    for name, text in CASES.items():
        fast, by_plan = by_plans(world.people["learner"], text, {})
        assert by_plan, name
        assert fast == by_graphql_core(world.people["learner"], text, {}), name


@pytest.mark.parametrize("place", ["nodes", "root"])
def test_a_switch_that_is_null_is_refused_in_words(place: str) -> None:
    switch = "@include(if: $perhaps)"
    inner = f"{{ nodes {switch} {{ slug }} }}" if place == "nodes" else f"{switch} {{ totalCount }}"
    text = f"query ($perhaps: Boolean = true) {{ topics {inner} }}"
    fast, _ = by_plans(None, text, {"perhaps": None})
    assert fast == by_graphql_core(None, text, {"perhaps": None})
    assert "must not be null" in json.loads(fast)["errors"][0]["message"]


def test_a_fault_below_is_a_number_for_whoever_asked_and_the_rest_is_answered() -> None:
    make_world()
    text = "{ topics { totalCount } units { totalCount } }"
    broken = mock.patch("django_prodev.graphql.roots.Reader.page", side_effect=[RuntimeError("secret"), mock.DEFAULT])
    with broken as page:
        page.return_value = mock.Mock(total=3, nodes=[])
        answer = json.loads(bytes_of(None, text, {}))
    assert answer["data"] == {"topics": None, "units": {"totalCount": 3}}
    assert answer["errors"][0]["extensions"] == {"code": "INTERNAL"}
    assert "secret" not in json.dumps(answer)
