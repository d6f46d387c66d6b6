"""Foreign curricula as rows: imported, imported again, changed upstream, exported and imported elsewhere."""

import json
from copy import deepcopy
from typing import Any

import pytest

from django_prodev.documents.export import export_program
from django_prodev.documents.plan import Action
from django_prodev.enums import CurriculumStatus, TopicRole
from django_prodev.models import Curriculum, CurriculumItem, Program, Topic, Unit, UnitTopic
from tests.documents.foreign_curricula import COURSE, OUTLINE, SUPERBLOCK, TRACK, WEEKS
from tests.documents.importing import actions, imported, planned

pytestmark = pytest.mark.django_db

SOURCES = {
    "track.json": json.dumps(TRACK),
    "superblock.json": json.dumps(SUPERBLOCK),
    "course.yml": COURSE,
    "outline.md": OUTLINE,
    "weeks.md": WEEKS,
}


def arrangement(version: int) -> list[tuple[str, str, str]]:
    items = CurriculumItem.objects.filter(curriculum__version=version).select_related("unit", "parent__unit")
    return sorted(
        (str(item.parent.unit.uuid) if item.parent else "", f"{item.position:03}", str(item.unit.uuid))
        for item in items
    )


@pytest.mark.parametrize("name", SOURCES)
def test_an_import_makes_a_draft_program_and_importing_again_writes_nothing(name: str) -> None:
    plan = imported(SOURCES[name], names=(name,))
    program = Program.objects.get()
    assert (program.status, Curriculum.objects.get().status) == ("draft", CurriculumStatus.DRAFT)
    assert CurriculumItem.objects.count() == len([one for one in plan.records if one.record.kind == "unit"])
    again = imported(SOURCES[name], names=(name,))
    assert len(again.changes) == 0
    assert set(actions(again).values()) == {Action.UNCHANGED}


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("format", ["json", "yaml", "markdown"])
def test_what_was_imported_is_exported_and_read_back_to_the_same_rows(name: str, format: str) -> None:
    imported(SOURCES[name], names=(name,))
    text = export_program(Program.objects.get(), format=format)
    again = planned(text, names=(f"other.{'md' if format == 'markdown' else format}",))
    assert len(again.changes) == 0


def test_prerequisites_and_order_are_rows() -> None:
    imported(SOURCES["track.json"], SOURCES["course.yml"], names=("track.json", "course.yml"))
    spring = Unit.objects.get(slug="harbourish-spring")
    links = set(UnitTopic.objects.filter(unit=spring).values_list("topic__name", "role"))
    assert links == {("Harbour Basics", TopicRole.REQUIRES), ("Tides", TopicRole.TEACHES)}
    assert spring.external_id == "u-2"
    assert Program.objects.get(slug="lighthouse").enforce_order is True
    assert not Program.objects.get(slug="harbourish").enforce_order
    optional = CurriculumItem.objects.filter(is_required=False).values_list("unit__title", flat=True)
    assert set(optional) == {"Neap", "Fog horn"}


def changed_upstream() -> dict[str, Any]:
    value = deepcopy(TRACK)
    exercises = value["exercises"]["concept"]
    exercises.insert(0, {"slug": "wind", "name": "Wind", "uuid": "u-9", "concepts": [], "prerequisites": []})
    exercises[1]["name"] = "Very Low Water"
    exercises[2]["slug"] = "spring-tide"
    return value


def test_what_is_edited_upstream_becomes_a_draft_of_the_next_version_with_the_same_units() -> None:
    imported(SOURCES["track.json"], names=("track.json",), publish=True)
    before = arrangement(1)
    units = dict(Unit.objects.values_list("external_id", "uuid"))
    plan = imported(json.dumps(changed_upstream()), names=("track.json",))
    assert arrangement(1) == before
    assert [(one.curriculum_version, one.curriculum_action) for one in plan.programs] == [(2, Action.CREATE)]
    assert plan.programs[0].removed == []
    after = dict(Unit.objects.values_list("external_id", "uuid"))
    assert {key: after[key] for key in units} == units
    assert Unit.objects.get(external_id="u-1").title == "Very Low Water"
    assert Unit.objects.get(external_id="u-2").slug == "harbourish-spring"
    assert len(imported(json.dumps(changed_upstream()), names=("track.json",)).changes) == 0


def test_a_course_that_is_retitled_in_markdown_is_known_by_its_address() -> None:
    imported(OUTLINE, names=("a.md",), publish=True)
    uuid = Unit.objects.get(title="Ropes").uuid
    edited = OUTLINE.replace("[Ropes]", "[Ropes and lines]").replace("Everything a pilot needs.", "All a pilot needs.")
    plan = imported(edited, names=("a.md",))
    assert Unit.objects.get(title="Ropes and lines").uuid == uuid
    assert (plan.programs[0].removed, Curriculum.objects.count()) == ([], 1)
    assert len(imported(edited, names=("a.md",)).changes) == 0


def test_a_course_that_is_no_longer_listed_leaves_the_curriculum_and_stays_a_unit() -> None:
    imported(OUTLINE, names=("a.md",), publish=True)
    line = next(line for line in OUTLINE.split("\n") if line.startswith("[Ropes]"))
    plan = imported(OUTLINE.replace(f"{line}\n", ""), names=("a.md",))
    assert plan.programs[0].removed == ["harbour-school-ropes"]
    assert Unit.objects.filter(title="Ropes").exists()
    assert Curriculum.objects.get(status=CurriculumStatus.DRAFT).version == 2


def test_programs_with_units_of_one_name_do_not_share_them() -> None:
    other = {**TRACK, "language": "Shorish", "slug": "shorish"}
    imported(SOURCES["track.json"], json.dumps(other), names=("a.json", "b.json"))
    assert Unit.objects.filter(title="Buoy").count() == 2
    assert Topic.objects.filter(name="Tides").count() == 1


def test_topics_of_all_readers_are_the_same_topics() -> None:
    own = {"prodev": 1, "program": {"title": "Own"}, "units": [{"title": "A", "topics": ["Postgres", "PostgreSQL 15"]}]}
    imported(OUTLINE, json.dumps(own), names=("a.md", "b.json"))
    assert Topic.objects.filter(slug="postgresql").count() == 1
    assert not Topic.objects.filter(name__startswith="Postgres", slug__gt="postgresql").exists()
