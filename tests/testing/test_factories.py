from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth import authenticate, get_user_model

from django_prodev import testing
from django_prodev.enums import (
    CurriculumStatus,
    EnrollmentStatus,
    EntryKind,
    EntryStatus,
    ProgramStatus,
    ProgressStatus,
    ProjectStatus,
    Visibility,
)
from django_prodev.models import Curriculum, CurriculumItem, Provider
from django_prodev.testing import factories

pytestmark = pytest.mark.django_db

FACTORIES = {
    "Cohort": factories.make_cohort,
    "Curriculum": factories.make_curriculum,
    "CurriculumItem": factories.make_item,
    "Enrollment": factories.make_enrollment,
    "Entry": factories.make_entry,
    "Event": factories.make_event,
    "Job": factories.make_job,
    "Membership": factories.make_membership,
    "Program": factories.make_program,
    "Progress": factories.make_progress,
    "Project": factories.make_project,
    "Provider": factories.make_provider,
    "Receipt": factories.make_receipt,
    "Topic": factories.make_topic,
    "Unit": factories.make_unit,
    "UnitTopic": factories.make_unit_topic,
}


def test_every_model_has_a_factory() -> None:
    assert set(FACTORIES) == {model.__name__ for model in apps.get_app_config("django_prodev").get_models()}


def test_everything_listed_can_be_imported() -> None:
    assert [name for name in testing.__all__ if not callable(getattr(testing, name, None))] == []


@pytest.mark.parametrize("name", FACTORIES)
def test_factories_need_no_fields_may_be_called_twice_and_store_rows_that_validate(name: str) -> None:
    make: Any = FACTORIES[name]
    first, second = make(), make()
    assert first.pk != second.pk
    for row in (first, second):
        row.full_clean()


@pytest.mark.parametrize("status", EnrollmentStatus)
def test_enrolments_can_be_made_in_every_status(status: EnrollmentStatus) -> None:
    enrollment = factories.make_enrollment(status=status)
    assert (enrollment.completed_at is not None) == (status == EnrollmentStatus.COMPLETED)


@pytest.mark.parametrize("status", ProgressStatus)
def test_progress_can_be_made_in_every_status(status: ProgressStatus) -> None:
    progress = factories.make_progress(status=status)
    assert (progress.completed_at is not None) == (status in {ProgressStatus.COMPLETED, ProgressStatus.WAIVED})


@pytest.mark.parametrize("status", ProjectStatus)
def test_projects_can_be_made_in_every_status(status: ProjectStatus) -> None:
    factories.make_project(status=status).full_clean()


@pytest.mark.parametrize("kind", EntryKind)
def test_entries_can_be_made_of_every_kind(kind: EntryKind) -> None:
    factories.make_entry(kind=kind).full_clean()


def test_a_published_program_has_its_units_in_order() -> None:
    program = factories.make_published_program(units=4)
    curriculum = Curriculum.objects.get(program=program)
    positions = list(CurriculumItem.objects.filter(curriculum=curriculum).values_list("position", flat=True))
    assert program.status == ProgramStatus.PUBLISHED
    assert (curriculum.version, curriculum.status) == (1, CurriculumStatus.PUBLISHED)
    assert positions == [0, 1, 2, 3]


def test_a_published_program_takes_given_units() -> None:
    provider = factories.make_provider()
    units = [factories.make_unit(provider=provider) for _ in range(2)]
    program = factories.make_published_program(provider=provider, units=reversed(units))
    placed = CurriculumItem.objects.filter(curriculum__program=program).order_by("position")
    assert [item.unit for item in placed] == units[::-1]


def test_curricula_and_items_follow_the_last_of_their_kind() -> None:
    program = factories.make_program()
    first = factories.make_curriculum(program=program, status=CurriculumStatus.SUPERSEDED)
    second = factories.make_curriculum(program=program)
    assert (first.version, second.version) == (1, 2)
    assert [factories.make_item(curriculum=second).position for _ in range(3)] == [0, 1, 2]


def test_rows_of_an_enrolment_belong_to_its_program_and_person() -> None:
    enrollment = factories.make_enrollment()
    entry = factories.make_entry(enrollment=enrollment)
    project = factories.make_project(enrollment=enrollment)
    assert (entry.program, entry.author) == (enrollment.program, enrollment.user)
    assert (project.program, project.owner) == (enrollment.program, enrollment.user)


def test_a_cohort_brings_its_program_and_a_membership_its_provider() -> None:
    cohort = factories.make_cohort()
    membership = factories.make_membership(cohort=cohort)
    assert factories.make_enrollment(cohort=cohort).program == cohort.program
    assert (membership.program, membership.provider) == (cohort.program, cohort.program.provider)


def test_a_solution_is_as_public_as_its_challenge_unless_told_otherwise() -> None:
    challenge = factories.make_entry(
        kind=EntryKind.CHALLENGE, author=None, status=EntryStatus.PUBLISHED, visibility=Visibility.PUBLIC
    )
    solution = factories.make_solution(challenge)
    other = factories.make_user()
    private = factories.make_solution(challenge, author=other, visibility=Visibility.PRIVATE)
    assert (solution.program, solution.author, solution.status, solution.visibility) == (
        challenge.program,
        None,
        EntryStatus.PUBLISHED,
        Visibility.PUBLIC,
    )
    assert (private.author, private.visibility) == (other, Visibility.PRIVATE)


def test_topics_and_members_are_set() -> None:
    topic, member = factories.make_topic(), factories.make_user()
    project = factories.make_project(topics=[topic], members=[member])
    assert list(project.topics.all()) == [topic]
    assert list(project.members.all()) == [member]
    assert list(factories.make_entry(topics=[topic]).topics.all()) == [topic]


def test_defaults_store_nothing_that_is_given() -> None:
    program = factories.make_program()
    factories.make_enrollment(program=program)
    factories.make_entry(program=program, author=None)
    assert list(Provider.objects.all()) == [program.provider]


def test_users_can_log_in_only_with_a_password() -> None:
    user = factories.make_user("ada", password="lovelace")
    silent = factories.make_user("grace")
    model = get_user_model()
    credentials = {model.USERNAME_FIELD: user.get_username()}
    assert authenticate(password="lovelace", **credentials) == user
    assert not silent.has_usable_password()
