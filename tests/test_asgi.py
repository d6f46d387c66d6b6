"""The views under an ASGI server: each interface answers, and no more requests are worked on than there are places."""

import asyncio
import json

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient

from django_prodev.testing import factories
from example_project.example_site.asgi import Bounded


@pytest.mark.django_db
def test_each_interface_answers_under_asgi() -> None:
    program = factories.make_program(status="published", visibility="public", title="Reached")
    client = AsyncClient()
    rest = async_to_sync(client.get)("/learning/api/v1/programs/")
    assert [row["title"] for row in rest.json()["results"]] == ["Reached"]
    query = json.dumps({"query": "{ programs(first: 1) { edges { node { title } } } }"})
    graphql = async_to_sync(client.post)("/learning/graphql/", query, content_type="application/json")
    assert graphql.json()["data"]["programs"]["edges"][0]["node"]["title"] == "Reached"
    page = async_to_sync(client.get)(f"/learning/programs/{program.provider.slug}/{program.slug}/")
    assert b"Reached" in page.content


def test_the_example_site_works_on_as_many_requests_as_it_has_places() -> None:
    at_once = most = 0

    async def application(scope: object, receive: object, send: object) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1

    async def many() -> None:
        bounded = Bounded(application, most=3)
        await asyncio.gather(*(bounded({}, None, None) for _ in range(50)))

    asyncio.run(many())
    assert most == 3
