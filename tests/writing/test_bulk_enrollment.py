"""A thousand people with one request, over both interfaces."""

import json
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from django_prodev.enums import EnrollmentStatus, Role
from django_prodev.graphql.types import from_global_id, global_id
from django_prodev.models import Cohort, Enrollment, Event
from django_prodev.reading.catalog import COHORT, PROGRAM
from django_prodev.services.permission_table import Who
from django_prodev.testing.factories import make_cohort, make_membership, make_program, make_user
from tests.writing.asking import GRAPHQL, REST, missing, state
from tests.writing.world import World, undone

ADDRESS = f"{REST}enrollments/bulk/"

MUTATION = """
mutation Bulk($input: BulkEnrollInput!) {
  bulkEnroll(input: $input) { rows { row status code message enrollmentId } errors { field messages } }
}
"""


def rest(world: World, who: Who, status: int = 200, **given: Any) -> Any:
    answer = world.clients[who].post(ADDRESS, json.dumps(given), content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def graphql(world: World, who: Who, **given: Any) -> Any:
    body = json.dumps({"query": MUTATION, "variables": {"input": given}})
    return world.clients[who].post(GRAPHQL, body, content_type="application/json").json()


def rows_of(world: World) -> list[dict[str, Any]]:
    grace = make_user("grace").get_username()
    return [
        {"user": grace},
        {"email": "ada@example.org"},
        {"user": "nobody of this name"},
        {"user": world.learner.get_username()},
        {"email": "no address"},
        {"user": "grace", "email": "grace@example.org"},
        {},
        {"user": grace},
        {"email": "ADA@example.org"},
    ]


EXPECTED = [
    *(("active", ""), ("invited", ""), ("refused", "no_such_person"), ("refused", "already_enrolled")),
    *(("refused", "invalid"), ("refused", "invalid"), ("refused", "invalid")),
    *(("refused", "already_enrolled"), ("refused", "already_invited")),
]


def test_each_row_has_its_answer_over_rest(world: World, db: None) -> None:
    given = {"program": str(world.program.uuid), "cohort": str(world.cohort.uuid), "rows": rows_of(world)}
    found = rest(world, Who.MENTOR, **given)["rows"]
    assert [(row["status"], row["code"]) for row in found] == EXPECTED
    assert [row["row"] for row in found] == list(range(1, 10))
    assert all(bool(row["message"]) is (row["enrollment"] is None) is bool(row["code"]) for row in found)
    made = {row["enrollment"] for row in found if row["enrollment"]}
    assert made == {str(key) for key in Event.objects.values_list("object_uuid", flat=True)}
    assert Enrollment.objects.filter(uuid__in=made, cohort=world.cohort).count() == 2


def test_each_row_has_its_answer_over_graphql(world: World, db: None) -> None:
    given = {"program": global_id(PROGRAM, world.program.uuid), "cohort": global_id(COHORT, world.cohort.uuid)}
    payload = graphql(world, Who.MENTOR, rows=rows_of(world), **given)["data"]["bulkEnroll"]
    assert payload["errors"] == []
    assert [(row["status"], row["code"]) for row in payload["rows"]] == EXPECTED
    named = [from_global_id(row["enrollmentId"]) for row in payload["rows"] if row["enrollmentId"]]
    made = {key for _, key in named if key}
    assert made == set(Event.objects.values_list("object_uuid", flat=True))


@pytest.mark.parametrize("ask", [rest, graphql])
def test_a_row_may_have_a_cohort_of_its_own_and_a_day_when_it_is_due(ask: Any, world: World, db: None) -> None:
    other = make_cohort(program=world.program, status="published")
    elsewhere, another = make_cohort(status="published"), make_cohort(program=world.other_program, status="published")
    due = "2031-05-01T09:00:00+00:00"
    cases: list[tuple[dict[str, Any], tuple[str, str]]] = [
        ({"cohort": str(other.uuid)}, ("active", "")),
        ({"cohort": global_id(COHORT, other.uuid)} if ask is graphql else {"cohort": str(other.uuid)}, ("active", "")),
        ({"due_at": due}, ("active", "")),
        ({"cohort": None, "due_at": None}, ("active", "")),
        ({"cohort": str(missing())}, ("refused", "no_such_cohort")),
        ({"cohort": "no"}, ("refused", "invalid")),
        ({"cohort": str(elsewhere.uuid)}, ("refused", "no_such_cohort")),
        ({"cohort": str(world.draft_cohort.uuid)}, ("refused", "cohort_not_open")),
        ({"cohort": str(another.uuid)}, ("refused", "other_program")),
    ]
    if ask is rest:  # GraphQL refuses the variable
        cases.append(({"due_at": "soon"}, ("refused", "invalid")))
    rows = [
        {"user": make_user(f"p{number}").get_username()}
        | {("dueAt" if ask is graphql and name == "due_at" else name): value for name, value in own.items()}
        for number, (own, _) in enumerate(cases)
    ]
    given = {"program": str(world.program.uuid), "cohort": str(world.cohort.uuid), "rows": rows}
    answer = ask(world, Who.OWNER, **given)
    found = answer["rows"] if ask is rest else answer["data"]["bulkEnroll"]["rows"]
    assert [(row["status"], row["code"]) for row in found] == [expected for _, expected in cases]
    made = {
        row.user.get_username(): row for row in Enrollment.objects.filter(user__isnull=False).select_related("user")
    }
    taken = [made[row["user"]] for row in rows[:4]]
    assert [row.cohort for row in taken] == [other, other, world.cohort, world.cohort]
    assert [row.due_at for row in taken] == [None, None, datetime.fromisoformat(due), None]


DUE_AT: dict[Any, str] = {rest: "due_at", graphql: "dueAt"}


@pytest.mark.parametrize("ask", [rest, graphql])
def test_the_request_says_when_people_are_due_whose_rows_do_not(ask: Any, world: World, db: None) -> None:
    name, early, late = DUE_AT[ask], "2031-05-01T09:00:00+00:00", "2031-06-01T09:00:00+00:00"
    rows = [{"email": "a@example.com", name: late}, {"email": "b@example.com"}, {"email": "c@example.com", name: None}]
    ask(world, Who.EDITOR, program=str(world.program.uuid), rows=rows, **{name: early})
    ask(world, Who.EDITOR, program=str(world.program.uuid), rows=[{"email": "d@example.com"}])
    made = Enrollment.objects.filter(email__endswith="@example.com").order_by("pk").values_list("due_at", flat=True)
    assert [due and due.isoformat() for due in made] == [late, early, early, None]


@pytest.mark.parametrize("ask", [rest, graphql])
def test_a_cohort_of_a_row_is_for_those_who_enrol_others_there(
    ask: Any, world: World, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    mentor = make_membership(provider=world.provider, program=world.program, cohort=world.cohort, role=Role.MENTOR).user
    monkeypatch.setitem(world.clients, Who.MENTOR, Client())
    world.clients[Who.MENTOR].force_login(mentor)
    cohorts = [make_cohort(program=world.program, status="published"), world.hidden["cohort"], world.cohort]
    rows = [{"email": f"{number}@example.org", "cohort": str(row.uuid)} for number, row in enumerate(cohorts)]
    answer = ask(world, Who.MENTOR, program=str(world.program.uuid), cohort=str(world.cohort.uuid), rows=rows)
    found = answer["rows"] if ask is rest else answer["data"]["bulkEnroll"]["rows"]
    assert [row["code"] for row in found] == ["permission_denied", "no_such_cohort", ""]


@pytest.mark.parametrize("ask", [rest, graphql])
def test_naming_many_cohorts_that_are_not_there_costs_no_statements(ask: Any, world: World, db: None) -> None:
    counts = []
    for number in (2, 100):
        rows = [{"email": "a@example.org", "cohort": str(missing())} for _ in range(number)]
        with CaptureQueriesContext(connection) as captured:
            ask(world, Who.OWNER, program=str(world.program.uuid), rows=rows)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_hidden_cohort_is_none_and_too_many_are_refused(world: World, db: None) -> None:
    hidden = make_cohort(program=make_program())
    answers = [
        rest(world, Who.MENTOR, program=str(world.program.uuid), rows=[{"email": "a@example.org", "cohort": str(each)}])
        for each in (hidden.uuid, missing())
    ]
    assert answers[0] == answers[1]
    rows = [{"email": f"p{number}@example.org", "cohort": str(missing())} for number in range(101)]
    assert set(rest(world, Who.MENTOR, 400, program=str(world.program.uuid), rows=rows)["errors"]) == {"rows"}


def test_atomic_is_all_or_nothing(world: World, db: None) -> None:
    rows = rows_of(world)
    before = state()
    given = {"program": str(world.program.uuid), "cohort": str(world.cohort.uuid), "atomic": True}
    problem = rest(world, Who.MENTOR, 409, rows=rows, **given)
    assert problem["code"] == "bulk_refused"
    assert set(problem["errors"]) == {"rows.3", "rows.4", "rows.5", "rows.6", "rows.7", "rows.8", "rows.9"}
    error = graphql(world, Who.MENTOR, rows=rows, **given)["errors"][0]
    assert error["extensions"] == {"code": "BULK_REFUSED", "fields": problem["errors"]}
    assert state() == before
    assert [row["status"] for row in rest(world, Who.MENTOR, rows=rows[:2], **given)["rows"]] == ["active", "invited"]


def test_a_request_that_is_sent_again_enrols_nobody_twice(world: World, db: None) -> None:
    body = json.dumps({"program": str(world.program.uuid), "rows": [{"email": "ada@example.org"}]})
    first, second = (
        world.clients[Who.EDITOR].post(
            ADDRESS, body, content_type="application/json", headers={"Idempotency-Key": "monday"}
        )
        for _ in range(2)
    )
    assert first.json() == second.json()
    assert [row["status"] for row in second.json()["rows"]] == ["invited"]
    assert second.headers["Idempotency-Replayed"] == "true"


def test_what_is_wrong_with_the_whole_is_said_at_once(world: World, db: None) -> None:
    problem = rest(world, Who.MENTOR, 400, program="no", cohort=1, atomic="yes", rows={}, more=1)
    assert set(problem["errors"]) == {"program", "cohort", "atomic", "rows", "more"}
    assert set(rest(world, Who.MENTOR, 400)["errors"]) == {"program", "rows"}
    given = {"program": str(world.program.uuid)}
    for rows in ([1], [{"name": "x"}], [{"user": 1}], [[]], "ada"):
        assert set(rest(world, Who.MENTOR, 400, rows=rows, **given)["errors"]) == {"rows"}
    many = [{"email": f"p{number}@example.org"} for number in range(1_001)]
    assert rest(world, Who.EDITOR, 400, rows=many, **given)["code"] == "invalid"


def test_it_is_for_those_who_enrol_others(world: World, db: None) -> None:
    given = {"program": str(world.program.uuid), "rows": [{"email": "ada@example.org"}]}
    before = state()
    for who in (Who.ANOTHER_LEARNER, Who.THE_LEARNER, Who.REVIEWER, Who.OBSERVER):
        assert rest(world, who, 403, **given)["code"] == "permission_denied"
        assert graphql(world, who, **given)["errors"][0]["extensions"]["code"] == "PERMISSION_DENIED"
    assert rest(world, Who.ANONYMOUS, 403, **given)["code"] == "not_authenticated"
    assert graphql(world, Who.ANONYMOUS, **given)["errors"][0]["extensions"]["code"] == "NOT_AUTHENTICATED"
    assert state() == before


def test_a_learner_cannot_find_out_who_has_an_account(world: World, db: None) -> None:
    make_user("grace")
    answers = [
        world.clients[Who.THE_LEARNER].post(
            ADDRESS,
            json.dumps({"program": str(world.program.uuid), "rows": [{"user": name}]}),
            content_type="application/json",
        )
        for name in ("grace", "nobody of this name")
    ]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("ask", [rest, graphql])
def test_a_thousand_rows_keep_the_capacity_and_the_statements(ask: Any, world: World, db: None) -> None:
    limited = make_cohort(program=world.program, status="published", capacity=300)
    model = type(world.learner)
    people = model._default_manager.bulk_create(
        model(**{model.USERNAME_FIELD: f"p{number}@example.org"}) for number in range(1_000)
    )
    rows = [{"user": person.get_username()} for person in people]
    counts = []
    for some in (rows[:2], rows):
        given = {"program": str(world.program.uuid), "cohort": str(limited.uuid), "rows": some}
        with (
            undone(),
            CaptureQueriesContext(
                connection,
            ) as captured,
        ):
            ask(world, Who.OWNER, **given)
            statuses = list(Enrollment.objects.filter(cohort=limited).order_by("pk").values_list("status", flat=True))
        counts.append(len(captured))
    assert statuses == [EnrollmentStatus.ACTIVE] * 300 + [EnrollmentStatus.WAITLISTED] * 700
    batches = 0 if connection.vendor == "postgresql" else 40  # SQLite takes so many values at once
    assert counts[1] <= counts[0] + batches
    assert Cohort.objects.get(pk=limited.pk).enrollments.count() == 0
