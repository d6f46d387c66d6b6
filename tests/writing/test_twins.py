"""What is hidden from a viewer changes nothing in GraphQL's answers, in insights, and in what writes come to.

The same twins as in ``tests.rest.test_visibility``: a world alone, and beside rows that the viewer may not see. Lists
over REST are tried there; here is everything else.
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
from django_prodev.writing.commands import Command
from tests.graphql.asking import list_of
from tests.models.world import World, make_world
from tests.rest.twins import MARKER, disguise, plant
from tests.writing.asking import GRAPHQL, REST, camel, mutation, rest_address
from tests.writing.test_insights import EXPLANATION, MASTERY, OVERVIEW, PLAN, SUMMARIES
from tests.writing.world import undone

pytestmark = pytest.mark.django_db

VIEWERS = ("learner", "mentor", "editor")

SUBJECT_ROWS = {
    "Provider": ("home", "elsewhere"),
    "Topic": ("used",),
    "Program": ("main", "private", "draft"),
    "Curriculum": ("published", "draft"),
    "CurriculumItem": ("published", "draft"),
    "Unit": ("published", "draft"),
    "Cohort": ("first", "draft"),
    "Enrollment": ("learner", "programmate", "learner_draft"),
    "Membership": ("mentor", "owner"),
    "Entry": ("learner_cohort", "learner_private", "challenge", "solution_private"),
    "Project": ("learner_mentors", "learner_draft"),
}
"""Rows that some of the viewers see and others don't, which commands are addressed to."""

GIVEN: dict[str, dict[str, Any]] = {
    "title": {"title": "Other"},
    "name": {"name": "Other"},
    "notes": {"notes": "Other"},
    "due_at": {"due_at": "2031-05-01T09:00:00Z"},
    "visibility": {"visibility": "program"},
}

CHANGING = re.compile(
    rb"\"id\": ?\"[^\"]*\"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|"
    rb"\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)|\"revision\": ?\"[^\"]*\""
)


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


def writes(client: Client, world: World) -> Iterator[tuple[str, Any]]:
    """Every command that is addressed to a row, over both APIs, with something that it takes."""
    for command in COMMANDS.values():
        if not command.subject:
            continue
        assert command.subject_model is not None
        for name in SUBJECT_ROWS[command.subject_model.__name__]:
            row = world.rows[command.subject_model.__name__][name]
            method, address = rest_address(command, row)
            given = sent(command)
            yield f"{command.name} {name}", client.generic(method, address, *body_of(given))
            body = body_of(mutation(command, row, given))
            yield f"{command.name} {name} by mutation", client.generic("POST", GRAPHQL, *body)
    for name, given in creations(world):
        yield f"{name} {given}", client.generic("POST", rest_address(COMMANDS[name])[1], *body_of(given))
        body = body_of(mutation(COMMANDS[name], None, given))
        yield f"{name} {given} by mutation", client.generic("POST", GRAPHQL, *body)


def sent(command: Command) -> dict[str, Any]:
    fitting = next((given for name, given in GIVEN.items() if name in command.by_name), {})
    return fitting if command.action in {"edit", "share"} else {}


def was_refused(answer: Any) -> bool:
    """Whether nothing was done: over GraphQL the errors say so."""
    return answer.status_code >= 400 or b'"errors":[{' in answer.content


def body_of(given: Any) -> tuple[bytes, str]:
    return json.dumps(given).encode(), "application/json"


def creations(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows that are made of others, some of which are hidden, and names that hidden rows have."""
    rows: Any = world.rows
    for name in SUBJECT_ROWS["Program"]:
        program = str(rows["Program"][name].uuid)
        yield "enroll", {"program": program}
        yield "write_entry", {"program": program, "kind": "learning", "title": "A day"}
        yield "create_project", {"program": program, "title": "A boat"}
        yield "create_cohort", {"program": program, "slug": "first", "title": "First"}
        yield "draft_curriculum", {"program": program}
    for name in SUBJECT_ROWS["Unit"]:
        unit, enrollment = str(rows["Unit"][name].uuid), str(rows["Enrollment"]["learner"].uuid)
        yield "start_unit", {"unit": unit, "enrollment": enrollment}
        yield "add_item", {"unit": unit, "curriculum": str(rows["Curriculum"]["draft"].uuid)}
        yield "create_program", {"provider": str(rows["Provider"]["home"].uuid), "slug": name, "title": "P"}
    for person in ("learner", "classmate", "stranger", MARKER):
        yield "invite", {"program": str(rows["Program"]["main"].uuid), "user": person}


def conversation(client: Client, world: World) -> dict[str, Heard]:
    """Everything that is asked and tried, each from the same state."""
    answers: dict[str, Heard] = {}
    for said, masked in ((reads, False), (writes, True)):
        asked = said(client, world)
        number = 0
        while True:
            with undone(), CaptureQueriesContext(connection) as captured:
                name, answer = next(asked, ("", None))
            if answer is None:
                break
            number += 1
            counted = was_refused(answer) or not masked
            answers[f"{number} {name}"] = heard(answer, len(captured) if counted else 0, masked=masked)
    return answers


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def generous(settings: Any) -> None:
    settings.DJANGO_PRODEV = {"GRAPHQL_MAX_FIELDS": 2_000, "GRAPHQL_MAX_COST": 1_000_000}


def twins(world: World, who: str) -> tuple[dict[str, Heard], dict[str, Heard]]:
    client = Client()
    client.force_login(world.people[who])
    alone = conversation(client, world)
    with undone():
        disguise(world.people[who])
        planted = plant(world.people[who])
        assert len(planted) > 50
        beside = conversation(client, world)
    return alone, beside


@pytest.mark.parametrize("who", VIEWERS)
def test_hidden_rows_change_no_answer_and_no_outcome(world: World, who: str) -> None:
    alone, beside = twins(world, who)
    assert {answer.status for answer in alone.values()} >= {200, 404}
    assert any(b"NOT_FOUND" in answer.body for name, answer in alone.items() if name.endswith("by mutation"))
    assert [name for name in alone if alone[name] != beside[name]] == []
    assert alone.keys() == beside.keys()
    told = [name for name, answer in beside.items() if MARKER.encode() in answer.body and MARKER not in name]
    assert told == []
