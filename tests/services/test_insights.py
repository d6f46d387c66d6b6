from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from django_prodev import api
from django_prodev.enums import EntryKind, EntryStatus, ProjectStatus, TopicRole, Visibility
from django_prodev.exceptions import NotFound, PermissionDenied
from django_prodev.models import Enrollment, Program, Progress, Unit
from django_prodev.testing.factories import (
    make_enrollment,
    make_entry,
    make_item,
    make_progress,
    make_project,
    make_solution,
    make_topic,
    make_unit_topic,
)
from tests.services.refusals import refused
from tests.services.school import School


def test_an_explanation_says_what_counts_what_is_missing_and_what_comes_next(school: School) -> None:
    first, second, third = school.all_units
    Unit.objects.filter(pk=third.pk).update(effort_minutes=30)
    choice = make_item(curriculum=school.curriculum, min_children=2, weight=Decimal(5))
    parts = [make_item(curriculum=school.curriculum, parent=choice, position=number) for number in range(3)]
    topic = make_topic()
    make_unit_topic(unit=second, topic=topic, role=TopicRole.TEACHES)
    make_unit_topic(unit=parts[2].unit, topic=topic, role=TopicRole.REQUIRES)
    make_progress(enrollment=school.enrollment, unit=first, status="completed")
    make_progress(enrollment=school.enrollment, unit=parts[0].unit, status="completed")
    explained = api.explain_progress(enrollment=school.enrollment, actor=school.learner)
    assert (explained.percent, explained.is_complete) == (43, False)
    shares = [(row.unit, row.depth, row.share, row.earned, row.status) for row in explained.units]
    assert shares[:3] == [
        (first, 0, Decimal("12.50"), Decimal("12.50"), "completed"),
        (second, 0, Decimal("12.50"), Decimal("0.00"), ""),
        (third, 0, Decimal("12.50"), Decimal("0.00"), ""),
    ]
    assert shares[3] == (choice.unit, 0, Decimal("62.50"), Decimal("31.25"), "")
    assert shares[4] == (parts[0].unit, 1, Decimal("31.25"), Decimal("31.25"), "completed")
    assert explained.missing == (second, third, parts[1].unit, parts[2].unit)
    [chosen] = explained.choices
    assert (chosen.unit, chosen.more, chosen.of) == (choice.unit, 1, (parts[1].unit, parts[2].unit))
    [locked] = explained.locked
    assert (locked.unit, locked.topics, locked.waits_for) == (parts[2].unit, (topic,), ())
    assert explained.next_step == third
    assert explained.summary == (
        "2 of 6 units are done, which makes 43 % by weight. 4 would bring this further, 1 of them locked."
    )


def test_the_next_step_is_open_and_the_learner_s_own_to_take(school: School) -> None:
    first, second, third = school.all_units
    Program.objects.filter(pk=school.program.pk).update(enforce_order=True)
    Unit.objects.filter(pk=third.pk).update(effort_minutes=1)
    assert api.explain_progress(enrollment=school.enrollment, actor=school.mentor).next_step == first
    make_progress(enrollment=school.enrollment, unit=first, status="submitted")
    explained = api.explain_progress(enrollment=school.enrollment, actor=school.mentor)
    assert explained.next_step is None
    assert [(row.unit, row.waits_for) for row in explained.locked] == [(second, (first,)), (third, (first, second))]


def test_a_finished_person_has_no_next_step(school: School) -> None:
    for unit in school.all_units:
        make_progress(enrollment=school.enrollment, unit=unit, status="completed")
    explained = api.explain_progress(enrollment=school.enrollment, actor=school.learner)
    assert (explained.percent, explained.is_complete, explained.missing, explained.next_step) == (100, True, (), None)


@pytest.mark.parametrize("units", [1, 30])
def test_an_explanation_takes_a_fixed_number_of_statements(
    units: int, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    school = School(units=units)
    with django_assert_num_queries(5):
        api.explain_progress(enrollment=school.enrollment, actor=None)


def test_progress_is_shown_to_the_person_and_to_those_who_accompany_them(school: School) -> None:
    for actor in (school.learner, school.mentor, school.reviewer, school.editor, school.owner):
        assert api.explain_progress(enrollment=school.enrollment, actor=actor).percent == 0
    for actor in (school.observer, school.stranger):
        with refused(NotFound):
            api.explain_progress(enrollment=school.enrollment, actor=actor)


def test_mastery_comes_from_finished_units_and_approved_projects(school: School) -> None:
    taught, practised, assessed, built, waived, begun = (make_topic() for _ in range(6))
    first, second, third = school.all_units
    for topic, role in ((taught, "teaches"), (practised, "practices"), (assessed, "assesses"), (begun, "requires")):
        make_unit_topic(unit=first, topic=topic, role=role)
    make_unit_topic(unit=second, topic=waived)
    make_unit_topic(unit=third, topic=begun)
    for unit, status in ((first, "completed"), (second, "waived"), (third, "in_progress")):
        make_progress(enrollment=school.enrollment, unit=unit, status=status)
    make_project(enrollment=school.enrollment, status=ProjectStatus.APPROVED, topics=[built])
    make_project(enrollment=school.enrollment, status=ProjectStatus.SUBMITTED, topics=[begun])
    mastery = api.topic_mastery(enrollment=school.enrollment, actor=school.learner)
    assert (mastery.learnt, mastery.practised, mastery.demonstrated) == (
        {taught.pk},
        {practised.pk},
        {assessed.pk, built.pk},
    )


def fill(school: School, people: int) -> list[Enrollment]:
    """So many more people, of whom the first half has finished one unit and come to a halt with the next."""
    rows = [make_enrollment(cohort=school.cohort) for _ in range(people)]
    first, second, _ = school.all_units
    for row in rows[: people // 2]:
        make_progress(enrollment=row, unit=first, status="completed")
        make_progress(enrollment=row, unit=second)
    old = timezone.now() - timedelta(days=20)
    Progress.objects.update(updated_at=old)
    return rows


def test_a_cohort_s_overview_shows_staff_where_people_are_and_where_they_are_stuck(school: School) -> None:
    rows = fill(school, 4)
    topic = make_topic()
    shown = {"status": EntryStatus.PUBLISHED, "visibility": Visibility.COHORT, "kind": EntryKind.CHALLENGE}
    make_entry(enrollment=rows[0], topics=[topic], **shown)
    solved = make_entry(enrollment=rows[1], topics=[topic], **shown)
    make_solution(solved, accepted_at=timezone.now())
    make_entry(enrollment=rows[2], topics=[topic], **shown | {"visibility": Visibility.PRIVATE})
    overview = api.cohort_overview(cohort=school.cohort, actor=school.mentor)
    assert (overview.people, overview.completed, overview.waiting) == (5, 0, 0)
    assert [(bucket.least, bucket.people) for bucket in overview.distribution if bucket.people] == [(0, 3), (25, 2)]
    assert (overview.idle, overview.idle_enrollments) == (2, (rows[0].pk, rows[1].pk))
    assert [(stuck.unit, stuck.people) for stuck in overview.stuck_units] == [(school.all_units[1], 2)]
    assert [(row.topic, row.challenges) for row in overview.unsolved_topics] == [(topic, 1)]


def test_an_observer_is_shown_no_figure_about_a_few_people(school: School) -> None:
    fill(school, 4)
    overview = api.cohort_overview(cohort=school.cohort, actor=school.observer)
    assert (overview.people, overview.completed, overview.waiting) == (5, None, None)
    assert [(bucket.least, bucket.most, bucket.people) for bucket in overview.distribution] == [(0, 100, 5)]
    assert (overview.idle, overview.idle_enrollments, overview.stuck_units) == (None, (), ())
    fill(school, 10)
    larger = api.cohort_overview(cohort=school.cohort, actor=school.observer)
    assert [bucket.people for bucket in larger.distribution] == [8, 7]
    assert larger.idle == larger.stuck_units[0].people == 7
    for actor in (school.learner, school.stranger):
        with refused(PermissionDenied):
            api.cohort_overview(cohort=school.cohort, actor=actor)


@pytest.mark.parametrize("people", [2, 30])
def test_the_statements_of_an_overview_do_not_grow_with_the_cohort(
    school: School, people: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    fill(school, people)
    with django_assert_num_queries(7):
        api.cohort_overview(cohort=school.cohort, actor=None)


def test_whoever_left_a_private_program_is_told_nothing_more_of_its_units(school: School) -> None:
    make_progress(enrollment=school.enrollment, unit=school.all_units[0], status="completed")
    api.withdraw_enrollment(enrollment=school.enrollment, actor=school.learner)
    assert api.explain_progress(enrollment=school.enrollment, actor=school.learner).percent == 33
    Program.objects.filter(pk=school.program.pk).update(visibility="private")
    with refused(NotFound):
        api.explain_progress(enrollment=school.enrollment, actor=school.learner)
    assert api.progress_page(enrollments=[school.enrollment.uuid], actor=school.learner) == {}
    assert len(api.progress_page(enrollments=[school.enrollment.uuid], actor=school.mentor)) == 1
