"""graphene-django with ``select_related`` and prefetching at the root, and resolvers that use what was fetched."""

import graphene
from django.contrib.auth import get_user_model
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from graphene_django import DjangoObjectType
from graphene_django.views import GraphQLView

from benchmarks.reads.peers.rows import entries, programs
from django_prodev import models


def _of(model, *fields):
    return type("Meta", (), {"model": model, "fields": ["uuid", *fields], "skip_registry": False})


class Topic(DjangoObjectType):
    Meta = _of(models.Topic, "kind", "slug", "name")


class UnitTopic(DjangoObjectType):
    Meta = _of(models.UnitTopic, "role", "topic")


class Unit(DjangoObjectType):
    Meta = _of(models.Unit, "kind", "slug", "title")
    topics = graphene.List(UnitTopic)

    def resolve_topics(self, info):
        return self.unit_topics.all()


class Item(DjangoObjectType):
    Meta = _of(models.CurriculumItem, "position", "is_required", "unit")


class Curriculum(DjangoObjectType):
    Meta = _of(models.Curriculum, "version")
    items = graphene.List(Item)

    def resolve_items(self, info):
        return self.items.all()


class Program(DjangoObjectType):
    Meta = _of(models.Program, "slug", "title", "summary")
    curriculum = graphene.Field(Curriculum)

    def resolve_curriculum(self, info):
        return self.shown[0] if self.shown else None


class Author(DjangoObjectType):
    class Meta:
        model = get_user_model()
        fields = ["id"]

    name = graphene.String()

    def resolve_name(self, info):
        return self.get_full_name()


class Entry(DjangoObjectType):
    Meta = _of(models.Entry, "kind", "title", "body", "created_at", "author")
    topics = graphene.List(Topic)
    solutions = graphene.List(lambda: Entry)

    def resolve_topics(self, info):
        return self.topics.all()

    def resolve_solutions(self, info):
        return self.solutions.all()


class Query(graphene.ObjectType):
    programs = graphene.List(Program)
    entries = graphene.List(Entry)
    entry = graphene.Field(Entry, id=graphene.ID(required=True))

    def resolve_programs(self, info):
        return programs(info.context.user)[:20]

    def resolve_entries(self, info):
        return entries(info.context.user)[:50]

    def resolve_entry(self, info, id):
        rows = models.Entry.objects.visible_to(info.context.user, addressed=True)
        return rows.select_related("author").get(uuid=id)


urlpatterns = [path("graphql/", csrf_exempt(GraphQLView.as_view(schema=graphene.Schema(query=Query))))]
