"""What a program teaches: providers, topics, units, curricula, cohorts, and the programs themselves."""

from typing import Any

from django.db.models import Q, QuerySet

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
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.reading.catalog.parts import (
    by_choice,
    by_column,
    by_own_slug,
    by_slug_of,
    by_uuid_of,
    columns,
    identity,
    newest_first,
    visible_topics,
)
from django_prodev.reading.entities import Attribute, Entity, Filter, Many, One, Reach, ValueType, column


def _concerned_with(viewer: Viewer, addressed: bool, slug: Any) -> "QuerySet[UnitTopic, Any]":
    """The units that have to do with a topic: who sees a unit sees what it does with which topics."""
    topics = visible_topics(viewer, addressed, slug)
    return UnitTopic.objects.order_by().filter(topic__in=topics).values("unit_id")


def _topic_of_programs(viewer: Viewer, addressed: bool, value: Any) -> Q:
    items = CurriculumItem.objects.order_by().visible_to(viewer, addressed=addressed)
    taught = items.filter(unit__in=_concerned_with(viewer, addressed, value))
    return Q(pk__in=taught.values("curriculum__program_id"))


def _topic_of_units(viewer: Viewer, addressed: bool, value: Any) -> Q:
    return Q(pk__in=_concerned_with(viewer, addressed, value))


def _programs_of_units(viewer: Viewer, addressed: bool, value: Any) -> Q:
    items = CurriculumItem.objects.order_by().visible_to(viewer, addressed=addressed)
    return Q(pk__in=items.filter(curriculum__program__slug=value).values("unit_id"))


PROVIDER = Entity(
    "provider",
    "providers",
    Provider,
    "An organisation that offers programs.",
    (*identity(Provider), *columns(Provider, "slug", "name", "url", "description")),
    (Many("programs", "program", Program, "provider", "The programs it offers.", paged=True, beside=True),),
    (by_own_slug(),),
    (*by_column("name"), *newest_first()),
    ("name", "description"),
)


TOPIC = Entity(
    "topic",
    "topics",
    Topic,
    "A technology, concept, skill or practice that can be learnt.",
    (
        *identity(Topic),
        column(Topic, "kind", "What sort of thing it is.", enums.TopicKind),
        *columns(Topic, "slug", "name", "description", "uri"),
        column(Topic, "aliases", "Other names it is known by."),
    ),
    (One("parent", "topic", "parent", Reach.JOINED, "The wider topic it belongs to."),),
    (
        by_choice("kind", enums.TopicKind, "The kind of topic."),
        by_own_slug(),
        by_slug_of("parent", Topic, "parent", "The slug of the wider topic."),
    ),
    (*by_column("name"), *newest_first()),
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
        *identity(Unit),
        column(Unit, "kind", "What sort of unit it is.", enums.UnitKind),
        *columns(Unit, "slug", "title"),
        column(Unit, "description", "What it is about, in Markdown."),
        column(Unit, "url", "Where it is taught."),
        column(Unit, "effort_minutes", "The effort it takes, in minutes."),
    ),
    (
        One("provider", "provider", "provider", Reach.FETCHED, "Who offers it."),
        Many("topics", "unit_topic", UnitTopic, "unit", "What it does with which topics.", implied=True, few=True),
        Many("entries", "entry", Entry, "unit", "What was met in it and made of it.", paged=True, beside=True),
    ),
    (
        by_choice("kind", enums.UnitKind, "The kind of unit."),
        by_own_slug(),
        Filter("topic", ValueType.STRING, "The slug of a topic that the unit has to do with.", build=_topic_of_units),
        Filter("program", ValueType.STRING, "The slug of a program that it has a place in.", build=_programs_of_units),
    ),
    (*by_column("title"), *newest_first()),
    ("title", "description"),
)


CURRICULUM_ITEM = Entity(
    "curriculum_item",
    "curriculum_items",
    CurriculumItem,
    "A unit's place in a curriculum.",
    (
        *identity(CurriculumItem),
        column(CurriculumItem, "position", "Its place among its siblings."),
        column(CurriculumItem, "is_required", "Whether the program cannot be completed without it."),
        column(CurriculumItem, "weight", "Its share of the progress among its siblings."),
        column(CurriculumItem, "min_children", "How many of its children are enough; empty: all that are required."),
    ),
    (
        One("curriculum", "curriculum", "curriculum", Reach.JOINED, "The curriculum.", nullable=False),
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
    (by_uuid_of("curriculum", Curriculum, "curriculum", "The identifier of the curriculum."),),
    (*by_column("position"), *newest_first()),
)


CURRICULUM = Entity(
    "curriculum",
    "curricula",
    Curriculum,
    "A numbered arrangement of units: a version of a program's structure.",
    (
        *identity(Curriculum),
        column(Curriculum, "version", "Its number in the program, from 1."),
        column(Curriculum, "status", "Its state.", enums.CurriculumStatus),
        column(Curriculum, "notes", "What is different in this version."),
        column(Curriculum, "published_at", "When it was published."),
    ),
    (
        One("program", "program", "program", Reach.FETCHED, "The program.", implied=(Scope.ANONYMOUS,)),
        Many(
            "items",
            "curriculum_item",
            CurriculumItem,
            "curriculum",
            "Every item, in the order of the tree's levels: by position, with its parent named.",
            order=("position", "id"),
            implied=True,
        ),
        Many(
            "sections",
            "curriculum_item",
            CurriculumItem,
            "curriculum",
            "The items that stand under no other, in order.",
            order=("position", "id"),
            where=Q(parent__isnull=True),
            implied=True,
        ),
    ),
    (
        by_choice("status", enums.CurriculumStatus, "The state."),
        by_slug_of("program", Program, "program", "The slug of the program."),
    ),
    (*newest_first(), *by_column("version")),
    ("notes",),
)


COHORT = Entity(
    "cohort",
    "cohorts",
    Cohort,
    "A group that goes through a program together.",
    (
        *identity(Cohort),
        *columns(Cohort, "slug", "title"),
        column(Cohort, "status", "Its state.", enums.CohortStatus),
        column(Cohort, "starts_at", "When it starts."),
        column(Cohort, "ends_at", "When it ends."),
        column(Cohort, "enrollment_opens_at", "When enrolment opens."),
        column(Cohort, "enrollment_closes_at", "When enrolment closes."),
        column(Cohort, "capacity", "How many places it has; empty: no limit."),
        column(Cohort, "timezone", "Its time zone, by IANA name."),
        column(Cohort, "mode", "How people meet.", enums.CohortMode),
    ),
    (One("program", "program", "program", Reach.FETCHED, "The program.", implied=(Scope.ANONYMOUS,)),),
    (
        by_choice("status", enums.CohortStatus, "The state."),
        by_choice("mode", enums.CohortMode, "How people meet."),
        by_slug_of("program", Program, "program", "The slug of the program."),
    ),
    (*newest_first(), *by_column("title")),
    ("title",),
)


PROGRAM = Entity(
    "program",
    "programs",
    Program,
    "A learning program that a provider offers.",
    (
        *identity(Program),
        *columns(Program, "slug", "title", "summary"),
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
            implied=tuple(Scope),
        ),
        Many("curricula", "curriculum", Curriculum, "program", "Its curricula.", paged=True),
        Many("cohorts", "cohort", Cohort, "program", "Its cohorts.", paged=True),
        Many("entries", "entry", Entry, "program", "What was met in it and made of it.", paged=True),
        Many("projects", "project", Project, "program", "What was built in it.", paged=True),
    ),
    (
        by_own_slug(),
        by_choice("status", enums.ProgramStatus, "The state."),
        by_choice("visibility", enums.ProgramVisibility, "Who may see it."),
        by_choice("level", enums.Level, "For whom it is."),
        Filter(
            "language",
            ValueType.STRING,
            "The language, as a BCP 47 tag.",
            build=lambda viewer, addressed, value: Q(language=value),
        ),
        by_slug_of("provider", Provider, "provider", "The slug of the provider."),
        Filter("topic", ValueType.STRING, "The slug of a topic that its curriculum covers.", build=_topic_of_programs),
    ),
    (*by_column("title"), *newest_first()),
    ("title", "summary", "description"),
)
