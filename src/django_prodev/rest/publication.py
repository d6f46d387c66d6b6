"""What publishing a curriculum would move, before it does."""

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from django_prodev import api
from django_prodev.exceptions import NotFound
from django_prodev.models import Curriculum
from django_prodev.rest.addresses import identifier_of
from django_prodev.rest.caching import Prepared, answered
from django_prodev.rest.parameters import query_of, read_nothing
from django_prodev.rest.problems import CONTENT_TYPE
from django_prodev.rest.schema import EntitySchema, operation
from django_prodev.rest.serializers import ProblemSerializer
from django_prodev.writing.publication import plan_values


class PublicationChangeSerializer(serializers.Serializer[Any]):
    before = serializers.IntegerField(help_text="The percentage now.")
    after = serializers.IntegerField(help_text="The percentage afterwards.")
    enrollments = serializers.IntegerField(help_text="How many enrolments go from the one to the other.")


class PublicationPlanSerializer(serializers.Serializer[Any]):
    curriculum = serializers.UUIDField(help_text="The identifier of the draft.")
    version = serializers.IntegerField(help_text="Its number.")
    summary = serializers.CharField(help_text="The plan in a sentence.")
    enrollments = serializers.IntegerField(help_text="How many follow the published version, and so this one.")
    pinned = serializers.IntegerField(help_text="How many are held to another version, and stay as they are.")
    changes = PublicationChangeSerializer(many=True, help_text="Who moves from where to where.")
    faults = serializers.ListField(
        child=serializers.CharField(), help_text="Why the draft cannot be published; then nobody moves."
    )


class CurriculumPublication:
    """Adds the plan of publishing a draft to the view set of curricula."""

    @operation(
        operation_id="get_publication_plan",
        summary="Plan the publication of a curriculum",
        parameters=[OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The identifier.")],
        responses={
            200: PublicationPlanSerializer,
            **{
                (status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, text)
                for status, text in (
                    (400, "A parameter is unknown."),
                    (403, "It may be seen, but not published."),
                    (404, "There is nothing here that you may see."),
                    (409, "It is published already."),
                )
            },
        },
    )
    @action(
        detail=True, methods=["get"], url_path="publication-plan", url_name="publication-plan", schema=EntitySchema()
    )
    def publication_plan(self, request: Request, pk: str) -> HttpResponseBase:
        """Whom publishing this draft would move, and from where to where. Nothing is written."""

        def planned() -> Any:
            curriculum = Curriculum.objects.filter(uuid=identifier_of(pk)).first()
            if curriculum is None:
                raise NotFound
            return plan_values(curriculum.uuid, api.plan_publication(curriculum=curriculum, actor=request.user))

        read_nothing(query_of(request))
        return answered(self, request, lambda: Prepared.by_service(planned))
