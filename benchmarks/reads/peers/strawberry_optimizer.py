"""strawberry-django with its optimizer, which chooses columns, joins and prefetches by what is asked."""

import uuid

import strawberry
import strawberry_django
from django.contrib.auth import get_user_model
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from strawberry import auto
from strawberry.django.views import GraphQLView
from strawberry_django.optimizer import DjangoOptimizerExtension

from django_prodev import models
from django_prodev.models.viewer import Viewer
from django_prodev.models.visibility import VisibilityPolicy


@strawberry_django.type(models.Topic)
class Topic:
    uuid: auto
    kind: str
    slug: auto
    name: auto


@strawberry_django.type(models.UnitTopic)
class UnitTopic:
    role: str
    topic: Topic


@strawberry_django.type(models.Unit)
class Unit:
    uuid: auto
    kind: str
    slug: auto
    title: auto
    topics: list[UnitTopic] = strawberry_django.field(field_name="unit_topics")


@strawberry_django.type(models.CurriculumItem)
class Item:
    uuid: auto
    position: auto
    is_required: auto
    unit: Unit

    @classmethod
    def get_queryset(cls, queryset, info):
        return queryset.order_by("position", "id")


@strawberry_django.type(models.Curriculum)
class Curriculum:
    uuid: auto
    version: auto
    items: list[Item]

    @classmethod
    def get_queryset(cls, queryset, info):
        return queryset.filter(status="published")


@strawberry_django.type(models.Program)
class Program:
    uuid: auto
    slug: auto
    title: auto
    summary: auto
    curricula: list[Curriculum]

    @classmethod
    def get_queryset(cls, queryset, info):
        return queryset.visible_to(info.context.request.user).order_by("title", "uuid")


@strawberry_django.type(get_user_model())
class Author:
    @strawberry_django.field(only=["first_name", "last_name"])
    def name(self) -> str:
        return self.get_full_name()


@strawberry_django.type(models.Entry)
class Solution:
    uuid: auto
    title: auto
    body: auto

    @classmethod
    def get_queryset(cls, queryset, info):
        rule = VisibilityPolicy().rule(models.Entry, Viewer.of(info.context.request.user))
        return queryset.filter(rule).order_by("position", "id")


@strawberry_django.type(models.Entry)
class Entry:
    uuid: auto
    kind: str
    title: auto
    body: auto
    created_at: auto
    author: Author | None
    topics: list[Topic]
    solutions: list[Solution]

    @classmethod
    def get_queryset(cls, queryset, info):
        return queryset.visible_to(info.context.request.user).order_by("-created_at", "-uuid")


@strawberry.type
class Query:
    programs: list[Program] = strawberry_django.field(pagination=True)
    entries: list[Entry] = strawberry_django.field(pagination=True)

    @strawberry_django.field
    def entry(self, info: strawberry.Info, id: uuid.UUID) -> Entry:
        return models.Entry.objects.filter(uuid=id)


schema = strawberry.Schema(query=Query, extensions=[DjangoOptimizerExtension])
urlpatterns = [path("graphql/", csrf_exempt(GraphQLView.as_view(schema=schema)))]
