"""A request under an ``Idempotency-Key`` has one effect, however often it is sent."""

from typing import Any

import pytest
from django.test import Client

from django_prodev import api
from django_prodev.services.permission_table import Who
from django_prodev.testing.factories import make_topic
from tests.rest.sending import address, problem, send
from tests.writing.asking import REST, state
from tests.writing.world import World


def _key(client: Client, key: str, title: str = "Once", method: str = "POST") -> Any:
    where = f"{REST}topics/"
    return send(client, method, where, {"kind": "skill", "slug": "once", "name": title}, Idempotency_Key=key)


def test_a_request_that_is_sent_again_has_one_effect_and_the_same_answer(world: World, db: None) -> None:
    client = world.clients[Who.EDITOR]
    first = _key(client, "k-1")
    after = state()
    second = _key(client, "k-1")
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["ETag"] == first.headers["ETag"]
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert state() == after


def test_a_key_stands_for_one_request(world: World, db: None) -> None:
    client = world.clients[Who.EDITOR]
    assert _key(client, "k-1").status_code == 201
    problem(_key(client, "k-1", "Another"), 422, "idempotency_key_reused")
    elsewhere = send(client, "POST", f"{address('programs', world.program)}publish/", {}, Idempotency_Key="k-1")
    problem(elsewhere, 422, "idempotency_key_reused")


def test_everyone_has_keys_of_their_own(world: World, db: None) -> None:
    assert _key(world.clients[Who.EDITOR], "k-1").status_code == 201
    problem(_key(world.clients[Who.OWNER], "k-1"), 409, "already_exists")


def test_a_refusal_is_not_kept(world: World, db: None) -> None:
    client = world.clients[Who.EDITOR]
    taken = make_topic(kind="skill", slug="once")
    problem(_key(client, "k-1"), 409, "already_exists")
    taken.delete()
    assert _key(client, "k-1").status_code == 201


def test_a_key_is_forgotten_after_a_day(world: World, db: None) -> None:
    from datetime import timedelta

    from django_prodev.models import Receipt

    client = world.clients[Who.EDITOR]
    assert _key(client, "k-1").status_code == 201
    problem(_key(client, "k-1", "Another"), 422, "idempotency_key_reused")
    receipt = Receipt.objects.get(key="k-1")
    Receipt.objects.filter(pk=receipt.pk).update(created_at=receipt.created_at - timedelta(days=1, minutes=1))
    problem(_key(client, "k-1"), 409, "already_exists")
    assert api.forget_receipts() == 1


@pytest.mark.parametrize("key", ["", " ", "é", "x" * 256, "a\tb"])
def test_a_key_is_short_and_printable(world: World, db: None, key: str) -> None:
    before = state()
    answer = _key(world.clients[Who.EDITOR], key)
    assert set(problem(answer, 400, "invalid")) == {"Idempotency-Key"}
    assert state() == before
