"""What ``docs/graphql.md`` says is so: its queries run, its figures are the ones in force."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from django_prodev.conf import prodev_settings
from django_prodev.graphql import costs, limits
from django_prodev.graphql.types import global_id
from tests.graphql.asking import EACH, ask, refused
from tests.reading.library import Library

PAGE = (Path(__file__).parents[2] / "docs" / "graphql.md").read_text(encoding="utf-8")

QUERIES = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.django_db
@pytest.mark.parametrize("text", QUERIES, ids=[f"query {number}" for number in range(len(QUERIES))])
def test_its_queries_run(client: Client, text: str) -> None:
    library = Library(2)
    variables = {"id": global_id(EACH["program"], library.shelves[0]["program"].uuid)} if "$id" in text else {}
    assert ask(client, text, **variables)


@pytest.mark.django_db
def test_its_error_is_the_one_that_is_answered(client: Client) -> None:
    (example,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert refused(client, "{ programs(first: 0) { totalCount } }") == json.loads(example)["errors"]


def test_its_limits_are_in_force() -> None:
    rows = re.findall(r"^\| (.*?) \| ([\d, ]+?)(?: bytes)? \| (?:`(\w+)`)? ?\|$", PAGE, re.MULTILINE)
    settings = {setting: int(most.replace(",", "")) for _, most, setting in rows if setting}
    assert settings == {name: getattr(prodev_settings, name) for name in settings}
    assert len(settings) == 7
    fixed = [int(number) for _, most, setting in rows if not setting for number in most.split(", ")]
    assert fixed == [costs._RELATIONS, limits._OPERATIONS, limits._FRAGMENTS, limits._SAME_NAME, limits._DIRECTIVES]
    assert "a\nlist without pages counts for ten" in PAGE
    assert costs.LIST_ROWS == limits._INTROSPECTION_ALIASES == 10
