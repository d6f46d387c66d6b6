"""Uploads that wait for a person to look at their plan: kept as that person's job, and for a day at most.

A row of the database, so that every worker finds it and nothing else has to be running. What the upload holds is no
business of this module: it keeps values, says whose they are, and sees that two tabs do not overwrite each other.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from django_prodev.enums import JobStatus
from django_prodev.exceptions import Conflict, NotFound
from django_prodev.models import Job
from django_prodev.services.actors import User
from django_prodev.services.transactions import service

UPLOAD = "import_upload"
"""The kind of these jobs."""

UPLOAD_KEPT = timedelta(days=1)
"""How long an upload waits."""


@service
def keep_upload(*, actor: User, learner: User | None, content: dict[str, Any]) -> Job:
    """Keep an upload for ``actor``; ``learner`` is whose record it would become. Those past their time are deleted."""
    forget_uploads()
    result = {"revision": 1, "learner": None if learner is None else str(learner.pk), "content": content}
    return Job.objects.create(kind=UPLOAD, requested_by=actor, result=result)


def find_upload(*, actor: User, upload: UUID) -> Job:
    """An upload of ``actor`` that still waits. Raises ``NotFound`` for another's, one past its time, and none."""
    found = _waiting().filter(requested_by=actor, uuid=upload).first()
    if found is None:
        raise NotFound
    return found


@service
def change_upload(*, actor: User, upload: UUID, revision: int, changes: dict[str, Any]) -> int:
    """Replace parts of what an upload holds; the answer is its revision afterwards.

    Raises ``Conflict`` (``upload_changed``) where it is not at ``revision`` any more, and ``NotFound``.
    """
    job = lock_upload(actor=actor, upload=upload, revision=revision)
    job.result["content"] |= changes
    job.result["revision"] = revision + 1
    job.save(update_fields=["result", "updated_at"])
    return revision + 1


def lock_upload(*, actor: User, upload: UUID, revision: int) -> Job:
    """An upload that nobody else can change or import until the transaction ends. Raises as ``change_upload``."""
    found = _waiting().select_for_update(no_key=True).filter(requested_by=actor, uuid=upload).first()
    if found is None:
        raise NotFound
    if found.result["revision"] != revision:
        raise Conflict("This was changed elsewhere, perhaps in another tab.", code="upload_changed")
    return found


def finish_upload(job: Job, *, counts: dict[str, int]) -> None:
    """Note that a locked upload was imported. What it held is gone."""
    job.status = JobStatus.SUCCEEDED
    job.finished_at = timezone.now()
    job.total = job.done = sum(counts.values())
    job.result = {"counts": counts}
    job.save()


@service
def discard_upload(*, actor: User, upload: UUID) -> None:
    """Delete an upload. One that is not there any more is discarded already."""
    _waiting().filter(requested_by=actor, uuid=upload).delete()


@service
def forget_uploads() -> int:
    """Delete the uploads that are past their time. Returns how many there were."""
    old = Job.objects.filter(waiting_upload(), created_at__lt=timezone.now() - UPLOAD_KEPT)
    return old.delete()[0]


def uploads_about(learner: User) -> QuerySet[Job]:
    """Uploads that would become this person's record, whoever made them."""
    return Job.objects.filter(kind=UPLOAD, result__learner=str(learner.pk))


def waiting_upload() -> Q:
    """Which jobs are uploads that still hold what was uploaded."""
    return Q(kind=UPLOAD, status=JobStatus.QUEUED)


def _waiting() -> QuerySet[Job]:
    return Job.objects.filter(waiting_upload(), created_at__gte=timezone.now() - UPLOAD_KEPT)
