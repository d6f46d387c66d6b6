"""A site with a schema of its own: its fields beside ours, its types with keys to ours, its resolvers giving ours."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from django.urls import include, path

from django_prodev.graphql import urls as graphql_urls
from django_prodev.graphql.view import GraphQLView
from django_prodev.reading.reader import PLANS
from django_prodev.testing import (
    make_entry,
    make_event,
    make_program,
    make_published_program,
    make_topic,
    make_user,
)
from tests.graphql.host import schema

pytestmark = pytest.mark.django_db

serve = GraphQLView.as_view(schema=schema)

urlpatterns = [path("api/", include(graphql_urls))]


def asked(text: str, user: Any = None, **variables: Any) -> dict[str, Any]:
    body = json.dumps({"query": text, "variables": variables})
    request = RequestFactory().post("/", body, content_type="application/json")
    request.user = user or AnonymousUser()
    found: dict[str, Any] = json.loads(serve(request).content)
    return found


@pytest.mark.urls(__name__)
def test_the_address_can_be_mounted_alone(client: Client) -> None:
    make_topic(name="a")
    answer = client.post("/api/", {"query": "{ topics { nodes { name } } }"}, content_type="application/json")
    assert answer.json() == {"data": {"topics": {"nodes": [{"name": "a"}]}}}


def test_fields_of_the_site_and_ours_are_answered_together() -> None:
    program = make_published_program(slug="p")
    make_entry(program=program, author=None, title="e", status="published", visibility="public")
    text = """query ($first: Int) { greeting(name: "Ada") ours: programs(first: $first) { __typename
        nodes { slug status more: entries(first: 1) { nodes { title } } } pageInfo { hasNextPage } }
        modelNames { model } topics(first: 0) { totalCount } }"""
    found = asked(text, first=1)
    assert found["data"] == {
        "greeting": "Hello Ada",
        "ours": {
            "__typename": "ProgramConnection",
            "nodes": [{"slug": "p", "status": "PUBLISHED", "more": {"nodes": [{"title": "e"}]}}],
            "pageInfo": {"hasNextPage": False},
        },
        "modelNames": [{"model": "cohort"}],
        "topics": None,
    }
    assert [error["extensions"]["code"] for error in found["errors"]] == ["INVALID"]


def test_ours_alone_are_still_answered_by_plans(django_assert_num_queries: Any, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"CACHE": False}
    make_published_program(slug="p")
    with django_assert_num_queries(1):
        assert asked("{ programs { nodes { slug } } }") == {"data": {"programs": {"nodes": [{"slug": "p"}]}}}


def test_a_key_to_our_row_shows_it_to_those_who_may_see_it() -> None:
    shown, hidden = make_published_program(slug="shown"), make_program(slug="hidden")
    make_event(program=shown)
    make_event(program=hidden)
    text = "{ happenings { program { slug title provider { slug } curriculum { items { unit { slug } } } } } }"
    first, second = asked(text)["data"]["happenings"]
    assert first["program"]["slug"] == "shown"
    assert first["program"]["provider"] == {"slug": shown.provider.slug}
    assert len(first["program"]["curriculum"]["items"]) == 3
    assert second == {"program": None}
    _, second = asked(text, make_user(is_superuser=True))["data"]["happenings"]
    assert second["program"]["slug"] == "hidden"


def test_a_resolver_may_give_a_row_of_ours_and_its_fields_are_read_by_our_rules() -> None:
    program = make_published_program(slug="p", title="T", visibility="public")
    make_entry(program=program, author=None, title="shown", status="published", visibility="public")
    make_entry(program=program, author=None, title="hidden", status="draft", visibility="public")
    make_program(slug="draft")
    text = """query ($slug: String!) { favourite(slug: $slug) { __typename id slug a: title status
        entries(first: 5) { totalCount nodes { title } } ... on Node { id } provider { name } } }"""
    found = asked(text, slug="p")["data"]["favourite"]
    assert found["entries"] == {"totalCount": 1, "nodes": [{"title": "shown"}]}
    assert (found["__typename"], found["slug"], found["a"], found["status"]) == ("Program", "p", "T", "PUBLISHED")
    assert asked(text, slug="nothing") == {"data": {"favourite": None}}
    hidden = asked(text, slug="draft")
    assert hidden["data"] == {"favourite": None}
    assert {error["extensions"]["code"] for error in hidden["errors"]} == {"NOT_FOUND"}


def test_lists_and_unions_of_our_rows() -> None:
    make_topic(name="a")
    make_event()
    assert asked("{ favourites { name parent { name } } }")["data"] == {"favourites": [{"name": "a", "parent": None}]}
    text = "{ found { __typename ... on Topic { name kind } ... on Happening { type } } }"
    assert asked(text)["data"]["found"] == [
        {"__typename": "Topic", "name": "a", "kind": "CONCEPT"},
        {"__typename": "Happening", "type": "prodev.program.published.v1"},
    ]


def test_a_field_of_the_site_in_the_place_of_ours_is_the_sites() -> None:
    assert asked("{ units }") == {"data": {"units": 42}}


def test_what_a_resolver_of_the_site_raises_is_a_number_for_whoever_asked() -> None:
    found = asked("{ broken greeting }")
    assert found["data"] == {"broken": None, "greeting": "Hello you"}
    assert found["errors"][0]["extensions"] == {"code": "INTERNAL"}
    assert "password" not in json.dumps(found)


def test_queries_with_fields_of_the_site_push_no_plans_out() -> None:
    make_published_program()
    asked("{ programs { nodes { slug } } }")
    before = len(PLANS)
    for number in range(5):
        asked(f"{{ greeting a{number}: programs {{ nodes {{ title }} }} }}")
    assert len(PLANS) == before


def test_limits_hold_for_the_schema_of_a_site_too() -> None:
    assert asked("{ " + " ".join(f"a{at}: greeting" for at in range(31)) + " }")["errors"][0]["extensions"] == {
        "code": "LIMIT"
    }
    assert asked("{ __schema { types { name } } }")["errors"][0]["extensions"] == {"code": "INTROSPECTION_DENIED"}
