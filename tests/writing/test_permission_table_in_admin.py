"""Every cell of the permission table in the admin, where everybody is staff, and that only services write there."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.template.response import SimpleTemplateResponse

from django_prodev.admin.actions import ServiceAction
from django_prodev.admin.writing import ReadOnly, WrittenAdmin
from django_prodev.models import Enrollment, Event, Progress
from django_prodev.services.permission_table import TABLE, Action, Who
from django_prodev.testing.factories import make_progress
from django_prodev.writing.catalog import COMMANDS
from tests.writing.asking import Answer, state
from tests.writing.in_admin import FOR_LEARNERS, WAYS, Way, only_services_write, over_admin
from tests.writing.test_permission_table import DEEDS, ELSEWHERE, Deed
from tests.writing.world import World, undone

REFUSALS = {"permission_denied", "not_found", "not_authenticated", "invalid_choice"}
"""A hidden row is no choice of a form, just as one that is not there."""

TRIED = [(deed, way) for deed in DEEDS for way in WAYS.get(deed.command, ())]

NOT_ASKED = {"score", "waive_missing"}
"""Inputs that no page of the admin has: deeds that turn on them are not done here."""

NOT_HERE = {Action.ANSWER_INVITATION, Action.OVERRIDE_COMPLETION}
"""What the person does alone, and what turns on an input of those."""


@pytest.fixture(scope="module", autouse=True)
def staff(world: World, django_db_blocker: Any) -> None:
    """Everybody is staff and has every permission that Django knows, so that the table alone decides."""
    with django_db_blocker.unblock():
        everything = Group.objects.create(name="everything")
        everything.permissions.set(Permission.objects.filter(content_type__app_label="django_prodev"))
        for person in world.people.values():
            person.is_staff = True
            person.save()
            person.groups.add(everything)


@pytest.fixture(autouse=True)
def no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page would hold is enough here; making each of them takes most of the time."""
    monkeypatch.setattr(SimpleTemplateResponse, "rendered_content", "")


def given_to(attempted: Deed, world: World, who: Who) -> dict[str, Any]:
    given = dict(attempted.given(world, who))
    if attempted.command == "enroll":
        given.setdefault("user", world.people.get(who, world.learner))
    return given


def prepare(attempted: Deed, way: Way, world: World) -> None:
    attempted.before(world)
    if way.model is Progress and not Progress.objects.filter(enrollment=world.enrollment, unit=world.unit).exists():
        make_progress(enrollment=world.enrollment, unit=world.unit)


def go(attempted: Deed, way: Way, world: World, who: Who) -> Answer:
    return over_admin(
        world.clients[who],
        way,
        attempted.command,
        attempted.subject(world),
        given_to(attempted, world, who),
        world.people[Who.SUPERUSER],
    )


def test_every_action_and_every_command_has_its_place() -> None:
    assert {deed.action for deed, _ in TRIED} == set(Action) - ELSEWHERE - NOT_HERE | {Action.OVERRIDE_COMPLETION}
    assert set(WAYS) == set(COMMANDS) - FOR_LEARNERS


@pytest.mark.parametrize(("attempted", "way"), TRIED, ids=str)
def test_the_table_decides_in_the_admin(attempted: Deed, way: Way, world: World, db: None) -> None:
    if NOT_ASKED & attempted.given(world, Who.OWNER).keys():
        return
    allowed, done = TABLE[attempted.action].who, set()
    with undone():
        prepare(attempted, way, world)
        before = state()
        for who in sorted(Who, key=lambda who: who in allowed):
            if who in allowed and before is not None:
                assert state() == before, "what is refused leaves no trace"
                before = None
            with undone(), only_services_write() as passed_by:
                answer = go(attempted, way, world, who)
            assert passed_by == []
            if answer.code:
                assert answer.code in REFUSALS, (who, answer.code)
            else:
                done.add(who)
    assert done == allowed


@pytest.mark.parametrize("lacking", ["the staff flag", "the permissions of Django"])
def test_without_either_nobody_writes_in_the_admin(lacking: str, world: World, db: None) -> None:
    for person in world.people.values():
        if lacking == "the staff flag":
            person.is_staff = False
            person.save()
        person.groups.clear()
    who = Who.SUPERUSER if lacking == "the staff flag" else Who.OWNER
    for attempted, way in TRIED:
        if NOT_ASKED & attempted.given(world, who).keys():
            continue
        with undone():
            prepare(attempted, way, world)
            before = Event.objects.count()
            answer = go(attempted, way, world, who)
            assert answer.code == ("not_authenticated" if lacking == "the staff flag" else answer.code) != "", way
            assert Event.objects.count() == before


READING = {"export_csv", "export_xlsx"}
"""The actions that write nothing."""


def test_what_the_admin_offers_is_what_is_tried() -> None:
    """So that a page or an action that is added has to appear in ``WAYS``, where only services may write."""
    tried = {(way.model, way.page) for ways in WAYS.values() for way in ways}
    offered = set()
    for model in apps.get_app_config("django_prodev").get_models():
        model_admin = admin.site.get_model_admin(model)
        assert model_admin.list_editable == ()
        assert not isinstance(model_admin, ReadOnly) or model_admin.actions == ()
        if isinstance(model_admin, WrittenAdmin):
            offered |= {(model, "add")} if model_admin.can_add else set()
            offered |= {(model, "change")} if model_admin.can_edit else set()
            offered |= {(model, "delete")} if model_admin.can_remove else set()
        else:
            assert isinstance(model_admin, ReadOnly), model
        for action in model_admin.actions:
            if action.__name__ in READING:
                continue
            assert isinstance(action, ServiceAction)
            offered.add((model, action.name))
    assert offered == tried - {(Enrollment, "enroll")}


def test_the_watch_over_writes_sees_one_that_passes_the_services_by(world: World, db: None) -> None:
    with only_services_write() as passed_by, undone():
        world.program.save()
    assert len(passed_by) == 1
