"""What an answer depends on is read off the SQL of its plan."""

from typing import Any

import pytest
from django.test import Client

from django_prodev.models import Enrollment, Entry, Program, Topic
from django_prodev.models.viewer import Scope, Viewer
from django_prodev.models.visibility import EVERYBODY, VisibilityPolicy
from django_prodev.reading.arguments import ListInput, check_list
from django_prodev.reading.catalog import LISTED
from django_prodev.reading.reader import Reader
from django_prodev.reading.scopes import scopes_of
from django_prodev.reading.selection import Leaf, Selection
from django_prodev.testing import count_statements, make_enrollment, make_membership, make_published_program, make_user

pytestmark = pytest.mark.django_db

OWN = {"enrollment:user:me", "membership:user:me"}

READ = {
    "provider": {"provider", "program"},
    "program": {"program"},
    "curriculum": {"curriculum", "program"},
    "curriculum_item": {"curriculumitem", "curriculum", "program"},
    "cohort": {"cohort", "program"},
    "unit": {"unit", "curriculumitem", "curriculum", "program"},
    "topic": {"topic"},
    "entry": {"entry", "program"},
    "project": {"project", "program"},
    "enrollment": {"enrollment"},
    "progress": {"progress", "enrollment"},
    "membership": {"membership"},
}


def _scopes(entity: Any, scope: Scope) -> Any:
    viewer = Viewer(scope, 7 if scope is not Scope.ANONYMOUS else None)
    reader = Reader(Selection(entity, (Leaf("id", entity.by_name["uuid"]),)))
    return scopes_of([reader.plan_of_page(viewer, check_list(entity, ListInput(filters={}, first=5)))])


@pytest.mark.parametrize("entity", LISTED, ids=lambda entity: entity.name)
def test_a_list_depends_on_the_tables_that_its_rule_looks_into(entity: Any) -> None:
    assert _scopes(entity, Scope.SUPERUSER) == {entity.model._meta.model_name}
    assert _scopes(entity, Scope.ANONYMOUS) <= READ[entity.name]
    signed_in = _scopes(entity, Scope.USER)
    assert READ[entity.name] <= signed_in | {"program"}
    assert signed_in - READ[entity.name] <= OWN | {"enrollment", "program"}


@pytest.mark.parametrize("name", ["program", "cohort", "curriculum", "curriculum_item", "unit", "provider"])
def test_who_reads_the_catalogue_depends_on_their_own_enrolments_and_roles_alone(name: str) -> None:
    [entity] = [entity for entity in LISTED if entity.name == name]
    assert _scopes(entity, Scope.USER) & {"enrollment", "membership", *OWN} == OWN


def test_what_others_do_leaves_a_persons_answers_where_they_are(client: Client) -> None:
    program, person = make_published_program(visibility="private"), make_user()
    client.force_login(person)

    def titles() -> Any:
        return [row["title"] for row in client.get("/learning/api/v1/programs/").json()["results"]]

    session = 2
    assert titles() == []
    make_enrollment(program=program)
    make_membership(program=program, user=make_user())
    titles()
    make_enrollment(program=program)
    assert count_statements(titles) == session + 1
    own = make_enrollment(program=program, user=person)
    assert titles() == [program.title]
    Enrollment.objects.filter(pk=own.pk).update(status="withdrawn")
    assert titles() == []
    make_membership(program=program, user=person)
    assert titles() == [program.title]


class WithOr(VisibilityPolicy):
    """Rules that look at the enrolments of others in what looks like one's own."""

    def program(self, viewer: Any, addressed: bool) -> Any:
        from django.db.models import Q

        rows = Enrollment.objects.filter(Q(user_id=viewer.user_id) | Q(status="paused"))
        return Q(pk__in=rows.values("program_id"))


class OtherTable(VisibilityPolicy):
    def topic(self, viewer: Any, addressed: bool) -> Any:
        from django.contrib.sessions.models import Session
        from django.db.models import Exists, Q

        return Q(Exists(Session.objects.all()))


class ByTheClock(VisibilityPolicy):
    def topic(self, viewer: Any, addressed: bool) -> Any:
        from django.db.models import Q
        from django.db.models.functions import Now

        return Q(created_at__lte=Now())


class Open(VisibilityPolicy):
    def topic(self, viewer: Any, addressed: bool) -> Any:
        return EVERYBODY


@pytest.mark.parametrize(
    ("policy", "model", "expected"),
    [
        (WithOr, Program, {"program", "enrollment"}),
        (OtherTable, Topic, None),
        (ByTheClock, Topic, None),
        (Open, Topic, {"topic"}),
        (VisibilityPolicy, Entry, {"entry", "program", "enrollment", *OWN}),
    ],
)
def test_a_hosts_rules_count_as_what_they_are(policy: type, model: type, expected: Any, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"VISIBILITY_POLICY": f"{policy.__module__}.{policy.__qualname__}"}
    [entity] = [entity for entity in LISTED if entity.model is model]
    assert _scopes(entity, Scope.USER) == expected


def test_an_answer_that_depends_on_what_has_no_stamps_is_read_each_time(client: Client, settings: Any) -> None:
    settings.DJANGO_PRODEV = {"VISIBILITY_POLICY": f"{__name__}.OtherTable"}
    client.get("/learning/api/v1/topics/")
    with_plan = count_statements(lambda: client.get("/learning/api/v1/topics/"))
    assert with_plan == 1
    assert client.get("/learning/api/v1/topics/").headers["ETag"]
