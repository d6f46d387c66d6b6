"""The host's own ``user.delete()`` works, whatever that person did here, and takes along what is only theirs."""

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from django_prodev.enums import CurriculumStatus, EnrollmentStatus, EntryKind, ProgressStatus, ProjectStatus, Role
from django_prodev.models import Curriculum, Enrollment, Entry, Event, Job, Membership, Progress, Project
from django_prodev.testing import (
    make_cohort,
    make_curriculum,
    make_enrollment,
    make_entry,
    make_event,
    make_job,
    make_membership,
    make_progress,
    make_project,
    make_solution,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


def _life(user: Any) -> None:
    """Everything that a person may have: a role of each scope, two enrolments, work alone and with others."""
    cohort = make_cohort()
    curriculum = make_curriculum(program=cohort.program, status=CurriculumStatus.PUBLISHED, published_by=user)
    for scope in ({"provider": cohort.program.provider}, {"program": cohort.program}, {"cohort": cohort}):
        make_membership(user=user, role=Role.MENTOR, **scope)
    for status in (EnrollmentStatus.WITHDRAWN, EnrollmentStatus.ACTIVE):
        enrollment = make_enrollment(user=user, cohort=cohort, curriculum=curriculum, status=status)
        unit = make_unit()
        make_progress(enrollment=enrollment, unit=unit, status=ProgressStatus.COMPLETED)
        project = make_project(enrollment=enrollment, unit=unit, status=ProjectStatus.SUBMITTED, external_id="p")
        make_entry(enrollment=enrollment, unit=unit, project=project, external_id="e")
        challenge = make_entry(enrollment=enrollment, kind=EntryKind.CHALLENGE)
        make_solution(challenge, external_id="s", accepted_at=timezone.now())
    make_project(members=[user])
    make_project(reviewer=user, status=ProjectStatus.APPROVED)
    make_event(actor=user, subject=user, program=cohort.program)
    for _ in range(2):
        make_job(requested_by=user, idempotency_key=uuid.uuid4().hex)
    make_job(requested_by=make_user(), idempotency_key="abc")
    make_job(requested_by=user, idempotency_key="abc")


def test_a_user_with_everything_can_be_deleted() -> None:
    user = make_user()
    _life(user)
    user.delete()
    assert not Enrollment.objects.exists()
    assert not Membership.objects.exists()
    assert not Progress.objects.exists()
    assert not Entry.objects.exists()
    assert not Project.objects.filter(owner__isnull=True).exists()
    assert (Curriculum.objects.count(), Event.objects.count(), Job.objects.count()) == (1, 1, 4)


def test_many_users_are_deleted_at_once() -> None:
    users = [make_user() for _ in range(3)]
    for user in users:
        _life(user)
    type(users[0]).objects.filter(pk__in=[user.pk for user in users]).delete()
    assert not Enrollment.objects.exists()


def test_a_learner_whose_document_the_program_also_curates_can_be_deleted() -> None:
    enrollment = make_enrollment()
    curated = make_entry(author=None, program=enrollment.program, external_id="overview#1")
    built = make_project(owner=None, program=enrollment.program, external_id="overview#2")
    make_entry(enrollment=enrollment, external_id="overview#1")
    make_project(enrollment=enrollment, external_id="overview#2")
    assert enrollment.user is not None
    enrollment.user.delete()
    assert (Entry.objects.get(), Project.objects.get()) == (curated, built)


def test_an_enrolment_can_be_deleted_and_leaves_its_entries_to_their_author() -> None:
    first = make_enrollment()
    second = make_enrollment(program=first.program)
    kept = [make_entry(enrollment=enrollment, external_id="overview#1") for enrollment in (first, second)]
    first.delete()
    second.delete()
    assert set(Entry.objects.filter(enrollment__isnull=True)) == set(kept)


def test_deleting_a_person_leaves_the_work_that_others_wrote_about_it() -> None:
    project = make_project()
    entry = make_entry(project=project)
    assert project.owner is not None
    project.owner.delete()
    entry.refresh_from_db()
    assert entry.project is None


def test_no_relation_to_a_user_stands_in_the_way() -> None:
    to_users = {
        field.remote_field.on_delete.__name__
        for model in apps.get_app_config("django_prodev").get_models()
        for field in model._meta.local_fields
        if field.is_relation and field.related_model is type(make_user())
    }
    assert to_users == {"CASCADE", "SET_NULL"}
