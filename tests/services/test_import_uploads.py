"""Uploads that wait for their review: whose they are, how long they wait, and who writes over them."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from django_prodev import api
from django_prodev.exceptions import Conflict, NotFound
from django_prodev.models import Job
from django_prodev.services.import_uploads import change_upload, find_upload, keep_upload
from django_prodev.testing import make_user
from tests.services.refusals import refused

pytestmark = pytest.mark.django_db


def test_an_upload_is_found_by_its_person_alone() -> None:
    person = make_user()
    job = keep_upload(actor=person, learner=None, content={"a": 1})
    assert find_upload(actor=person, upload=job.uuid) == job
    for actor, upload in ((make_user(is_superuser=True), job.uuid), (person, uuid.uuid4())):
        with refused(NotFound):
            find_upload(actor=actor, upload=upload)
        with refused(NotFound):
            change_upload(actor=actor, upload=upload, revision=1, changes={})
        api.discard_upload(actor=actor, upload=upload)
    assert Job.objects.exists()


def test_a_change_needs_the_present_revision() -> None:
    person = make_user()
    job = keep_upload(actor=person, learner=None, content={"a": 1, "b": 2})
    assert change_upload(actor=person, upload=job.uuid, revision=1, changes={"a": 3}) == 2
    with refused(Conflict, "upload_changed"):
        change_upload(actor=person, upload=job.uuid, revision=1, changes={"a": 4})
    assert find_upload(actor=person, upload=job.uuid).result["content"] == {"a": 3, "b": 2}


def test_what_waits_longer_than_a_day_is_not_found_and_is_deleted() -> None:
    person = make_user()
    old = keep_upload(actor=person, learner=None, content={})
    Job.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    with refused(NotFound):
        find_upload(actor=person, upload=old.uuid)
    kept = keep_upload(actor=person, learner=None, content={})
    assert list(Job.objects.all()) == [kept]
    other = Job.objects.create(kind="export", requested_by=person)
    Job.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert api.forget_uploads() == 1
    assert list(Job.objects.all()) == [other]


def test_erasing_a_person_deletes_what_others_uploaded_as_their_record() -> None:
    ada, owner = make_user("ada"), make_user()
    keep_upload(actor=owner, learner=ada, content={"text": "hers"})
    other = keep_upload(actor=owner, learner=None, content={})
    assert api.erase_learner(user=ada, actor=ada).jobs_deleted == 1
    assert list(Job.objects.all()) == [other]


def test_a_persons_export_holds_no_upload_that_waits() -> None:
    owner = make_user()
    keep_upload(actor=owner, learner=make_user(), content={"text": "somebody else's"})
    assert api.export_learner(user=owner, actor=owner)["jobs"] == []
