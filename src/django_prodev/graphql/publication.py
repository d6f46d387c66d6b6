"""What publishing a curriculum would move, before it does."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from django_prodev import api
from django_prodev.graphql.insights import actor_of, identifier, row_of, whole
from django_prodev.models import Curriculum
from django_prodev.reading import catalog
from django_prodev.writing.publication import plan_values


class PublicationChange(graphene.ObjectType):
    """Enrolments that move alike."""

    before = whole("The percentage now.")
    after = whole("The percentage afterwards.")
    enrollments = whole("How many enrolments go from the one to the other.")


class PublicationPlan(graphene.ObjectType):
    """Whom the publication of a draft moves."""

    curriculum_id = identifier(catalog.CURRICULUM, "curriculum", "The identifier of the draft.")
    version = whole("Its number.")
    summary = graphene.String(required=True, description="The plan in a sentence.")
    enrollments = whole("How many follow the published version, and so this one.")
    pinned = whole("How many are held to another version, and stay as they are.")
    changes = graphene.List(
        graphene.NonNull(PublicationChange), required=True, description="Who moves from where to where."
    )
    faults = graphene.List(
        graphene.NonNull(graphene.String),
        required=True,
        description="Why the draft cannot be published; then nobody moves.",
    )


def _plan(root: Any, info: GraphQLResolveInfo, curriculum: str) -> Any:
    row = row_of(Curriculum, curriculum, "curriculum")
    return plan_values(row.uuid, api.plan_publication(curriculum=row, actor=actor_of(info)))


FIELDS: dict[str, Any] = {
    "publication_plan": graphene.Field(
        PublicationPlan,
        curriculum=graphene.ID(required=True, description="The identifier of the draft."),
        description="Whom publishing a draft would move, and from where to where. Nothing is written.",
        resolver=_plan,
    ),
}
