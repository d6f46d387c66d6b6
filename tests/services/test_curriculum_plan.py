import pytest
from pytest_django import DjangoAssertNumQueries

from django_prodev import api
from django_prodev.exceptions import Conflict, NotFound, PermissionDenied
from django_prodev.models import Curriculum, Event
from django_prodev.reading.progress import progress_of
from django_prodev.testing.factories import make_enrollment, make_progress, make_unit
from tests.services.refusals import refused
from tests.services.school import School


@pytest.fixture
def draft(school: School) -> Curriculum:
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    api.add_item(curriculum=draft, unit=make_unit(provider=school.provider), actor=school.editor)
    return draft


def enrol(school: School, done: int, **fields: object) -> None:
    enrollment = make_enrollment(program=school.program, **fields)
    for unit in school.all_units[:done]:
        make_progress(enrollment=enrollment, unit=unit, status="completed")


def test_a_plan_says_who_moves_and_publishing_moves_exactly_them(school: School, draft: Curriculum) -> None:
    for done in (1, 1, 3, 3, 3):
        enrol(school, done)
    enrol(school, 3, curriculum=school.curriculum)
    enrol(school, 2, status="completed", curriculum=school.curriculum)
    enrol(school, 2, status="withdrawn")
    Event.objects.all().delete()
    plan = api.plan_publication(curriculum=draft, actor=school.editor)
    assert sorted((move.before, move.after) for move in plan.moves) == [(0, 0), (33, 25), (33, 25)] + [(100, 75)] * 3
    assert (plan.version, plan.pinned, plan.faults, plan.rises) == (2, 1, (), ())
    assert plan.summary() == (
        "6 enrolments follow this version: 3 drop from 100 % to 75 %, 2 drop from 33 % to 25 %, 1 stays as it is."
    )
    assert Event.objects.count() == 0
    api.publish_curriculum(curriculum=draft, actor=school.editor)
    moved = {move.enrollment: move.after for move in plan.moves}
    for enrollment in school.program.enrollments.filter(uuid__in=moved):
        assert progress_of([enrollment.pk])[enrollment.pk].percent == moved[enrollment.uuid]


def test_a_plan_names_the_faults_of_a_draft(school: School, draft: Curriculum) -> None:
    item = draft.items.first()
    assert item is not None
    api.edit_item(item=item, actor=school.editor, min_children=2)
    assert "asks for 2 of its parts" in " ".join(api.plan_publication(curriculum=draft, actor=school.editor).faults)


def test_a_plan_is_for_those_who_publish(school: School, draft: Curriculum) -> None:
    with refused(NotFound):
        api.plan_publication(curriculum=draft, actor=school.learner)
    with refused(PermissionDenied):
        api.plan_publication(curriculum=school.curriculum, actor=school.learner)
    with refused(Conflict, "already_published"):
        api.plan_publication(curriculum=school.curriculum, actor=school.editor)


@pytest.mark.parametrize("people", [1, 40])
def test_the_statements_of_a_plan_do_not_grow_with_the_people(
    school: School, draft: Curriculum, people: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(people):
        enrol(school, 1)
    with django_assert_max_num_queries(8):
        assert len(api.plan_publication(curriculum=draft, actor=None).moves) == people + 1
