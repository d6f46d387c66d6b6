"""The schema of a site that has one of its own: this package's queries beside the site's, and a type of its own tables.

``LogEntry`` stands for any of the site's models with keys to others; ``Membership``'s table for one with a key to ours.
"""

from typing import Any

import graphene
from django.contrib.contenttypes.models import ContentType
from graphene_django import DjangoObjectType

from django_prodev.graphql.schema import Query as ProdevQuery
from django_prodev.graphql.types import TYPES
from django_prodev.models import Event, Program, Topic


class Happening(DjangoObjectType):
    """A type of the site whose model has a foreign key to ``Program``."""

    class Meta:
        model = Event
        fields = ("type", "program")


class ModelName(DjangoObjectType):
    class Meta:
        model = ContentType
        fields = ("model",)


class Found(graphene.Union):
    class Meta:
        types = (TYPES["topic"], Happening)


class Query(ProdevQuery, graphene.ObjectType):
    greeting = graphene.String(name=graphene.String())
    happenings = graphene.List(Happening)
    model_names = graphene.List(ModelName)
    favourite = graphene.Field(TYPES["program"], slug=graphene.String(required=True))
    favourites = graphene.List(graphene.NonNull(TYPES["topic"]))
    found = graphene.List(Found)
    units = graphene.Int(description="A field of the site in the place of ours.")
    broken = graphene.Int()

    def resolve_greeting(self, info: Any, name: str = "you") -> str:
        return f"Hello {name}"

    def resolve_happenings(self, info: Any) -> Any:
        return Event.objects.order_by("pk")

    def resolve_model_names(self, info: Any) -> Any:
        return ContentType.objects.filter(app_label="django_prodev").order_by("model")[:1]

    def resolve_favourite(self, info: Any, slug: str) -> Any:
        return Program.objects.filter(slug=slug).first()

    def resolve_favourites(self, info: Any) -> Any:
        return Topic.objects.order_by("name")

    def resolve_found(self, info: Any) -> Any:
        return [*Topic.objects.order_by("name"), *Event.objects.order_by("pk")]

    def resolve_units(self, info: Any) -> int:
        return 42

    def resolve_broken(self, info: Any) -> int:
        raise RuntimeError("the password is 1234")


schema = graphene.Schema(query=Query)
