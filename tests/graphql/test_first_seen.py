"""A document that is seen for the first time shares the plans of all that ask for the same."""

import json
from typing import Any

import pytest
from django.test import Client, override_settings

from django_prodev.reading.reader import PLANS
from tests.reading.library import Library

pytestmark = pytest.mark.django_db

NESTED = """{{ programs(first: 2) {{ {nodes} {{ title curriculum {{ items {{ unit {{ id kind topics {{ role }} }} }} }}
    entries(first: {size}) {{ edges {{ cursor node {{ id title }} }} pageInfo {{ endCursor }} }} }} }} }}"""


def asked(text: str) -> Any:
    answer = Client().post("/learning/graphql/", json.dumps({"query": text}), content_type="application/json")
    found = answer.json()
    assert "errors" not in found, found
    return found["data"]


@override_settings(DJANGO_PRODEV={"CACHE": False})
def test_another_text_of_the_same_shape_compiles_nothing() -> None:
    Library(1)
    PLANS.clear()
    first = asked(NESTED.format(nodes="nodes", size=2))
    plans = len(PLANS)
    again = NESTED.format(nodes="nodes", size=2)
    assert asked(f"query Another {again}") == first
    assert asked(again.replace("title curriculum", "title, curriculum")) == first
    asked(NESTED.format(nodes="nodes", size=1))  # the size of a page is a value, and no part of the shape
    assert len(PLANS) == plans


@override_settings(DJANGO_PRODEV={"CACHE": False})
def test_another_name_is_another_shape() -> None:
    Library(1)
    first = asked(NESTED.format(nodes="nodes", size=2))
    for old, new in (("role", "what: role"), ("cursor", "place: cursor"), ("endCursor", "last: endCursor")):
        other = asked(NESTED.format(nodes="nodes", size=2).replace(old, new))
        name = new.partition(":")[0]
        assert json.dumps(other) == json.dumps(first).replace(f'"{old}"', f'"{name}"')
