"""``POST enrollments/bulk/``: many people with one request."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from django_prodev.enums import EnrollmentStatus
from django_prodev.rest.problems import CONTENT_TYPE
from django_prodev.rest.schema import EntitySchema, operation
from django_prodev.rest.serializers import ProblemSerializer
from django_prodev.rest.writes import write
from django_prodev.writing.bulk import REFUSED, bulk_enroll


class BulkRowSerializer(serializers.Serializer[Any]):
    """A person, by user name or by e-mail address."""

    user = serializers.CharField(required=False, help_text="The user name of somebody, who is enrolled.")
    email = serializers.EmailField(required=False, help_text="An e-mail address, which is invited.")
    cohort = serializers.UUIDField(
        required=False, allow_null=True, help_text="The identifier of a cohort, in place of the request's."
    )
    due_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When the person is due, in place of what the request says."
    )


class BulkEnrollSerializer(serializers.Serializer[Any]):
    program = serializers.UUIDField(help_text="The identifier of the program.")
    cohort = serializers.UUIDField(
        required=False, allow_null=True, help_text="The identifier of the cohort of the rows that name none."
    )
    due_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When the people are due whose rows say nothing else."
    )
    atomic = serializers.BooleanField(
        required=False, help_text="Whether one row that cannot be carried out stops all of them."
    )
    rows = serializers.ListField(child=BulkRowSerializer(), max_length=1_000, help_text="The people, in order.")


class BulkResultSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(help_text="The place in the list, from 1.")
    status = serializers.ChoiceField(
        choices=[*EnrollmentStatus.values, REFUSED], help_text="The state of the enrolment, or that there is none."
    )
    code = serializers.CharField(help_text="Why there is none, for programs; otherwise empty.")
    message = serializers.CharField(help_text="Why there is none, in words; otherwise empty.")
    enrollment = serializers.UUIDField(allow_null=True, help_text="The identifier of the enrolment.")


class BulkAnswerSerializer(serializers.Serializer[Any]):
    rows = BulkResultSerializer(many=True, help_text="What became of each row, in order.")


_PROBLEMS = ((400, "The input."), (401, "Nobody is signed in."), (403, "Not yours to do."), (409, "Nobody gets in."))


class BulkEnrollment:
    """Adds the address to the view set of enrolments."""

    @operation(
        operation_id="bulk_enroll",
        summary="Enrol many people",
        description="Enrol up to 1,000 people by user name, and invite those given by e-mail address.",
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                str,
                OpenApiParameter.HEADER,
                description="A name for this request: sent again under it, it has one effect and the same answer.",
            )
        ],
        request=BulkEnrollSerializer,
        responses={
            200: BulkAnswerSerializer,
            **{(status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, text) for status, text in _PROBLEMS},
        },
    )
    @action(detail=False, methods=["post"], url_path="bulk", url_name="bulk", schema=EntitySchema())
    def bulk(self, request: Request) -> Response:
        """Enrol many people."""

        def work() -> dict[str, Any]:
            results = bulk_enroll(actor=request.user, given=dict(request.data or {}))
            return {"rows": [asdict(row) | {"enrollment": row.enrollment and str(row.enrollment)} for row in results]}

        return write(self, request, work, Response)
