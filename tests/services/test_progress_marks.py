from decimal import Decimal

import pytest

from django_prodev import api
from django_prodev.enums import EnrollmentStatus, ProgressStatus, TopicRole
from django_prodev.exceptions import Invalid, NotFound, PermissionDenied, Refused
from django_prodev.models import Enrollment, Event, Program, Progress
from django_prodev.testing.factories import make_enrollment, make_item, make_progress, make_topic, make_unit
from tests.services.refusals import refused
from tests.services.school import School


def test_a_learner_starts_and_completes_a_unit(school: School) -> None:
    unit = school.all_units[0]
    begun = api.start_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    assert (begun.status, begun.completed_at) == (ProgressStatus.IN_PROGRESS, None)
    done = api.complete_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    assert (done.pk, done.status, done.source) == (begun.pk, ProgressStatus.COMPLETED, "learner")
    assert done.started_at == begun.started_at
    assert done.completed_at is not None
    assert list(Event.objects.order_by("pk").values_list("type", "data__from", "data__to")) == [
        ("prodev.progress.started.v1", None, "in_progress"),
        ("prodev.progress.completed.v1", "in_progress", "completed"),
    ]


def test_completing_twice_is_one_completion(school: School) -> None:
    unit = school.all_units[0]
    first = api.complete_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    second = api.complete_unit(enrollment=school.enrollment, unit=unit, actor=school.mentor)
    assert (second.pk, second.completed_at, second.source) == (first.pk, first.completed_at, "learner")
    assert Progress.objects.count() == Event.objects.count() == 1
    third = api.start_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    assert third.status == ProgressStatus.COMPLETED


def test_what_is_handed_in_is_graded_by_somebody_else(school: School) -> None:
    unit = school.all_units[0]
    api.submit_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    with refused(PermissionDenied):
        api.complete_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    graded = api.complete_unit(enrollment=school.enrollment, unit=unit, actor=school.mentor, score=Decimal("0.8750"))
    assert (graded.status, graded.score, graded.source) == (ProgressStatus.COMPLETED, Decimal("0.875"), "staff")
    reopened = api.reopen_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    assert (reopened.status, reopened.score, reopened.completed_at) == (ProgressStatus.IN_PROGRESS, None, None)


@pytest.mark.parametrize("score", [Decimal("1.0001"), Decimal(-1), Decimal("NaN"), 0.5, "1"])
def test_a_score_runs_from_0_to_1(school: School, score: Decimal) -> None:
    with refused(Invalid) as caught:
        api.complete_unit(enrollment=school.enrollment, unit=school.all_units[0], actor=school.mentor, score=score)
    assert set(caught.value.fields) == {"score"}


def test_units_are_waived_by_mentors_and_never_for_oneself(school: School) -> None:
    unit = school.all_units[0]
    for actor in (school.learner, school.reviewer):
        with refused(PermissionDenied):
            api.waive_unit(enrollment=school.enrollment, unit=unit, actor=actor)
    own = make_enrollment(cohort=school.cohort, user=school.mentor)
    with refused(PermissionDenied):
        api.waive_unit(enrollment=own, unit=unit, actor=school.mentor)
    assert api.waive_unit(enrollment=school.enrollment, unit=unit, actor=school.mentor).status == "waived"
    with refused(PermissionDenied):
        api.reopen_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    assert api.reopen_unit(enrollment=school.enrollment, unit=unit, actor=school.mentor).status == "in_progress"


def test_a_skipped_unit_is_not_done_and_can_be_done_later(school: School) -> None:
    unit = school.all_units[0]
    skipped = api.skip_unit(enrollment=school.enrollment, unit=unit, actor=school.learner)
    assert (skipped.status, skipped.completed_at) == (ProgressStatus.SKIPPED, None)
    assert api.start_unit(enrollment=school.enrollment, unit=unit, actor=school.learner).status == "in_progress"
    with refused(Refused, "transition_not_allowed"):
        api.reopen_unit(enrollment=school.enrollment, unit=school.all_units[1], actor=school.learner)


def test_marks_are_made_in_the_person_s_own_curriculum(school: School) -> None:
    elsewhere = make_unit(provider=school.provider)
    with refused(Refused, "unit_not_in_curriculum"):
        api.complete_unit(enrollment=school.enrollment, unit=elsewhere, actor=school.mentor)
    draft = api.draft_curriculum(program=school.program, actor=school.editor)
    api.add_item(curriculum=draft, unit=elsewhere, actor=school.editor)
    pinned = make_enrollment(cohort=school.cohort, curriculum=school.curriculum)
    api.publish_curriculum(curriculum=draft, actor=school.editor)
    assert api.complete_unit(enrollment=school.enrollment, unit=elsewhere, actor=school.mentor).status == "completed"
    with refused(Refused, "unit_not_in_curriculum"):
        api.complete_unit(enrollment=pinned, unit=elsewhere, actor=school.mentor)


def test_a_group_is_done_by_its_parts_or_waived_whole(school: School) -> None:
    group = school.curriculum.items.first()
    assert group is not None
    make_item(curriculum=school.curriculum, parent=group)
    with refused(Refused, "unit_is_group"):
        api.complete_unit(enrollment=school.enrollment, unit=group.unit, actor=school.learner)
    assert api.waive_unit(enrollment=school.enrollment, unit=group.unit, actor=school.mentor).status == "waived"


@pytest.mark.parametrize("status", [status for status in EnrollmentStatus.values if status != "active"])
def test_nothing_is_marked_while_an_enrolment_is_not_active(school: School, status: str) -> None:
    enrollment = make_enrollment(cohort=school.cohort, status=status)
    with refused(Refused, "enrollment_not_active"):
        api.start_unit(enrollment=enrollment, unit=school.all_units[0], actor=enrollment.user)


def test_units_in_order_open_one_after_the_other_for_the_learner(school: School) -> None:
    Program.objects.filter(pk=school.program.pk).update(enforce_order=True)
    first, second, _ = school.all_units
    with refused(Refused, "unit_locked"):
        api.start_unit(enrollment=school.enrollment, unit=second, actor=school.learner)
    assert api.complete_unit(enrollment=school.enrollment, unit=second, actor=school.mentor).status == "completed"
    api.complete_unit(enrollment=school.enrollment, unit=first, actor=school.learner)


def test_a_unit_that_requires_a_topic_opens_when_the_topic_is_taught(school: School) -> None:
    first, second, _ = school.all_units
    topic = make_topic()
    api.set_unit_topics(unit=first, actor=school.editor, topics=[(topic, TopicRole.TEACHES)])
    api.set_unit_topics(
        unit=second, actor=school.editor, topics=[(topic, TopicRole.REQUIRES), (make_topic(), TopicRole.REQUIRES)]
    )
    with refused(Refused, "unit_locked"):
        api.complete_unit(enrollment=school.enrollment, unit=second, actor=school.learner)
    api.complete_unit(enrollment=school.enrollment, unit=first, actor=school.learner)
    assert api.complete_unit(enrollment=school.enrollment, unit=second, actor=school.learner).status == "completed"


def test_other_people_s_progress_does_not_exist_for_a_learner(school: School) -> None:
    other = make_enrollment(cohort=school.cohort)
    make_progress(enrollment=other, unit=school.all_units[0])
    for actor in (school.learner, school.stranger, school.observer):
        with refused(NotFound):
            api.complete_unit(enrollment=other, unit=school.all_units[0], actor=actor)
    assert Enrollment.objects.get(pk=other.pk).progress.get().status == "in_progress"
