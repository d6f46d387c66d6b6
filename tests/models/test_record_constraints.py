"""What the database refuses about what people wrote and built, and about what happened: entries, projects, jobs."""

import pytest
from django.utils import timezone

from django_prodev.enums import LIVE_PROJECT_STATUSES, EntryKind, ProjectStatus
from django_prodev.models import Entry, Job, Project, Receipt
from django_prodev.testing import (
    make_enrollment,
    make_entry,
    make_job,
    make_program,
    make_project,
    make_receipt,
    make_unit,
    make_user,
)
from tests.models.refusal import refused_by

pytestmark = pytest.mark.django_db


def test_a_solution_has_a_challenge() -> None:
    with refused_by("prodev_entry_solution_parent"):
        Entry.objects.bulk_create([Entry(kind=EntryKind.SOLUTION, program=make_program())])


@pytest.mark.parametrize("kind", [kind for kind in EntryKind if kind != EntryKind.SOLUTION])
def test_only_a_solution_is_accepted(kind: EntryKind) -> None:
    solution = make_entry(kind=EntryKind.SOLUTION, accepted_at=timezone.now())
    with refused_by("prodev_entry_accepted"):
        Entry.objects.filter(pk=solution.pk).update(kind=kind)


def test_an_entry_of_an_enrolment_has_an_author() -> None:
    entry = make_entry(enrollment=make_enrollment())
    make_entry(author=None)
    with refused_by("prodev_entry_author_set"):
        Entry.objects.filter(pk=entry.pk).update(author=None)


def test_an_entry_is_not_its_own_challenge() -> None:
    solution = make_entry(kind=EntryKind.SOLUTION)
    with refused_by("prodev_entry_parent"):
        Entry.objects.filter(pk=solution.pk).update(parent=solution.pk)


def test_a_program_has_a_curated_entry_once() -> None:
    entry = make_entry(author=None, external_id="overview#1")
    make_entry(author=None, external_id="overview#1")
    for _ in range(2):
        make_entry(author=None, program=entry.program, external_id="")
        make_entry(program=entry.program, external_id="overview#1")
    with refused_by("prodev_entry_unique_curated"):
        make_entry(author=None, program=entry.program, external_id="overview#1")


def test_an_enrolment_has_an_entry_of_a_source_once() -> None:
    entry = make_entry(enrollment=make_enrollment(), external_id="overview#1")
    make_entry(enrollment=make_enrollment(program=entry.program), external_id="overview#1")
    for _ in range(2):
        make_entry(enrollment=entry.enrollment, external_id="")
    with refused_by("prodev_entry_unique_source"):
        make_entry(enrollment=entry.enrollment, external_id="overview#1")


@pytest.mark.parametrize("status", LIVE_PROJECT_STATUSES)
@pytest.mark.parametrize("held", LIVE_PROJECT_STATUSES)
def test_a_unit_has_one_live_submission_in_an_enrolment(held: ProjectStatus, status: ProjectStatus) -> None:
    enrollment, unit = make_enrollment(), make_unit()
    make_project(enrollment=enrollment, unit=unit, status=held)
    make_project(enrollment=enrollment, unit=make_unit(), status=status)
    for free in (ProjectStatus.DRAFT, ProjectStatus.WITHDRAWN):
        make_project(enrollment=enrollment, unit=unit, status=free)
    with refused_by("prodev_project_one_live"):
        make_project(enrollment=enrollment, unit=unit, status=status)


def test_a_program_has_a_curated_project_once() -> None:
    project = make_project(owner=None, external_id="overview#1")
    make_project(owner=None, external_id="overview#1")
    for _ in range(2):
        make_project(owner=None, program=project.program, external_id="")
        make_project(program=project.program, external_id="overview#1")
    with refused_by("prodev_project_unique_curated"):
        make_project(owner=None, program=project.program, external_id="overview#1")


def test_an_enrolment_has_a_project_of_a_source_once() -> None:
    project = make_project(enrollment=make_enrollment(), external_id="overview#1")
    make_project(enrollment=make_enrollment(program=project.program), external_id="overview#1")
    with refused_by("prodev_project_unique_source"):
        make_project(enrollment=project.enrollment, external_id="overview#1")


def test_an_approved_project_says_when_it_was_reviewed() -> None:
    project = make_project(status=ProjectStatus.SUBMITTED)
    with refused_by("prodev_project_reviewed_at"):
        Project.objects.filter(pk=project.pk).update(status=ProjectStatus.APPROVED)


def test_a_project_of_an_enrolment_has_an_owner() -> None:
    project = make_project(enrollment=make_enrollment())
    with refused_by("prodev_project_owner"):
        Project.objects.filter(pk=project.pk).update(owner=None)


def test_a_key_of_a_person_is_one_job() -> None:
    job = make_job(requested_by=make_user(), idempotency_key="abc")
    make_job(requested_by=make_user(), idempotency_key="abc")
    for _ in range(2):
        make_job(requested_by=job.requested_by, idempotency_key="")
    with refused_by("prodev_job_unique_key"):
        Job.objects.bulk_create([Job(kind="export", requested_by=job.requested_by, idempotency_key="abc")])


def test_a_key_of_a_person_is_one_receipt() -> None:
    receipt = make_receipt(key="abc")
    make_receipt(key="abc")
    with refused_by("prodev_receipt_unique_key"):
        Receipt.objects.bulk_create([Receipt(user=receipt.user, key="abc", fingerprint="1" * 64)])
