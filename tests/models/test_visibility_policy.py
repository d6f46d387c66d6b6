"""A host replaces the rules of visibility by a setting."""

import pytest
from django.db.models import Q
from django.test import override_settings

from django_prodev.models import Entry, Program, Topic
from django_prodev.models.viewer import Viewer
from django_prodev.models.visibility import VisibilityPolicy
from django_prodev.testing import assert_sees, make_entry, make_published_program, make_user

pytestmark = pytest.mark.django_db


class OnlySkills(VisibilityPolicy):
    def topic(self, viewer: Viewer, addressed: bool) -> Q:
        return Q(kind="skill")

    def program(self, viewer: Viewer, addressed: bool) -> Q:
        return Q(title="The only one")


@override_settings(DJANGO_PRODEV={"VISIBILITY_POLICY": f"{__name__}.OnlySkills"})
def test_a_host_replaces_one_rule_and_those_that_lean_on_it_follow() -> None:
    shown = make_published_program(title="The only one", units=1)
    hidden = make_published_program(units=1)
    entry = make_entry(program=shown, author=None, status="published", visibility="public")
    make_entry(program=hidden, author=None, status="published", visibility="public")
    Topic.objects.create(kind="concept", slug="rest", name="REST")
    assert_sees(None, Topic, [])
    assert_sees(make_user(), Program, [shown])
    assert_sees(None, Entry, [entry])
    assert_sees(make_user(is_superuser=True), Program, [shown, hidden])
