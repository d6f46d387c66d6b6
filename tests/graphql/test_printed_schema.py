"""The printed schema: the file in the documentation is current, and the command prints and checks it."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, build_schema, validate_schema

from django_prodev.graphql.schema import schema

FILE = Path(__file__).parents[2] / "docs" / "schema.graphql"


def printed() -> str:
    out = StringIO()
    call_command("prodev_graphql_schema", stdout=out)
    return out.getvalue()


def test_the_file_in_the_documentation_is_the_schema() -> None:
    call_command("prodev_graphql_schema", check=str(FILE))
    assert FILE.read_text(encoding="utf-8") == printed()


def test_what_is_printed_is_a_valid_schema() -> None:
    assert validate_schema(build_schema(printed())) == []


def test_a_file_that_is_not_the_schema_is_named(tmp_path: Path) -> None:
    old, binary = tmp_path / "old.graphql", tmp_path / "binary.graphql"
    old.write_text(printed().replace("type Topic ", "type Subject "), encoding="utf-8")
    binary.write_bytes(b"\xff\xfe")
    for path, message in (
        (old, "old.graphql is not the schema: write it anew"),
        (binary, r"the file cannot be read \(UnicodeDecodeError\)"),
        (tmp_path / "absent", r"the file cannot be read \(FileNotFoundError\)"),
    ):
        with pytest.raises(CommandError, match=message):
            call_command("prodev_graphql_schema", check=str(path))


def test_a_schema_of_the_site_can_be_printed_and_one_that_is_not_there_is_named() -> None:
    out = StringIO()
    call_command("prodev_graphql_schema", schema="tests.graphql.host.schema", stdout=out)
    assert "greeting(name: String): String" in out.getvalue()
    with pytest.raises(CommandError, match=r"nowhere\.schema cannot be imported"):
        call_command("prodev_graphql_schema", schema="nowhere.schema")


def test_everything_in_the_schema_says_what_it_is() -> None:
    silent: list[str] = []
    for name, kind in schema.graphql_schema.type_map.items():
        if name.startswith("__"):
            continue
        if not kind.description:
            silent.append(name)
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
            silent += [f"{name}.{field}" for field, of in kind.fields.items() if not of.description]
        if isinstance(kind, GraphQLObjectType):
            silent += [
                f"{name}.{field}({argument})"
                for field, of in kind.fields.items()
                for argument, given in of.args.items()
                if not given.description and argument != "input"
            ]
        if isinstance(kind, GraphQLEnumType):
            silent += [f"{name}.{value}" for value, of in kind.values.items() if not of.description]
    assert silent == []
