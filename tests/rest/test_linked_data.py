"""The linked data of a program over REST: who may read it, as what, and at what cost."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from django_prodev.testing import make_program, make_published_program

pytestmark = pytest.mark.django_db


def read(program: Any, **headers: str) -> Any:
    return Client().get(address_of(program), headers=headers)


def address_of(program: Any) -> str:
    return reverse("django_prodev:program-linked-data", args=[program.uuid])


def test_a_program_is_read_as_json_ld_with_absolute_addresses() -> None:
    program = make_published_program(title="Tides", units=2)
    answer = read(program)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    value = answer.json()
    assert (value["@type"], value["name"]) == ("EducationalOccupationalProgram", "Tides")
    page = reverse("django_prodev:program", args=[program.provider.slug, program.slug])
    assert value["url"] == f"http://testserver{page}"
    assert len(value["hasCourse"]) == 2


def test_it_is_given_to_whoever_asks_for_its_media_type() -> None:
    answer = read(make_published_program(), accept="application/ld+json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/ld+json")
    assert answer.json()["@context"] == "https://schema.org"


def test_what_may_not_be_seen_is_not_found() -> None:
    hidden = make_program(status="draft")
    assert read(hidden).status_code == 404


def test_a_parameter_is_refused() -> None:
    program = make_published_program()
    answer = Client().get(f"{address_of(program)}?deep=1")
    assert answer.status_code == 400


@pytest.mark.parametrize("units", [1, 10, 40])
def test_the_statements_do_not_grow_with_the_units(units: int, django_assert_max_num_queries: Any) -> None:
    program = make_published_program(units=units)
    with django_assert_max_num_queries(8):
        assert len(read(program).json()["hasCourse"]) == units
