"""The entities that can be read: what they show, how they hang together, how they are narrowed and sorted.

Both APIs are made from these descriptions, so neither can show what the other hides. A filter that looks into another
table looks only at rows that the viewer may see: otherwise the length of a list would tell what is hidden.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Q

from django_prodev import enums
from django_prodev.models import (
    Cohort,
    Curriculum,
    CurriculumItem,
    Entry,
    Program,
    Project,
    Provider,
    Topic,
    Unit,
    UnitTopic,
)
from django_prodev.models.base import version_token
from django_prodev.models.viewer import Viewer
from django_prodev.reading.entities import (
    Attribute,
    Entity,
    Filter,
    Many,
    One,
    Order,
    Reach,
    ValueType,
    column,
)
from django_prodev.reading.people import display_name

User = get_user_model()


def _identity(model: type[Any]) -> tuple[Attribute, ...]:
    return (
        column(model, "uuid", "The identifier."),
        column(model, "created_at", "When it was made."),
        column(model, "updated_at", "When it last changed."),
        Attribute(
            "version",
            ValueType.STRING,
            "A token for its present state: an edit that names it is refused where the row has changed since.",
            of=("uuid", "updated_at"),
            derive=version_token,
        ),
    )


def _columns(model: type[Any], *names: str) -> tuple[Attribute, ...]:
    return tuple(column(model, name) for name in names)


def _newest_first(*others: Order) -> tuple[Order, ...]:
    return (Order("-created_at", "created_at", True), Order("created_at", "created_at", False), *others)


def _by(name: str) -> tuple[Order, Order]:
    return Order(name, name, False), Order(f"-{name}", name, True)


def _choice(name: str, choices: Any, description: str) -> Filter:
    return Filter(name, ValueType.CHOICE, description, column=name, choices=choices)


def _slug(name: str, model: type[Any], path: str, description: str) -> Filter:
    """Rows whose relation ``path`` leads to the visible row of ``model`` with this slug."""

    def build(viewer: Viewer, addressed: bool, value: Any) -> Q:
        rows = model.objects.order_by().visible_to(viewer, addressed=addressed).filter(slug=value)
        return Q(**{f"{path}__in": rows.values("pk")})

    return Filter(name, ValueType.STRING, description, build=build)


def _uuid(name: str, model: type[Any], path: str, description: str) -> Filter:
    """Rows whose relation ``path`` leads to the visible row of ``model`` with this identifier."""

    def build(viewer: Viewer, addressed: bool, value: Any) -> Q:
        rows = model.objects.order_by().visible_to(viewer, addressed=addressed).filter(uuid=value)
        return Q(**{f"{path}__in": rows.values("pk")})

    return Filter(name, ValueType.UUID, description, build=build)


def _own_slug() -> Filter:
    return Filter("slug", ValueType.STRING, "The slug.", build=lambda viewer, addressed, value: Q(slug=value))


def _topic_of_programs(viewer: Viewer, addressed: bool, value: Any) -> Q:
    items = CurriculumItem.objects.order_by().visible_to(viewer, addressed=addressed)
    taught = items.filter(unit__in=UnitTopic.objects.order_by().filter(topic__slug=value).values("unit_id"))
    return Q(pk__in=taught.values("curriculum__program_id"))


def _topic_of_units(viewer: Viewer, addressed: bool, value: Any) -> Q:
    return Q(pk__in=UnitTopic.objects.order_by().filter(topic__slug=value).values("unit_id"))


def _programs_of_units(viewer: Viewer, addressed: bool, value: Any) -> Q:
    items = CurriculumItem.objects.order_by().visible_to(viewer, addressed=addressed)
    return Q(pk__in=items.filter(curriculum__program__slug=value).values("unit_id"))


def _tagged(model: type[Any], own: str) -> Filter:
    """Rows of ``model`` that carry a topic with this slug. Topics are everyone's to see."""

    def build(viewer: Viewer, addressed: bool, value: Any) -> Q:
        return Q(pk__in=model.topics.through.objects.filter(topic__slug=value).values(f"{own}_id"))

    return Filter("topic", ValueType.STRING, "The slug of a topic that it is about.", build=build)


def _solved(viewer: Viewer, addressed: bool, value: Any) -> Q:
    """Challenges with, or without, a solution that the viewer may see."""
    solutions = Entry.objects.order_by().visible_to(viewer, addressed=addressed)
    found = Q(pk__in=solutions.filter(kind=enums.EntryKind.SOLUTION).values("parent_id"))
    challenge = Q(kind=enums.EntryKind.CHALLENGE)
    return challenge & ((found & Q(value)) | (~found & ~Q(value)))


PERSON = Entity(
    "person",
    "people",
    User,
    "Someone, by the name they go by. Nothing else of a person is shown.",
    (Attribute("name", ValueType.STRING, "The name.", build=display_name),),
)

PROVIDER = Entity(
    "provider",
    "providers",
    Provider,
    "An organisation that offers programs.",
    (*_identity(Provider), *_columns(Provider, "slug", "name", "url", "description")),
    (Many("programs", "program", Program, "provider", "The programs it offers.", paged=True),),
    (_own_slug(),),
    (*_by("name"), *_newest_first()),
    ("name", "description"),
)

TOPIC = Entity(
    "topic",
    "topics",
    Topic,
    "A technology, concept, skill or practice that can be learnt.",
    (
        *_identity(Topic),
        column(Topic, "kind", "What sort of thing it is.", enums.TopicKind),
        *_columns(Topic, "slug", "name", "description", "uri"),
        column(Topic, "aliases", "Other names it is known by."),
    ),
    (One("parent", "topic", "parent", Reach.JOINED, "The wider topic it belongs to."),),
    (
        _choice("kind", enums.TopicKind, "The kind of topic."),
        _own_slug(),
        _slug("parent", Topic, "parent", "The slug of the wider topic."),
    ),
    (*_by("name"), *_newest_first()),
    ("name", "description"),
)

UNIT_TOPIC = Entity(
    "unit_topic",
    "unit_topics",
    UnitTopic,
    "What a unit does with a topic.",
    (column(UnitTopic, "role", "What the unit does with the topic.", enums.TopicRole),),
    (One("topic", "topic", "topic", Reach.JOINED, "The topic.", nullable=False),),
)

UNIT = Entity(
    "unit",
    "units",
    Unit,
    "The stable thing a learner does; it lives for ever, whatever curricula come and go.",
    (
        *_identity(Unit),
        column(Unit, "kind", "What sort of unit it is.", enums.UnitKind),
        *_columns(Unit, "slug", "title"),
        column(Unit, "description", "What it is about, in Markdown."),
        column(Unit, "url", "Where it is taught."),
        column(Unit, "effort_minutes", "The effort it takes, in minutes."),
    ),
    (
        One("provider", "provider", "provider", Reach.FETCHED, "Who offers it."),
        Many("topics", "unit_topic", UnitTopic, "unit", "What it does with which topics."),
        Many("entries", "entry", Entry, "unit", "What was met in it and made of it.", paged=True),
    ),
    (
        _choice("kind", enums.UnitKind, "The kind of unit."),
        _own_slug(),
        Filter("topic", ValueType.STRING, "The slug of a topic that the unit has to do with.", build=_topic_of_units),
        Filter("program", ValueType.STRING, "The slug of a program that it has a place in.", build=_programs_of_units),
    ),
    (*_by("title"), *_newest_first()),
    ("title", "description"),
)

CURRICULUM_ITEM = Entity(
    "curriculum_item",
    "curriculum_items",
    CurriculumItem,
    "A unit's place in a curriculum.",
    (
        column(CurriculumItem, "uuid", "The identifier."),
        column(CurriculumItem, "position", "Its place among its siblings."),
        column(CurriculumItem, "is_required", "Whether the program cannot be completed without it."),
        column(CurriculumItem, "weight", "Its share of the progress among its siblings."),
        column(CurriculumItem, "min_children", "How many of its children are enough; empty: all that are required."),
    ),
    (
        One("parent", "curriculum_item", "parent", Reach.JOINED, "The item it stands under."),
        One("unit", "unit", "unit", Reach.JOINED, "The unit.", nullable=False),
        Many(
            "children",
            "curriculum_item",
            CurriculumItem,
            "parent",
            "The items under it, in order.",
            order=("position", "id"),
        ),
    ),
)

CURRICULUM = Entity(
    "curriculum",
    "curricula",
    Curriculum,
    "A numbered arrangement of units: a version of a program's structure.",
    (
        *_identity(Curriculum),
        column(Curriculum, "version", "Its number in the program, from 1."),
        column(Curriculum, "status", "Its state.", enums.CurriculumStatus),
        column(Curriculum, "notes", "What is different in this version."),
        column(Curriculum, "published_at", "When it was published."),
    ),
    (
        One("program", "program", "program", Reach.FETCHED, "The program."),
        Many(
            "items",
            "curriculum_item",
            CurriculumItem,
            "curriculum",
            "Every item, in the order of the tree's levels: by position, with its parent named.",
            order=("position", "id"),
        ),
        Many(
            "sections",
            "curriculum_item",
            CurriculumItem,
            "curriculum",
            "The items that stand under no other, in order.",
            order=("position", "id"),
            where=Q(parent__isnull=True),
        ),
    ),
    (
        _choice("status", enums.CurriculumStatus, "The state."),
        _slug("program", Program, "program", "The slug of the program."),
    ),
    (*_newest_first(), *_by("version")),
    ("notes",),
)

COHORT = Entity(
    "cohort",
    "cohorts",
    Cohort,
    "A group that goes through a program together.",
    (
        *_identity(Cohort),
        *_columns(Cohort, "slug", "title"),
        column(Cohort, "status", "Its state.", enums.CohortStatus),
        column(Cohort, "starts_at", "When it starts."),
        column(Cohort, "ends_at", "When it ends."),
        column(Cohort, "enrollment_opens_at", "When enrolment opens."),
        column(Cohort, "enrollment_closes_at", "When enrolment closes."),
        column(Cohort, "capacity", "How many places it has; empty: no limit."),
        column(Cohort, "timezone", "Its time zone, by IANA name."),
        column(Cohort, "mode", "How people meet.", enums.CohortMode),
    ),
    (One("program", "program", "program", Reach.FETCHED, "The program."),),
    (
        _choice("status", enums.CohortStatus, "The state."),
        _choice("mode", enums.CohortMode, "How people meet."),
        _slug("program", Program, "program", "The slug of the program."),
    ),
    (*_newest_first(), *_by("title")),
    ("title",),
)

PROGRAM = Entity(
    "program",
    "programs",
    Program,
    "A learning program that a provider offers.",
    (
        *_identity(Program),
        *_columns(Program, "slug", "title", "summary"),
        column(Program, "description", "What it is about, in Markdown."),
        column(Program, "outcomes", "What a learner can do afterwards: a list of sentences."),
        Attribute("level", ValueType.STRING, "For whom it is: beginner, intermediate, advanced, or empty."),
        column(Program, "language", "The language it is taught in, as a BCP 47 tag."),
        column(Program, "effort_hours", "The effort of the whole, in hours."),
        column(Program, "status", "Its state.", enums.ProgramStatus),
        column(Program, "visibility", "Who may see it.", enums.ProgramVisibility),
        column(Program, "admission", "How a learner gets in.", enums.Admission),
        column(Program, "enforce_order", "Whether units open only in order."),
    ),
    (
        One("provider", "provider", "provider", Reach.JOINED, "Who offers it.", nullable=False),
        One(
            "curriculum",
            "curriculum",
            "program",
            Reach.REVERSE,
            "The published curriculum.",
            where=Q(status=enums.CurriculumStatus.PUBLISHED),
        ),
        Many("curricula", "curriculum", Curriculum, "program", "Its curricula.", paged=True),
        Many("cohorts", "cohort", Cohort, "program", "Its cohorts.", paged=True),
        Many("entries", "entry", Entry, "program", "What was met in it and made of it.", paged=True),
        Many("projects", "project", Project, "program", "What was built in it.", paged=True),
    ),
    (
        _own_slug(),
        _choice("status", enums.ProgramStatus, "The state."),
        _choice("visibility", enums.ProgramVisibility, "Who may see it."),
        _choice("level", enums.Level, "For whom it is."),
        Filter(
            "language",
            ValueType.STRING,
            "The language, as a BCP 47 tag.",
            build=lambda viewer, addressed, value: Q(language=value),
        ),
        _slug("provider", Provider, "provider", "The slug of the provider."),
        Filter("topic", ValueType.STRING, "The slug of a topic that its curriculum covers.", build=_topic_of_programs),
    ),
    (*_by("title"), *_newest_first()),
    ("title", "summary", "description"),
)

PROJECT = Entity(
    "project",
    "projects",
    Project,
    "Something built in a program, as evidence of what was learnt.",
    (
        *_identity(Project),
        *_columns(Project, "title", "summary"),
        column(Project, "body", "The text, in Markdown."),
        column(Project, "repository_url", "Where its source is."),
        column(Project, "demo_url", "Where it can be tried."),
        column(Project, "status", "Its state.", enums.ProjectStatus),
        column(Project, "visibility", "Who may see it.", enums.Visibility),
        column(Project, "submitted_at", "When it was submitted."),
        column(Project, "reviewed_at", "When it was reviewed."),
    ),
    (
        One("owner", "person", "owner", Reach.JOINED, "Whose it is; none: curated for the whole program."),
        One("program", "program", "program", Reach.FETCHED, "The program."),
        One("unit", "unit", "unit", Reach.FETCHED, "The unit it was built for."),
        Many(
            "members",
            "person",
            Project.members.through,
            "project",
            "Who built it with the owner.",
            path=Project.members.field.m2m_reverse_field_name(),
        ),
        Many("topics", "topic", Project.topics.through, "project", "What it is about.", path="topic"),
    ),
    (
        _choice("status", enums.ProjectStatus, "The state."),
        _slug("program", Program, "program", "The slug of the program."),
        _slug("unit", Unit, "unit", "The slug of the unit."),
        _tagged(Project, "project"),
    ),
    (*_newest_first(), *_by("title")),
    ("title", "summary", "body"),
)

ENTRY = Entity(
    "entry",
    "entries",
    Entry,
    "A learning, challenge, solution, practice, takeaway or reflection.",
    (
        *_identity(Entry),
        column(Entry, "kind", "What sort of entry it is.", enums.EntryKind),
        column(Entry, "title", "The title."),
        column(Entry, "body", "The text, in Markdown."),
        column(Entry, "position", "Its place in the document it came from."),
        column(Entry, "status", "Its state.", enums.EntryStatus),
        column(Entry, "visibility", "Who, besides the author, may see it.", enums.Visibility),
        column(Entry, "occurred_on", "The day it happened."),
        column(Entry, "accepted_at", "When this solution was accepted."),
    ),
    (
        One("author", "person", "author", Reach.JOINED, "Who wrote it; none: curated for the whole program."),
        One("program", "program", "program", Reach.FETCHED, "The program."),
        One("parent", "entry", "parent", Reach.FETCHED, "The challenge that this solution is for."),
        One("unit", "unit", "unit", Reach.FETCHED, "The unit it was met in."),
        One("project", "project", "project", Reach.FETCHED, "The project it was met in."),
        Many("topics", "topic", Entry.topics.through, "entry", "What it is about.", path="topic"),
        Many(
            "solutions",
            "entry",
            Entry,
            "parent",
            "The solutions found: what was accepted first, then in the order they came.",
            order=(F("accepted_at").asc(nulls_last=True), "position", "id"),
        ),
    ),
    (
        _choice("kind", enums.EntryKind, "The kind of entry."),
        _slug("program", Program, "program", "The slug of the program."),
        _slug("unit", Unit, "unit", "The slug of the unit."),
        _tagged(Entry, "entry"),
        _uuid("parent", Entry, "parent", "The identifier of the challenge."),
        Filter(
            "accepted",
            ValueType.BOOLEAN,
            "Whether this solution was accepted.",
            build=lambda viewer, addressed, value: (
                Q(kind=enums.EntryKind.SOLUTION)
                & ((Q(accepted_at__isnull=False) & Q(value)) | (Q(accepted_at__isnull=True) & ~Q(value)))
            ),
        ),
        Filter("solved", ValueType.BOOLEAN, "Whether this challenge has a solution.", build=_solved),
    ),
    _newest_first(),
    ("title", "body"),
)

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        PROVIDER,
        PROGRAM,
        CURRICULUM,
        CURRICULUM_ITEM,
        COHORT,
        UNIT,
        UNIT_TOPIC,
        TOPIC,
        ENTRY,
        PROJECT,
        PERSON,
    )
}
"""Every entity by its name."""

LISTED = (PROVIDER, PROGRAM, CURRICULUM, COHORT, UNIT, TOPIC, ENTRY, PROJECT)
"""The entities that have a list and an address of their own."""
