"""Schemathesis against the OpenAPI document, as three people: ``make fuzz``. It is not part of the ordinary run.

Every operation gets requests that the document allows and requests that it forbids; every answer must be as described,
and none may be a fault. ``PRODEV_FUZZ_EXAMPLES`` sets how many of each an operation gets (default: 3).
"""

import base64
import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from django_prodev.testing import make_user
from tests.reading.library import Library
from tests.rest.asking import ROOT

EXAMPLES = int(os.environ.get("PRODEV_FUZZ_EXAMPLES", "3"))

UNKNOWABLE: list[Any] = [positive_data_acceptance]
"""Checks that do not hold of writes: no schema can say which rows there are to refer to, or which are left."""

schema = schemathesis.openapi.from_wsgi(f"{ROOT}schema/?format=json", get_wsgi_application())

OPERATIONS = {each.ok().definition.raw["operationId"]: each.ok() for each in schema.get_all_operations()}

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def headers(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, dict[str, str]]]:
    """What each person sends; the rows that there are belong to the reader."""
    with django_db_blocker.unblock(), transaction.atomic():
        library = Library(3)
        library.reader.set_password("pw")
        library.reader.save()
        make_user("root", password="pw", is_superuser=True)
        yield {"anonymous": {}, "reader": _basic(library.reader.get_username()), "superuser": _basic("root")}
        transaction.set_rollback(True)


def _basic(name: str) -> dict[str, str]:
    return {"Authorization": f"Basic {base64.b64encode(f'{name}:pw'.encode()).decode()}"}


@pytest.mark.parametrize("who", ["anonymous", "reader", "superuser"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_keeps_to_its_description(
    headers: dict[str, dict[str, str]], name: str, mode: GenerationMode, who: str
) -> None:
    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            case.query.pop("cursor", None)  # no schema can say which texts a page has given
        with transaction.atomic():
            case.call_and_validate(headers=headers[who], excluded_checks=[] if case.method == "GET" else UNKNOWABLE)
            transaction.set_rollback(True)

    send()
