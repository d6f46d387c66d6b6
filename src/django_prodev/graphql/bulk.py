"""``bulkEnroll``: many people with one mutation."""

from collections.abc import Mapping
from typing import Any

import graphene
from graphene.utils.str_converters import to_camel_case
from graphql import GraphQLResolveInfo

from django_prodev.exceptions import Invalid
from django_prodev.graphql.mutations import UserError, named, require_actor
from django_prodev.graphql.scalars import DateTime
from django_prodev.graphql.types import global_id
from django_prodev.reading.catalog import ENROLLMENT
from django_prodev.writing.bulk import RowResult, bulk_enroll


class BulkEnrollRowInput(graphene.InputObjectType):
    """A person, by user name or by e-mail address."""

    user = graphene.String(description="The user name of somebody, who is enrolled.")
    email = graphene.String(description="An e-mail address, which is invited.")
    cohort = graphene.ID(description="The identifier of a cohort, in place of the request's.")
    due_at = DateTime(description="When the person is due, in place of what the request says.")


class BulkEnrollInput(graphene.InputObjectType):
    """The input of BulkEnroll."""

    client_mutation_id = graphene.String(description="Given back with the payload.")
    program = graphene.ID(required=True, description="The identifier of the program.")
    cohort = graphene.ID(description="The identifier of the cohort of the rows that name none.")
    due_at = DateTime(description="When the people are due whose rows say nothing else.")
    atomic = graphene.Boolean(description="Whether one row that cannot be carried out stops all of them.")
    rows = graphene.List(
        graphene.NonNull(BulkEnrollRowInput), required=True, description="The people, in order: up to 1,000."
    )


class BulkEnrollRow(graphene.ObjectType):
    """What became of one row."""

    row = graphene.Int(required=True, description="The place in the list, from 1.")
    status = graphene.String(required=True, description="The state of the enrolment, or “refused”.")
    code = graphene.String(required=True, description="Why there is none, for programs; otherwise empty.")
    message = graphene.String(required=True, description="Why there is none, in words; otherwise empty.")
    enrollment_id = graphene.ID(description="The identifier of the enrolment.")

    @staticmethod
    def resolve_enrollment_id(row: RowResult, info: GraphQLResolveInfo) -> str | None:
        return None if row.enrollment is None else global_id(ENROLLMENT, row.enrollment)


class BulkEnrollPayload(graphene.ObjectType):
    """What BulkEnroll came to."""

    client_mutation_id = graphene.String(description="As the input had it.")
    rows = graphene.List(graphene.NonNull(BulkEnrollRow), required=True, description="What became of each row.")
    errors = graphene.List(
        graphene.NonNull(UserError), required=True, description="What is wrong with the input; empty where it was done."
    )


def _resolve(root: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
    given = dict(input)
    payload: dict[str, Any] = {"client_mutation_id": given.pop("client_mutation_id", None), "rows": [], "errors": []}
    actor = require_actor(info)
    for name in ("program", "cohort"):
        if given.get(name) is not None:
            given[name] = named(given[name])
    given["rows"] = [_row(row) for row in given["rows"]]
    try:
        payload["rows"] = bulk_enroll(actor=actor, given=given)
    except Invalid as error:
        payload["errors"] = [UserError(field=to_camel_case(name), messages=text) for name, text in error.fields.items()]
    return payload


def _row(given: Mapping[str, Any]) -> dict[str, Any]:
    cohort = given.get("cohort")
    return dict(given) if cohort is None else {**given, "cohort": named(cohort)}


FIELD = graphene.Field(
    BulkEnrollPayload,
    input=graphene.Argument(BulkEnrollInput, required=True),
    description="Enrol up to 1,000 people by user name, and invite those given by e-mail address.",
    resolver=_resolve,
)
