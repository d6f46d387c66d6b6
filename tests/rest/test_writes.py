"""What writes over REST promise by HTTP's rules: statuses, headers, preconditions, and who may send them."""

import pytest
from django.test import Client

from django_prodev import api
from django_prodev.enums import Visibility
from django_prodev.models import Cohort, Entry, Program
from django_prodev.services.permission_table import Who
from django_prodev.testing.factories import make_entry, make_topic
from tests.rest.sending import PROGRAMS, address, problem, send
from tests.writing.asking import over_rest, state
from tests.writing.world import PASSWORD, World

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
