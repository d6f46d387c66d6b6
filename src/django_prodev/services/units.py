"""Units: the stable things that learners do, and what each does with which topics."""

from collections.abc import Collection
from typing import Any, TypedDict, Unpack

from django_prodev.enums import TopicRole
from django_prodev.exceptions import Invalid
from django_prodev.models import Provider, Topic, Unit, UnitTopic
from django_prodev.services.actors import Actor
from django_prodev.services.edits import Problems, assign, check_version, examine, save
from django_prodev.services.events import record_event
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.transactions import locked, service


class UnitFields(TypedDict, total=False):
    """What of a unit may be written."""

    slug: str
    kind: str
    title: str
    description: str
    url: str
    effort_minutes: int | None
    external_id: str


@service
def create_unit(*, provider: Provider, actor: Actor, **fields: Unpack[UnitFields]) -> Unit:
    """Store a unit of a provider, for any of its programs. ``add_unit`` makes one for a single draft."""
    authorize(actor, Action.CREATE_UNIT, provider)
    return store_unit(Unit(provider=provider), fields, actor)


@service
def edit_unit(*, unit: Unit, actor: Actor, expected_version: str | None = None, **changes: Unpack[UnitFields]) -> Unit:
    """Change the words of a unit.

    Its place, weight and whether it is required belong to a curriculum, and do not change here. A unit that several
    programs share is edited by the provider's people; an editor of one program edits the units of that program alone,
    and leaves their slugs, which are unique among rows that this editor may not see.
    """
    authorize(actor, Action.EDIT_UNIT, unit)
    unit = locked(Unit, unit.pk)
    if changes.get("slug", unit.slug) != unit.slug:
        authorize(actor, Action.CREATE_UNIT, unit.provider)
    check_version(unit, expected_version)
    if changed := _write(unit, changes):
        save(unit, changed)
        record_event(name="edited", instance=unit, actor=actor, data={"fields": changed})
    return unit


@service
def set_unit_topics(*, unit: Unit, actor: Actor, topics: Collection[tuple[Topic, str]]) -> Unit:
    """Say what ``unit`` does with topics: pairs of a topic and a ``TopicRole``, instead of those it had."""
    authorize(actor, Action.EDIT_UNIT, unit)
    unit = locked(Unit, unit.pk)
    if any(role not in TopicRole.values for _, role in topics):
        raise Invalid(fields={"topics": [f"A role is one of {', '.join(TopicRole.values)}."]})
    wanted = {(topic.pk, str(role)) for topic, role in topics}
    present = {(row.topic_id, row.role): row for row in UnitTopic.objects.filter(unit=unit)}
    if wanted == set(present):
        return unit
    gone = [row.pk for pair, row in present.items() if pair not in wanted]
    UnitTopic.objects.filter(pk__in=gone).delete()
    UnitTopic.objects.bulk_create(
        UnitTopic(unit=unit, topic_id=topic_id, role=role) for topic_id, role in sorted(wanted - set(present))
    )
    save(unit, [])
    record_event(name="topics_set", instance=unit, actor=actor, data={"topics": len(wanted)})
    return unit


def store_unit(unit: Unit, fields: Any, actor: Actor) -> Unit:
    """Store a unit that the caller was allowed to make."""
    _write(unit, fields)
    unit.save()
    record_event(name="created", instance=unit, actor=actor)
    return unit


def _write(unit: Unit, changes: Any) -> list[str]:
    changed = assign(unit, changes, UnitFields.__annotations__)
    problems = Problems()
    examine(unit, problems, unique_with={"slug": {"provider": unit.provider_id}})
    problems.raise_any()
    return changed
