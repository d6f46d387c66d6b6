"""Enrolling many people with one request, and what became of each of them."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django_prodev import api
from django_prodev.exceptions import Invalid, Refused
from django_prodev.models import Cohort, Program
from django_prodev.writing.commands import Input, InputType
from django_prodev.writing.naming import Names
from django_prodev.writing.performing import cleaned
from django_prodev.writing.values import Trouble, clean, identifier_of, no_such

REFUSED = "refused"
"""The status of a row that could not be carried out; of all others it is their enrolment's."""

_DUE_AT = Input("due_at", InputType.DATETIME, "When people are due whose rows say nothing else.", nullable=True)

INPUTS = (
    Input("program", InputType.ROW, "The identifier of the program.", required=True, model=Program),
    Input("cohort", InputType.ROW, "The cohort of the rows that name none.", nullable=True, model=Cohort),
    _DUE_AT,
    Input("atomic", InputType.BOOLEAN, "Whether one row that cannot be carried out stops all of them."),
    Input("rows", InputType.PERSON_ROWS, "Up to 1,000 people, each by user name or by e-mail address.", required=True),
)

_MOST_COHORTS = 100
"""Cohorts that the rows of one request name: each is held while it is carried out."""


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

    An address is invited whether or not it belongs to somebody with an account: the answer does not tell. A row may
    have a ``cohort`` and a ``due_at`` of its own, in place of the request's.

    Raises:
        Invalid: with everything that is wrong with the input as a whole.
        ProdevError: what the service refuses: nobody can get in, too many rows, or ``bulk_refused`` with ``atomic``.
    """
    names = Names(actor)
    values = cleaned({each.name: each for each in INPUTS}, given, names)
    rows = values.pop("rows")
    outcomes = api.bulk_enroll(people=_People(rows, names).listed(), actor=actor, **values)
    return [_result(number, outcome) for number, outcome in enumerate(outcomes, start=1)]


class _People:
    """The rows as the service takes them."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], names: Names) -> None:
        self._rows = rows
        self._names = names
        self._users = names.people([row["user"] for row in rows if row.get("user")])
        identifiers = self._identifiers()
        if len(identifiers) > _MOST_COHORTS:
            raise Invalid(fields={"rows": [f"The rows name at most {_MOST_COHORTS} cohorts."]})
        self._cohorts: dict[uuid.UUID, Cohort] = names.rows(Cohort, identifiers)

    def _identifiers(self) -> set[uuid.UUID]:
        """The cohorts that are named by identifiers; of what is none its row tells."""
        found = set()
        for row in self._rows:
            with suppress(Trouble):
                found.add(identifier_of(Cohort, row.get("cohort")))
        return found

    def listed(self) -> list[api.BulkPerson | api.BulkOutcome]:
        """A person each, or why there is none."""
        return [self._person(row) for row in self._rows]

    def _person(self, row: Mapping[str, Any]) -> api.BulkPerson | api.BulkOutcome:
        try:
            due_at = clean(_DUE_AT, row.get("due_at"), self._names)
            return api.BulkPerson(self._named(row), self._cohort(row), due_at)
        except Trouble as trouble:
            return api.BulkOutcome(code="invalid", message=str(trouble))
        except Refused as refusal:
            return api.BulkOutcome(code=refusal.code, message=refusal.message)

    def _named(self, row: Mapping[str, Any]) -> Any:
        """The user or the address."""
        user, email = row.get("user"), row.get("email")
        if bool(user) == bool(email):
            raise Trouble("This takes a user name or an e-mail address: one of them.")
        person = email or self._users.get(str(user))
        if person is None:
            raise Refused("There is no such person, or none that you may name.", code="no_such_person")
        return person

    def _cohort(self, row: Mapping[str, Any]) -> Cohort | None:
        if "cohort" not in row:
            return None
        cohort = self._cohorts.get(identifier_of(Cohort, row["cohort"]))
        if cohort is None:
            raise Refused(no_such(Cohort), code="no_such_cohort")
        return cohort


def _result(number: int, outcome: api.BulkOutcome) -> RowResult:
    made = outcome.enrollment
    if made is None:
        return RowResult(number, REFUSED, outcome.code, outcome.message)
    return RowResult(number, made.status, enrollment=made.uuid)
