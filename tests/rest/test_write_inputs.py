"""Whatever a write over REST is sent, it says what is wrong with it and nothing of what is hidden."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from django_prodev.models import Program
from django_prodev.services.permission_table import Who
from django_prodev.testing.factories import make_user
from tests.rest.sending import PROGRAMS, address, problem, send
from tests.writing.asking import REST, over_rest, state
from tests.writing.world import World


def test_every_field_s_error_comes_at_once(world: World, db: None) -> None:
    given = {
        "provider": "nonsense",
        "title": 5,
        "level": "expert",
        "effort_hours": "ten",
        "enforce_order": "yes",
        "outcomes": "one",
        "visibility": None,
        "colour": "red",
    }
    before = state()
    answer = over_rest(world.clients[Who.EDITOR], "create_program", None, given)
    assert answer.status == 400
    assert set(answer.fields) == {*given, "slug"}
    assert all(texts and all(text.endswith(".") for text in texts) for texts in answer.fields.values())
    assert state() == before


def test_every_error_of_the_rules_comes_at_once(world: World, db: None) -> None:
    given = {
        "program": str(world.program.uuid),
        "slug": "not a slug",
        "title": "x" * 300,
        "timezone": "Mars/Olympus",
        "capacity": -1,
        "starts_at": "2030-02-02T00:00:00Z",
        "ends_at": "2030-02-01T00:00:00Z",
    }
    answer = over_rest(world.clients[Who.EDITOR], "create_cohort", None, given)
    assert set(answer.fields) == {"slug", "title", "timezone", "capacity", "ends_at"}


def test_parameters_are_not_for_writes(world: World, db: None) -> None:
    answer = send(world.clients[Who.EDITOR], "PATCH", f"{address('programs', world.program)}?dry_run=1", {"title": "X"})
    assert set(problem(answer, 400, "invalid")) == {"dry_run"}
    assert Program.objects.get(pk=world.program.pk).title == world.program.title


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(DEEP, id="deep array"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, id="deep object"),
        pytest.param(b'{"title": ' + b"[" * 1_000 + b"]" * 1_000 + b"}", id="as deep as the parser goes"),
        pytest.param(b'{"title": 1e999}', id="1e999"),
        pytest.param(b'{"title": NaN}', id="NaN"),
        pytest.param(b'{"title": -Infinity}', id="Infinity"),
        pytest.param(b'{"title": "\xff\xfe"}', id="not UTF-8"),
        pytest.param(b'{"title": "a", "title": "b"}', id="a name twice"),
        pytest.param(b'{"title": {"a": 1, "a": 2}}', id="a name twice inside"),
        pytest.param(b'{"title": "a\\u0000b"}', id="NUL"),
        pytest.param(b'{"ti\\u0000tle": "a"}', id="NUL in a name"),
        pytest.param(b'{"title": "\\ud800"}', id="half a surrogate pair"),
        pytest.param(b'{"\\ud800": "a"}', id="half a surrogate pair in a name"),
        pytest.param(b'["title"]', id="array"),
        pytest.param(b'"title"', id="text"),
        pytest.param(b"null", id="null"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"title": "a"} {"title": "b"}', id="two documents"),
        pytest.param(b'\xef\xbb\xbf{"title": "a"}', id="byte order mark"),
        pytest.param(b'{"effort_hours": 9223372036854775808}', id="2^63"),
        pytest.param(b'{"effort_hours": -1}', id="negative"),
        pytest.param(b'{"effort_hours": ' + b"9" * 5_000 + b"}", id="a long number"),
        pytest.param(b'{"title": ' + b'"' + b"x" * 1_000_000 + b'"}', id="a long text"),
        pytest.param(b'{"' + b"x" * 1_000_000 + b'": 1}', id="a long name"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
def test_no_body_makes_an_error_of_ours(world: World, db: None, method: str, body: bytes) -> None:
    where = PROGRAMS if method == "POST" else address("programs", world.program)
    before = state()
    answer = send(world.clients[Who.EDITOR], method, where, body)
    assert answer.status_code == 400, answer.content[:500]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert len(answer.content) < 4_000
    assert state() == before


def test_a_body_that_is_too_large_is_not_read(world: World, db: None, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    body = json.dumps({"title": "x" * 1_000}).encode()
    problem(send(world.clients[Who.EDITOR], "PATCH", address("programs", world.program), body), 413, "body_too_large")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "", "json"]
)
def test_a_body_is_json(world: World, db: None, content_type: str) -> None:
    answer = world.clients[Who.EDITOR].generic(
        "PATCH", address("programs", world.program), b'{"title": "X"}', content_type
    )
    problem(answer, 415, "unsupported_media_type")


VALUES: list[Any] = [None, True, 0, -1, 2**63, 1.5, "", "\x00", "é" * 50, [], [None], [[]], {}, {"a": 1}, "*" * 10_000]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: repr(value)[:20])
@pytest.mark.parametrize("name", ["write_entry", "create_cohort", "enroll", "set_project_members", "grant_role"])
def test_no_value_makes_an_error_of_ours(world: World, db: None, name: str, value: Any) -> None:
    from django_prodev.writing.catalog import COMMANDS

    command = COMMANDS[name]
    subject = world.project if command.subject else None
    answer = over_rest(world.clients[Who.OWNER], command, subject, dict.fromkeys(command.by_name, value))
    assert 400 <= answer.status < 500


MOMENTS = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2030-02-30T00:00:00Z", "2030", 5, True, [], "now"]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_no_moment_outside_the_calendar_is_stored(world: World, db: None, moment: Any) -> None:
    answer = over_rest(
        world.clients[Who.EDITOR], "create_cohort", None,
        {"program": world.program, "slug": "s", "title": "S", "starts_at": moment},
    )  # fmt: skip
    assert (answer.status, set(answer.fields)) == (400, {"starts_at"})


@pytest.mark.parametrize("text", ["9223372036854775808", "nonsense", "%00", "a" * 300, "null"])
def test_no_address_makes_an_error_of_ours(world: World, db: None, text: str) -> None:
    for make in (_patch, _verb):
        assert make(world.clients[Who.EDITOR], text).status_code == 404


def _patch(client: Client, text: str) -> Any:
    return send(client, "PATCH", f"{PROGRAMS}{text}/", {"title": "X"})


def _verb(client: Client, text: str) -> Any:
    return send(client, "POST", f"{REST}enrollments/{text}/pause/", {})


REFERENCES: list[tuple[Who, str, Callable[[World], Any], dict[str, Any]]] = [
    (Who.EDITOR, "create_program", lambda w: None, {"slug": "s", "title": "S", "provider": "provider"}),
    (Who.THE_LEARNER, "enroll", lambda w: None, {"program": "program"}),
    (Who.MENTOR, "start_unit", lambda w: None, {"enrollment": "enrollment", "unit": "unit"}),
    (Who.EDITOR, "add_item", lambda w: None, {"curriculum": "curriculum", "unit": "unit"}),
    (Who.THE_LEARNER, "edit_entry", lambda w: w.entry, {"project": "project", "unit": "unit"}),
]


@pytest.mark.parametrize(("who", "name", "subject", "given"), REFERENCES, ids=lambda value: str(value)[:16])
def test_a_hidden_reference_is_as_if_absent(
    world: World, db: None, who: Who, name: str, subject: Any, given: dict[str, Any]
) -> None:
    import uuid

    hidden = {key: world.hidden.get(value, value) for key, value in given.items()}
    absent = {key: str(uuid.uuid4()) if value in world.hidden else value for key, value in given.items()}
    answers = [over_rest(world.clients[who], name, subject(world), each) for each in (hidden, absent)]
    assert answers[0].status == 400
    assert answers[0].raw.content == answers[1].raw.content


def test_a_learner_names_classmates_and_nobody_else(world: World, db: None) -> None:
    stranger, absent = make_user("stranger").get_username(), "no such name"
    client = world.clients[Who.THE_LEARNER]
    answers = [
        over_rest(client, "set_project_members", world.project, {"members": [name]}) for name in (stranger, absent)
    ]
    assert answers[0].status == 400
    assert answers[0].raw.content == answers[1].raw.content
    from django_prodev.testing.factories import make_enrollment

    classmate = make_enrollment(cohort=world.cohort).user
    assert over_rest(client, "set_project_members", world.project, {"members": [classmate]}).code == ""
