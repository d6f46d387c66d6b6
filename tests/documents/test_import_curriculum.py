"""Curricula as rows: the whole arrangement is what the file says, and what is published stays as it is."""

import json
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest

from django_prodev.documents.export import export_program, snapshot
from django_prodev.documents.plan import Action
from django_prodev.enums import CurriculumStatus, EntryStatus, ProjectStatus, TopicRole, Visibility
from django_prodev.exceptions import Refused
from django_prodev.models import (
    Curriculum,
    CurriculumItem,
    Entry,
    Event,
    Program,
    Project,
    Provider,
    Topic,
    Unit,
    UnitTopic,
)
from django_prodev.testing import make_entry, make_program, make_project, make_user
from tests.documents.curricula import CURRICULUM
from tests.documents.importing import actions, imported, planned

pytestmark = pytest.mark.django_db


def changed(**parts: Any) -> dict[str, Any]:
    return deepcopy(CURRICULUM) | parts


def bring_in(value: dict[str, Any], name: str = "c.json", **options: Any) -> Any:
    return imported(json.dumps(value), names=(name,), **options)


def places(version: int) -> list[tuple[str, str | None, int]]:
    items = CurriculumItem.objects.filter(curriculum__version=version).order_by("parent__position", "position", "id")
    return [
        (item.unit.slug, item.parent.unit.slug if item.parent else None, item.position)
        for item in items.select_related("unit", "parent__unit")
    ]


def test_everything_lands_where_it_belongs() -> None:
    bring_in(CURRICULUM)
    program = Program.objects.get()
    assert (program.level, program.language, program.effort_hours) == ("intermediate", "en-GB", 320)
    assert (program.admission, program.enforce_order, program.external_id) == ("open", True, "H-1")
    assert Provider.objects.get().name == "Harbour School"
    assert sorted(places(1)) == [
        ("errors", "foundations", 1),
        ("first-endpoint", "foundations", 0),
        ("foundations", None, 0),
        ("on-call", None, 1),
    ]
    item = CurriculumItem.objects.get(unit__slug="errors")
    assert (item.is_required, item.weight) == (False, Decimal("2.5"))
    assert CurriculumItem.objects.get(unit__slug="foundations").min_children == 1
    roles = UnitTopic.objects.values_list("unit__slug", "topic__name", "role")
    assert set(roles) == {
        ("first-endpoint", "Django", TopicRole.TEACHES),
        ("first-endpoint", "Observability", TopicRole.PRACTICES),
        ("on-call", "Observability", TopicRole.REQUIRES),
    }
    challenge = Entry.objects.get(kind="challenge")
    assert challenge.unit == Unit.objects.get(slug="errors")
    assert list(challenge.solutions.order_by("position").values_list("title", flat=True)) == ["", "Another way"]
    assert Entry.objects.get(kind="practice").visibility == Visibility.PROGRAM
    assert Entry.objects.get(kind="takeaway").status == EntryStatus.DRAFT
    assert Entry.objects.get(kind="reflection").external_id == "E-7"
    project = Project.objects.get()
    assert (project.unit, project.status) == (Unit.objects.get(slug="on-call"), ProjectStatus.APPROVED)


def test_a_changed_arrangement_of_a_published_program_becomes_the_next_version() -> None:
    bring_in(CURRICULUM, publish=True)
    value = changed()
    value["units"] = [value["units"][1], {"title": "Afterwards", "slug": "afterwards"}]
    value["entries"], value["projects"] = [], []
    plan = bring_in(value)
    assert plan.programs[0].curriculum_version == 2
    assert sorted(plan.programs[0].removed) == ["errors", "first-endpoint", "foundations"]
    assert actions(plan, "unit") == {"A week on call": Action.UPDATE, "Afterwards": Action.CREATE}
    assert len(places(1)) == 4
    assert places(2) == [("on-call", None, 0), ("afterwards", None, 1)]
    # Units live for ever, and entries are never deleted by an import.
    assert Unit.objects.filter(slug="foundations").exists()
    assert Entry.objects.filter(kind="challenge").exists()
    assert not len(bring_in(value).changes)
    bring_in(value, publish=True)
    assert dict(Curriculum.objects.values_list("version", "status")) == {
        1: CurriculumStatus.SUPERSEDED,
        2: CurriculumStatus.PUBLISHED,
    }


def test_a_draft_is_rearranged_in_place() -> None:
    bring_in(CURRICULUM)
    value = changed()
    lesson = value["units"][0]["units"].pop(0)
    value["units"] = [lesson, *reversed(value["units"])]
    plan = bring_in(value)
    assert plan.programs[0].curriculum_action == Action.UPDATE
    assert Curriculum.objects.get().version == 1
    assert sorted(places(1)) == [
        ("errors", "foundations", 0),
        ("first-endpoint", None, 0),
        ("foundations", None, 2),
        ("on-call", None, 1),
    ]
    assert snapshot(Program.objects.get())["units"][0]["slug"] == "first-endpoint"


def test_a_group_that_asks_for_more_than_it_has_is_not_published() -> None:
    value = changed()
    value["units"][0]["min_children"] = 3
    with pytest.raises(Refused, match="asks for 3 of its parts"):
        bring_in(value, publish=True)
    assert not Program.objects.exists()
    assert not Event.objects.exists()


def test_topics_that_a_unit_no_longer_names_are_taken_from_it() -> None:
    bring_in(CURRICULUM)
    value = changed()
    value["units"][0]["units"][0]["topics"] = [{"name": "Django", "role": "assesses"}]
    assert actions(bring_in(value), "unit")["A first endpoint"] == Action.UPDATE
    links = UnitTopic.objects.filter(unit__slug="first-endpoint")
    assert list(links.values_list("topic__name", "role")) == [("Django", "assesses")]
    assert Topic.objects.filter(name="Observability").exists()


def test_what_the_file_does_not_say_of_a_program_stays() -> None:
    bring_in(CURRICULUM)
    bring_in({"prodev": 1, "program": {"slug": "services", "title": "Renamed"}, "units": CURRICULUM["units"]})
    program = Program.objects.get()
    assert (program.title, program.summary, program.level) == (
        "Renamed",
        CURRICULUM["program"]["summary"],
        "intermediate",
    )


def test_a_row_with_an_identifier_is_found_whatever_it_says() -> None:
    bring_in(CURRICULUM)
    value = changed(entries=[{"kind": "reflection", "title": "Years later", "body": "Still true.", "id": "E-7"}])
    assert actions(bring_in(value, name="other.json"), "reflection") == {"Years later": Action.UPDATE}
    assert Entry.objects.get(external_id="E-7").title == "Years later"


def test_an_exported_file_that_was_edited_updates_what_was_edited() -> None:
    program = make_program(title="Made by hand")
    for number in range(5):
        make_entry(program=program, author=None, kind="practice", title=f"Practice {number}", position=number)
    text = export_program(program, format="yaml")
    plan = imported(text.replace("Practice 3", "Practice three"), names=("edited.yaml",))
    assert list(actions(plan, "practice").values()).count(Action.UPDATE) == 1
    assert Entry.objects.count() == 5
    assert Entry.objects.get(position=3).title == "Practice three"


def test_a_learner_does_not_change_the_programs_curriculum() -> None:
    bring_in(CURRICULUM, publish=True)
    value = changed(program=CURRICULUM["program"] | {"title": "Mine now", "level": "beginner"})
    value["units"][0]["title"] = "My foundations"
    plan = bring_in(value, learner=make_user("ada"))
    program = Program.objects.get()
    assert (program.title, program.level) == ("Services that last", "intermediate")
    assert actions(plan, "program") == {"Mine now": Action.LEFT_OUT}
    assert actions(plan, "unit") == {
        "My foundations": Action.LEFT_OUT,
        "A first endpoint": Action.UNCHANGED,
        "Errors": Action.UNCHANGED,
        "A week on call": Action.UNCHANGED,
    }
    assert plan.counts()["left_out"] == 2
    assert Unit.objects.get(slug="foundations").title == "Foundations"
    # What the file says of visibility holds for the program's own entries only.
    own = Entry.objects.filter(author__isnull=False)
    assert set(own.values_list("visibility", "status")) == {(Visibility.PRIVATE, EntryStatus.PUBLISHED)}


def test_units_are_shared_by_the_programs_of_a_provider() -> None:
    bring_in(CURRICULUM)
    second = changed(program={"slug": "second", "title": "Second"}, entries=[], projects=[])
    plan = bring_in(second)
    assert set(actions(plan, "unit").values()) == {Action.UPDATE}
    assert Unit.objects.count() == 4
    assert CurriculumItem.objects.count() == 8


def test_an_export_shows_what_is_in_force_to_a_learner_and_the_draft_to_staff() -> None:
    bring_in(CURRICULUM, publish=True)
    value = changed()
    value["units"].append({"title": "Afterwards", "slug": "afterwards"})
    bring_in(value)
    program = Program.objects.get()
    assert [unit["slug"] for unit in snapshot(program)["units"]] == ["foundations", "on-call", "afterwards"]
    mine = snapshot(program, learner=make_user("ada"))
    assert [unit["slug"] for unit in mine["units"]] == ["foundations", "on-call"]


def test_topics_of_one_name_and_two_kinds_stay_two() -> None:
    topics = [{"name": "Docker", "kind": "technology"}, {"name": "Docker", "kind": "skill"}]
    value = changed(topics=topics, entries=[], projects=[])
    value["units"] = [{"title": "Ship", "slug": "ship", "topics": [{"name": "Docker", "kind": "skill"}]}]
    bring_in(value)
    assert Topic.objects.filter(name="Docker").count() == 2
    assert Unit.objects.get(slug="ship").topics.get().kind == "skill"


def test_c_is_not_c_plus_plus() -> None:
    value = changed(topics=[], entries=[], projects=[])
    value["units"] = [{"title": "Ship", "slug": "ship", "topics": ["C+++", "C###", "Zig.js", "ZigJS", "zig.JS"]}]
    bring_in(value)
    assert sorted(Unit.objects.get(slug="ship").topics.values_list("name", flat=True)) == ["C###", "C+++", "Zig.js"]


def test_a_learners_projects_keep_out_of_the_programs_own() -> None:
    bring_in(CURRICULUM)
    program = Program.objects.get()
    ada = make_user("ada")
    make_project(program=program, owner=ada, title="Tide tables", body="Built in a week.")
    assert set(actions(planned(json.dumps(CURRICULUM), names=("c.json",))).values()) == {Action.UNCHANGED}
