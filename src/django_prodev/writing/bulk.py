"""Enrolling many people with one request, and what became of each of them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django_prodev import api
from django_prodev.models import Cohort, Program
from django_prodev.writing.commands import Input, InputType
from django_prodev.writing.naming import Names
from django_prodev.writing.performing import cleaned

REFUSED = "refused"
"""The status of a row that could not be carried out; of all others it is their enrolment's."""

INPUTS = (
    Input("program", InputType.ROW, "The identifier of the program.", required=True, model=Program),
    Input("cohort", InputType.ROW, "The identifier of the cohort, if it is to be one.", nullable=True, model=Cohort),
    Input("atomic", InputType.BOOLEAN, "Whether one row that cannot be carried out stops all of them."),
    Input("rows", InputType.PERSON_ROWS, "Up to 1,000 people, each by user name or by e-mail address.", required=True),
)


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row. ``row`` counts from 1; ``enrollment`` is the identifier of what was made."""

    row: int
    status: str
    code: str = ""
    message: str = ""
    enrollment: uuid.UUID | None = None


def bulk_enroll(*, actor: Any, given: Mapping[str, Any]) -> list[RowResult]:
    """Enrol people by user name and invite e-mail addresses, in the order of ``rows``.

    An address is invited whether or not it belongs to somebody with an account: the answer does not tell.

    Raises:
        Invalid: with everything that is wrong with the input as a whole.
        ProdevError: what the service refuses: nobody can get in, too many rows, or ``bulk_refused`` with ``atomic``.
    """
    names = Names(actor)
    values = cleaned({each.name: each for each in INPUTS}, given, names)
    rows = values.pop("rows")
    outcomes = api.bulk_enroll(people=_people(rows, names), actor=actor, **values)
    return [_result(number, outcome) for number, outcome in enumerate(outcomes, start=1)]


def _people(rows: Sequence[Mapping[str, Any]], names: Names) -> list[Any]:
    found = names.people([row["user"] for row in rows if row.get("user")])
    return [_person(row, found) for row in rows]


def _person(row: Mapping[str, Any], found: Mapping[str, Any]) -> Any:
    """The user, the address, or why there is neither."""
    user, email = row.get("user"), row.get("email")
    if bool(user) == bool(email):
        return api.BulkOutcome(code="invalid", message="This takes a user name or an e-mail address: one of them.")
    if email:
        return email
    missing = api.BulkOutcome(code="no_such_person", message="There is no such person, or none that you may name.")
    return found.get(str(user), missing)


def _result(number: int, outcome: api.BulkOutcome) -> RowResult:
    made = outcome.enrollment
    if made is None:
        return RowResult(number, REFUSED, outcome.code, outcome.message)
    return RowResult(number, made.status, enrollment=made.uuid)
