"""What is hidden from a viewer changes nothing in GraphQL's answers, in insights, and in what writes come to.

The same twins as in ``tests.rest.test_visibility``: a world alone, and beside rows that the viewer may not see. Lists
over REST are tried there; here is everything else. Writes are also aimed at what the viewer may not see, which comes to
the same as where it does not exist.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from django_prodev.graphql.types import global_id
from django_prodev.reading.catalog import COHORT, CURRICULUM, ENROLLMENT, LISTED, TOPIC
from django_prodev.writing.catalog import COMMANDS
from tests.graphql.asking import list_of
from tests.models.world import World, make_world
from tests.rest.twins import MARKER, disguise, plant
from tests.writing.asking import GRAPHQL, REST, camel
from tests.writing.test_insights import EXPLANATION, MASTERY, OVERVIEW, PLAN, SUMMARIES
from tests.writing.twin_writes import SUBJECT_ROWS, Absent, writes
from tests.writing.world import undone

pytestmark = pytest.mark.django_db

VIEWERS = ("learner", "mentor", "editor")

ABSENT = 2
"""The rows of a model that are hidden in the one twin, and do not exist in the other."""

CHANGING = re.compile(
    rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)|\"revision\": ?\"[^\"]*\""
    rb"|(?<=\")[A-Za-z0-9+/]{48,}={0,2}(?=\")"
)
"""Identifiers (also those of Relay), times and revisions."""


@dataclass(frozen=True)
class Heard:
    """An answer without the identifiers and times of what was made for it; ``statements`` where it only reads."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...]
    statements: int


def heard(answer: Any, statements: int, *, masked: bool) -> Heard:
    headers = {name: value for name, value in answer.headers.items() if not (masked and name in {"ETag", "Location"})}
    body = CHANGING.sub(b"-", answer.content) if masked else answer.content
    headers.pop("Content-Length", None)
    return Heard(answer.status_code, body, tuple(sorted(headers.items())), statements)


def reads(client: Client, world: World) -> Iterator[tuple[str, Any]]:
    """Every list of GraphQL, two relations deep, with its count; and every insight, over both APIs."""
    for entity in (each for each in LISTED if each is not TOPIC):  # everybody sees every topic
        yield list_of(entity), graphql(client, list_of(entity))
        if entity.search:
            text = f'{{ {camel(entity.plural)}(search: "e") {{ totalCount nodes {{ id }} }} }}'
            yield text, graphql(client, text)
    insights = (
        ("enrollments", "Enrollment", ENROLLMENT, {"progress-summary": EXPLANATION, "topic-mastery": MASTERY}),
        ("cohorts", "Cohort", COHORT, {"overview": OVERVIEW}),
        ("curricula", "Curriculum", CURRICULUM, {"publication-plan": PLAN}),
    )
    for prefix, model, entity, questions in insights:
        for name in SUBJECT_ROWS[model]:
            row: Any = world.rows[model][name]
            for address, text in questions.items():
                yield f"{address} {name}", client.get(f"{REST}{prefix}/{row.uuid}/{address}/")
                yield f"{text} {name}", graphql(client, text, id=global_id(entity, row.uuid))
    everyone: list[Any] = list(world.rows["Enrollment"].values())
    named = ",".join(str(row.uuid) for row in everyone)
    yield "summaries", client.get(f"{REST}enrollments/progress-summaries/?id={named}")
    yield "summaries", graphql(client, SUMMARIES, ids=[global_id(ENROLLMENT, row.uuid) for row in everyone])


def graphql(client: Client, text: str, **variables: Any) -> Any:
    body = json.dumps({"query": text, "variables": variables})
    return client.post(GRAPHQL, body, content_type="application/json")


def is_refusal(answer: Any) -> bool:
    """Whether nothing was done: over GraphQL that is no status, but an error or what is wrong with the input."""
    return answer.status_code >= 400 or re.search(rb'"errors": ?\[\{', answer.content) is not None


def conversation(client: Client, world: World, absent: Absent) -> dict[str, Heard]:
    """Everything that is asked and tried, each from the same state."""
    answers: dict[str, Heard] = {}
    for asked, masked in ((reads(client, world), False), (writes(client, world, absent), True)):
        number = 0
        while True:
            connection.queries_log.clear()  # it holds no more than 9,000 statements
            with undone(), CaptureQueriesContext(connection) as captured:
                name, answer = next(asked, ("", None))
            if answer is None:
                break
            number += 1
            counted = len(captured) if is_refusal(answer) or not masked else 0
            answers[f"{number} {name}"] = heard(answer, counted, masked=masked)
    return answers


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def generous(settings: Any) -> None:
    settings.DJANGO_PRODEV = {"GRAPHQL_MAX_FIELDS": 2_000, "GRAPHQL_MAX_COST": 1_000_000}


def absent_among(planted: list[Any]) -> dict[str, list[Any]]:
    """For each model some planted rows that lie far apart, or as many that do not exist."""
    found = {}
    for model in {command.subject_model for command in COMMANDS.values() if command.subject_model is not None}:
        rows = [row for row in planted if type(row) is model]
        spread = [rows[len(rows) * number // ABSENT] for number in range(ABSENT)] if rows else []
        found[model.__name__] = spread or [model() for _ in range(ABSENT)]
    return found


def twins(world: World, who: str) -> tuple[dict[str, Heard], dict[str, Heard]]:
    client = Client()
    client.force_login(world.people[who])
    alone = conversation(client, world, absent_among([]))
    with undone():
        disguise(world.people[who])
        planted = plant(world.people[who])
        assert len(planted) > 50
        beside = conversation(client, world, absent_among(planted))
    return alone, beside


@pytest.mark.parametrize("who", VIEWERS)
def test_hidden_rows_change_no_answer_and_no_outcome(world: World, who: str) -> None:
    alone, beside = twins(world, who)
    assert {answer.status for answer in alone.values()} >= {200, 400, 403, 404}
    over_graphql = b"".join(answer.body for name, answer in alone.items() if "GraphQL" in name)
    assert all(said in over_graphql for said in (b'"NOT_FOUND"', b'"PERMISSION_DENIED"', b'"errors":[{"field":'))
    differing = [(name, answer, beside[name]) for name, answer in alone.items() if answer != beside[name]]
    assert differing == []
    assert alone.keys() == beside.keys()
    told = [name for name, answer in beside.items() if MARKER.encode() in answer.body and MARKER not in name]
    assert told == []
