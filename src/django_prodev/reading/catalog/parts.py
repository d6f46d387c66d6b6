"""What the descriptions of entities have in common: identity, orders, and filters that look only at visible rows."""

from typing import Any

from django.db.models import Q, QuerySet

from django_prodev.models import Topic
from django_prodev.models.base import version_token
from django_prodev.models.topic_places import places_of
from django_prodev.models.viewer import Viewer
from django_prodev.reading.entities import Attribute, Filter, Order, Places, ValueType, column


def identity(model: type[Any]) -> tuple[Attribute, ...]:
    return (
        column(model, "uuid", "The identifier."),
        column(model, "created_at", "When it was made."),
        column(model, "updated_at", "When it last changed."),
        Attribute(
            "revision",
            ValueType.STRING,
            "A token for its present state: an edit that names it is refused where the row has changed since.",
            of=("uuid", "updated_at"),
            derive=version_token,
        ),
    )


def columns(model: type[Any], *names: str) -> tuple[Attribute, ...]:
    return tuple(column(model, name) for name in names)


def newest_first(*others: Order) -> tuple[Order, ...]:
    return (Order("-created_at", "created_at", True), Order("created_at", "created_at", False), *others)


def by_column(name: str) -> tuple[Order, Order]:
    return Order(name, name, False), Order(f"-{name}", name, True)


def by_choice(name: str, choices: Any, description: str) -> Filter:
    return Filter(name, ValueType.CHOICE, description, column=name, choices=choices)


def by_slug_of(name: str, model: type[Any], path: str, description: str) -> Filter:
    """Rows whose relation ``path`` leads to the visible row of ``model`` with this slug."""

    def keys(viewer: Viewer, addressed: bool, value: Any) -> Any:
        return model.objects.order_by().visible_to(viewer, addressed=addressed).filter(slug=value).values("pk")

    return Filter(name, ValueType.STRING, description, keys=keys, column=path)


def by_uuid_of(name: str, model: type[Any], path: str, description: str) -> Filter:
    """Rows whose relation ``path`` leads to the visible row of ``model`` with this identifier."""

    def keys(viewer: Viewer, addressed: bool, value: Any) -> Any:
        return model.objects.order_by().visible_to(viewer, addressed=addressed).filter(uuid=value).values("pk")

    return Filter(name, ValueType.UUID, description, keys=keys, column=path)


def by_own_slug() -> Filter:
    return Filter("slug", ValueType.STRING, "The slug.", build=lambda viewer, addressed, value: Q(slug=value))


def visible_topics(viewer: Viewer, addressed: bool, slug: Any) -> "QuerySet[Topic, Any]":
    """The keys of the topics with this slug."""
    return Topic.objects.order_by().visible_to(viewer, addressed=addressed).filter(slug=slug).values("pk")


def by_topic_of(model: type[Any], own: str) -> Filter:
    """Rows of ``model`` that carry a topic with this slug."""

    def keys(viewer: Viewer, addressed: bool, value: Any) -> Any:
        tagged = model.topics.through.objects.filter(topic__in=visible_topics(viewer, addressed, value))
        return tagged.values(f"{own}_id")

    description = "The slug of a topic that it is about."
    return Filter(
        "topic",
        ValueType.STRING,
        description,
        keys=keys,
        key_column=own,
        column="pk",
        places=Places(places_of(own), "topic_id", "created_at", visible_topics),
    )
