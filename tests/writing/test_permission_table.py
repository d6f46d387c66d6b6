"""Every cell of the permission table, over REST and GraphQL: what is allowed is done, what is not leaves no trace."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from django_prodev.enums import Admission, EnrollmentStatus, EntryStatus, ProgressStatus, Role
from django_prodev.models import Entry, Program
from django_prodev.services.permission_table import TABLE, Action, Who
from django_prodev.testing.factories import make_entry, make_membership
from django_prodev.writing.catalog import COMMANDS
from tests.writing.asking import Answer, over_graphql, over_rest, state
from tests.writing.test_same_outcome import ATTEMPTS, Attempt
from tests.writing.world import World, undone

INTERFACES = (over_rest, over_graphql)

REFUSALS = {"permission_denied", "not_found", "not_authenticated"}


@dataclass(frozen=True)
class Deed:
    """An attempt whose outcome depends on nothing but who makes it. ``given`` is told who."""

    action: Action
    command: str
    given: Callable[[World, Who], Any]
    subject: Callable[[World], Any]
    before: Callable[[World], Any]

    def __str__(self) -> str:
        return f"{self.command}: {self.action.value}"


def deed(action: Action, command: str, given: Any = None, before: Any = None) -> Deed:
    """The attempt of ``test_same_outcome``, with other inputs or another story before it where these are given."""
    attempt: Attempt = ATTEMPTS[command]
    return Deed(
        action,
        command,
        given or (lambda world, who: attempt.given(world)),
        attempt.subject,
        before or attempt.before,
    )


def _marked(world: World, who: Who) -> Any:
    return {"enrollment": world.enrollment, "unit": world.unit}


def _oneself(world: World, who: Who) -> Any:
    return {"user": world.people.get(who, world.learner), "role": "mentor", "provider": world.provider}


def _curated(world: World, who: Who) -> Any:
    return {"program": world.program, "kind": "practice", "title": "Reef early", "curated": True}


A = Action

DEEDS = (
    deed(A.CREATE_PROVIDER, "create_provider"),
    deed(A.EDIT_PROVIDER, "edit_provider"),
    deed(A.CREATE_TOPIC, "create_topic"),
    deed(A.EDIT_TOPIC, "edit_topic"),
    deed(A.CREATE_UNIT, "create_unit"),
    deed(A.EDIT_UNIT, "edit_unit"),
    deed(A.EDIT_UNIT, "set_unit_topics"),
    deed(A.CREATE_PROGRAM, "create_program"),
    deed(A.EDIT_PROGRAM, "edit_program"),
    deed(A.PUBLISH_PROGRAM, "publish_program"),
    deed(A.RETIRE_PROGRAM, "retire_program"),
    *(
        deed(A.EDIT_CURRICULUM, command)
        for command in (
            *("draft_curriculum", "edit_curriculum", "discard_draft", "add_item", "add_unit", "edit_item"),
            "remove_item",
        )
    ),
    deed(A.PUBLISH_CURRICULUM, "publish_curriculum"),
    *(
        deed(A.EDIT_COHORT, command)
        for command in ("create_cohort", "edit_cohort", "publish_cohort", "cancel_cohort", "archive_cohort")
    ),
    deed(A.JOIN, "enroll"),
    deed(
        A.JOIN,
        "request_enrollment",
        lambda world, who: {"program": world.other_program},
        lambda world: Program.objects.filter(pk=world.other_program.pk).update(admission=Admission.REQUEST),
    ),
    deed(A.JOIN, "claim_invitation"),
    *(deed(A.ENROLL_OTHERS, command) for command in ("invite", "approve_request", "reject_request", "move_up_waiting")),
    deed(A.ANSWER_INVITATION, "accept_invitation"),
    deed(A.ANSWER_INVITATION, "decline_invitation"),
    *(
        deed(A.PAUSE_ENROLLMENT, command)
        for command in ("pause_enrollment", "resume_enrollment", "withdraw_enrollment", "re_enroll")
    ),
    deed(A.COMPLETE_ENROLLMENT, "complete_enrollment", lambda world, who: {}, lambda world: world.finish()),
    deed(A.OVERRIDE_COMPLETION, "complete_enrollment"),
    deed(A.REOPEN_ENROLLMENT, "reopen_enrollment"),
    deed(A.MANAGE_ENROLLMENT, "edit_enrollment"),
    deed(A.MANAGE_ENROLLMENT, "expire_enrollment"),
    *(deed(A.MARK_UNIT, command, _marked) for command in ("start_unit", "submit_unit", "complete_unit", "skip_unit")),
    deed(A.MARK_UNIT, "reopen_unit"),
    deed(A.GRADE_UNIT, "complete_unit", _marked, lambda world: world.finish(units=1, status=ProgressStatus.SUBMITTED)),
    deed(A.GRADE_UNIT, "complete_unit", lambda world, who: _marked(world, who) | {"score": 0.5}),
    deed(A.GRADE_UNIT, "reopen_unit", _marked, lambda world: world.finish(units=1, status=ProgressStatus.WAIVED)),
    deed(A.WAIVE_UNIT, "waive_unit"),
    deed(A.WRITE_ENTRY, "write_entry"),
    *(deed(A.EDIT_ENTRY, command) for command in ("edit_entry", "delete_entry", "publish_entry", "share_entry")),
    deed(A.CURATE, "write_entry", _curated),
    deed(A.CURATE, "create_project", lambda world, who: {"program": world.program, "title": "Raft", "curated": True}),
    *(
        deed(
            A.CURATE,
            command,
            before=lambda world: Entry.objects.filter(pk=world.entry.pk).update(
                author=None, enrollment=None, status=EntryStatus.PUBLISHED
            ),
        )
        for command in ("edit_entry", "delete_entry", "publish_entry", "unpublish_entry", "share_entry")
    ),
    deed(A.HIDE_ENTRY, "unpublish_entry"),
    deed(A.ANSWER_CHALLENGE, "answer_challenge"),
    deed(A.ACCEPT_SOLUTION, "accept_solution"),
    deed(A.ACCEPT_SOLUTION, "unaccept_solution"),
    deed(A.CREATE_PROJECT, "create_project"),
    *(
        deed(A.EDIT_PROJECT, command)
        for command in ("edit_project", "submit_project", "withdraw_project", "share_project")
    ),
    deed(A.EDIT_PROJECT, "set_project_members", lambda world, who: {"members": []}),
    deed(A.REVIEW_PROJECT, "approve_project"),
    deed(A.REVIEW_PROJECT, "request_project_changes"),
    deed(A.MANAGE_ROLES, "grant_role", _oneself),
    deed(A.MANAGE_ROLES, "revoke_role"),
)

ELSEWHERE = {
    *(Action.VIEW_PROGRESS, Action.VIEW_COHORT_OVERVIEW, Action.EXPORT_LEARNER, Action.ERASE_LEARNER),
    *(Action.IMPORT, Action.IMPORT_FOR_LEARNER),
}
"""What is no command: reading has its own tests, and so have documents and what the site's own commands do."""


def test_every_action_and_every_command_is_tried() -> None:
    assert {each.action for each in DEEDS} == set(Action) - ELSEWHERE
    assert {each.command for each in DEEDS} == set(COMMANDS)


@pytest.mark.parametrize("attempted", DEEDS, ids=str)
def test_the_table_decides(attempted: Deed, world: World, db: None) -> None:
    command = COMMANDS[attempted.command]
    with undone():
        attempted.before(world)
        before = state()
        done: dict[Any, set[Who]] = {ask: set() for ask in INTERFACES}
        for who in sorted(Who, key=lambda who: who in TABLE[attempted.action].who):
            if who in TABLE[attempted.action].who and before is not None:
                assert state() == before, "what is refused leaves no trace"
                before = None
            for ask in INTERFACES:
                with undone():
                    answer = ask(world.clients[who], command, attempted.subject(world), attempted.given(world, who))
                if not answer.code:
                    done[ask].add(who)
                    assert answer.status in (200, 201, 204)
                else:
                    assert _is_refusal(answer), (who, answer.code, answer.fields)
    assert done[over_rest] == done[over_graphql] == set(TABLE[attempted.action].who)


def _is_refusal(answer: Answer) -> bool:
    """Whether this says no more than that there is nothing, or that it is for others."""
    if answer.code == "invalid":
        return all("or none that you may" in text for texts in answer.fields.values() for text in texts)
    return answer.code in REFUSALS and answer.status in (200, 401, 403, 404)


@pytest.mark.parametrize("attempted", [each for each in DEEDS if TABLE[each.action].never_to_oneself], ids=str)
def test_staff_decide_nothing_about_themselves(attempted: Deed, world: World, db: None) -> None:
    for role in Role:
        make_membership(provider=world.provider, role=role, user=world.learner)
    attempted.before(world)
    for ask in INTERFACES:
        answer = ask(
            world.clients[Who.THE_LEARNER],
            attempted.command,
            attempted.subject(world),
            attempted.given(world, Who.THE_LEARNER),
        )
        assert answer.code == "permission_denied"


@pytest.mark.parametrize(
    "name", [name for name, command in COMMANDS.items() if command.subject and command.subject != "topic"]
)
def test_a_hidden_row_is_as_if_absent(name: str, world: World, db: None) -> None:
    command = COMMANDS[name]
    hidden, absent = world.hidden[command.subject], uuid.uuid4()
    for who in (Who.THE_LEARNER, Who.OWNER, Who.ANONYMOUS):
        given = ATTEMPTS[name].given(world)
        over_http = [over_rest(world.clients[who], name, subject, given) for subject in (hidden, absent)]
        assert over_http[0].code == ("not_authenticated" if who is Who.ANONYMOUS else "not_found")
        assert over_http[0].raw.content == over_http[1].raw.content
        headers = [dict(answer.raw.headers.items()) for answer in over_http]
        assert headers[0] == headers[1]
        graphql = [over_graphql(world.clients[who], name, subject, given) for subject in (hidden, absent)]
        assert graphql[0].raw == graphql[1].raw
        assert graphql[0].code == over_http[0].code


def test_an_inactive_person_counts_as_nobody(world: World, db: None) -> None:
    editor = world.people[Who.EDITOR]
    type(editor).objects.filter(pk=editor.pk).update(is_active=False)
    for ask in INTERFACES:
        answer = ask(world.clients[Who.EDITOR], "edit_program", world.program, {"title": "X"})
        assert answer.code == "not_authenticated"


def test_a_role_ends_where_its_scope_does(world: World, db: None) -> None:
    mentor = make_membership(cohort=world.cohort, role=Role.MENTOR).user
    client = world.clients[Who.ANONYMOUS].__class__()
    client.force_login(mentor)
    world.become(EnrollmentStatus.ACTIVE)
    inside, outside = world.enrollment, world.cohort.program.enrollments.exclude(pk=world.enrollment.pk).get()
    make_entry(enrollment=outside)
    for ask in INTERFACES:
        with undone():
            assert ask(client, "pause_enrollment", inside).code == ""
        assert ask(client, "pause_enrollment", outside).code == "not_found"
