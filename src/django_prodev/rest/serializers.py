"""What each address answers, described once: the schema and the reading plans are both made from these classes.

A class names the attributes it shows (``fields``) and the relations with the class that shows each (``relations``).
What is ``optional`` is read only where the request names it, or where a single row is read. ``id`` is a row's UUID.
"""

from typing import Any, ClassVar

from rest_framework import serializers

from django_prodev.reading import catalog
from django_prodev.reading.entities import Attribute, Entity, Many, One
from django_prodev.rest.fields import Field, field_for


class EntitySerializer(serializers.Serializer[Any]):
    """The base: fields from the catalogue, nested serializers from ``relations``."""

    entity: ClassVar[Entity]
    shown: ClassVar[tuple[str, ...]] = ()
    relations: ClassVar[dict[str, type["EntitySerializer"]]] = {}
    optional: ClassVar[frozenset[str]] = frozenset({"revision"})

    def get_fields(self) -> dict[str, Field]:
        fields: dict[str, Field] = {}
        for name in self.shown:
            attribute = self.entity.by_name["uuid" if name == "id" else name]
            assert isinstance(attribute, Attribute)
            fields[name] = field_for(attribute)
        for name, nested in self.relations.items():
            relation = self.entity.by_name[name]
            assert isinstance(relation, One | Many)
            about: dict[str, Any] = {"many": True} if isinstance(relation, Many) else {"allow_null": relation.nullable}
            fields[name] = nested(read_only=True, help_text=relation.description, **about)
        return fields


def _every_attribute(entity: Entity) -> tuple[str, ...]:
    return tuple("id" if part.name == "uuid" else part.name for part in entity.attributes)


class PersonSerializer(EntitySerializer):
    entity = catalog.PERSON
    shown = ("name",)


class ProviderReferenceSerializer(EntitySerializer):
    entity = catalog.PROVIDER
    shown = ("id", "slug", "name")


class ProviderSerializer(EntitySerializer):
    entity = catalog.PROVIDER
    shown = _every_attribute(catalog.PROVIDER)


class TopicReferenceSerializer(EntitySerializer):
    entity = catalog.TOPIC
    shown = ("id", "kind", "slug", "name")


class TopicSerializer(EntitySerializer):
    entity = catalog.TOPIC
    shown = _every_attribute(catalog.TOPIC)
    relations = {"parent": TopicReferenceSerializer}


class UnitTopicSerializer(EntitySerializer):
    entity = catalog.UNIT_TOPIC
    shown = ("role",)
    relations = {"topic": TopicReferenceSerializer}


class UnitReferenceSerializer(EntitySerializer):
    entity = catalog.UNIT
    shown = ("id", "kind", "slug", "title")


class UnitSerializer(EntitySerializer):
    entity = catalog.UNIT
    shown = _every_attribute(catalog.UNIT)
    relations = {"provider": ProviderReferenceSerializer, "topics": UnitTopicSerializer}


class PlacedUnitSerializer(EntitySerializer):
    """A unit as a curriculum shows it."""

    entity = catalog.UNIT
    shown = ("id", "kind", "slug", "title", "description", "url", "effort_minutes")
    relations = {"topics": UnitTopicSerializer}


class ItemReferenceSerializer(EntitySerializer):
    entity = catalog.CURRICULUM_ITEM
    shown = ("id",)


class NestedItemSerializer(EntitySerializer):
    """A place as its curriculum shows it."""

    entity = catalog.CURRICULUM_ITEM
    shown = ("id", "position", "is_required", "weight", "min_children")
    relations = {"parent": ItemReferenceSerializer, "unit": PlacedUnitSerializer}


class CurriculumReferenceSerializer(EntitySerializer):
    entity = catalog.CURRICULUM
    shown = ("id", "version", "status")


class CurriculumItemSerializer(EntitySerializer):
    entity = catalog.CURRICULUM_ITEM
    shown = _every_attribute(catalog.CURRICULUM_ITEM)
    relations = {
        "curriculum": CurriculumReferenceSerializer,
        "parent": ItemReferenceSerializer,
        "unit": PlacedUnitSerializer,
    }


class ProgramReferenceSerializer(EntitySerializer):
    entity = catalog.PROGRAM
    shown = ("id", "slug", "title")


class NestedCurriculumSerializer(EntitySerializer):
    """A curriculum as its program shows it."""

    entity = catalog.CURRICULUM
    shown = ("id", "version", "status", "notes", "published_at")
    relations = {"items": NestedItemSerializer}


class CurriculumSerializer(EntitySerializer):
    entity = catalog.CURRICULUM
    shown = _every_attribute(catalog.CURRICULUM)
    relations = {"program": ProgramReferenceSerializer, "items": NestedItemSerializer}


class CurriculumSummarySerializer(CurriculumSerializer):
    """A curriculum in a list: its items where they are asked for."""

    optional = frozenset({"items", "revision"})


class ProgramSerializer(EntitySerializer):
    entity = catalog.PROGRAM
    shown = _every_attribute(catalog.PROGRAM)
    relations = {"provider": ProviderReferenceSerializer, "curriculum": NestedCurriculumSerializer}


class ProgramSummarySerializer(ProgramSerializer):
    """A program in a list: its curriculum where it is asked for."""

    optional = frozenset({"curriculum", "revision"})


class CohortSerializer(EntitySerializer):
    entity = catalog.COHORT
    shown = _every_attribute(catalog.COHORT)
    relations = {"program": ProgramReferenceSerializer}


class CohortReferenceSerializer(EntitySerializer):
    entity = catalog.COHORT
    shown = ("id", "slug", "title")


class EnrollmentSerializer(EntitySerializer):
    entity = catalog.ENROLLMENT
    shown = _every_attribute(catalog.ENROLLMENT)
    relations = {
        "user": PersonSerializer,
        "program": ProgramReferenceSerializer,
        "cohort": CohortReferenceSerializer,
        "curriculum": CurriculumReferenceSerializer,
    }


class EnrollmentReferenceSerializer(EntitySerializer):
    entity = catalog.ENROLLMENT
    shown = ("id", "status")


class ProgressSerializer(EntitySerializer):
    entity = catalog.PROGRESS
    shown = _every_attribute(catalog.PROGRESS)
    relations = {"enrollment": EnrollmentReferenceSerializer, "unit": UnitReferenceSerializer}


class MembershipSerializer(EntitySerializer):
    entity = catalog.MEMBERSHIP
    shown = _every_attribute(catalog.MEMBERSHIP)
    relations = {
        "user": PersonSerializer,
        "provider": ProviderReferenceSerializer,
        "program": ProgramReferenceSerializer,
        "cohort": CohortReferenceSerializer,
    }


class ProjectReferenceSerializer(EntitySerializer):
    entity = catalog.PROJECT
    shown = ("id", "title", "status")


class ProjectSerializer(EntitySerializer):
    entity = catalog.PROJECT
    shown = _every_attribute(catalog.PROJECT)
    relations = {
        "owner": PersonSerializer,
        "members": PersonSerializer,
        "program": ProgramReferenceSerializer,
        "unit": UnitReferenceSerializer,
        "topics": TopicReferenceSerializer,
    }


class EntryReferenceSerializer(EntitySerializer):
    entity = catalog.ENTRY
    shown = ("id", "kind", "title")


class SolutionSerializer(EntitySerializer):
    """A solution as its challenge shows it."""

    entity = catalog.ENTRY
    shown = ("id", "title", "body", "status", "visibility", "accepted_at", "created_at", "updated_at")
    relations = {"author": PersonSerializer, "topics": TopicReferenceSerializer}


class EntrySerializer(EntitySerializer):
    entity = catalog.ENTRY
    shown = _every_attribute(catalog.ENTRY)
    relations = {
        "author": PersonSerializer,
        "program": ProgramReferenceSerializer,
        "parent": EntryReferenceSerializer,
        "unit": UnitReferenceSerializer,
        "project": ProjectReferenceSerializer,
        "topics": TopicReferenceSerializer,
        "solutions": SolutionSerializer,
    }
    optional = frozenset({"unit", "project", "revision"})


class ProblemSerializer(serializers.Serializer[Any]):
    """A refusal, as RFC 9457 describes it."""

    type = serializers.CharField(help_text="The kind of problem, as a URI.")
    title = serializers.CharField(help_text="The kind of problem, in words.")
    status = serializers.IntegerField(help_text="The HTTP status code.")
    detail = serializers.CharField(help_text="What is wrong with this request.")
    code = serializers.CharField(help_text="The kind of problem, for programs: it keeps its meaning.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="What is wrong with which input.",
    )
