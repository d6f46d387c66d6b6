"""What is wrong with a request: a clear 4xx as a problem document (RFC 9457), never a fault and never a guess."""

import base64
import uuid
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import exceptions as drf

from django_prodev import exceptions
from django_prodev.reading import plan
from django_prodev.rest.problems import handle
from django_prodev.rest.views import TopicViewSet
from django_prodev.testing import make_program, make_topic
from tests.reading.library import Library
from tests.rest.asking import LISTS, ROOT, VIEW_SETS, get

pytestmark = pytest.mark.django_db


def troubles(client: Client, address: str, query: str = "") -> dict[str, list[str]]:
    problem = get(client, f"{address}?{query}", 400)
    assert problem.keys() == {"type", "title", "status", "detail", "code", "errors"}
    assert (problem["type"], problem["status"], problem["code"]) == ("urn:prodev:problem:invalid", 400, "invalid")
    found: dict[str, list[str]] = problem["errors"]
    return found


def test_everything_that_is_wrong_with_a_list_is_named_at_once(client: Client) -> None:
    query = "foo=1&page_size=0&cursor=x&ordering=z&fields=&include=q&level=u&count=7&search=%00&provider=a&provider=b"
    found = troubles(client, "programs/", query)
    assert found.keys() == {
        "foo",
        "page_size",
        "cursor",
        "ordering",
        "fields",
        "include",
        "level",
        "count",
        "search",
        "provider",
    }
    assert found["foo"][0].startswith("There is no such parameter here; there are: count, cursor, fields, include,")


@pytest.mark.parametrize("prefix", LISTS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "5"),
        ("offset", "0"),
        ("page", "2"),
        ("PAGE_SIZE", "5"),
        ("page_size", "101"),
        ("page_size", "-1"),
        ("page_size", "1e2"),
        ("page_size", "9" * 4000),
        ("page_size", ""),
        ("cursor", ""),
        ("cursor", "-"),
        ("cursor", "%00"),
        ("cursor", "a" * 4000),
        ("cursor", "bnVsbA"),
        ("ordering", "id"),
        ("ordering", "-created_at,uuid"),
        ("ordering", "created_at%00"),
        ("count", "yes"),
        ("count", ""),
        ("fields", "password"),
        ("fields", "id,"),
        ("include", "nothing"),
    ],
)
def test_a_bad_value_is_refused_under_its_name(client: Client, prefix: str, name: str, value: str) -> None:
    assert troubles(client, f"{prefix}/", f"{name}={value}").keys() == {name}


@pytest.mark.parametrize("name", ["search", "ordering", "page_size", "cursor", "count", "include", "fields", "slug"])
def test_what_takes_one_value_is_refused_when_it_is_given_twice(client: Client, name: str) -> None:
    value = {"ordering": "name", "page_size": "5", "count": "true", "include": "parent", "fields": "id"}.get(name, "a")
    assert name in troubles(client, "topics/", f"{name}={value}&{name}={value}")


@pytest.mark.parametrize("prefix", LISTS)
def test_a_filter_takes_no_nonsense(client: Client, prefix: str) -> None:
    for each in VIEW_SETS[prefix].serializer_class.entity.filters:
        for value in ("%00", "x" * 201):
            assert troubles(client, f"{prefix}/", f"{each.name}={value}").keys() == {each.name}


def test_no_more_is_taken_than_there_is_to_name(client: Client) -> None:
    for query in ("fields=" + "id," * 50 + "id", "include=parent,parent", "kind=" + "skill," * 4 + "skill"):
        (texts,) = troubles(client, "topics/", query).values()
        assert texts[0].startswith("It takes at most ")


def test_choices_may_be_repeated_or_separated_by_commas(client: Client) -> None:
    for kind in ("concept", "skill", "practice"):
        make_topic(kind=kind, slug=kind)
    for query in ("kind=skill&kind=practice", "kind=skill,practice"):
        assert [row["slug"] for row in get(client, f"topics/?{query}")["results"]] == ["skill", "practice"]


def test_a_cursor_of_another_list_or_order_is_refused(client: Client) -> None:
    Library(2)
    link = get(client, "topics/?page_size=1&ordering=name")["next"]
    assert troubles(
        client, link.partition(ROOT)[2].partition("?")[0], link.partition("?")[2].replace("=name", "=-name")
    )
    assert "cursor" in troubles(client, "entries/", link.partition("?")[2].replace("ordering=name&", ""))


def test_a_cursor_that_is_forged_is_a_place_and_nothing_more(client: Client) -> None:
    make_topic(name="a")
    for value in ("'; DROP TABLE x; --", "\ud7ff", "z" * 1500):
        forged = base64.urlsafe_b64encode(orjson.dumps(["name", value, str(uuid.uuid4())])).rstrip(b"=").decode()
        assert get(client, f"topics/?cursor={forged}")["next"] is None


@pytest.mark.parametrize("prefix", LISTS)
@pytest.mark.parametrize(
    "identifier", ["1", "x", "%00", "0" * 5000, "9223372036854775808", "..", "null", "%F0%9F%92%A9"]
)
def test_what_is_no_identifier_has_no_address(client: Client, prefix: str, identifier: str) -> None:
    problem = get(client, f"{prefix}/{identifier}/", 404)
    assert problem["code"] == "not_found"
    assert len(problem["detail"]) < 150


@pytest.mark.parametrize("prefix", LISTS)
def test_an_unknown_row_is_not_found(client: Client, prefix: str) -> None:
    assert get(client, f"{prefix}/{uuid.uuid4()}/", 404) == {
        "type": "urn:prodev:problem:not_found",
        "title": "Not Found",
        "status": 404,
        "detail": "There is nothing here, or nothing that you may see.",
        "code": "not_found",
    }


def test_a_hidden_row_is_as_little_there_as_an_unknown_one(client: Client) -> None:
    hidden = get(client, f"programs/{make_program().uuid}/", 404)
    assert hidden == get(client, f"programs/{uuid.uuid4()}/", 404)


def test_a_single_row_takes_fields_and_include_alone(client: Client) -> None:
    topic = make_topic()
    assert troubles(client, f"topics/{topic.uuid}/", "page_size=1&kind=skill").keys() == {"page_size", "kind"}
    assert troubles(client, f"topics/{topic.uuid}/", "fields=x&include=y").keys() == {"fields", "include"}
    assert troubles(client, f"topics/{topic.uuid}/", "fields=id&fields=slug").keys() == {"fields"}


@pytest.mark.parametrize("address", ["", "schema/", "docs/", "redoc/"])
def test_addresses_that_take_no_parameters_refuse_them(client: Client, address: str) -> None:
    assert troubles(client, address, "version=a%0D%0Ab&x=1").keys() == {"version", "x"}


def test_an_answer_that_would_be_too_large_is_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Library(3)

    class Small:
        MAX_NESTED_ROWS = 5

    monkeypatch.setattr(plan, "prodev_settings", Small)
    problem = get(client, "curricula/?include=items", 400)
    assert problem["code"] == "answer_too_large"
    assert problem["detail"] == "The answer would hold more than 5 rows of one kind: ask for a smaller page."
    assert len(get(client, "curricula/?include=items&page_size=2")["results"]) == 2


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=30)), max_size=4), st.sampled_from(LISTS), st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_string_whatever_is_a_fault(
    client: Client, pairs: list[tuple[str, str]], prefix: str, data: st.DataObject
) -> None:
    entity = VIEW_SETS[prefix].serializer_class.entity
    known = st.sampled_from([*entity.filter_by_name, "search", "ordering", "page_size", "cursor", "count", "fields"])
    query = [*pairs, *data.draw(st.lists(st.tuples(known, st.text(max_size=30)), max_size=4))]
    encodable = [(name.encode("utf-8", "replace"), value.encode("utf-8", "replace")) for name, value in query]
    answer = client.get(f"{ROOT}{prefix}/?{urlencode(encodable)}")
    assert answer.status_code in {200, 400, 404}
    assert answer.json()


@pytest.mark.parametrize("address", ["", *(f"{prefix}/" for prefix in LISTS), "schema/", "docs/", "redoc/"])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_methods_that_an_address_does_not_take_are_refused(client: Client, address: str, method: str) -> None:
    answer = getattr(client, method)(f"{ROOT}{address}", {"a": 1}, content_type="application/json")
    assert answer.status_code == 405
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].split(", "))
    assert answer.json()["code"] == "method_not_allowed"


@pytest.mark.parametrize("address", ["", *(f"{prefix}/" for prefix in LISTS), "schema/", "docs/", "redoc/"])
def test_a_media_type_that_is_not_served_is_not_acceptable(client: Client, address: str) -> None:
    answer = client.get(f"{ROOT}{address}", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_acceptable"


def test_a_format_that_is_not_served_is_not_found(client: Client) -> None:
    assert get(client, "topics/?format=xml", 404)["status"] == 404
    assert client.get(f"{ROOT}topics/?format=json").status_code == 200


def test_a_browser_gets_refusals_as_pages(client: Client) -> None:
    for query, status in (("?x=1", 400), ("7/", 404)):
        answer = client.get(f"{ROOT}topics/{query}", headers={"accept": "text/html"})
        assert answer.status_code == status
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "urn:prodev:problem:" in answer.content.decode()


def answer_to(error: Exception) -> Any:
    found = handle(error, {})
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (exceptions.Invalid(fields={"a": ["b"]}), 400, "invalid"),
        (exceptions.NotFound(), 404, "not_found"),
        (exceptions.PermissionDenied(), 403, "permission_denied"),
        (exceptions.Conflict(), 409, "conflict"),
        (exceptions.Refused(code="cohort_full"), 409, "cohort_full"),
        (exceptions.Busy(), 503, "busy"),
        (exceptions.ProdevError(), 400, "error"),
        (drf.NotAuthenticated(), 401, "not_authenticated"),
        (drf.PermissionDenied(), 403, "permission_denied"),
        (drf.ParseError(), 400, "parse_error"),
        (drf.UnsupportedMediaType("x/y"), 415, "unsupported_media_type"),
    ],
)
def test_every_refusal_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    found = answer_to(error)
    assert (found.status_code, found.data["status"], found.data["code"]) == (status, status, code)
    assert found.data["type"] == f"urn:prodev:problem:{code}"


def test_what_is_nested_in_a_validation_error_is_named_by_its_path() -> None:
    error = drf.ValidationError({"title": ["Too long."], "items": [{"unit": ["No such unit."]}, {}], "": ["Both?"]})
    assert answer_to(error).data["errors"] == {
        "title": ["Too long."],
        "items.0.unit": ["No such unit."],
        "": ["Both?"],
    }


def test_who_is_told_to_wait_is_told_how_long() -> None:
    assert answer_to(drf.Throttled(wait=2.4)).headers["Retry-After"] == "3"
    assert answer_to(exceptions.Busy()).headers["Retry-After"] == "1"
    assert "Retry-After" not in answer_to(drf.Throttled()).headers


def test_a_fault_is_not_passed_off_as_a_refusal() -> None:
    assert handle(RuntimeError("secret"), {}) is None


@override_settings(DEBUG=False)
def test_a_fault_is_answered_without_its_text(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("secret")

    monkeypatch.setattr(TopicViewSet, "list", broken)
    client.raise_request_exception = False
    answer = client.get(f"{ROOT}topics/")
    assert answer.status_code == 500
    assert b"secret" not in answer.content
