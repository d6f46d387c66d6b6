"""Every command once through REST and once through GraphQL: the same outcome, and the same rows afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest

from django_prodev.enums import Admission, CohortStatus, EnrollmentStatus, ProgramStatus
from django_prodev.models import Cohort, Entry, Program
from django_prodev.services.invitation_claims import invitation_token
from django_prodev.services.permission_table import Who
from django_prodev.testing.factories import make_progress, make_user
from django_prodev.writing.catalog import COMMANDS
from tests.writing.asking import over_graphql, over_rest, state
from tests.writing.world import World, undone

LATER = datetime(2031, 5, 1, 9, tzinfo=UTC)


def nothing(world: World) -> Any:
    return None


@dataclass(frozen=True)
class Attempt:
    """Who asks for what, and what has to have happened."""

    who: Who
    given: Callable[[World], Any] = lambda world: {}
    subject: Callable[[World], Any] = nothing
    before: Callable[[World], Any] = nothing


def _mark(who: Who = Who.THE_LEARNER, before: Callable[[World], Any] = nothing, **more: Any) -> Attempt:
    return Attempt(who, lambda world: {"enrollment": world.enrollment, "unit": world.unit, **more}, before=before)


def _step(who: Who, status: EnrollmentStatus, **fields: Any) -> Attempt:
    return Attempt(who, subject=lambda world: world.enrollment, before=lambda world: world.become(status, **fields))


def _cohort_step(status: CohortStatus) -> Attempt:
    return Attempt(
        Who.EDITOR,
        subject=lambda world: world.cohort,
        before=lambda world: Cohort.objects.filter(pk=world.cohort.pk).update(status=status),
    )


_S = EnrollmentStatus

ATTEMPTS: dict[str, Attempt] = {
    "create_provider": Attempt(Who.SUPERUSER, lambda world: {"slug": "fresh", "name": "Fresh"}),
    "edit_provider": Attempt(Who.OWNER, lambda world: {"name": "Renamed", "email": "a@b.org"}, lambda w: w.provider),
    "create_topic": Attempt(
        Who.EDITOR,
        lambda world: {
            "kind": "skill",
            "slug": "knots",
            "name": "Knots",
            "parent": world.topic,
            "aliases": ["tying"],
        },
    ),
    "edit_topic": Attempt(Who.SUPERUSER, lambda world: {"name": "Splices"}, lambda world: world.topic),
    "create_program": Attempt(
        Who.EDITOR,
        lambda world: {
            "provider": world.provider,
            "slug": "sailing",
            "title": "Sailing",
            "level": "beginner",
            "outcomes": ["Comes home"],
            "effort_hours": 12,
            "visibility": "unlisted",
            "enforce_order": True,
        },
    ),
    "edit_program": Attempt(
        Who.EDITOR, lambda world: {"title": "Rowing", "effort_hours": None}, lambda world: world.program
    ),
    "publish_program": Attempt(Who.EDITOR, subject=lambda world: world.draft_program),
    "retire_program": Attempt(Who.OWNER, subject=lambda world: world.program),
    "draft_curriculum": Attempt(
        Who.EDITOR, lambda world: {"program": world.other_program, "notes": "The second version"}
    ),
    "edit_curriculum": Attempt(Who.EDITOR, lambda world: {"notes": "Shorter"}, lambda world: world.draft),
    "discard_draft": Attempt(Who.EDITOR, subject=lambda world: world.draft),
    "publish_curriculum": Attempt(Who.EDITOR, subject=lambda world: world.draft),
    "add_item": Attempt(
        Who.EDITOR,
        lambda world: {
            "curriculum": world.draft,
            "unit": world.free_unit,
            "parent": world.draft_item,
            "weight": 2.5,
            "is_required": False,
        },
    ),
    "add_unit": Attempt(
        Who.EDITOR,
        lambda world: {
            "curriculum": world.draft,
            "slug": "fresh",
            "kind": "project",
            "title": "Fresh",
            "position": 0,
        },
    ),
    "edit_item": Attempt(Who.EDITOR, lambda world: {"weight": 3}, lambda world: world.draft_item),
    "remove_item": Attempt(Who.EDITOR, subject=lambda world: world.draft_item),
    "create_unit": Attempt(
        Who.EDITOR,
        lambda world: {"provider": world.provider, "slug": "knots", "title": "Knots", "effort_minutes": 90},
    ),
    "edit_unit": Attempt(Who.EDITOR, lambda world: {"description": "*Twice.*"}, lambda world: world.unit),
    "set_unit_topics": Attempt(
        Who.EDITOR, lambda world: {"topics": [{"topic": world.topic, "role": "teaches"}]}, lambda world: world.unit
    ),
    "create_cohort": Attempt(
        Who.EDITOR,
        lambda world: {
            "program": world.program,
            "slug": "spring",
            "title": "Spring",
            "curriculum": world.curriculum,
            "starts_at": LATER,
            "capacity": 12,
            "timezone": "Europe/Berlin",
            "mode": "blended",
        },
    ),
    "edit_cohort": Attempt(Who.EDITOR, lambda world: {"capacity": 3}, lambda world: world.cohort),
    "publish_cohort": Attempt(Who.EDITOR, subject=lambda world: world.draft_cohort),
    "cancel_cohort": _cohort_step(CohortStatus.PUBLISHED),
    "archive_cohort": _cohort_step(CohortStatus.PUBLISHED),
    "move_up_waiting": Attempt(
        Who.MENTOR, subject=lambda world: world.cohort, before=lambda world: world.become(_S.WAITLISTED)
    ),
    "enroll": Attempt(Who.THE_LEARNER, lambda world: {"program": world.other_program}),
    "request_enrollment": Attempt(
        Who.OBSERVER,
        lambda world: {"program": world.program, "cohort": world.cohort},
        before=lambda world: world.admit(Admission.REQUEST),
    ),
    "invite": Attempt(
        Who.MENTOR,
        lambda world: {"program": world.program, "cohort": world.cohort, "email": "ada@b.org", "due_at": LATER},
    ),
    "claim_invitation": Attempt(
        Who.ANOTHER_LEARNER, lambda world: {"token": invitation_token(enrollment=world.invited)}
    ),
    "edit_enrollment": Attempt(
        Who.EDITOR, lambda world: {"curriculum": world.curriculum, "due_at": LATER}, lambda world: world.enrollment
    ),
    "accept_invitation": _step(Who.THE_LEARNER, _S.INVITED),
    "decline_invitation": _step(Who.THE_LEARNER, _S.INVITED),
    "approve_request": _step(Who.MENTOR, _S.REQUESTED),
    "reject_request": _step(Who.MENTOR, _S.REQUESTED),
    "pause_enrollment": _step(Who.THE_LEARNER, _S.ACTIVE),
    "resume_enrollment": _step(Who.THE_LEARNER, _S.PAUSED),
    "withdraw_enrollment": _step(Who.THE_LEARNER, _S.ACTIVE),
    "expire_enrollment": _step(Who.EDITOR, _S.ACTIVE),
    "complete_enrollment": Attempt(Who.EDITOR, lambda world: {"waive_missing": True}, lambda world: world.enrollment),
    "reopen_enrollment": _step(Who.MENTOR, _S.COMPLETED, completed_at=LATER),
    "re_enroll": _step(Who.THE_LEARNER, _S.WITHDRAWN, ended_at=LATER),
    "start_unit": _mark(),
    "submit_unit": _mark(),
    "complete_unit": _mark(Who.MENTOR, score=0.75),
    "skip_unit": _mark(),
    "waive_unit": _mark(Who.MENTOR),
    "reopen_unit": _mark(
        before=lambda world: make_progress(enrollment=world.enrollment, unit=world.unit, status="completed")
    ),
    "grant_role": Attempt(
        Who.OWNER,
        lambda world: {"user": world.people[Who.ANOTHER_LEARNER], "role": "mentor", "cohort": world.cohort},
    ),
    "revoke_role": Attempt(Who.OWNER, subject=lambda world: world.granted),
    "write_entry": Attempt(
        Who.THE_LEARNER,
        lambda world: {
            "program": world.program,
            "kind": "challenge",
            "title": "The wind",
            "body": "It *turned*.",
            "visibility": "cohort",
            "unit": world.unit,
            "topics": [world.topic],
            "occurred_on": date(2030, 2, 3),
        },
    ),
    "answer_challenge": Attempt(Who.ANOTHER_LEARNER, lambda world: {"body": "Reef."}, lambda world: world.challenge),
    "accept_solution": Attempt(Who.THE_LEARNER, subject=lambda world: world.solution),
    "unaccept_solution": Attempt(
        Who.THE_LEARNER,
        subject=lambda world: world.solution,
        before=lambda world: Entry.objects.filter(pk=world.solution.pk).update(accepted_at=LATER),
    ),
    "edit_entry": Attempt(
        Who.THE_LEARNER, lambda world: {"body": "Another day.", "topics": [world.topic]}, lambda world: world.entry
    ),
    "delete_entry": Attempt(Who.THE_LEARNER, subject=lambda world: world.entry),
    "publish_entry": Attempt(
        Who.THE_LEARNER,
        subject=lambda world: world.entry,
        before=lambda world: Entry.objects.filter(pk=world.entry.pk).update(status="draft"),
    ),
    "unpublish_entry": Attempt(Who.EDITOR, subject=lambda world: world.entry),
    "share_entry": Attempt(Who.THE_LEARNER, lambda world: {"visibility": "cohort"}, lambda world: world.entry),
    "create_project": Attempt(
        Who.THE_LEARNER,
        lambda world: {
            "program": world.program,
            "title": "A boat",
            "repository_url": "https://code.example.org/boat",
            "unit": world.unit,
            "topics": [world.topic],
        },
    ),
    "edit_project": Attempt(Who.THE_LEARNER, lambda world: {"summary": "It floats."}, lambda world: world.project),
    "submit_project": Attempt(Who.THE_LEARNER, subject=lambda world: world.project),
    "withdraw_project": Attempt(Who.THE_LEARNER, subject=lambda world: world.project),
    "share_project": Attempt(Who.THE_LEARNER, lambda world: {"visibility": "program"}, lambda world: world.project),
    "set_project_members": Attempt(
        Who.THE_LEARNER, lambda world: {"members": [world.learner]}, lambda world: world.project
    ),
    "approve_project": Attempt(Who.REVIEWER, subject=lambda world: world.project, before=lambda world: world.hand_in()),
    "request_project_changes": Attempt(
        Who.REVIEWER, subject=lambda world: world.project, before=lambda world: world.hand_in()
    ),
}

HIDES = {"unpublish_entry"}
"""Whoever is not its author no longer sees the row afterwards, so there is none in the answer."""

CHANGES_NOTHING = {"set_project_members"}
"""The owner is no member: naming them is allowed and leaves everything as it is."""


def test_every_command_is_tried() -> None:
    assert set(ATTEMPTS) == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_both_interfaces_come_to_the_same(name: str, world: World, db: None) -> None:
    attempt, command = ATTEMPTS[name], COMMANDS[name]
    client = world.clients[attempt.who]
    with undone():
        attempt.before(world)
        before = state()
        with undone():
            rest = over_rest(client, command, attempt.subject(world), attempt.given(world))
            after_rest = state()
        assert state() == before
        with undone():
            graphql = over_graphql(client, command, attempt.subject(world), attempt.given(world))
            after_graphql = state()
    assert (rest.code, graphql.code) == ("", ""), (rest.fields, graphql.fields)
    assert after_rest == after_graphql
    assert (after_rest == before) is (name in CHANGES_NOTHING)
    assert rest.status == (204 if command.deletes or name in HIDES else 201 if command.makes else 200)
    if name in HIDES:
        assert graphql.identifier == ""
    elif command.subject and not command.makes:
        assert rest.identifier == graphql.identifier == str(attempt.subject(world).uuid)


@pytest.mark.parametrize(
    "name", [name for name, command in COMMANDS.items() if command.entity.name == "enrollment" and command.subject]
)
def test_a_step_that_the_state_forbids_is_refused_alike(name: str, world: World, db: None) -> None:
    with undone():
        world.become(EnrollmentStatus.REJECTED)
        rest = over_rest(world.clients[Who.SUPERUSER], name, world.enrollment)
        graphql = over_graphql(world.clients[Who.SUPERUSER], name, world.enrollment)
    assert rest.code == graphql.code
    if rest.code:
        assert rest.status == 409


REFUSALS: dict[str, tuple[Who, str, Callable[[World], Any], Callable[[World], Any], Callable[[World], Any]]] = {
    "already_enrolled": (
        Who.THE_LEARNER, "enroll", nothing, lambda w: {"program": w.program}, nothing,
    ),
    "already_invited": (
        Who.MENTOR, "invite", nothing, lambda w: {"program": w.program, "email": "a@b.org"},
        lambda w: over_rest(w.clients[Who.MENTOR], "invite", None, {"program": w.program, "email": "A@b.org"}),
    ),
    "already_exists": (
        Who.EDITOR, "create_unit", nothing,
        lambda w: {"provider": w.provider, "slug": w.unit.slug, "title": "Twice"}, nothing,
    ),
    "already_placed": (
        Who.EDITOR, "add_item", nothing, lambda w: {"curriculum": w.draft, "unit": w.unit}, nothing,
    ),
    "already_published": (Who.EDITOR, "publish_program", lambda w: w.program, lambda w: {}, nothing),
    "draft_exists": (Who.EDITOR, "draft_curriculum", nothing, lambda w: {"program": w.program}, nothing),
    "curriculum_immutable": (
        Who.EDITOR, "edit_curriculum", lambda w: w.curriculum, lambda w: {"notes": "No"}, nothing,
    ),
    "capacity_below_taken": (
        Who.EDITOR, "edit_cohort", lambda w: w.cohort, lambda w: {"capacity": 0}, nothing,
    ),
    "cohort_not_open": (
        Who.MENTOR, "invite", nothing,
        lambda w: {"program": w.program, "cohort": w.draft_cohort, "email": "a@b.org"}, nothing,
    ),
    "program_not_open": (
        Who.EDITOR, "invite", nothing, lambda w: {"program": w.draft_program, "email": "a@b.org"}, nothing,
    ),
    "request_needed": (
        Who.OBSERVER, "enroll", nothing, lambda w: {"program": w.program}, lambda w: w.admit(Admission.REQUEST),
    ),
    "invitation_needed": (
        Who.OBSERVER, "enroll", nothing, lambda w: {"program": w.program}, lambda w: w.admit(Admission.INVITE),
    ),
    "no_request_needed": (
        Who.OBSERVER, "request_enrollment", nothing, lambda w: {"program": w.program}, nothing,
    ),
    "other_program": (
        Who.MENTOR, "invite", nothing,
        lambda w: {"program": w.other_program, "cohort": w.cohort, "email": "a@b.org"}, nothing,
    ),
    "not_complete": (Who.THE_LEARNER, "complete_enrollment", lambda w: w.enrollment, lambda w: {}, nothing),
    "transition_not_allowed": (Who.THE_LEARNER, "resume_enrollment", lambda w: w.enrollment, lambda w: {}, nothing),
    "enrollment_not_active": (
        Who.THE_LEARNER, "start_unit", nothing, lambda w: {"enrollment": w.enrollment, "unit": w.unit},
        lambda w: w.become(EnrollmentStatus.PAUSED),
    ),
    "unit_not_in_curriculum": (
        Who.MENTOR, "start_unit", nothing, lambda w: {"enrollment": w.enrollment, "unit": w.other_unit()}, nothing,
    ),
    "unit_locked": (
        Who.THE_LEARNER, "start_unit", nothing, lambda w: {"enrollment": w.enrollment, "unit": w.items[2].unit},
        lambda w: Program.objects.filter(pk=w.program.pk).update(enforce_order=True),
    ),
    "not_enrolled": (
        Who.THE_LEARNER, "write_entry", nothing,
        lambda w: {"program": w.other_program, "kind": "learning", "title": "Early"}, nothing,
    ),
    "solution_needs_challenge": (
        Who.THE_LEARNER, "write_entry", nothing,
        lambda w: {"program": w.program, "kind": "solution", "title": "To what?"}, nothing,
    ),
    "not_a_challenge": (Who.ANOTHER_LEARNER, "answer_challenge", lambda w: w.entry, lambda w: {"body": "So"}, nothing),
    "not_a_solution": (Who.THE_LEARNER, "accept_solution", lambda w: w.entry, lambda w: {}, nothing),
    "challenge_answered": (
        Who.THE_LEARNER, "delete_entry", lambda w: w.challenge, lambda w: {},
        lambda w: Entry.objects.filter(pk=w.solution.pk).update(
            author=w.people[Who.ANOTHER_LEARNER], enrollment=None
        ),
    ),
    "project_not_editable": (
        Who.THE_LEARNER, "edit_project", lambda w: w.project, lambda w: {"title": "Late"}, lambda w: w.hand_in(),
    ),
    "last_owner": (Who.SUPERUSER, "revoke_role", lambda w: w.only_owner(), lambda w: {}, nothing),
    "curriculum_missing": (
        Who.EDITOR, "publish_program", lambda w: w.draft_program, lambda w: {},
        lambda w: w.draft_program.curricula.all().delete(),
    ),
    "permission_denied": (
        Who.THE_LEARNER, "edit_program", lambda w: w.program, lambda w: {"title": "Mine"}, nothing,
    ),
    "not_found": (Who.THE_LEARNER, "edit_entry", lambda w: w.hidden["entry"], lambda w: {"body": "Mine"}, nothing),
}  # fmt: skip


@pytest.mark.parametrize("code", REFUSALS)
def test_a_refusal_has_the_same_code_and_writes_nothing(code: str, world: World, db: None) -> None:
    who, name, subject, given, before = REFUSALS[code]
    with undone():
        before(world)
        present = state()
        rest = over_rest(world.clients[who], name, subject(world), given(world))
        graphql = over_graphql(world.clients[who], name, subject(world), given(world))
        assert state() == present
    assert (rest.code, graphql.code) == (code, code)
    assert rest.fields == graphql.fields
    assert rest.status == {"permission_denied": 403, "not_found": 404}.get(code, 409)
    assert rest.raw.json()["detail"] in graphql.raw["errors"][0]["message"]


def test_a_stranger_is_let_in_by_staff_and_found_by_name(world: World, db: None) -> None:
    stranger = make_user("a stranger")
    given = {"program": world.program, "cohort": world.cohort, "user": stranger}
    for ask in (over_rest, over_graphql):
        with undone():
            answer = ask(world.clients[Who.MENTOR], "enroll", None, given)
            assert answer.code == ""
            assert stranger.pk in world.cohort.enrollments.values_list("user", flat=True)


def test_retired_programs_are_kept_by_their_learners(world: World, db: None) -> None:
    with undone():
        over_rest(world.clients[Who.OWNER], "retire_program", world.program)
        world.program.refresh_from_db()
        assert world.program.status == ProgramStatus.RETIRED
        answer = over_rest(
            world.clients[Who.THE_LEARNER], "start_unit", None, {"enrollment": world.enrollment, "unit": world.unit}
        )
    world.program.refresh_from_db()
    assert answer.code == ""
