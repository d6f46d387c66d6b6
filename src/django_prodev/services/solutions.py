"""Challenges and their solutions: answer one, accept one."""

from typing import Unpack

from django.utils import timezone

from django_prodev.enums import EntryKind, EntryStatus
from django_prodev.exceptions import NotFound, Refused
from django_prodev.models import Entry
from django_prodev.services.actors import Actor, User
from django_prodev.services.edits import save
from django_prodev.services.entries import EntryFields, attribute, record_entry, store_entry
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.sight import is_visible
from django_prodev.services.transactions import locked, service


@service
def answer_challenge(
    *,
    challenge: Entry,
    actor: Actor,
    author: User | None = None,
    curated: bool = False,
    visibility: str | None = None,
    **fields: Unpack[EntryFields],
) -> Entry:
    """Publish a solution to a challenge, for the same people who see the challenge unless ``visibility`` says else.

    ``author`` and ``curated`` mean what they mean in ``write_entry``. Raises ``Refused`` (``not_a_challenge``,
    ``not_enrolled``).
    """
    authorize(actor, Action.CURATE if curated else Action.ANSWER_CHALLENGE, challenge)
    challenge = locked(Entry, challenge.pk)
    if challenge.kind != EntryKind.CHALLENGE:
        raise Refused("Only a challenge can be answered.", code="not_a_challenge")
    solution = Entry(
        program=challenge.program,
        kind=EntryKind.SOLUTION,
        parent=challenge,
        status=EntryStatus.PUBLISHED,
        visibility=visibility or challenge.visibility,
    )
    if not curated:
        attribute(solution, actor if actor is not None else author)
    store_entry(solution, fields, actor, name="answered")
    return solution


@service
def accept_solution(*, solution: Entry, actor: Actor) -> Entry:
    """Mark the solution that solved a challenge, in place of one that was marked before."""
    challenge = _challenge_of(solution, actor)
    for accepted in challenge.solutions.filter(accepted_at__isnull=False).exclude(pk=solution.pk):
        _take_back(accepted, actor)
    solution = locked(Entry, solution.pk)
    if solution.accepted_at is None:
        solution.accepted_at = timezone.now()
        save(solution, ["accepted_at"])
        record_entry("accepted", solution, actor, challenge=challenge.uuid)
    return solution


@service
def unaccept_solution(*, solution: Entry, actor: Actor) -> Entry:
    """Take the mark of a solution back: the challenge is unsolved again."""
    _challenge_of(solution, actor)
    solution = locked(Entry, solution.pk)
    if solution.accepted_at is not None:
        _take_back(solution, actor)
    return solution


def _challenge_of(solution: Entry, actor: Actor) -> Entry:
    """Hold the challenge, so that two acceptances of it come one after the other."""
    if not is_visible(actor, solution):
        raise NotFound
    if solution.parent is None or solution.kind != EntryKind.SOLUTION:
        raise Refused("Only a solution can be accepted.", code="not_a_solution")
    authorize(actor, Action.ACCEPT_SOLUTION, solution.parent)
    return locked(Entry, solution.parent.pk)


def _take_back(solution: Entry, actor: Actor) -> None:
    solution.accepted_at = None
    save(solution, ["accepted_at"])
    record_entry("unaccepted", solution, actor)
