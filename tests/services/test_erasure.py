import json
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.db.models import CharField, JSONField, TextField

from django_prodev import api
from django_prodev.cache import cached
from django_prodev.cache.stores import labels
from django_prodev.enums import EnrollmentStatus
from django_prodev.exceptions import NotFound
from django_prodev.models import Enrollment, Entry, Event, Progress, Project, Receipt
from django_prodev.services.personal_columns import COLUMNS, Says, personal_columns
from django_prodev.testing.factories import make_enrollment, make_user
from tests.services.marked_person import MARKER, MarkedPerson, places_of, references_to
from tests.services.refusals import refused
from tests.services.school import School


@pytest.fixture
def person(school: School) -> MarkedPerson:
    return MarkedPerson(school)


def snapshot() -> dict[str, list[dict[str, Any]]]:
    models = apps.get_app_config("django_prodev").get_models(include_auto_created=True)
    return {str(model._meta.model_name): list(model._default_manager.order_by("pk").values()) for model in models}


def test_the_register_knows_every_column_of_every_table() -> None:
    models = apps.get_app_config("django_prodev").get_models()
    columns = {
        str(model._meta.model_name): {
            field.name for field in (*model._meta.concrete_fields, *model._meta.local_many_to_many)
        }
        for model in models
    }
    assert {name: set(registered) for name, registered in COLUMNS.items()} == columns


def test_every_column_that_refers_to_a_user_is_registered_as_naming_somebody() -> None:
    for model in apps.get_app_config("django_prodev").get_models():
        for field in (*model._meta.concrete_fields, *model._meta.local_many_to_many):
            is_user = field.is_relation and field.related_model is get_user_model()
            says = COLUMNS[str(model._meta.model_name)][field.name]
            assert (says is Says.WHO) or not is_user, f"{model._meta.model_name}.{field.name}"


def test_the_marked_person_has_a_mark_in_every_text_column_of_the_register(person: MarkedPerson) -> None:
    texts = {
        f"{name}.{column}"
        for name, columns in COLUMNS.items()
        for column, says in columns.items()
        if says in {Says.TEXT, Says.ADDRESS}
        and isinstance(apps.get_model("django_prodev", name)._meta.get_field(column), TextField | CharField | JSONField)
    }
    assert texts <= places_of(MARKER)


@pytest.mark.parametrize("keep_statistics", [True, False])
def test_nothing_that_a_person_wrote_or_is_called_is_found_after_erasing(
    person: MarkedPerson, keep_statistics: bool
) -> None:
    report = api.erase_learner(user=person.user, actor=None, keep_statistics=keep_statistics)
    assert places_of(MARKER) == set()
    assert references_to(person.user) == set()
    assert (report.entries_deleted, report.entries_emptied) == (2, 1)
    assert (report.projects_deleted, report.projects_handed_over) == (1, 1)
    assert (report.roles_deleted, report.jobs_deleted, report.receipts_deleted) == (1, 1, 2)
    assert list(Receipt.objects.all()) == [person.other_receipt]


def test_without_statistics_the_rows_are_gone(person: MarkedPerson) -> None:
    report = api.erase_learner(user=person.user, actor=person.user)
    assert (report.enrollments_deleted, report.enrollments_anonymized) == (2, 0)
    assert not Enrollment.objects.filter(pk__in=[person.enrollment.pk, person.invitation.pk]).exists()
    assert not Progress.objects.filter(enrollment=person.enrollment.pk).exists()


def test_statistics_are_kept_under_names_of_their_own(person: MarkedPerson) -> None:
    before = set(person.enrollment.progress.values_list("uuid", flat=True))
    api.erase_learner(user=person.user, actor=None, keep_statistics=True)
    kept = Enrollment.objects.get(pk=person.enrollment.pk)
    assert (kept.user, kept.email, kept.external_id, kept.status) == (None, "", "", EnrollmentStatus.WITHDRAWN)
    assert kept.anonymized_at is not None
    assert kept.uuid != person.enrollment.uuid
    marks = kept.progress.order_by("pk")
    assert list(marks.values_list("status", flat=True)) == ["completed", "in_progress", "waived"]
    assert not before & set(marks.values_list("uuid", flat=True))


def test_what_others_made_stays_theirs(person: MarkedPerson) -> None:
    api.erase_learner(user=person.user, actor=None)
    shell = Entry.objects.get(pk=person.challenge.pk)
    assert (shell.author, shell.title, shell.body, shell.status) == (None, "", "", "draft")
    assert shell.visibility == "private"
    assert Entry.objects.get(pk=person.answer.pk).body == "Mine too."
    assert Project.objects.get(pk=person.shared.pk).owner == person.friend
    assert list(Project.objects.get(pk=person.joined.pk).members.all()) == []


def test_a_seat_that_is_freed_goes_to_the_first_who_waits(person: MarkedPerson) -> None:
    waiting = make_enrollment(cohort=person.school.cohort, status="waitlisted")
    type(person.school.cohort).objects.update(capacity=2)
    api.erase_learner(user=person.user, actor=None)
    assert Enrollment.objects.get(pk=waiting.pk).status == "active"


@pytest.mark.parametrize("keep_statistics", [True, False])
def test_a_dry_run_reports_exactly_and_changes_nothing(person: MarkedPerson, keep_statistics: bool) -> None:
    before = snapshot()
    said = api.erase_learner(user=person.user, actor=None, keep_statistics=keep_statistics, dry_run=True)
    assert snapshot() == before
    assert api.erase_learner(user=person.user, actor=None, keep_statistics=keep_statistics) == said


def test_nothing_of_the_person_is_left_in_the_cache(
    person: MarkedPerson, django_capture_on_commit_callbacks: Any
) -> None:
    def quote() -> str:
        return str(person.entry.title)

    assert cached(quote, scope="entry", name="quoted") == MARKER
    assert any(label.startswith("quoted") for label in labels())
    with django_capture_on_commit_callbacks(execute=True):
        api.erase_learner(user=person.user, actor=None, dry_run=True)
    assert any(label.startswith("quoted") for label in labels())
    with django_capture_on_commit_callbacks(execute=True):
        api.erase_learner(user=person.user, actor=None)
    assert list(labels()) == []


def test_the_erasure_is_recorded_without_the_person(person: MarkedPerson) -> None:
    api.erase_learner(user=person.user, actor=person.user)
    event = Event.objects.get(type="prodev.learner.erased.v1")
    assert (event.actor, event.subject) == (None, None)
    assert event.data["enrollments_deleted"] == 2


def test_nobody_erases_or_exports_somebody_else(person: MarkedPerson) -> None:
    for actor in (person.school.owner, person.friend, AnonymousUser()):
        with refused(NotFound):
            api.erase_learner(user=person.user, actor=actor)
        with refused(NotFound):
            api.export_learner(user=person.user, actor=actor)
    api.export_learner(user=person.user, actor=make_user(is_superuser=True))


def test_a_user_can_be_deleted_before_and_after(person: MarkedPerson) -> None:
    api.erase_learner(user=person.user, actor=None, keep_statistics=True)
    person.user.delete()
    person.friend.delete()
    assert Enrollment.objects.filter(pk=person.enrollment.pk).exists()


def test_an_export_holds_every_personal_column_of_every_row_of_the_person(person: MarkedPerson) -> None:
    exported = json.loads(json.dumps(api.export_learner(user=person.user, actor=person.user)))
    tables = {
        "enrollments": "enrollment",
        "progress": "progress",
        "entries": "entry",
        "projects": "project",
        "roles": "membership",
        "events": "event",
        "jobs": "job",
        "receipts": "receipt",
    }
    for key, name in tables.items():
        assert exported[key], key
        assert set(personal_columns(name)) <= set(exported[key][0])
    assert {key: len(exported[key]) for key in tables} == {
        "enrollments": 2,
        "progress": 3,
        "entries": 3,
        "projects": 3,
        "roles": 1,
        "events": 2,
        "jobs": 1,
        "receipts": 1,
    }
    assert exported["enrollments"][0]["percent"] == 66
    assert person.friend.get_username() not in json.dumps(exported)


def test_an_export_makes_a_portfolio_for_people(person: MarkedPerson) -> None:
    Entry.objects.filter(pk=person.entry.pk).update(title="A # heading\nand `code`", body="Some *text*.")
    text = api.portfolio(api.export_learner(user=person.user, actor=None))
    assert text.startswith(f"# Portfolio of {person.user.get_username()}\n")
    assert f"## {person.school.program.title}" in text
    assert f"- {person.school.all_units[0].title}" in text
    assert "### A \\# heading and \\`code\\`" in text
    assert "Some *text*." in text
    assert "\n\n\n" not in text


def test_the_commands_export_and_erase(person: MarkedPerson, tmp_path: Any) -> None:
    name = person.user.get_username()
    target = tmp_path / "export.json"
    call_command("prodev_export_learner", name, output=str(target))
    assert json.loads(target.read_text())["person"]["username"] == name
    out = StringIO()
    call_command("prodev_export_learner", name, format="markdown", stdout=out)
    assert out.getvalue().startswith("# Portfolio")
    out = StringIO()
    call_command("prodev_erase_learner", name, dry_run=True, stdout=out)
    assert "enrollments deleted: 2" in out.getvalue()
    assert "dry run" in out.getvalue()
    assert places_of(MARKER)
    call_command("prodev_erase_learner", name, keep_statistics=True, stdout=StringIO())
    assert not places_of(MARKER)
    for command in ("prodev_export_learner", "prodev_erase_learner"):
        with pytest.raises(CommandError, match="There is no user 'nobody'"):
            call_command(command, "nobody")
