"""undine with its optimizer, which fetches by what is asked."""

from django.contrib.auth import get_user_model
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from undine import Entrypoint, Field, GQLInfo, QueryType, RootType, create_schema
from undine.http.views import graphql_view_sync

from django_prodev import models
from django_prodev.models.viewer import Viewer
from django_prodev.models.visibility import VisibilityPolicy

User = get_user_model()


class Topic(QueryType[models.Topic]):
    uuid = Field()
    name = Field()


class UnitTopic(QueryType[models.UnitTopic]):
    role = Field()
    topic = Field()


class Unit(QueryType[models.Unit]):
    uuid = Field()
    kind = Field()
    slug = Field()
    title = Field()
    unit_topics = Field()


class Item(QueryType[models.CurriculumItem]):
    uuid = Field()
    position = Field()
    is_required = Field()
    unit = Field()

    @classmethod
    def __filter_queryset__(cls, queryset, info: GQLInfo):
        return queryset.order_by("position", "id")


class Curriculum(QueryType[models.Curriculum]):
    uuid = Field()
    version = Field()
    items = Field()

    @classmethod
    def __filter_queryset__(cls, queryset, info: GQLInfo):
        return queryset.filter(status="published")


class Program(QueryType[models.Program]):
    uuid = Field()
    slug = Field()
    title = Field()
    summary = Field()
    curricula = Field()

    @classmethod
    def __filter_queryset__(cls, queryset, info: GQLInfo):
        rule = VisibilityPolicy().rule(models.Program, Viewer.of(info.context.user))
        return queryset.filter(rule).order_by("title", "uuid")


class Author(QueryType[User]):
    first_name = Field()
    last_name = Field()


class Entry(QueryType[models.Entry]):
    uuid = Field()
    kind = Field()
    title = Field()
    body = Field()
    created_at = Field()
    author = Field()
    topics = Field()
    solutions = Field()

    @classmethod
    def __filter_queryset__(cls, queryset, info: GQLInfo):
        rule = VisibilityPolicy().rule(models.Entry, Viewer.of(info.context.user))
        return queryset.filter(rule).order_by("-created_at", "-uuid")


class Query(RootType):
    programs = Entrypoint(Program, many=True, limit=20)
    entries = Entrypoint(Entry, many=True, limit=50)
    entry = Entrypoint(Entry)


schema = create_schema(query=Query)
urlpatterns = [path("graphql/", csrf_exempt(graphql_view_sync))]
