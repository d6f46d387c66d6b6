"""Who sees which rows: every model, every sort of viewer, with drafts and private rows planted."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from django_prodev.models import Entry
from django_prodev.models.viewer import ANONYMOUS, Viewer
from django_prodev.testing import assert_sees, count_statements
from tests.models.world import PEOPLE, World, make_world

pytestmark = pytest.mark.django_db

VIEWERS = ("anonymous", *PEOPLE)

LEARNERS = "learner classmate programmate"
MENTORS = "mentor reviewer editor owner superuser"
TEAM = "mentor other_mentor reviewer editor observer owner superuser"
AUTHORS = "editor owner superuser"

# Who sees a row, by model and the name of the row. ``*`` is everyone.
EXPECTED: dict[str, dict[str, str]] = {
    "Provider": {"home": "*", "elsewhere": "foreign_owner superuser"},
    "Membership": {
        "mentor": "mentor owner superuser",
        "other_mentor": "other_mentor owner superuser",
        "reviewer": "reviewer owner superuser",
        "editor": "editor owner superuser",
        "observer": "observer owner superuser",
        "owner": "owner superuser",
        "foreign_owner": "foreign_owner superuser",
    },
    "Topic": {"used": "*", "unused": "*"},
    "Program": {
        "main": "*",
        "unlisted": "owner superuser",
        "private": "learner invited owner superuser",
        "draft": "owner superuser",
        "retired": "learner owner superuser",
        "elsewhere": "foreign_owner superuser",
    },
    "Curriculum": {
        "superseded": f"{LEARNERS} {TEAM}",
        "published": "*",
        "draft": AUTHORS,
        "unlisted": "owner superuser",
        "private": "learner invited owner superuser",
        "draft_program": "owner superuser",
        "elsewhere": "foreign_owner superuser",
    },
    "Cohort": {
        "first": "*",
        "second": "*",
        "draft": "reviewer editor observer owner superuser",
        "cancelled": "reviewer editor observer owner superuser",
        "unlisted": "owner superuser",
        "private": "learner invited owner superuser",
        "draft_program": "owner superuser",
    },
    "Enrollment": {
        "learner": f"learner {MENTORS}",
        "classmate": f"classmate {MENTORS}",
        "programmate": "programmate other_mentor reviewer editor owner superuser",
        "former": f"former {MENTORS}",
        "invited": "invited owner superuser",
        "learner_private": "learner owner superuser",
        "learner_draft": "learner owner superuser",
        "learner_retired": "learner owner superuser",
        "by_email": "reviewer editor owner superuser",
    },
    "Progress": {
        "learner": f"learner {MENTORS}",
        "programmate": "programmate other_mentor reviewer editor owner superuser",
        "learner_private": "learner owner superuser",
    },
    "Entry": {
        "learner_private": "learner superuser",
        "learner_mentors": f"learner {MENTORS}",
        "learner_cohort": f"learner classmate {MENTORS}",
        "learner_program": f"{LEARNERS} {TEAM}",
        "learner_public": "*",
        "learner_draft": "learner superuser",
        "learner_hidden_program": "learner owner superuser",
        "curated_private": AUTHORS,
        "curated_mentors": "reviewer editor owner superuser",
        "curated_cohort": "reviewer editor owner superuser",
        "curated_program": f"{LEARNERS} {TEAM}",
        "curated_public": "*",
        "curated_draft": AUTHORS,
        "unlisted": "owner superuser",
        "challenge": "*",
        "solution_public": "*",
        "solution_private": "learner superuser",
    },
    "Event": {
        "about_learner": "mentor learner owner superuser",
        "of_program": "owner superuser",
        "without_program": "stranger superuser",
    },
    "Job": {"learners": "learner superuser", "nobodys": "superuser"},
    "Receipt": {"learners": "superuser"},
}
EXPECTED["CurriculumItem"] = EXPECTED["Curriculum"]
EXPECTED["Unit"] = EXPECTED["Curriculum"] | {"unplaced": "owner superuser"} | {"superseded": f"{LEARNERS} {TEAM}"}
EXPECTED["UnitTopic"] = EXPECTED["Unit"]
EXPECTED["Project"] = {
    name: who for name, who in EXPECTED["Entry"].items() if not name.startswith(("challenge", "solution"))
} | {
    "learner_private": "learner mentor reviewer owner superuser",
    "learner_withdrawn": "learner superuser",
    "team_draft": "learner programmate superuser",
}

# What a program's own address opens besides, to everyone.
ADDRESSED = {
    "Program": ("unlisted",),
    "Curriculum": ("unlisted",),
    "CurriculumItem": ("unlisted",),
    "Unit": ("unlisted",),
    "UnitTopic": ("unlisted",),
    "Cohort": ("unlisted",),
    "Entry": ("unlisted",),
    "Project": ("unlisted",),
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Made once, and undone with the module: no test here stores anything."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def _models() -> Iterator[Any]:
    yield from apps.get_app_config("django_prodev").get_models()


def _expected(world: World, model: Any, viewer: str, *, addressed: bool = False) -> list[Any]:
    rows = world.rows[model.__name__]
    opened = ADDRESSED.get(model.__name__, ()) if addressed else ()
    return [
        row
        for name, row in rows.items()
        if name in opened or viewer in (who := EXPECTED[model.__name__][name].split()) or "*" in who
    ]


def test_the_table_names_every_row_of_every_model(world: World) -> None:
    planted = {model: set(rows) for model, rows in world.rows.items()}
    assert {model: set(names) for model, names in EXPECTED.items()} == planted
    assert set(planted) == {model.__name__ for model in _models()}
    for model in _models():
        assert model.objects.count() == len(planted[model.__name__]), model


@pytest.mark.parametrize("viewer", VIEWERS)
def test_each_viewer_sees_what_the_table_says(world: World, viewer: str) -> None:
    for model in _models():
        assert_sees(world.people[viewer], model, _expected(world, model, viewer))


@pytest.mark.parametrize("viewer", VIEWERS)
def test_the_address_of_a_program_opens_what_is_unlisted_and_nothing_else(world: World, viewer: str) -> None:
    for model in _models():
        expected = _expected(world, model, viewer, addressed=True)
        assert_sees(world.people[viewer], model, expected, addressed=True)


@pytest.mark.parametrize("viewer", VIEWERS)
def test_seeing_is_one_statement_that_counts_the_same(world: World, viewer: str) -> None:
    for model in _models():
        visible = model.objects.visible_to(world.people[viewer])
        assert count_statements(lambda rows=visible: list(rows)) <= 1
        assert model.objects.visible_to(world.people[viewer]).count() == len(_expected(world, model, viewer))


def test_whoever_is_out_of_service_reads_as_anonymous(world: World) -> None:
    for name in ("learner", "owner", "superuser"):
        user = world.people[name]
        user.is_active = False
        for model in _models():
            assert_sees(user, model, _expected(world, model, "anonymous"))


def test_nobody_is_named_in_several_ways(world: World) -> None:
    assert Viewer.of(None) == Viewer.of(AnonymousUser()) == Viewer.of(ANONYMOUS) == ANONYMOUS
    for nobody in (AnonymousUser(), ANONYMOUS):
        assert_sees(nobody, Entry, _expected(world, Entry, "anonymous"))


def test_a_viewer_stands_for_the_user(world: World) -> None:
    viewer = Viewer.of(world.people["mentor"])
    assert_sees(viewer, Entry, _expected(world, Entry, "mentor"))


def test_what_was_filtered_before_stays_filtered(world: World) -> None:
    learner = world.people["learner"]
    entries = Entry.objects.filter(author=learner).visible_to(None)
    assert {entry.author for entry in entries} == {learner}
