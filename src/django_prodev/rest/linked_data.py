"""A program as JSON-LD of schema.org, under an address of its own: what other systems index."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.decorators import action
from rest_framework.renderers import BrowsableAPIRenderer
from rest_framework.request import Request

from django_prodev import api
from django_prodev.exceptions import NotFound
from django_prodev.models import Program
from django_prodev.models.viewer import Viewer
from django_prodev.rest.addresses import identifier_of
from django_prodev.rest.caching import Prepared, answered
from django_prodev.rest.parameters import query_of, read_nothing
from django_prodev.rest.problems import CONTENT_TYPE
from django_prodev.rest.renderers import Answer, JSONRenderer
from django_prodev.rest.schema import EntitySchema, operation
from django_prodev.rest.serializers import ProblemSerializer

MEDIA_TYPE = "application/ld+json"


class LinkedDataRenderer(JSONRenderer):
    """For whoever asks for JSON-LD by its media type."""

    media_type = MEDIA_TYPE
    format = "jsonld"


_RENDERERS = (JSONRenderer, LinkedDataRenderer, BrowsableAPIRenderer)


class ProgramLinkedData:
    """Adds the linked data of programs to their view set."""

    @operation(
        operation_id="get_program_linked_data",
        summary="Read a program as JSON-LD",
        parameters=[
            OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The identifier."),
        ],
        responses={
            (200, MEDIA_TYPE): OpenApiResponse(
                OpenApiTypes.OBJECT, "The program and its published curriculum in the vocabulary of schema.org."
            ),
            (400, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, "A parameter is unknown."),
            (404, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, "There is nothing here that you may see."),
        },
    )
    @action(
        detail=True,
        methods=["get"],
        url_path="linked-data",
        url_name="linked-data",
        schema=EntitySchema(),
        renderer_classes=_RENDERERS,
    )
    def linked_data(self, request: Request, pk: str) -> HttpResponseBase:
        """The program and its published curriculum in the vocabulary of schema.org, for search engines and others."""

        def read() -> Any:
            seen = Program.objects.visible_to(Viewer.of(request.user), addressed=True)
            program = seen.filter(uuid=identifier_of(pk)).select_related("provider").first()
            if program is None:
                raise NotFound
            return api.linked_data(program, url=_page_of(request, program))

        read_nothing(query_of(request))
        answer = answered(self, request, lambda: Prepared.by_service(read))
        if isinstance(answer, Answer):
            answer.headers["Content-Type"] = MEDIA_TYPE
        return answer


def _page_of(request: Request, program: Program) -> str:
    """The absolute address of a program's page, or an empty string where a site has no pages."""
    try:
        path = reverse("django_prodev:program", args=[program.provider.slug, program.slug])
    except NoReverseMatch:
        return ""
    return str(request.build_absolute_uri(path))
