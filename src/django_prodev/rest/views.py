"""The addresses: a list and a single row of each entity, read through plans.

REST framework's machinery stands in front as in any view (authentication, permissions, throttling, negotiation), and a
host's defaults for it apply. What may be seen is decided by ``visible_to`` in the plans, not here.
"""

from typing import Any, ClassVar

from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.viewsets import ViewSet

from django_prodev.exceptions import NotFound
from django_prodev.models.viewer import Viewer
from django_prodev.reading.entities import Entity
from django_prodev.reading.selection import Page
from django_prodev.rest import serializers
from django_prodev.rest.addresses import identifier_of
from django_prodev.rest.bulk import BulkEnrollment
from django_prodev.rest.caching import Prepared, answered
from django_prodev.rest.dispatch import LeanView
from django_prodev.rest.insights import CohortInsights, EnrollmentInsights
from django_prodev.rest.linked_data import ProgramLinkedData
from django_prodev.rest.parameters import BACKWARDS, query_of, read_list, read_nothing, read_one
from django_prodev.rest.publication import CurriculumPublication
from django_prodev.rest.schema import EntitySchema
from django_prodev.rest.selections import reader_of
from django_prodev.rest.writes import methods_of
from django_prodev.writing.commands import Command


class ProdevView(LeanView):
    """What every view of this API has in common."""


class PlainView(ProdevView):
    """A view that takes no parameters."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        read_nothing(query_of(request))


class EntityViewSet(ViewSet, ProdevView):
    """A list and single rows of one entity, and the commands on them."""

    schema = EntitySchema()
    serializer_class: ClassVar[type[serializers.EntitySerializer]]
    list_serializer_class: ClassVar[type[serializers.EntitySerializer] | None] = None
    commands: ClassVar[dict[str, Command]] = {}
    lookup_value_regex = "[^/]+"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        methods = methods_of(cls.serializer_class.entity)
        cls.commands = {name: command for name, (command, _) in methods.items()}
        for name, (_, method) in methods.items():
            setattr(cls, name, method)

    @property
    def entity(self) -> Entity:
        return self.serializer_class.entity

    def list(self, request: Request) -> HttpResponseBase:
        return answered(self, request, lambda: self._prepare_list(request))

    def _prepare_list(self, request: Request) -> Prepared:
        serializer = self.list_serializer_class or self.serializer_class
        asked, shown = read_list(query_of(request), self.entity, serializer)
        reader, viewer = reader_of(serializer, shown.names), Viewer.of(request.user)

        def read() -> Any:
            page = reader.page(viewer, asked)
            said: dict[str, Any] = {"next": None, "previous": None}
            if page.has_next:
                said["next"] = _link(request, page, -1)
            if page.has_previous:
                said["previous"] = _link(request, page, 0)
            if asked.listing.counted:
                said["count"] = page.total
            said["results"] = page.nodes
            return said

        return Prepared.by_plan(lambda: reader.plan_of_page(viewer, asked), read)

    def retrieve(self, request: Request, pk: str) -> HttpResponseBase:
        return answered(self, request, lambda: self._prepare_one(request, pk))

    def _prepare_one(self, request: Request, pk: str) -> Prepared:
        shown = read_one(query_of(request), self.serializer_class)
        reader, viewer = reader_of(self.serializer_class, shown.names), Viewer.of(request.user)
        identifier = identifier_of(pk)

        def read() -> Any:
            row = reader.one(viewer, {"uuid": identifier})
            if row is None:
                raise NotFound
            return row

        return Prepared.by_plan(lambda: reader.plan_of_one(viewer, "uuid"), read)


def _link(request: Request, page: Page, at: int) -> str:
    """The address of the page after the last row, or before the first; of the first page where there are no rows."""
    url = request.build_absolute_uri()
    if not page.nodes:
        return str(remove_query_param(url, "cursor"))
    return str(replace_query_param(url, "cursor", ("" if at else BACKWARDS) + page.cursors[at]))


class ProviderViewSet(EntityViewSet):
    """The organisations that offer programs."""

    serializer_class = serializers.ProviderSerializer


class ProgramViewSet(ProgramLinkedData, EntityViewSet):
    """The learning programs, each with its published curriculum."""

    serializer_class = serializers.ProgramSerializer
    list_serializer_class = serializers.ProgramSummarySerializer


class CurriculumViewSet(CurriculumPublication, EntityViewSet):
    """The versions of programs' structures."""

    serializer_class = serializers.CurriculumSerializer
    list_serializer_class = serializers.CurriculumSummarySerializer


class CohortViewSet(CohortInsights, EntityViewSet):
    """The groups that go through programs together."""

    serializer_class = serializers.CohortSerializer


class UnitViewSet(EntityViewSet):
    """The things that learners do."""

    serializer_class = serializers.UnitSerializer


class TopicViewSet(EntityViewSet):
    """What can be learnt."""

    serializer_class = serializers.TopicSerializer


class EntryViewSet(EntityViewSet):
    """What was met in programs and made of it: challenges with their solutions, practices, takeaways and the rest."""

    serializer_class = serializers.EntrySerializer


class ProjectViewSet(EntityViewSet):
    """What was built in programs."""

    serializer_class = serializers.ProjectSerializer


class CurriculumItemViewSet(EntityViewSet):
    """The places of units in curricula."""

    serializer_class = serializers.CurriculumItemSerializer


class EnrollmentViewSet(BulkEnrollment, EnrollmentInsights, EntityViewSet):
    """People in programs: one's own, and those of the people one looks after."""

    serializer_class = serializers.EnrollmentSerializer


class ProgressViewSet(EntityViewSet):
    """How far learners are with units."""

    serializer_class = serializers.ProgressSerializer


class MembershipViewSet(EntityViewSet):
    """The roles that people hold."""

    serializer_class = serializers.MembershipSerializer
