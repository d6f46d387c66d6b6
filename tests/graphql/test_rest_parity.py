"""The two APIs show the same: whatever REST answers is asked for through GraphQL, and compared value by value."""

import base64
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from django_prodev.graphql.types import global_id
from django_prodev.reading.catalog import LISTED
from django_prodev.reading.entities import Attribute, Entity, Filter, Many, ValueType
from django_prodev.rest import urls as rest
from django_prodev.rest.serializers import EntitySerializer
from tests.graphql.asking import EACH, ask, camel, listed, object_type, refused, single
from tests.models.world import make_world
from tests.reading.library import Library

pytestmark = pytest.mark.django_db

VIEWS: dict[str, Any] = {
    view.serializer_class.entity.name: (prefix, view)
    for prefix, view, _ in rest.router.registry
    if hasattr(view, "serializer_class")
}
"""The prefix and the view of each entity, by the entity's name."""

VIEWERS = ("anonymous", "learner", "mentor", "owner", "superuser")


def selection(serializer: type[EntitySerializer], left_out: frozenset[str] = frozenset()) -> str:
    """What GraphQL is asked for to get what a serializer shows; what is optional in it is not shown further down."""
    names = ["uuid" if name == "id" else camel(name) for name in serializer.shown if name not in left_out]
    nested = [f"{camel(name)} {selection(of, of.optional)}" for name, of in _relations(serializer, left_out)]
    return "{ " + " ".join(names + nested) + " }"


def _relations(
    serializer: type[EntitySerializer], left_out: frozenset[str]
) -> Iterator[tuple[str, type[EntitySerializer]]]:
    for name, nested in serializer.relations.items():
        assert not getattr(serializer.entity.by_name[name], "paged", False), "REST shows no pages in pages"
        if name not in left_out:
            yield name, nested


def as_rest(serializer: type[EntitySerializer], row: Any, left_out: frozenset[str] = frozenset()) -> Any:
    """GraphQL's answer as REST would write it: its names, and the stored values of enums."""
    if row is None:
        return None
    found: dict[str, Any] = {}
    for name in serializer.shown:
        if name in left_out:
            continue
        attribute = serializer.entity.by_name["uuid" if name == "id" else name]
        assert isinstance(attribute, Attribute)
        value = row["uuid" if name == "id" else camel(name)]
        if attribute.value_type is ValueType.CHOICE and value is not None:
            assert attribute.choices is not None
            value = attribute.choices[value].value
        found[name] = value
    for name, nested in _relations(serializer, left_out):
        below = row[camel(name)]
        if isinstance(serializer.entity.by_name[name], Many):
            found[name] = [as_rest(nested, each, nested.optional) for each in below]
        else:
            found[name] = as_rest(nested, below, nested.optional)
    return found


def rest_list(client: Client, entity: Entity, **query: Any) -> dict[str, Any]:
    prefix, view = VIEWS[entity.name]
    serializer = view.serializer_class
    asked = {"fields": ",".join((*serializer.shown, *serializer.relations)), "count": "true", **query}
    answer = client.get(f"/learning/api/v1/{prefix}/?{urlencode(asked)}")
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def graphql_list(client: Client, entity: Entity, arguments: str) -> dict[str, Any]:
    serializer = VIEWS[entity.name][1].serializer_class
    found = ask(client, f"{{ {listed(entity)}({arguments}) {{ totalCount nodes {selection(serializer)} }} }}")
    page = found[listed(entity)]
    return {"count": page["totalCount"], "results": [as_rest(serializer, row) for row in page["nodes"]]}


@pytest.fixture
def clients() -> dict[str, Client]:
    """A client of each viewer, of a world that has everything in it."""
    world, _ = make_world(), Library(2)
    found = {name: Client() for name in VIEWERS}
    for name, client in found.items():
        if world.people[name] is not None:
            client.force_login(world.people[name])
    return found


def test_both_apis_have_the_same_entities() -> None:
    assert VIEWS.keys() == {entity.name for entity in LISTED}


def test_lists_and_single_rows_are_the_same(clients: dict[str, Client]) -> None:
    for entity in LISTED:
        prefix, view = VIEWS[entity.name]
        for name in ("anonymous", "learner", "owner"):
            client = clients[name]
            wanted = rest_list(client, entity, page_size=50)
            found = graphql_list(client, entity, "first: 50")
            assert found == {"count": wanted["count"], "results": wanted["results"]}, (entity.name, name)
            for row in wanted["results"][:1]:
                one = client.get(f"/learning/api/v1/{prefix}/{row['id']}/").json()
                text = f"query ($id: ID!) {{ {single(entity)}(id: $id) {selection(view.serializer_class)} }}"
                asked = ask(client, text, id=global_id(entity, row["id"]))[single(entity)]
                shown = as_rest(view.serializer_class, asked)
                assert {key: shown[key] for key in one} == one, name


def test_every_order_is_the_same(clients: dict[str, Client]) -> None:
    for entity in LISTED:
        for order in entity.orders:
            name = order.column.upper() + ("_DESC" if order.descending else "")
            wanted = rest_list(clients["superuser"], entity, ordering=order.name, page_size=4)
            assert len(wanted["results"]) == 4
            assert (
                graphql_list(clients["superuser"], entity, f"first: 4, orderBy: {name}")["results"] == wanted["results"]
            )


def tried(entity: Entity, each: Filter) -> list[tuple[str, Any]]:
    """Values for a filter, as REST takes each and as GraphQL does."""
    if each.choices is not None:
        values = [[member] for member in each.choices] + [list(each.choices)[:2]]
        return [(",".join(one.value for one in some), [one.name for one in some]) for some in values]
    if each.value_type is ValueType.BOOLEAN:
        return [("true", True), ("false", False)]
    if each.value_type is ValueType.UUID:
        target = EACH[each.name if each.name != "parent" else entity.name]
        rows: Any = target.model._default_manager.order_by("-pk")[:6]
        return [(str(row.uuid), str(row.uuid)) for row in rows]
    slugs = ("home", "main", "private", "published", "unit-0", "program-1", "narrow-0", "wide-1", "en", "nowhere")
    return [(slug, slug) for slug in slugs]


def found_by_both(client: Client, entity: Entity, name: str, plain: str, value: Any) -> int:
    """How many rows a filter keeps, the same ones in both APIs."""
    prefix, _ = VIEWS[entity.name]
    types = object_type("Query").fields[listed(entity)].args
    query = urlencode({"fields": "id", "count": "true", "page_size": 20, name: plain})
    wanted = client.get(f"/learning/api/v1/{prefix}/?{query}").json()
    asked = f"{listed(entity)}(first: 20, {camel(name)}: $value) {{ totalCount nodes {{ uuid }} }}"
    found = ask(client, f"query ($value: {types[camel(name)].type}) {{ {asked} }}", value=value)[listed(entity)]
    assert found["totalCount"] == wanted["count"], (entity.name, name, plain)
    assert [row["uuid"] for row in found["nodes"]] == [row["id"] for row in wanted["results"]], (name, plain)
    return int(wanted["count"])


def test_every_filter_and_the_search_find_the_same(clients: dict[str, Client]) -> None:
    for entity in LISTED:
        hits = 0
        for client in (clients["owner"], clients["anonymous"]):
            for each in entity.filters:
                hits += sum(found_by_both(client, entity, each.name, *values) for values in tried(entity, each))
            for text in ("1", "E", "%", "nowhere") if entity.search else ():
                hits += found_by_both(client, entity, "search", text, text)
        assert hits or not entity.filters, entity.name


def test_a_cursor_of_one_api_is_a_cursor_of_the_other(client: Client) -> None:
    Library(4)
    first = ask(client, "{ topics(first: 3) { pageInfo { endCursor } } }")["topics"]["pageInfo"]["endCursor"]
    by_rest = client.get(f"/learning/api/v1/topics/?{urlencode({'cursor': first, 'page_size': 2})}").json()
    by_graphql = ask(client, f'{{ topics(first: 2, after: "{first}") {{ nodes {{ uuid }} }} }}')["topics"]["nodes"]
    assert [row["id"] for row in by_rest["results"]] == [row["uuid"] for row in by_graphql]


def test_an_identifier_holds_the_type_and_the_uuid_that_rest_shows(client: Client) -> None:
    Library(1)
    (row, *_) = ask(client, "{ topics { nodes { id uuid } } }")["topics"]["nodes"]
    assert base64.b64decode(row["id"]).decode() == f"Topic:{row['uuid']}"


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        ({"page_size": 0}, "first: 0"),
        ({"page_size": 101}, "first: 101"),
        ({"cursor": "x"}, 'after: "x"'),
        ({"search": "x" * 201}, f'search: "{"x" * 201}"'),
        ({"slug": "\x00"}, r'slug: "\u0000"'),
    ],
)
def test_bad_input_is_refused_by_both_in_the_same_words(client: Client, query: dict[str, Any], arguments: str) -> None:
    wanted = client.get(f"/learning/api/v1/topics/?{urlencode(query)}")
    assert wanted.status_code == 400
    (error,) = refused(client, f"{{ topics({arguments}) {{ totalCount }} }}")
    assert list(error["extensions"]["fields"].values()) == list(wanted.json()["errors"].values())
