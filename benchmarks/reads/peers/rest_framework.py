"""REST framework's serializers, as its documentation has them: explicit fields, ``select_related`` and prefetching."""

from django.urls import path
from rest_framework import generics, serializers
from rest_framework.pagination import CursorPagination

from benchmarks.reads.peers.rows import entries, programs
from django_prodev import models


def _reference(of: type, *names: str) -> type[serializers.ModelSerializer]:
    meta = type("Meta", (), {"model": of, "fields": ["id", *names]})
    return type(
        f"{of.__name__}Reference",
        (serializers.ModelSerializer,),
        {"Meta": meta, "id": serializers.UUIDField(source="uuid")},
    )


TopicReference = _reference(models.Topic, "kind", "slug", "name")
ProgramReference = _reference(models.Program, "slug", "title")
ProviderReference = _reference(models.Provider, "slug", "name")
EntryReference = _reference(models.Entry, "kind", "title")
ItemReference = _reference(models.CurriculumItem)


class Author(serializers.Serializer):
    name = serializers.CharField(source="get_full_name")


class UnitTopic(serializers.ModelSerializer):
    topic = TopicReference()

    class Meta:
        model = models.UnitTopic
        fields = ["role", "topic"]


class Unit(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    topics = UnitTopic(many=True, source="unit_topics")

    class Meta:
        model = models.Unit
        fields = ["id", "kind", "slug", "title", "description", "url", "effort_minutes", "topics"]


class Item(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    weight = serializers.FloatField()
    parent = ItemReference()
    unit = Unit()

    class Meta:
        model = models.CurriculumItem
        fields = ["id", "position", "is_required", "weight", "min_children", "parent", "unit"]


class Curriculum(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    items = Item(many=True)

    class Meta:
        model = models.Curriculum
        fields = ["id", "version", "status", "notes", "published_at", "items"]


class Program(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    provider = ProviderReference()
    curriculum = serializers.SerializerMethodField()

    class Meta:
        model = models.Program
        fields = [
            "id",
            "created_at",
            "updated_at",
            "slug",
            "title",
            "summary",
            "description",
            "outcomes",
            "level",
            "language",
            "effort_hours",
            "status",
            "visibility",
            "admission",
            "enforce_order",
            "provider",
            "curriculum",
        ]

    def get_curriculum(self, program):
        return Curriculum(program.shown[0]).data if program.shown else None


class Solution(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    author = Author()
    topics = TopicReference(many=True)

    class Meta:
        model = models.Entry
        fields = [
            "id",
            "title",
            "body",
            "status",
            "visibility",
            "accepted_at",
            "created_at",
            "updated_at",
            "author",
            "topics",
        ]


class Entry(serializers.ModelSerializer):
    id = serializers.UUIDField(source="uuid")
    author = Author()
    program = ProgramReference()
    parent = serializers.SerializerMethodField()
    topics = TopicReference(many=True)
    solutions = Solution(many=True)

    class Meta:
        model = models.Entry
        fields = [
            "id",
            "created_at",
            "updated_at",
            "kind",
            "title",
            "body",
            "position",
            "status",
            "visibility",
            "occurred_on",
            "accepted_at",
            "author",
            "program",
            "parent",
            "topics",
            "solutions",
        ]

    def get_parent(self, entry):
        parent = entry.parent
        shown = parent is not None and (parent.status, parent.visibility) == ("published", "public")
        return EntryReference(parent).data if shown else None


class ByTitle(CursorPagination):
    page_size = 20
    ordering = ("title", "uuid")


class NewestFirst(CursorPagination):
    page_size = 50
    ordering = ("-created_at", "-uuid")


class Programs(generics.ListAPIView):
    serializer_class = Program
    pagination_class = ByTitle

    def get_queryset(self):
        return programs(self.request.user)


class Entries(generics.ListAPIView):
    serializer_class = Entry
    pagination_class = NewestFirst

    def get_queryset(self):
        return entries(self.request.user)


class OneEntry(generics.RetrieveAPIView):
    serializer_class = Entry
    lookup_field = "uuid"

    def get_queryset(self):
        return entries(self.request.user, addressed=True)


urlpatterns = [
    path("programs/", Programs.as_view()),
    path("entries/", Entries.as_view()),
    path("entries/<uuid:uuid>/", OneEntry.as_view()),
]
