"""Whichever way a row is written, the stamps of its scope move, and what was read before is not served after."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from django_prodev import api
from django_prodev.cache.stamps import read_stamps, touch
from django_prodev.models import Entry, Program, Project, Provider, Topic
from django_prodev.testing import make_entry, make_program, make_progress, make_project, make_topic, make_user
from tests.admin.pages import act, address, form_of, superuser_client
from tests.services.school import School
from tests.testing.test_factories import FACTORIES

pytestmark = pytest.mark.django_db


def moved(scopes: list[str], write: Callable[[], Any]) -> set[str]:
    """The scopes whose stamps the write moved."""
    before = read_stamps(scopes)
    write()
    after = read_stamps(scopes)
    return {scope for scope in scopes if before[scope] != after[scope]}


def test_save() -> None:
    entry = make_entry()
    entry.title = "Another"
    assert moved(["entry", "program"], entry.save) == {"entry"}


@pytest.mark.parametrize("name", FACTORIES)
def test_insert_update_and_delete_of_each_model(name: str) -> None:
    make: Any = FACTORIES[name]
    scope = name.lower()
    made: list[Any] = []
    assert moved([scope], lambda: made.append(make())) == {scope}
    rows = type(made[0])._default_manager.filter(pk=made[0].pk)
    assert moved([scope], lambda: rows.update(updated_at="2026-01-01T00:00:00Z")) == {scope}
    assert moved([scope], rows.delete) == {scope}


def test_queryset_update_that_finds_no_row_moves_nothing() -> None:
    make_entry()
    assert moved(["entry"], lambda: Entry.objects.filter(pk=-1).update(title="x")) == set()


@pytest.mark.parametrize("how", [{}, {"ignore_conflicts": True}])
def test_bulk_create(how: dict[str, Any]) -> None:
    topics = [Topic(kind="skill", slug=f"t-{number}", name="T") for number in range(3)]
    assert moved(["topic", "unit"], lambda: Topic.objects.bulk_create(topics, **how)) == {"topic"}


def test_bulk_create_that_updates_what_is_there() -> None:
    topic = make_topic(kind="skill", slug="same")
    again = Topic(kind="skill", slug="same", name="Other")
    assert moved(
        ["topic"],
        lambda: Topic.objects.bulk_create(
            [again], update_conflicts=True, unique_fields=["kind", "slug"], update_fields=["name"]
        ),
    ) == {"topic"}
    topic.refresh_from_db()
    assert topic.name == "Other"


def test_bulk_create_that_meets_a_conflict_keeps_what_was_counted() -> None:
    make_topic(kind="skill", slug="same")
    seen = {read_stamps("topic")["topic"]}
    for number in range(3):
        rows = [Topic(kind="skill", slug="same", name="T"), Topic(kind="skill", slug=f"n{number}", name="T")]
        Topic.objects.bulk_create(rows, ignore_conflicts=True)
        seen.add(read_stamps("topic")["topic"])
    assert len(seen) == 4


def test_bulk_update() -> None:
    entries = [make_entry(), make_entry()]
    for entry in entries:
        entry.title = "Another"
    assert moved(["entry"], lambda: Entry.objects.bulk_update(entries, ["title"])) == {"entry"}


def test_delete() -> None:
    entry = make_entry()
    assert moved(["entry"], entry.delete) == {"entry"}


def test_cascade() -> None:
    mark = make_progress()
    assert moved(["progress", "enrollment", "unit"], mark.enrollment.delete) == {"progress", "enrollment"}


def test_a_key_that_is_set_to_null_by_a_deletion() -> None:
    school = School()
    entry = make_entry(enrollment=school.enrollment)
    assert "entry" in moved(["entry"], school.enrollment.delete)
    entry.refresh_from_db()
    assert entry.enrollment is None


def test_many_to_many() -> None:
    entry, topic, other = make_entry(), make_topic(), make_topic()
    assert moved(["entry"], lambda: entry.topics.add(topic)) == {"entry"}
    assert moved(["entry"], lambda: entry.topics.remove(topic)) == {"entry"}
    assert moved(["entry"], lambda: entry.topics.set([topic, other])) == {"entry"}
    assert moved(["entry"], entry.topics.clear) == {"entry"}
    assert moved(["entry"], lambda: topic.entries.add(entry)) == {"entry"}


def test_many_to_many_with_people() -> None:
    project: Project = make_project()
    user = make_user()
    assert moved(["project"], lambda: project.members.add(user)) == {"project"}
    assert moved(["project"], project.members.clear) == {"project"}


def test_a_form_of_the_admin() -> None:
    topic = make_topic()
    client = superuser_client()
    form = form_of(client, topic) | {"name": "Another"}

    def send() -> None:
        assert client.post(address(Topic, "change", topic.pk), form).status_code == 302

    assert moved(["topic"], send) == {"topic"}


def test_an_action_of_the_admin() -> None:
    program = School().program
    client = superuser_client()
    assert moved(["program"], lambda: act(client, program, "retire_programs")) == {"program"}


def test_a_service() -> None:
    school = School()
    program = school.program
    assert moved(
        ["program", "event"], lambda: api.edit_program(program=program, actor=school.editor, title="Another")
    ) == {"program", "event"}


def test_raw_sql_on_a_table_of_the_package() -> None:
    make_program()

    def write() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{Program._meta.db_table}" SET summary = %s', ["raw"])

    assert moved(["program"], write) == {"program"}


def test_raw_sql_elsewhere_with_touch() -> None:
    def write() -> None:
        touch("shop.order")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

    assert moved(["shop.order", "program"], write) == {"shop.order"}


def test_deleting_a_user() -> None:
    school = School()
    make_entry(enrollment=school.enrollment)
    scopes = ["user", "enrollment", "entry", "program"]
    assert moved(scopes, school.learner.delete) == {"user", "enrollment", "entry"}


def test_loaddata(tmp_path: Path) -> None:
    provider: Provider = make_program().provider
    file = tmp_path / "rows.json"
    row = {
        "model": "django_prodev.provider",
        "pk": provider.pk,
        "fields": {
            "slug": "loaded",
            "name": "Loaded",
            "uuid": str(provider.uuid),
            "created_at": "2026-01-01T00:00:00Z",
            "updated_at": "2026-01-01T00:00:00Z",
        },
    }
    file.write_text(json.dumps([row]))
    assert moved(["provider"], lambda: call_command("loaddata", str(file), verbosity=0)) == {"provider"}


@pytest.mark.django_db(transaction=True)
def test_flush() -> None:
    make_entry()
    before = read_stamps(["entry", "user"])
    call_command("flush", interactive=False, verbosity=0)
    assert not before.items() & read_stamps(["entry", "user"]).items()
