"""Erasing a person: everything about them is removed, or, where statistics are kept, separated from them.

The row of the user is the host's and stays; ``user.delete()`` works before and after. What others wrote stays theirs: a
challenge that others answered becomes an empty draft that carries their answers, and a project with further members
goes on with the first of them.
"""

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.db import router, transaction
from django.db.models import Q
from django.utils import timezone

from django_prodev.cache import purge
from django_prodev.conf import prodev_settings
from django_prodev.enums import OPEN_ENROLLMENT_STATUSES, EnrollmentStatus, EntryStatus, Visibility
from django_prodev.exceptions import NotFound
from django_prodev.models import (
    Cohort,
    Curriculum,
    Enrollment,
    Entry,
    Event,
    Job,
    Membership,
    Progress,
    Project,
    Receipt,
)
from django_prodev.services.actors import Actor, User, email_of, is_same_person, stored
from django_prodev.services.enrollment_steps import take_step
from django_prodev.services.import_uploads import uploads_about
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import Place
from django_prodev.services.seats import fill_seats
from django_prodev.services.transactions import locked, service


@dataclass(slots=True)
class ErasureReport:
    """How many rows were deleted, and how many were kept without the person."""

    enrollments_deleted: int = 0
    enrollments_anonymized: int = 0
    entries_deleted: int = 0
    entries_emptied: int = 0
    projects_deleted: int = 0
    projects_handed_over: int = 0
    roles_deleted: int = 0
    events_separated: int = 0
    jobs_deleted: int = 0
    receipts_deleted: int = 0


def authorize_person(actor: Actor, action: Action, user: User) -> None:
    """Let people act on their own data, and superusers on anyone's. Nobody else learns whether the person exists."""
    place = Place(people=frozenset((user.pk,)))
    if actor is not None and not prodev_settings.PERMISSION_POLICY().allows(actor, action, place):
        raise NotFound


@service
def erase_learner(*, user: User, actor: Actor, keep_statistics: bool = False, dry_run: bool = False) -> ErasureReport:
    """Erase a person.

    With ``keep_statistics`` enrolments and progress stay without a name, under identifiers of their own; texts never
    do. With ``dry_run`` the same is done and taken back, so the report is exact. Seats that this frees go to those who
    wait.
    """
    authorize_person(actor, Action.ERASE_LEARNER, user)
    own = Q(user_id=user.pk)
    if address := email_of(user):
        own |= Q(user__isnull=True, email__iexact=address)
    rows = Enrollment.objects.filter(own)
    cohorts = [locked(Cohort, pk) for pk in sorted({pk for pk in rows.values_list("cohort", flat=True) if pk})]
    report = ErasureReport()
    names = _names(user, rows)
    _erase_projects(user, report)
    _erase_entries(user, report)
    _erase_enrollments(rows, keep_statistics, actor, report)
    for cohort in cohorts:
        fill_seats(cohort, actor if not is_same_person(actor, user.pk) else None)
    _erase_bookkeeping(user, names, report)
    by = None if is_same_person(actor, user.pk) else stored(actor)
    Event.objects.create(
        type="prodev.learner.erased.v1",
        actor=by,
        object_type="learner",
        object_uuid=uuid.uuid4(),
        data={"statistics_kept": keep_statistics, **asdict(report)},
    )
    if dry_run:
        transaction.set_rollback(True, using=router.db_for_write(Event))
    # Answers that show the person are not served any more, but would stay in the cache's memory for a while.
    transaction.on_commit(_forget_answers, using=router.db_for_write(Event), robust=True)
    return report


def _forget_answers() -> None:
    purge()


def _names(user: User, rows: Any) -> set[str]:
    """By what else the person may be called in answers that were kept for others."""
    names = {str(value) for value in rows.values_list("uuid", flat=True)}
    names.update(str(value) for value in Entry.objects.filter(author_id=user.pk).values_list("uuid", flat=True))
    names.update(str(value) for value in Project.objects.filter(owner_id=user.pk).values_list("uuid", flat=True))
    names.update((str(user.get_username()), email_of(user)))
    return {name.lower() for name in names if name}


def _erase_projects(user: User, report: ErasureReport) -> None:
    for project in Project.objects.select_for_update(no_key=True).filter(owner_id=user.pk).order_by("pk"):
        heir = project.members.exclude(pk=user.pk).order_by("pk").first()
        if heir is None:
            project.delete()
            report.projects_deleted += 1
            continue
        project.members.remove(heir)
        project.owner = heir
        project.enrollment = None
        project.external_id = ""
        project.save(update_fields=["owner", "enrollment", "external_id", "updated_at"])
        report.projects_handed_over += 1
    for project in Project.objects.filter(members=user.pk):
        project.members.remove(user)
    Project.objects.filter(reviewer_id=user.pk).update(reviewer=None)


def _erase_entries(user: User, report: ErasureReport) -> None:
    others = Entry.objects.filter(Q(author__isnull=True) | ~Q(author_id=user.pk), parent__author_id=user.pk)
    kept = set(others.values_list("parent_id", flat=True))
    for entry in Entry.objects.filter(pk__in=kept):
        entry.topics.clear()
    report.entries_emptied = Entry.objects.filter(pk__in=kept).update(
        author=None,
        enrollment=None,
        unit=None,
        project=None,
        title="",
        body="",
        external_id="",
        occurred_on=None,
        status=EntryStatus.DRAFT,
        visibility=Visibility.PRIVATE,
        updated_at=timezone.now(),
    )
    gone = Entry.objects.filter(author_id=user.pk)
    report.entries_deleted = gone.count()
    gone.delete()


def _erase_enrollments(rows: Any, keep_statistics: bool, actor: Actor, report: ErasureReport) -> None:
    enrollments = list(rows.select_for_update(no_key=True).order_by("pk"))
    if not keep_statistics:
        report.enrollments_deleted = len(enrollments)
        Enrollment.objects.filter(pk__in=[enrollment.pk for enrollment in enrollments]).delete()
        return
    report.enrollments_anonymized = len(enrollments)
    for enrollment in enrollments:
        if enrollment.status in OPEN_ENROLLMENT_STATUSES:
            take_step(enrollment, EnrollmentStatus.WITHDRAWN, name="withdrawn", actor=actor)
        enrollment.user = None
        enrollment.email = ""
        enrollment.external_id = ""
        enrollment.anonymized_at = timezone.now()
        enrollment.uuid = uuid.uuid4()
        enrollment.save()
    marks = list(Progress.objects.filter(enrollment__in=enrollments))
    for mark in marks:
        mark.uuid = uuid.uuid4()
    Progress.objects.bulk_update(marks, ["uuid"], batch_size=500)


def _erase_bookkeeping(user: User, names: set[str], report: ErasureReport) -> None:
    report.roles_deleted = Membership.objects.filter(user_id=user.pk).delete()[0]
    about = Event.objects.filter(Q(actor_id=user.pk) | Q(subject_id=user.pk))
    report.events_separated = about.count()
    Event.objects.filter(actor_id=user.pk).update(actor=None)
    Event.objects.filter(subject_id=user.pk).update(subject=None)
    Curriculum.objects.filter(published_by_id=user.pk).update(published_by=None)
    jobs = Job.objects.filter(requested_by_id=user.pk) | uploads_about(user)
    report.jobs_deleted = jobs.delete()[0]
    receipts = [
        receipt.pk
        for receipt in Receipt.objects.iterator(chunk_size=500)
        if receipt.user_id == user.pk or any(name in str(receipt.answer).lower() for name in names)
    ]
    report.receipts_deleted = Receipt.objects.filter(pk__in=receipts).delete()[0]
