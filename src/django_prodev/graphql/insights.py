"""How far people are: the progress of enrolments, why, what they have mastered, and the overview of a cohort.

These are fields of ``Query`` rather than of the types: they are computed, and asked of the permission table.
"""

from typing import Any
from uuid import UUID

import graphene
from graphql import GraphQLResolveInfo

from django_prodev import api
from django_prodev.conf import prodev_settings
from django_prodev.exceptions import Invalid, NotFound
from django_prodev.graphql.mutations import named
from django_prodev.graphql.types import global_id
from django_prodev.models import Cohort, Enrollment
from django_prodev.reading import catalog, progress_answers
from django_prodev.reading.entities import Entity

_MOST_DAYS = 3_650


def whole(text: str) -> graphene.Int:
    return graphene.Int(required=True, description=text)


def _maybe(text: str) -> graphene.Int:
    return graphene.Int(description=text)


def _flag(text: str) -> graphene.Boolean:
    return graphene.Boolean(required=True, description=text)


def _text(text: str) -> graphene.String:
    return graphene.String(required=True, description=text)


def _list(kind: Any, text: str) -> graphene.List:
    return graphene.List(graphene.NonNull(kind), required=True, description=text)


def identifier(entity: Entity, key: str, text: str) -> graphene.Field:
    return graphene.Field(
        graphene.ID, required=True, description=text, resolver=lambda row, info: global_id(entity, row[key])
    )


class InsightUnit(graphene.ObjectType):
    """A unit, by name."""

    id = identifier(catalog.UNIT, "id", "The identifier, for ``node``.")
    kind = _text("What it is.")
    slug = _text("Its short name.")
    title = _text("Its title.")


class InsightTopic(graphene.ObjectType):
    """A topic, by name."""

    id = identifier(catalog.TOPIC, "id", "The identifier, for ``node``.")
    kind = _text("What it is.")
    slug = _text("Its short name.")
    name = _text("Its name.")


class ProgressSummary(graphene.ObjectType):
    """How far an enrolment is."""

    enrollment_id = identifier(catalog.ENROLLMENT, "enrollment", "The identifier of the enrolment.")
    percent = whole("The part that is done, by weight, floored.")
    is_complete = _flag("Whether everything that is required is done.")
    units_done = whole("How many units are done.")
    units = whole("How many units there are.")


class LockedUnit(graphene.ObjectType):
    """A unit that is closed, and by what."""

    unit = graphene.Field(InsightUnit, required=True, description="The unit that is closed.")
    topics = _list(InsightTopic, "The topics it requires that are not learnt yet.")
    waits_for = _list(InsightUnit, "The units that come before it.")


class UnitChoice(graphene.ObjectType):
    """A group of which some parts are enough."""

    unit = graphene.Field(InsightUnit, required=True, description="The group.")
    more = whole("How many more of it are enough.")
    of = _list(InsightUnit, "Those to choose from.")


class ExplainedUnit(graphene.ObjectType):
    """A unit as it stands for one person."""

    unit = graphene.Field(InsightUnit, required=True, description="The unit.")
    depth = whole("How deep it stands: 0 for the topmost.")
    status = _text("The mark, empty where there is none.")
    share = graphene.Float(required=True, description="The part of the whole that it counts, in percent.")
    earned = graphene.Float(required=True, description="How much of that is reached, in percent.")
    is_required = _flag("Whether it must be done.")
    is_done = _flag("Whether it is done.")


class ProgressExplanation(graphene.ObjectType):
    """Why an enrolment is where it is."""

    enrollment_id = identifier(catalog.ENROLLMENT, "enrollment", "The identifier of the enrolment.")
    percent = whole("The part that is done, by weight, floored.")
    is_complete = _flag("Whether everything that is required is done.")
    summary = _text("Why, in a sentence or two.")
    next_step = graphene.Field(InsightUnit, description="The shortest next step.")
    missing = _list(InsightUnit, "What is not done and counts.")
    locked = _list(LockedUnit, "What is closed, and by what.")
    choices = _list(UnitChoice, "Groups of which some parts are enough.")
    units = _list(ExplainedUnit, "Every unit, in order.")


class TopicMastery(graphene.ObjectType):
    """The topics that a person has reached."""

    enrollment_id = identifier(catalog.ENROLLMENT, "enrollment", "The identifier of the enrolment.")
    learnt = _list(InsightTopic, "The topics that finished units teach.")
    practised = _list(InsightTopic, "The topics that finished units practise.")
    demonstrated = _list(InsightTopic, "Those of assessments and approved projects.")


class ProgressBucket(graphene.ObjectType):
    """How many people are how far."""

    least = whole("From this percentage")
    most = whole("up to and with this one")
    people = whole("there are so many people.")


class StuckUnit(graphene.ObjectType):
    """A unit at which people have come to a halt."""

    unit = graphene.Field(InsightUnit, required=True, description="The unit.")
    people = whole("How many have it unfinished for that long.")


class UnsolvedTopic(graphene.ObjectType):
    """A topic with challenges that nobody has solved."""

    topic = graphene.Field(InsightTopic, required=True, description="The topic.")
    challenges = whole("How many challenges with it have no accepted solution.")


class CohortOverview(graphene.ObjectType):
    """How a cohort is doing. What is null is hidden, because the group is too small."""

    cohort_id = identifier(catalog.COHORT, "cohort", "The identifier of the cohort.")
    people = _maybe("How many are in it.")
    completed = _maybe("How many have completed.")
    waiting = _maybe("How many wait for a place.")
    distribution = _list(ProgressBucket, "How many are how far.")
    idle_days = whole("After how many days somebody counts as idle.")
    idle = _maybe("How many have not moved for so long.")
    idle_enrollments = graphene.Field(
        graphene.NonNull(graphene.List(graphene.NonNull(graphene.ID))),
        description="Their enrolments, for those who may see individuals.",
        resolver=lambda row, info: [global_id(catalog.ENROLLMENT, each) for each in row["idle_enrollments"]],
    )
    stuck_units = _list(StuckUnit, "Where most have come to a halt.")
    unsolved_topics = _list(UnsolvedTopic, "What has not been solved.")


def row_of(model: Any, text: str, name: str) -> Any:
    """The row; whether it may be seen is the service's to say, with the same refusal."""
    row = model.objects.filter(uuid=_uuid(text, name)).first()
    if row is None:
        raise NotFound
    return row


def _uuid(text: str, name: str) -> UUID:
    try:
        return UUID(str(named(text)))
    except ValueError:
        raise Invalid(fields={name: ["This is no identifier: use one that an answer gave."]}) from None


def actor_of(info: GraphQLResolveInfo) -> Any:
    from django.contrib.auth.models import AnonymousUser

    return getattr(info.context, "user", None) or AnonymousUser()


def _explain(root: Any, info: GraphQLResolveInfo, enrollment: str) -> Any:
    row = row_of(Enrollment, enrollment, "enrollment")
    return progress_answers.explanation_values(row.uuid, api.explain_progress(enrollment=row, actor=actor_of(info)))


def _summaries(root: Any, info: GraphQLResolveInfo, enrollments: list[str]) -> Any:
    most = prodev_settings.MAX_PAGE_SIZE
    if len(enrollments) > most:
        raise Invalid(fields={"enrollments": [f"This takes at most {most:,} identifiers."]})
    identifiers = list(dict.fromkeys(_uuid(each, "enrollments") for each in enrollments))
    found = api.progress_page(enrollments=identifiers, actor=actor_of(info))
    return [progress_answers.progress_values(*each) for each in found.items()]


def _mastery(root: Any, info: GraphQLResolveInfo, enrollment: str) -> Any:
    row = row_of(Enrollment, enrollment, "enrollment")
    return progress_answers.mastery_values(row.uuid, api.topic_mastery(enrollment=row, actor=actor_of(info)))


def _overview(root: Any, info: GraphQLResolveInfo, cohort: str, idle_days: int) -> Any:
    if not 1 <= idle_days <= _MOST_DAYS:
        raise Invalid(fields={"idleDays": [f"This takes a whole number from 1 to {_MOST_DAYS:,}."]})
    row = row_of(Cohort, cohort, "cohort")
    found = api.cohort_overview(cohort=row, actor=actor_of(info), idle_days=idle_days)
    return progress_answers.overview_values(row.uuid, found)


_ENROLLMENT = graphene.ID(required=True, description="The identifier of the enrolment.")

FIELDS: dict[str, Any] = {
    "progress_explanation": graphene.Field(
        ProgressExplanation,
        enrollment=_ENROLLMENT,
        description="How far a person is, why, what is missing and locked, and what to do next.",
        resolver=_explain,
    ),
    "progress_summaries": graphene.Field(
        graphene.List(graphene.NonNull(ProgressSummary)),
        enrollments=graphene.List(
            graphene.NonNull(graphene.ID), required=True, description="The identifiers of enrolments."
        ),
        description="How far each of these is, in their order; the ones that are hidden are left out.",
        resolver=_summaries,
    ),
    "topic_mastery": graphene.Field(
        TopicMastery,
        enrollment=_ENROLLMENT,
        description="The topics that a person has learnt, practised and demonstrated.",
        resolver=_mastery,
    ),
    "cohort_overview": graphene.Field(
        CohortOverview,
        cohort=graphene.ID(required=True, description="The identifier of the cohort."),
        idle_days=graphene.Int(
            default_value=14, description="After how many days without a mark somebody counts as idle."
        ),
        description="The distribution, who has come to a halt, where most are stuck, and what nobody has solved.",
        resolver=_overview,
    ),
}
