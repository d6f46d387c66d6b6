"""What writes over REST promise by HTTP's rules: statuses, headers, preconditions, and bodies of every kind."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from django_prodev import api
from django_prodev.enums import Visibility
from django_prodev.models import Cohort, Entry, Program
from django_prodev.services.permission_table import Who
from django_prodev.testing.factories import make_entry, make_topic, make_user
from tests.writing.asking import REST, over_rest, state
from tests.writing.world import PASSWORD, World

PROGRAMS = f"{REST}programs/"


def send(client: Client, method: str, address: str, body: Any = None, **headers: str) -> Any:
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return client.generic(
        method,
        address,
        data,
        "application/json",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )


def address(prefix: str, row: Any) -> str:
    return f"{REST}{prefix}/{row.uuid}/"


def problem(answer: Any, status: int, code: str) -> dict[str, list[str]]:
    """What is wrong with the inputs, by a problem document with this status and code."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert (found["status"], found["code"], found["type"]) == (status, code, f"urn:prodev:problem:{code}")
    fields: dict[str, list[str]] = found.get("errors", {})
    return fields


# Statuses and headers


def test_what_is_made_has_an_address_and_a_tag(world: World, db: None) -> None:
    client = world.clients[Who.EDITOR]
    given = {"provider": str(world.provider.uuid), "slug": "sailing", "title": "Sailing"}
    made = send(client, "POST", PROGRAMS, given)
    assert made.status_code == 201
    assert made.headers["Location"] == f"http://testserver{PROGRAMS}{made.json()['id']}/"
    read = client.get(made.headers["Location"])
    assert read.json() == made.json()
    assert read.headers["ETag"] == made.headers["ETag"]
    assert made.headers["ETag"].startswith(f'"{made.json()["revision"]}.')
    assert "private" in made.headers["Cache-Control"]


def test_an_edit_answers_with_the_row_and_its_next_tag(world: World, db: None) -> None:
    client = world.clients[Who.EDITOR]
    before = client.get(address("programs", world.program)).headers["ETag"]
    edited = send(client, "PATCH", address("programs", world.program), {"title": "Rowing"})
    assert (edited.status_code, edited.json()["title"]) == (200, "Rowing")
    assert edited.headers["ETag"] != before
    assert edited.headers["ETag"] == client.get(address("programs", world.program)).headers["ETag"]


def test_put_replaces_the_whole_row(world: World, db: None) -> None:
    client = world.clients[Who.THE_LEARNER]
    entry = make_entry(
        enrollment=world.enrollment, title="Old", body="Words", position=7, topics=[make_topic()], external_id="x"
    )
    answer = send(client, "PUT", address("entries", entry), {"title": "Only this"})
    assert answer.status_code == 200, answer.content
    entry.refresh_from_db()
    assert (entry.title, entry.body, entry.position, entry.external_id) == ("Only this", "", 0, "")
    assert not entry.topics.exists()
    assert entry.visibility == Visibility.PRIVATE


def test_put_asks_for_what_has_no_default(world: World, db: None) -> None:
    before = state()
    answer = send(world.clients[Who.EDITOR], "PUT", address("programs", world.program), {"summary": "S"})
    assert set(problem(answer, 400, "invalid")) == {"slug", "title"}
    assert state() == before


def test_put_and_patch_differ_in_what_is_left_out(world: World, db: None) -> None:
    client, row = world.clients[Who.EDITOR], address("cohorts", world.cohort)
    Cohort.objects.filter(pk=world.cohort.pk).update(capacity=12, timezone="Europe/Berlin")
    assert send(client, "PATCH", row, {"title": "A"}).json()["capacity"] == 12
    replaced = send(client, "PUT", row, {"title": "A", "slug": "a"}).json()
    assert (replaced["capacity"], replaced["timezone"]) == (None, "UTC")


def test_delete_leaves_nothing_and_says_nothing(world: World, db: None) -> None:
    client, row = world.clients[Who.THE_LEARNER], address("entries", world.entry)
    gone = client.delete(row)
    assert (gone.status_code, gone.content) == (204, b"")
    assert not Entry.objects.filter(pk=world.entry.pk).exists()
    problem(client.delete(row), 404, "not_found")


def test_methods_that_a_row_does_not_have(world: World, db: None) -> None:
    answer = world.clients[Who.SUPERUSER].delete(address("programs", world.program))
    problem(answer, 405, "method_not_allowed")
    assert "DELETE" not in answer.headers["Allow"]


# Preconditions


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
@pytest.mark.parametrize(
    ("header", "status"),
    [
        ('"{now}"', 200),
        ("*", 200),
        ('"0123456789", "{now}"', 200),
        ('W/"{now}"', 412),
        ("{now}", 412),
        ('"0123456789"', 412),
        ('"a", W/"{now}"', 412),
        ("", 412),
        ('"", "é', 412),
    ],
)
def test_if_match_guards_an_edit(world: World, db: None, method: str, header: str, status: int) -> None:
    seen = api.version_of(Program.objects.get(pk=world.program.pk))
    given = {"title": "Rowing", "slug": "rowing"}
    answer = send(
        world.clients[Who.EDITOR],
        method,
        address("programs", world.program),
        given,
        If_Match=header.replace("{now}", seen),
    )
    if status == 412:
        problem(answer, 412, "precondition_failed")
    assert answer.status_code == status
    assert (Program.objects.get(pk=world.program.pk).title == "Rowing") is (status == 200)


def test_the_second_of_two_who_edit_the_same_is_told(world: World, db: None) -> None:
    client, row = world.clients[Who.EDITOR], address("programs", world.program)
    seen = client.get(row).headers["ETag"]
    assert send(client, "PATCH", row, {"title": "First"}, If_Match=seen).status_code == 200
    problem(send(client, "PATCH", row, {"title": "Second"}, If_Match=seen), 412, "precondition_failed")
    assert Program.objects.get(pk=world.program.pk).title == "First"


def test_if_match_guards_deletes_and_publications(world: World, db: None) -> None:
    learner, editor = world.clients[Who.THE_LEARNER], world.clients[Who.EDITOR]
    problem(send(learner, "DELETE", address("entries", world.entry), If_Match='"old"'), 412, "precondition_failed")
    publish = f"{address('programs', world.draft_program)}publish/"
    problem(send(editor, "POST", publish, {}, If_Match='"old"'), 412, "precondition_failed")
    assert Entry.objects.filter(pk=world.entry.pk).exists()


def test_if_match_is_not_passed_over_where_nothing_heeds_it(world: World, db: None) -> None:
    pause = f"{address('enrollments', world.enrollment)}pause/"
    before = state()
    assert set(problem(send(world.clients[Who.THE_LEARNER], "POST", pause, {}, If_Match='"a"'), 400, "invalid")) == {
        "If-Match"
    }
    assert state() == before


def test_a_hidden_row_is_not_found_whatever_if_match_says(world: World, db: None) -> None:
    hidden = world.hidden["program"]
    for tag in (f'"{api.version_of(hidden)}"', '"old"', "*"):
        answer = send(world.clients[Who.EDITOR], "PATCH", address("programs", hidden), {"title": "X"}, If_Match=tag)
        problem(answer, 404, "not_found")


# Who is signed in


def test_nobody_writes_without_signing_in(world: World, db: None) -> None:
    before = state()
    answer = over_rest(Client(), "create_program", None, {"slug": "x"})
    assert (answer.code, answer.status) == ("not_authenticated", 403)
    problem(send(Client(), "PATCH", address("programs", world.program), {"title": "X"}), 403, "not_authenticated")
    problem(send(Client(), "PATCH", address("programs", world.hidden["program"]), b"{"), 403, "not_authenticated")
    assert state() == before


def test_a_session_needs_the_csrf_token(world: World, db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.login(username=world.learner.get_username(), password=PASSWORD)
    row = address("entries", world.entry)
    problem(send(client, "PATCH", row, {"title": "X"}), 403, "permission_denied")
    client.cookies["csrftoken"] = token = "a" * 32
    assert send(client, "PATCH", row, {"title": "X"}, X_CSRFToken=token).status_code == 200


def test_basic_authentication_needs_no_token(world: World, db: None) -> None:
    import base64

    credentials = base64.b64encode(f"{world.learner.get_username()}:{PASSWORD}".encode()).decode()
    client = Client(enforce_csrf_checks=True)
    answer = send(
        client, "PATCH", address("entries", world.entry), {"title": "X"}, Authorization=f"Basic {credentials}"
    )
    assert answer.status_code == 200
    problem(
        send(client, "PATCH", address("entries", world.entry), {"title": "X"}, Authorization="Basic YTpi"),
        403,
        "authentication_failed",
    )


# Inputs


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


# Idempotency-Key


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


# What can be told from an answer


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
