"""The OpenAPI document: valid, current, and true of every answer."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client, override_settings
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from django_prodev.testing import make_user
from tests.reading.library import Library
from tests.rest.asking import LISTS, ROOT, VIEW_SETS, get, related

pytestmark = pytest.mark.django_db

KEPT = Path(__file__).parents[2] / "docs" / "openapi.json"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
CHECKER = Draft202012Validator.FORMAT_CHECKER
CHECKER.checks("date-time")(lambda value: not isinstance(value, str) or bool(MOMENT.fullmatch(value)))
CHECKER.checks("uri")(lambda value: not isinstance(value, str) or value == "" or "://" in value)


@pytest.fixture(scope="module")
def document() -> Any:
    return orjson.loads(Client().get(f"{ROOT}schema/", headers={"accept": "application/json"}).content)


@pytest.fixture
def reader() -> Client:
    client = Client()
    client.force_login(Library(3).reader)
    return client


def validator(document: Any, schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": document["components"]}, format_checker=CHECKER)


def answers_of(document: Any, prefix: str, *, single: bool = False) -> dict[str, Any]:
    path = f"{ROOT}{prefix}/{{id}}/" if single else f"{ROOT}{prefix}/"
    responses: dict[str, Any] = document["paths"][path]["get"]["responses"]
    return {status: next(iter(answer["content"].items())) for status, answer in responses.items()}


def test_the_document_is_valid_openapi_3_1(document: Any) -> None:
    assert document["openapi"].startswith("3.1.")
    validate_schema(document)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@pytest.mark.usefixtures("document")
def test_it_is_made_without_a_warning(capfd: pytest.CaptureFixture[str]) -> None:
    GENERATOR_STATS.reset()
    Client().get(f"{ROOT}schema/")
    assert not capfd.readouterr().err
    assert not GENERATOR_STATS


def test_the_document_that_is_kept_is_current(document: Any) -> None:
    assert orjson.loads(KEPT.read_bytes()) == document, "run `make openapi` and look at what changed"


def test_it_describes_every_list_and_row_and_nothing_of_the_host(document: Any) -> None:
    described = {path for path, methods in document["paths"].items() if "get" in methods}
    assert {f"{ROOT}{prefix}/" for prefix in LISTS} | {f"{ROOT}{prefix}/{{id}}/" for prefix in LISTS} <= described
    assert all(path.startswith(ROOT) for path in document["paths"])
    names = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


def test_it_comes_as_yaml_too(client: Client) -> None:
    answer = client.get(f"{ROOT}schema/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"openapi: 3.1")


@pytest.mark.parametrize("prefix", LISTS)
def test_every_parameter_of_a_list_is_described_and_taken(document: Any, reader: Client, prefix: str) -> None:
    entity = VIEW_SETS[prefix].serializer_class.entity
    parameters = {each["name"]: each for each in document["paths"][f"{ROOT}{prefix}/"]["get"]["parameters"]}
    expected = {*entity.filter_by_name, "ordering", "page_size", "cursor", "count", "fields"}
    expected |= {"include"} if related(prefix) else set()
    expected |= {"search"} if entity.search else set()
    assert parameters.keys() == expected
    assert all(each["description"] for each in parameters.values())
    for name, each in parameters.items():
        if name != "cursor":
            get(reader, f"{prefix}/", **{name: example(each["schema"])})


def example(schema: Any) -> str:
    """A value that a parameter's schema allows: every one of a list, the last of a choice, the most of a number."""
    if schema["type"] == "array":
        return ",".join(schema["items"]["enum"])
    if schema["type"] == "integer":
        return str(schema["maximum"])
    if "enum" in schema:
        return str(schema["enum"][-1])
    of_type = {"boolean": "true", "string": "x" * schema.get("maxLength", 0)}
    return "00000000-0000-0000-0000-000000000000" if schema.get("format") == "uuid" else of_type[schema["type"]]


@pytest.mark.parametrize("prefix", LISTS)
def test_every_answer_is_as_described(document: Any, reader: Client, prefix: str) -> None:
    serializer = VIEW_SETS[prefix].list_serializer_class or VIEW_SETS[prefix].serializer_class
    _, described = answers_of(document, prefix)["200"]
    check = validator(document, described["schema"])
    everything = ",".join((*serializer.shown, *serializer.relations))
    queries: tuple[dict[str, Any], ...] = (
        {},
        {"count": "true", "page_size": 1},
        {"fields": everything},
        {"fields": "id"},
        {"include": related(prefix)} if related(prefix) else {},
    )
    for query in queries:
        page = get(reader, f"{prefix}/", **query)
        assert page["results"]
        check.validate(page)
    (row, *_) = get(reader, f"{prefix}/", fields=everything)["results"]
    (name,) = re.findall(r"schemas/(\w+)\"", orjson.dumps(_rows_of(document, described)).decode())
    assert row.keys() == document["components"]["schemas"][name]["properties"].keys()
    _, single = answers_of(document, prefix, single=True)["200"]
    validator(document, single["schema"]).validate(get(reader, f"{prefix}/{row['id']}/"))


def _rows_of(document: Any, described: Any) -> Any:
    name = described["schema"]["$ref"].rpartition("/")[2]
    return document["components"]["schemas"][name]["properties"]["results"]["items"]


@pytest.mark.parametrize("prefix", LISTS)
def test_every_refusal_is_as_described(document: Any, client: Client, prefix: str) -> None:
    for address, status, single in (
        (f"{prefix}/?x=1", 400, False),
        (f"{prefix}/7/", 404, True),
        (f"{prefix}/7/?x=1", 400, True),
    ):
        media_type, described = answers_of(document, prefix, single=single)[str(status)]
        assert media_type == "application/problem+json"
        validator(document, described["schema"]).validate(get(client, address, status))


@pytest.mark.parametrize("prefix", LISTS)
def test_what_a_replacement_must_give_is_described(document: Any, prefix: str) -> None:
    operation = document["paths"][f"{ROOT}{prefix}/{{id}}/"].get("put")
    if operation is None:
        assert "update" not in VIEW_SETS[prefix].commands
        return
    library, client = Library(1), Client()
    client.force_login(make_user(is_superuser=True))
    row = VIEW_SETS[prefix].serializer_class.entity.model.objects.order_by("pk").first()
    assert library.shelves
    body = operation["requestBody"]["content"]["application/json"]["schema"]
    (name,) = re.findall(r"schemas/(\w+)", orjson.dumps(body).decode())
    described = document["components"]["schemas"][name].get("required", [])
    answer = client.put(f"{ROOT}{prefix}/{row.uuid}/", {}, content_type="application/json").json()
    refused = [name for name, texts in answer.get("errors", {}).items() if texts == ["This is required."]]
    assert sorted(refused) == sorted(described)
    assert operation["requestBody"].get("required", False) is bool(described)


def test_what_is_described_would_notice_an_answer_that_is_not() -> None:
    document = {"components": {"schemas": {"A": {"type": "object", "properties": {"at": {"format": "date-time"}}}}}}
    check = validator(document, {"$ref": "#/components/schemas/A"})
    assert check.is_valid({"at": "2024-01-01T00:00:00Z"})
    assert not check.is_valid({"at": "2024-01-01 00:00"})
    assert not check.is_valid([])


def test_the_sizes_of_the_site_are_in_it(client: Client) -> None:
    with override_settings(DJANGO_PRODEV={"PAGE_SIZE": 7, "MAX_PAGE_SIZE": 70}):
        found = orjson.loads(client.get(f"{ROOT}schema/?format=json").content)
    parameters = found["paths"][f"{ROOT}topics/"]["get"]["parameters"]
    (size,) = (each["schema"] for each in parameters if each["name"] == "page_size")
    assert size == {"type": "integer", "minimum": 1, "maximum": 70, "default": 7}
