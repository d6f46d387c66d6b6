"""Two imports at once: the second finds what the first made, and no topic is made twice."""

import json
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from django_prodev.documents.execution import run_import
from django_prodev.documents.plan import Action, Plan
from django_prodev.models import Entry, Program, Provider, Topic, Unit
from django_prodev.testing import make_provider
from tests.documents.curricula import CURRICULUM, OVERVIEW
from tests.documents.importing import request_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def at_once(*works: Callable[[], Plan]) -> list[Plan]:
    """Run these together, each on a connection of its own, and return what they return or raise what they raise."""
    barrier = threading.Barrier(len(works))
    plans: list[Plan] = []
    failures: list[BaseException] = []

    def run(work: Callable[[], Plan]) -> None:
        try:
            barrier.wait()
            plans.append(work())
        except BaseException as error:  # noqa: BLE001  told in the test's own thread
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if failures:
        raise failures[0]
    return plans


def test_the_same_document_twice_at_once_is_imported_once() -> None:
    make_provider(slug="harbour")
    request = request_of(OVERVIEW)
    plans = at_once(*[lambda: run_import(request)] * 4)
    assert sorted(plan.counts()["create"] for plan in plans) == [0, 0, 0, 10]
    assert (Program.objects.count(), Unit.objects.count(), Entry.objects.count()) == (1, 3, 6)
    unchanged = [plan for plan in plans if not len(plan.changes)]
    assert all(record.action is Action.UNCHANGED for plan in unchanged for record in plan.records)


def test_two_providers_that_need_the_same_topics_make_them_once() -> None:
    names = [f"Topic {number}" for number in range(300)]
    requests = [
        request_of(
            json.dumps(
                {
                    "prodev": 1,
                    "provider": {"slug": slug},
                    "program": CURRICULUM["program"],
                    "units": [{"title": "All", "slug": "all", "topics": names}],
                }
            ),
            names=("c.json",),
        )
        for slug in ("one", "two")
    ]
    at_once(*(lambda request=request: run_import(request) for request in requests))
    assert Provider.objects.count() == 2
    assert Topic.objects.count() == 300
    assert {unit.topics.count() for unit in Unit.objects.all()} == {300}
