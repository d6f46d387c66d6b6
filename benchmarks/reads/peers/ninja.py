"""django-ninja with schemas over model instances, prefetched as its documentation advises."""

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import path
from ninja import Field, NinjaAPI, Schema

from benchmarks.reads.peers.rows import entries, programs

api = NinjaAPI()


class TopicReference(Schema):
    id: UUID = Field(..., alias="uuid")
    kind: str
    slug: str
    name: str


class ProgramReference(Schema):
    id: UUID = Field(..., alias="uuid")
    slug: str
    title: str


class ProviderReference(Schema):
    id: UUID = Field(..., alias="uuid")
    slug: str
    name: str


class EntryReference(Schema):
    id: UUID = Field(..., alias="uuid")
    kind: str
    title: str


class ItemReference(Schema):
    id: UUID = Field(..., alias="uuid")


class Author(Schema):
    name: str

    @staticmethod
    def resolve_name(user):
        return user.get_full_name()


class UnitTopic(Schema):
    role: str
    topic: TopicReference


class Unit(Schema):
    id: UUID = Field(..., alias="uuid")
    kind: str
    slug: str
    title: str
    description: str
    url: str
    effort_minutes: int | None
    topics: list[UnitTopic] = Field(..., alias="unit_topics")


class Item(Schema):
    id: UUID = Field(..., alias="uuid")
    position: int
    is_required: bool
    weight: float
    min_children: int | None
    parent: ItemReference | None
    unit: Unit


class Curriculum(Schema):
    id: UUID = Field(..., alias="uuid")
    version: int
    status: str
    notes: str
    published_at: datetime | None
    items: list[Item]


class Program(Schema):
    id: UUID = Field(..., alias="uuid")
    created_at: datetime
    updated_at: datetime
    slug: str
    title: str
    summary: str
    description: str
    outcomes: list[str]
    level: str
    language: str
    effort_hours: int | None
    status: str
    visibility: str
    admission: str
    enforce_order: bool
    provider: ProviderReference
    curriculum: Curriculum | None

    @staticmethod
    def resolve_curriculum(program):
        return program.shown[0] if program.shown else None


class Solution(Schema):
    id: UUID = Field(..., alias="uuid")
    title: str
    body: str
    status: str
    visibility: str
    accepted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    author: Author | None
    topics: list[TopicReference]


class Entry(Schema):
    id: UUID = Field(..., alias="uuid")
    created_at: datetime
    updated_at: datetime
    kind: str
    title: str
    body: str
    position: int
    status: str
    visibility: str
    occurred_on: date | None
    accepted_at: datetime | None
    author: Author | None
    program: ProgramReference
    parent: EntryReference | None
    topics: list[TopicReference]
    solutions: list[Solution]

    @staticmethod
    def resolve_parent(entry):
        parent = entry.parent
        shown = parent is not None and (parent.status, parent.visibility) == ("published", "public")
        return parent if shown else None


@api.get("/programs/", response=list[Program])
def list_programs(request: HttpRequest):
    return programs(request.user)[:20]


@api.get("/entries/", response=list[Entry])
def list_entries(request: HttpRequest):
    return entries(request.user)[:50]


@api.get("/entries/{uuid}/", response=Entry)
def one_entry(request: HttpRequest, uuid: UUID):
    return get_object_or_404(entries(request.user, addressed=True), uuid=uuid)


urlpatterns = [path("", api.urls)]
