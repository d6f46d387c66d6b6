"""Providers, and the vocabulary of topics that all of them share."""

from typing import Any, TypedDict, Unpack

from django_prodev.enums import Role
from django_prodev.exceptions import PermissionDenied
from django_prodev.models import Membership, Provider, Topic
from django_prodev.services.actors import Actor
from django_prodev.services.edits import Problems, assign, check_version, examine, examine_texts, save
from django_prodev.services.events import record_event
from django_prodev.services.permission_table import TABLE, Action, Who
from django_prodev.services.permissions import authorize
from django_prodev.services.transactions import locked, service


class ProviderFields(TypedDict, total=False):
    """What of a provider may be written."""

    slug: str
    name: str
    url: str
    email: str
    description: str


class TopicFields(TypedDict, total=False):
    """What of a topic may be written."""

    kind: str
    slug: str
    name: str
    description: str
    parent: Topic | None
    uri: str
    aliases: list[str]


@service
def create_provider(*, actor: Actor, **fields: Unpack[ProviderFields]) -> Provider:
    """Store a provider."""
    authorize(actor, Action.CREATE_PROVIDER, None)
    provider = Provider()
    _write_provider(provider, fields)
    provider.save()
    record_event(name="created", instance=provider, actor=actor)
    return provider


@service
def edit_provider(
    *, provider: Provider, actor: Actor, expected_version: str | None = None, **changes: Unpack[ProviderFields]
) -> Provider:
    """Change a provider's own words and addresses."""
    authorize(actor, Action.EDIT_PROVIDER, provider)
    provider = locked(Provider, provider.pk)
    check_version(provider, expected_version)
    if changed := _write_provider(provider, changes):
        save(provider, changed)
        record_event(name="edited", instance=provider, actor=actor, data={"fields": changed})
    return provider


def _write_provider(provider: Provider, changes: Any) -> list[str]:
    changed = assign(provider, changes, ProviderFields.__annotations__)
    problems = Problems()
    examine(provider, problems, unique_with={"slug": {}})
    problems.raise_any()
    return changed


@service
def create_topic(*, actor: Actor, **fields: Unpack[TopicFields]) -> Topic:
    """Add a topic to the shared vocabulary: for whoever writes the catalogue of some provider."""
    authorize_anywhere(actor, Action.CREATE_TOPIC)
    topic = Topic()
    _write_topic(topic, fields)
    topic.save()
    record_event(name="created", instance=topic, actor=actor)
    return topic


@service
def edit_topic(
    *, topic: Topic, actor: Actor, expected_version: str | None = None, **changes: Unpack[TopicFields]
) -> Topic:
    """Change a topic. It is every provider's, so this is for superusers."""
    authorize(actor, Action.EDIT_TOPIC, topic)
    topic = locked(Topic, topic.pk)
    check_version(topic, expected_version)
    if changed := _write_topic(topic, changes):
        save(topic, changed)
        record_event(name="edited", instance=topic, actor=actor, data={"fields": changed})
    return topic


def authorize_anywhere(actor: Actor, action: Action) -> None:
    """Let through whoever holds a role that allows ``action`` in any provider."""
    if actor is None or (actor.is_authenticated and actor.is_active and actor.is_superuser):
        return
    roles = [role for role in Role if Who(role.value) in TABLE[action].who]
    held = Membership.objects.filter(role__in=roles, cohort__isnull=True)
    if not actor.is_authenticated or not actor.is_active or not held.filter(user_id=actor.pk).exists():
        raise PermissionDenied


def _write_topic(topic: Topic, changes: Any) -> list[str]:
    changed = assign(topic, changes, TopicFields.__annotations__)
    problems = Problems()
    examine(topic, problems, unique_with={"slug": {"kind": topic.kind}})
    examine_texts(problems, "aliases", topic.aliases, longest=200)
    if topic.pk is not None and _is_below(topic, topic.parent):
        problems.add("parent", "A topic cannot stand below itself.")
    problems.raise_any()
    return changed


def _is_below(topic: Topic, parent: Topic | None) -> bool:
    seen: set[int] = set()
    while parent is not None and parent.pk not in seen:
        if parent.pk == topic.pk:
            return True
        seen.add(parent.pk)
        parent = parent.parent
    return False
