from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from django_prodev.enums import CurriculumStatus, EnrollmentStatus, ProgressStatus
from django_prodev.models import Curriculum, Enrollment
from django_prodev.reading.progress import EnrollmentProgress, progress_of
from django_prodev.testing.factories import (
    make_cohort,
    make_curriculum,
    make_enrollment,
    make_item,
    make_progress,
    make_published_program,
    make_unit,
)

pytestmark = pytest.mark.django_db


def supersede(curriculum: Curriculum, units: int) -> Curriculum:
    """A version after ``curriculum``, of the same units in the same order and ``units`` further ones."""
    Curriculum.objects.filter(pk=curriculum.pk).update(status=CurriculumStatus.SUPERSEDED)
    latest = make_curriculum(program=curriculum.program, status=CurriculumStatus.PUBLISHED)
    for item in curriculum.items.all():
        make_item(curriculum=latest, unit=item.unit)
    for _ in range(units):
        make_item(curriculum=latest)
    return latest


def percent(enrollment: Enrollment) -> int:
    return progress_of([enrollment.pk])[enrollment.pk].percent


def test_what_is_completed_or_waived_counts_and_nothing_else() -> None:
    program = make_published_program(units=5)
    enrollment = make_enrollment(program=program)
    curriculum = program.curricula.get()
    units = [item.unit for item in curriculum.items.all()]
    for unit, status in zip(units, ProgressStatus.values, strict=True):
        make_progress(enrollment=enrollment, unit=unit, status=status)
    make_progress(enrollment=enrollment, unit=make_unit(provider=program.provider), status="completed")
    assert progress_of([enrollment.pk]) == {
        enrollment.pk: EnrollmentProgress(enrollment.pk, curriculum.pk, 40, False, 2, 5)
    }


def test_progress_follows_the_published_version_unless_the_person_or_the_cohort_is_pinned() -> None:
    program = make_published_program(units=1)
    first = program.curricula.get()
    following = make_enrollment(program=program)
    pinned = make_enrollment(program=program, curriculum=first)
    in_cohort = make_enrollment(cohort=make_cohort(program=program, curriculum=first))
    for enrollment in (following, pinned, in_cohort):
        make_progress(enrollment=enrollment, unit=first.items.get().unit, status="completed")
    latest = supersede(first, units=2)
    repinned = make_enrollment(cohort=in_cohort.cohort, curriculum=latest)
    make_progress(enrollment=repinned, unit=first.items.get().unit, status="completed")
    assert [percent(row) for row in (following, pinned, in_cohort, repinned)] == [33, 100, 100, 33]


def test_without_a_published_curriculum_there_is_nothing_to_do() -> None:
    enrollment = make_enrollment()
    assert progress_of([enrollment.pk])[enrollment.pk] == EnrollmentProgress(enrollment.pk, None, 0, False, 0, 0)


@pytest.mark.parametrize("people", [1, 10, 50])
def test_a_page_takes_three_statements(
    people: int, django_assert_num_queries: DjangoAssertNumQueries, make_page: Callable[[int], list[int]]
) -> None:
    keys = make_page(people)
    with django_assert_num_queries(3):
        page = progress_of(keys)
    assert list(page) == keys
    assert {progress.percent for progress in page.values()} == {25}


@pytest.fixture
def make_page() -> Callable[[int], list[int]]:
    def make(people: int) -> list[int]:
        keys = []
        for program in (make_published_program(units=4), make_published_program(units=8)):
            units = [item.unit for item in program.curricula.get().items.all()]
            for _ in range((people + 1) // 2):
                enrollment = make_enrollment(program=program, status=EnrollmentStatus.ACTIVE)
                for unit in units[: len(units) // 4]:
                    make_progress(enrollment=enrollment, unit=unit, status="completed")
                keys.append(enrollment.pk)
        return keys

    return make
