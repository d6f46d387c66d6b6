"""Every cell of the permission table, tried by somebody who is exactly that to a row which they may see."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import override_settings

from django_prodev import api
from django_prodev.enums import EntryKind, EntryStatus, ProjectStatus, Role, Visibility
from django_prodev.exceptions import NotFound, PermissionDenied
from django_prodev.models import Program
from django_prodev.services.permission_table import TABLE, Action, Who, markdown_page
from django_prodev.services.permissions import Place
from django_prodev.testing.factories import make_entry, make_membership, make_project, make_user
from tests.services.refusals import refused
from tests.services.school import School

SCOPED = [action for action, rule in TABLE.items() if rule.target not in {"site", "person"}]


class Cast:
    """Everybody of the table. The roles are held for the whole provider, so that they reach every target."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.people: dict[Who, Any] = {
            Who.ANONYMOUS: AnonymousUser(),
            Who.ANOTHER_LEARNER: make_user(),
            Who.THE_LEARNER: school.learner,
            Who.SUPERUSER: make_user(is_superuser=True),
        }
        for role in Role:
            self.people[Who(role.value)] = make_membership(provider=school.provider, role=role).user

    def target(self, kind: str) -> Any:
        shown = {"visibility": Visibility.PUBLIC, "enrollment": self.school.enrollment}
        match kind:
            case "provider" | "provider, program or cohort":
                return self.school.provider
            case "program":
                return self.school.program
            case "cohort":
                return self.school.cohort
            case "unit":
                return self.school.all_units[0]
            case "enrollment":
                return self.school.enrollment
            case "entry":
                return make_entry(kind=EntryKind.CHALLENGE, status=EntryStatus.PUBLISHED, **shown)
            case "project":
                return make_project(status=ProjectStatus.SUBMITTED, **shown)
        raise AssertionError(kind)


@pytest.mark.parametrize("action", SCOPED, ids=lambda action: action.value)
def test_the_table_decides(school: School, action: Action) -> None:
    cast = Cast(school)
    target = cast.target(TABLE[action].target)
    allowed = {who for who, person in cast.people.items() if api.is_allowed(actor=person, action=action, target=target)}
    assert allowed == TABLE[action].who


@pytest.mark.parametrize("action", [action for action, rule in TABLE.items() if rule.target == "site"])
def test_what_belongs_to_the_site_is_for_superusers(school: School, action: Action) -> None:
    for who, person in Cast(school).people.items():
        assert api.is_allowed(actor=person, action=action, target=None) is (who is Who.SUPERUSER)


@pytest.mark.parametrize("action", [action for action, rule in TABLE.items() if rule.never_to_oneself])
def test_nobody_decides_about_themselves(school: School, action: Action) -> None:
    cast = Cast(school)
    target = cast.target(TABLE[action].target)
    for role in Role:
        make_membership(provider=school.provider, role=role, user=school.learner)
    assert not api.is_allowed(actor=school.learner, action=action, target=target)


def test_a_role_reaches_what_lies_inside_its_scope_and_nothing_else(school: School) -> None:
    other = School(provider=school.provider)
    editor = make_membership(program=school.program, role=Role.EDITOR).user
    mentor = make_membership(cohort=school.cohort, role=Role.MENTOR).user
    assert api.is_allowed(actor=editor, action=Action.EDIT_PROGRAM, target=school.program)
    assert api.is_allowed(actor=editor, action=Action.MANAGE_ENROLLMENT, target=school.enrollment)
    assert not api.is_allowed(actor=editor, action=Action.EDIT_PROGRAM, target=other.program)
    assert not api.is_allowed(actor=editor, action=Action.CREATE_PROGRAM, target=school.provider)
    assert api.is_allowed(actor=mentor, action=Action.WAIVE_UNIT, target=school.enrollment)
    assert not api.is_allowed(actor=mentor, action=Action.WAIVE_UNIT, target=other.enrollment)
    assert not api.is_allowed(actor=mentor, action=Action.ENROLL_OTHERS, target=school.program)


def test_an_editor_of_one_program_does_not_find_out_which_slugs_the_provider_has(school: School) -> None:
    hidden = School(provider=school.provider)
    hidden.become_draft()
    editor = make_membership(program=school.program, role=Role.EDITOR).user
    unit = school.all_units[0]
    for slug in (hidden.program.slug, "a-free-slug"):
        with refused(PermissionDenied):
            api.edit_program(program=school.program, actor=editor, slug=slug)
        with refused(PermissionDenied):
            api.edit_unit(unit=unit, actor=editor, slug=slug)
    assert api.edit_program(program=school.program, actor=editor, slug=school.program.slug, title="T").title == "T"
    assert api.edit_unit(unit=unit, actor=school.editor, slug="a-free-slug").slug == "a-free-slug"


def test_a_unit_that_programs_share_is_edited_by_the_provider_s_people(school: School) -> None:
    editor = make_membership(program=school.program, role=Role.EDITOR).user
    unit = school.all_units[0]
    assert api.is_allowed(actor=editor, action=Action.EDIT_UNIT, target=unit)
    other = School(provider=school.provider)
    draft = api.draft_curriculum(program=other.program, actor=None)
    api.add_item(curriculum=draft, unit=unit, actor=None)
    assert api.is_allowed(actor=editor, action=Action.EDIT_UNIT, target=unit), "a hidden draft changes no answer"
    api.publish_curriculum(curriculum=draft, actor=None)
    assert not api.is_allowed(actor=editor, action=Action.EDIT_UNIT, target=unit)
    assert api.is_allowed(actor=school.editor, action=Action.EDIT_UNIT, target=unit)
    Program.objects.filter(pk=draft.program_id).update(status="draft")
    assert api.is_allowed(actor=editor, action=Action.EDIT_UNIT, target=unit), "a hidden program changes no answer"


def test_the_answer_about_a_hidden_row_is_that_of_an_absent_one(school: School) -> None:
    hidden = make_entry(enrollment=school.enrollment)
    with refused(NotFound) as about_hidden:
        api.authorize(school.stranger, Action.EDIT_ENTRY, hidden)
    hidden.delete()
    with refused(NotFound) as about_absent:
        api.authorize(school.stranger, Action.EDIT_ENTRY, hidden)
    assert str(about_hidden.value) == str(about_absent.value)
    with refused(PermissionDenied):
        api.authorize(AnonymousUser(), Action.EDIT_PROGRAM, school.program)


class EditorsRetire(api.PermissionPolicy):
    def allows(self, actor: Any, action: Action, place: Place) -> bool:
        if action is Action.RETIRE_PROGRAM and Who.EDITOR in self.who(actor, place):
            return True
        return super().allows(actor, action, place)


def test_a_host_replaces_the_rule(school: School) -> None:
    assert not api.is_allowed(actor=school.editor, action=Action.RETIRE_PROGRAM, target=school.program)
    with override_settings(DJANGO_PRODEV={"PERMISSION_POLICY": f"{__name__}.EditorsRetire"}):
        assert api.is_allowed(actor=school.editor, action=Action.RETIRE_PROGRAM, target=school.program)
        assert not api.is_allowed(actor=school.mentor, action=Action.RETIRE_PROGRAM, target=school.program)


def test_every_action_has_a_rule() -> None:
    assert set(TABLE) == set(Action)
    assert all(Who.SUPERUSER in rule.who and Who.ANONYMOUS not in rule.who for rule in TABLE.values())


def test_the_page_in_the_docs_is_the_table() -> None:
    assert (Path(__file__).parents[2] / "docs" / "permissions.md").read_text() == markdown_page()
