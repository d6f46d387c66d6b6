"""How far people are: the progress of enrolments, why, what they have mastered, and the overview of a cohort."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from django_prodev import api
from django_prodev.conf import prodev_settings
from django_prodev.exceptions import Invalid, NotFound
from django_prodev.models import Cohort, Enrollment
from django_prodev.reading import progress_answers
from django_prodev.rest import insight_serializers as described
from django_prodev.rest.addresses import identifier_of
from django_prodev.rest.caching import Prepared, answered
from django_prodev.rest.parameters import query_of, read_nothing
from django_prodev.rest.problems import CONTENT_TYPE
from django_prodev.rest.schema import EntitySchema, operation
from django_prodev.rest.serializers import ProblemSerializer

LONGEST_IDLE = 3_650

_PROBLEMS: dict[Any, Any] = {
    (status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, text)
    for status, text in (
        (400, "A parameter is unknown or has a bad value."),
        (403, "It may be seen, but not its people."),
        (404, "There is nothing here that you may see."),
    )
}

_ID = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The identifier.")


class EnrollmentInsights:
    """Adds the progress of enrolments to their view set."""

    @operation(
        operation_id="get_progress_summary",
        summary="Explain the progress of an enrolment",
        parameters=[_ID],
        responses={200: described.ExplanationSerializer, **_PROBLEMS},
    )
    @action(detail=True, methods=["get"], url_path="progress-summary", schema=EntitySchema())
    def progress_summary(self, request: Request, pk: str) -> HttpResponseBase:
        """How far a person is, why, what is missing and locked, and what to do next."""

        def explained() -> Any:
            row = _row(Enrollment, pk)
            found = api.explain_progress(enrollment=row, actor=request.user)
            return progress_answers.explanation_values(row.uuid, found)

        read_nothing(query_of(request))
        return answered(self, request, lambda: Prepared.by_service(explained))

    @operation(
        operation_id="get_topic_mastery",
        summary="Read the topics that a person has reached",
        parameters=[_ID],
        responses={200: described.MasterySerializer, **_PROBLEMS},
    )
    @action(detail=True, methods=["get"], url_path="topic-mastery", url_name="topic-mastery", schema=EntitySchema())
    def topic_mastery(self, request: Request, pk: str) -> HttpResponseBase:
        """The topics that a person has learnt, practised and demonstrated."""

        def mastered() -> Any:
            row = _row(Enrollment, pk)
            found = api.topic_mastery(enrollment=row, actor=request.user)
            return progress_answers.mastery_values(row.uuid, found)

        read_nothing(query_of(request))
        return answered(self, request, lambda: Prepared.by_service(mastered))

    @operation(
        operation_id="list_progress_summaries",
        summary="Read the progress of several enrolments",
        parameters=[
            OpenApiParameter(
                "id",
                {"type": "array", "items": {"type": "string", "format": "uuid"}, "minItems": 1, "maxItems": 1_000},
                description="The identifiers of enrolments, as many as a page may have.",
                style="form",
                explode=False,
                required=True,
            )
        ],
        responses={200: described.ProgressSummaryPageSerializer, **_PROBLEMS},
    )
    @action(
        detail=False,
        methods=["get"],
        url_path="progress-summaries",
        url_name="progress-summaries",
        schema=EntitySchema(),
    )
    def progress_summaries(self, request: Request) -> HttpResponseBase:
        """How far each of these is, in the order that they are named in; the ones that are hidden are left out."""
        identifiers = _identifiers(request)

        def summed_up() -> Any:
            found = api.progress_page(enrollments=identifiers, actor=request.user)
            return {"results": [progress_answers.progress_values(*each) for each in found.items()]}

        return answered(self, request, lambda: Prepared.by_service(summed_up))


class CohortInsights:
    """Adds the overview of cohorts to their view set."""

    @operation(
        operation_id="get_cohort_overview",
        summary="Read how a cohort is doing",
        parameters=[
            _ID,
            OpenApiParameter(
                "idle_days",
                {"type": "integer", "minimum": 1, "maximum": LONGEST_IDLE, "default": 14},
                description="After how many days without a mark somebody counts as idle.",
            ),
        ],
        responses={200: described.OverviewSerializer, **_PROBLEMS},
    )
    @action(detail=True, methods=["get"], url_path="overview", url_name="overview", schema=EntitySchema())
    def overview(self, request: Request, pk: str) -> Response:
        """The distribution, who has come to a halt, where most are stuck, and what nobody has solved."""
        given = _known(request, {"idle_days"}).get("idle_days", "14")
        if not (given.isascii() and given.isdigit() and len(given) < 5 and 1 <= int(given) <= LONGEST_IDLE):
            raise Invalid(fields={"idle_days": [f"This takes a whole number from 1 to {LONGEST_IDLE:,}."]})
        row = _row(Cohort, pk)
        found = api.cohort_overview(cohort=row, actor=request.user, idle_days=int(given))
        return Response(progress_answers.overview_values(row.uuid, found))


def _row(model: Any, pk: str) -> Any:
    """The row; whether it may be seen is the service's to say, with the same refusal."""
    row = model.objects.filter(uuid=identifier_of(pk)).first()
    if row is None:
        raise NotFound
    return row


def _known(request: Request, names: set[str]) -> Any:
    query = query_of(request)
    if any(name not in names for name in query):
        read_nothing(query)
    if any(len(query.getlist(name)) > 1 for name in query):
        raise Invalid(fields={name: ["Give this once."] for name in query if len(query.getlist(name)) > 1})
    return query


def _identifiers(request: Request) -> list[UUID]:
    most = prodev_settings.MAX_PAGE_SIZE
    texts = [text for text in _known(request, {"id"}).get("id", "").split(",") if text]
    found = list(dict.fromkeys(_parsed(texts)))
    if not texts or len(found) != len(texts) or len(texts) > most:
        raise Invalid(fields={"id": [f"This takes 1 to {most:,} different UUIDs, with commas between them."]})
    return found


def _parsed(texts: Iterable[str]) -> Iterable[UUID]:
    for text in texts:
        try:
            yield UUID(text)
        except ValueError:
            continue
