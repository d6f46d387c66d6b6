"""The page on writing: its GraphQL is of the schema, and the addresses and codes that it names are there."""

import re
from pathlib import Path

from django.urls import Resolver404, resolve
from graphql import parse, validate

from django_prodev.graphql.schema import schema

PAGE = (Path(__file__).parents[2] / "docs" / "writing.md").read_text(encoding="utf-8")


def test_its_graphql_is_of_the_schema() -> None:
    blocks = re.findall(r"```graphql\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert validate(schema.graphql_schema, parse(block)) == []


def test_its_addresses_are_there() -> None:
    paths = re.findall(r"\$API(/[a-z<>/-]+/)", PAGE) + [
        f"/{path}" for path in re.findall(r"`([a-z-]+/[a-z<>/-]+/)", PAGE)
    ]
    assert len(paths) >= 12
    for path in paths:
        if path.startswith("/learning/"):
            continue
        try:
            resolve(f"/learning/api/v1{path.replace('<id>', '00000000-0000-0000-0000-000000000000')}")
        except Resolver404:
            raise AssertionError(path) from None
