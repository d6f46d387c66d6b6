"""What REST framework promises of a view holds on the shorter way through it."""

from typing import Any

import pytest
from django.test import Client
from rest_framework.authentication import BasicAuthentication, SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.throttling import BaseThrottle

from django_prodev.rest.views import ProgramViewSet
from django_prodev.testing import make_published_program, make_user

pytestmark = pytest.mark.django_db

ADDRESS = "/learning/api/v1/programs/"


class Header(BasicAuthentication):
    """A host's own, which is asked whatever the request has."""

    def authenticate(self, request: Any) -> Any:
        user = request.META.get("HTTP_X_USER")
        return (make_user(user), None) if user else None


@pytest.fixture
def _for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProgramViewSet, "permission_classes", [IsAuthenticated])


@pytest.mark.usefixtures("_for_people")
@pytest.mark.parametrize("first", [BasicAuthentication, SessionAuthentication])
def test_who_is_not_known_is_told_how_to_be(monkeypatch: pytest.MonkeyPatch, first: Any) -> None:
    monkeypatch.setattr(ProgramViewSet, "authentication_classes", [first])
    answer = Client().get(ADDRESS)
    if first is BasicAuthentication:
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Basic realm="api"')
    else:
        assert answer.status_code == 403


@pytest.mark.usefixtures("_for_people")
def test_a_host_s_own_authenticator_is_always_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProgramViewSet, "authentication_classes", [Header])
    assert Client().get(ADDRESS).status_code == 401
    assert Client(headers={"X-User": "somebody"}).get(ADDRESS).status_code == 200


def test_throttles_are_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Twice(BaseThrottle):
        def allow_request(self, request: Any, view: Any) -> bool:
            asked.append(request.path)
            return len(asked) < 3

    monkeypatch.setattr(ProgramViewSet, "throttle_classes", [Twice])
    assert [Client().get(ADDRESS).status_code for _ in range(3)] == [200, 200, 429]


def test_what_is_negotiated_is_remembered_by_header_and_format() -> None:
    make_published_program()
    for _ in range(2):
        assert Client().get(ADDRESS)["Content-Type"] == "application/json"
        assert Client(headers={"Accept": "text/html"}).get(ADDRESS)["Content-Type"].startswith("text/html")
        assert Client().get(f"{ADDRESS}?format=api")["Content-Type"].startswith("text/html")
        assert Client(headers={"Accept": "text/html"}).get(f"{ADDRESS}?format=json").status_code == 406
        assert Client(headers={"Accept": "image/png"}).get(ADDRESS).status_code == 406
        assert Client().get(ADDRESS + "?format=nothing").status_code == 404
