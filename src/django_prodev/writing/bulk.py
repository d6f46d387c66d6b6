"""Enrolling many people with one request, and what became of each of them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django_prodev import api
from django_prodev.exceptions import Invalid
from django_prodev.models import Cohort, Program
from django_prodev.writing.commands import Input, InputType
from django_prodev.writing.naming import Names
from django_prodev.writing.performing import cleaned
from django_prodev.writing.values import Trouble, clean

REFUSED = "refused"
"""The status of a row that could not be carried out; of all others it is their enrolment's."""

INPUTS = (
    Input("program", InputType.ROW, "The identifier of the program.", required=True, model=Program),
    Input("cohort", InputType.ROW, "The identifier of the cohort, if it is to be one.", nullable=True, model=Cohort),
    Input("atomic", InputType.BOOLEAN, "Whether one row that cannot be carried out stops all of them."),
    Input("rows", InputType.PERSON_ROWS, "Up to 1,000 people, each by user name or by e-mail address.", required=True),
)

_OWN = (
    Input("cohort", InputType.ROW, "The identifier of the row's own cohort.", model=Cohort),
    Input("due_at", InputType.DATETIME, "When the person is due."),
)

_MOST_COHORTS = 100
"""Cohorts that the rows of one request name: each is looked up by itself."""


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
    name a cohort of its own, in place of the request's, and when the person is due.

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
        self._cohorts: dict[str, Any] = {}
        if len({str(row["cohort"]) for row in rows if "cohort" in row}) > _MOST_COHORTS:
            raise Invalid(fields={"rows": [f"The rows name at most {_MOST_COHORTS} cohorts."]})

    def listed(self) -> list[Any]:
        """A person each, or why there is none."""
        return [self._person(row) for row in self._rows]

    def _person(self, row: Mapping[str, Any]) -> Any:
        user, email = row.get("user"), row.get("email")
        if bool(user) == bool(email):
            return api.BulkOutcome(code="invalid", message="This takes a user name or an e-mail address: one of them.")
        try:
            own = {each.name: self._own(each, row[each.name]) for each in _OWN if each.name in row}
        except Trouble as trouble:
            return api.BulkOutcome(code="invalid", message=str(trouble))
        person = email or self._users.get(str(user))
        if person is None:
            return api.BulkOutcome(code="no_such_person", message="There is no such person, or none that you may name.")
        return api.BulkPerson(person, **own)

    def _own(self, each: Input, given: Any) -> Any:
        if each.model is None:
            return clean(each, given, self._names)
        key = str(given)
        if key not in self._cohorts:
            try:
                self._cohorts[key] = clean(each, given, self._names)
            except Trouble as trouble:
                self._cohorts[key] = trouble
        found = self._cohorts[key]
        if isinstance(found, Trouble):
            raise found
        return found


def _result(number: int, outcome: api.BulkOutcome) -> RowResult:
    made = outcome.enrollment
    if made is None:
        return RowResult(number, REFUSED, outcome.code, outcome.message)
    return RowResult(number, made.status, enrollment=made.uuid)
