"""The table between a row and its topics has the row's place on PostgreSQL, whichever way the row is tagged."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.checks import run_checks
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from django_prodev.models import Entry, Project, topic_places
from django_prodev.testing import make_entry, make_project, make_topic

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def places(name: str) -> list[tuple[Any, ...]]:
    return sorted(topic_places.places_of(name).values_list("pk", "topic_id", "created_at", "uuid"))


def expected(model: Any) -> list[tuple[Any, ...]]:
    return sorted(model.objects.filter(topics__isnull=False).values_list("pk", "topics", "created_at", "uuid"))


def with_nothing_pending() -> Any:
    """A cursor after deferred checks were made: a table with some that are left takes no DDL."""
    cursor = connection.cursor()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return cursor


def test_every_way_of_tagging_a_row_notes_its_place() -> None:
    topics = [make_topic() for _ in range(4)]
    entry, project = make_entry(topics=topics[:1]), make_project()
    entry.topics.add(topics[1])
    project.topics.set(topics[:2])
    Entry.topics.through.objects.bulk_create([Entry.topics.through(entry=entry, topic=topics[2])])
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_prodev_entry_topics (entry_id, topic_id) VALUES (%s, %s)", [entry.pk, topics[3].pk]
        )
    assert len(places("entry")) == 4
    assert places("entry") == expected(Entry)
    assert len(places("project")) == 2
    assert places("project") == expected(Project)


def test_a_place_follows_its_row() -> None:
    entry, other = make_entry(topics=[make_topic(), make_topic()]), make_entry()
    Entry.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(days=400), uuid=uuid4())
    assert places("entry") == expected(Entry)
    Entry.topics.through.objects.filter(entry=entry).update(entry=other)
    assert [key for key, *_ in places("entry")] == [other.pk] * 2
    assert places("entry") == expected(Entry)


def test_a_row_whose_place_nothing_would_note_is_not_tagged() -> None:
    entry, topic = make_entry(), make_topic()
    with_nothing_pending().execute("DROP TRIGGER prodev_entry_topic_place ON django_prodev_entry_topics")
    with pytest.raises(IntegrityError, match="created_at"), transaction.atomic():
        entry.topics.add(topic)


def test_what_is_missing_is_brought_back_with_the_places_of_all_rows() -> None:
    entry, project = make_entry(topics=[make_topic()]), make_project()
    project.topics.add(make_topic())
    assert topic_places.missing(connection) == []
    with with_nothing_pending() as cursor:
        cursor.execute("DROP TRIGGER prodev_entry_topic_place ON django_prodev_entry")
        Entry.objects.filter(pk=entry.pk).update(created_at=timezone.now() - timedelta(days=3))
        cursor.execute("DROP INDEX prodev_project_topics_newest")
    assert places("entry") != expected(Entry)
    assert topic_places.missing(connection) == ["entry", "project"]
    assert [message.id for message in run_checks(databases=["default"])] == ["django_prodev.W009"]
    topic_places.install(connection)
    assert topic_places.missing(connection) == []
    assert run_checks(databases=["default"]) == []
    assert places("entry") == expected(Entry)
    entry.topics.add(make_topic())
    assert places("entry") == expected(Entry)


def test_all_of_it_can_be_taken_away_and_put_back() -> None:
    entry = make_entry(topics=[make_topic()])
    with_nothing_pending().close()
    topic_places.remove(connection)
    assert topic_places.missing(connection) == ["entry", "project"]
    entry.topics.add(make_topic())
    with_nothing_pending().close()
    topic_places.install(connection)
    assert places("entry") == expected(Entry)


def test_the_models_of_a_site_do_not_include_places() -> None:
    from django.apps import apps

    assert not [model for model in apps.get_models() if "Place" in model.__name__]
