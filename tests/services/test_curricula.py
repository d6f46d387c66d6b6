from decimal import Decimal

import pytest

from django_prodev import api
from django_prodev.enums import CurriculumStatus, UnitKind
from django_prodev.exceptions import Conflict, Invalid, NotFound, Refused
from django_prodev.models import Curriculum, CurriculumItem, Event, Unit
from django_prodev.testing.factories import make_item, make_program, make_unit
from tests.services.refusals import refused
from tests.services.school import School


def arrangement(curriculum: Curriculum) -> list[tuple[str, str | None, int, bool, Decimal, int | None]]:
    rows = curriculum.items.order_by("parent_id", "position").values_list(
        "unit__slug", "parent__unit__slug", "position", "is_required", "weight", "min_children"
    )
    return sorted(rows, key=str)


def test_a_draft_is_the_next_version_with_the_published_items(school: School) -> None:
    group = school.curriculum.items.order_by("position").last()
    assert group is not None
    make_item(curriculum=school.curriculum, parent=group, weight=Decimal("2.5"), is_required=False)
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    assert (draft.version, draft.status) == (2, CurriculumStatus.DRAFT)
    assert arrangement(draft) == arrangement(school.curriculum)
    assert not set(draft.items.values_list("pk")) & set(school.curriculum.items.values_list("pk"))
    assert set(draft.items.exclude(parent=None).values_list("parent__curriculum", flat=True)) == {draft.pk}


def test_a_program_has_one_draft(school: School) -> None:
    api.draft_curriculum(program=school.program, actor=school.editor)
    with refused(Conflict, "draft_exists"):
        api.draft_curriculum(program=school.program, actor=school.editor)


def test_publishing_supersedes_the_version_before(school: School) -> None:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    Event.objects.all().delete()
    api.publish_curriculum(curriculum=draft, actor=school.editor)
    draft.refresh_from_db()
    school.curriculum.refresh_from_db()
    assert (draft.status, draft.published_by) == (CurriculumStatus.PUBLISHED, school.editor)
    assert school.curriculum.status == CurriculumStatus.SUPERSEDED
    assert list(Event.objects.order_by("pk").values_list("type", "data")) == [
        ("prodev.curriculum.superseded.v1", {"version": 1, "successor": str(draft.uuid)}),
        ("prodev.curriculum.published.v1", {"version": 2, "predecessor": str(school.curriculum.uuid)}),
    ]
    with refused(Conflict, "already_published"):
        api.publish_curriculum(curriculum=draft, actor=school.owner)


def test_a_draft_that_nobody_could_finish_is_not_published(school: School) -> None:
    program = make_program(provider=school.provider)
    draft = api.draft_curriculum(program=program, actor=school.editor)
    with refused(Refused, "curriculum_faulty"):
        api.publish_curriculum(curriculum=draft, actor=school.editor)
    item = api.add_item(curriculum=draft, unit=make_unit(provider=school.provider), actor=school.editor)
    api.edit_item(item=item, actor=school.editor, min_children=1)
    with refused(Refused, "curriculum_faulty") as caught:
        api.publish_curriculum(curriculum=draft, actor=school.editor)
    assert "asks for 1 of its parts, but has 0" in caught.value.message


def test_a_published_curriculum_takes_no_change(school: School) -> None:
    item = school.curriculum.items.first()
    assert item is not None
    unit = make_unit(provider=school.provider)
    before = arrangement(school.curriculum)
    for change in (
        lambda: api.add_item(curriculum=school.curriculum, unit=unit, actor=school.owner),
        lambda: api.add_unit(curriculum=school.curriculum, unit={"slug": "a", "title": "A"}, actor=school.owner),
        lambda: api.edit_item(item=item, actor=school.owner, weight=Decimal(5)),
        lambda: api.remove_item(item=item, actor=school.owner),
        lambda: api.edit_curriculum(curriculum=school.curriculum, actor=school.owner, notes="Later."),
        lambda: api.discard_draft(curriculum=school.curriculum, actor=school.owner),
    ):
        with refused(Refused, "curriculum_immutable"):
            change()
    assert arrangement(school.curriculum) == before
    assert not Unit.objects.filter(title="A").exists()


def test_items_are_placed_moved_and_removed_with_their_positions_closed(school: School) -> None:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    first, second, third = draft.items.order_by("position")
    added = api.add_item(
        curriculum=draft, unit=make_unit(provider=school.provider), actor=school.editor, position=1, weight=Decimal(3)
    )
    assert list(draft.items.order_by("position")) == [first, added, second, third]
    assert [item.position for item in draft.items.order_by("position")] == [0, 1, 2, 3]
    api.edit_item(item=third, actor=school.editor, position=0)
    assert list(draft.items.order_by("position")) == [third, first, added, second]
    api.edit_item(item=first, actor=school.editor, parent=added)
    api.remove_item(item=added, actor=school.editor)
    assert set(draft.items.all()) == {third, second}


def test_an_item_cannot_stand_below_itself_or_in_another_curriculum(school: School) -> None:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    outer, inner, _ = draft.items.order_by("position")
    api.edit_item(item=inner, actor=school.editor, parent=outer)
    elsewhere = school.curriculum.items.first()
    for parent in (inner, outer, elsewhere):
        with refused(Invalid) as caught:
            api.edit_item(item=outer, actor=school.editor, parent=parent)
        assert set(caught.value.fields) == {"parent"}


def test_items_stand_at_most_20_deep_inside_each_other(school: School) -> None:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    top = parent = draft.items.order_by("position").first()
    assert top is not None
    for number in range(19):
        parent = api.add_unit(
            curriculum=draft, actor=school.editor, unit={"slug": f"u{number}", "title": "Deep"}, parent=parent
        )
    lowest = {"slug": "lowest", "title": "Too deep"}
    with refused(Invalid) as caught:
        api.add_unit(curriculum=draft, actor=school.editor, unit=lowest, parent=parent)
    assert set(caught.value.fields) == {"parent"}
    assert not Unit.objects.filter(title="Too deep").exists()
    with refused(Invalid):
        api.edit_item(item=top, actor=school.editor, parent=draft.items.filter(parent=None).exclude(pk=top.pk)[0])
    api.publish_curriculum(curriculum=draft, actor=school.editor)


@pytest.mark.parametrize("weight", [Decimal(0), Decimal(-1), Decimal("NaN"), Decimal("Infinity"), "many", None])
def test_a_weight_is_a_positive_number(school: School, weight: Decimal) -> None:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    item = draft.items.first()
    assert item is not None
    with refused(Invalid) as caught:
        api.edit_item(item=item, actor=school.editor, weight=weight)
    assert set(caught.value.fields) == {"weight"}


def test_a_unit_stands_once_in_a_curriculum_and_only_in_its_own_provider_s(school: School) -> None:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    with refused(Conflict, "already_placed"):
        api.add_item(curriculum=draft, unit=school.all_units[0], actor=school.editor)
    foreign = School()
    with refused(Refused, "other_provider"):
        api.add_item(curriculum=draft, unit=foreign.all_units[0], actor=school.editor)
    hidden = make_unit(provider=foreign.provider)
    with refused(NotFound):
        api.add_item(curriculum=draft, unit=hidden, actor=school.editor)


def test_a_unit_made_for_a_draft_carries_the_name_of_its_program(school: School) -> None:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    item = api.add_unit(
        curriculum=draft,
        actor=school.editor,
        unit={"slug": "caching", "title": "Caching", "kind": UnitKind.LESSON},
        is_required=False,
    )
    assert (item.unit.slug, item.is_required, item.position) == (f"{school.program.slug}-caching", False, 3)


def test_discarding_a_draft_leaves_its_units(school: School) -> None:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    api.discard_draft(curriculum=draft, actor=school.editor)
    assert not Curriculum.objects.filter(pk=draft.pk).exists()
    assert CurriculumItem.objects.count() == Unit.objects.count() == 3
