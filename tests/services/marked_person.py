"""A person whose every text holds a marker, with something in every table that knows people."""

from typing import Any

from django.apps import apps
from django.utils import timezone

from django_prodev import api
from django_prodev.enums import EntryKind, EntryStatus, Role, Visibility
from django_prodev.models import Job, Project, Receipt
from django_prodev.testing.factories import (
    make_enrollment,
    make_entry,
    make_membership,
    make_progress,
    make_project,
    make_solution,
    make_user,
)
from tests.services.school import School

MARKER = "XQMARKERQX"


class MarkedPerson:
    """``user`` learns at the school, works with ``friend``, and has answered ``other_challenge``."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.user = make_user(MARKER.lower())
        self.friend = make_user()
        self.enrollment = make_enrollment(
            cohort=school.cohort, user=self.user, email=f"{MARKER}@example.com", external_id=MARKER
        )
        invited = {"program": school.program, "status": "invited", "email": f"{MARKER.lower()}@EXAMPLE.com"}
        self.invitation = make_enrollment(user=None, **invited)
        make_progress(enrollment=self.enrollment, unit=school.all_units[0], status="completed", score=1)
        texts = {"title": MARKER, "body": MARKER, "external_id": MARKER}
        shown = {"status": EntryStatus.PUBLISHED, "visibility": Visibility.PROGRAM}
        self.entry = make_entry(enrollment=self.enrollment, **texts)
        self.challenge = make_entry(
            enrollment=self.enrollment, kind=EntryKind.CHALLENGE, **shown | texts | {"external_id": f"{MARKER}2"}
        )
        self.answer = make_solution(self.challenge, author=self.friend, title="Mine", body="Mine too.")
        self.other_challenge = make_entry(kind=EntryKind.CHALLENGE, program=school.program, author=None, **shown)
        make_solution(self.other_challenge, author=self.user, body=MARKER)
        urls = {"repository_url": f"https://example.com/{MARKER}", "demo_url": f"https://example.com/{MARKER}"}
        self.project = make_project(enrollment=self.enrollment, summary=MARKER, **texts | urls)
        self.shared = make_project(owner=self.user, program=school.program, title="Ours", members=[self.friend])
        self.joined = make_project(owner=self.friend, program=school.program, title="Theirs", members=[self.user])
        Project.objects.filter(pk=self.joined.pk).update(reviewer=self.user, reviewed_at=timezone.now())
        make_membership(user=self.user, cohort=school.cohort, role=Role.OBSERVER)
        api.start_unit(enrollment=self.enrollment, unit=school.all_units[1], actor=self.user)
        api.waive_unit(enrollment=self.enrollment, unit=school.all_units[2], actor=school.mentor)
        Job.objects.create(kind="import", requested_by=self.user, message=MARKER, error=MARKER, result={"file": MARKER})
        Receipt.objects.create(user=self.user, key=MARKER, fingerprint="a", answer={"title": MARKER})
        Receipt.objects.create(user=school.mentor, key="k", fingerprint="b", answer={"who": self.user.get_username()})
        self.other_receipt = Receipt.objects.create(user=school.mentor, key="l", fingerprint="c", answer={"who": "-"})


def places_of(text: str) -> set[str]:
    """Every table and column of the package in which ``text`` stands, in whatever case."""
    found = set()
    for model in apps.get_app_config("django_prodev").get_models(include_auto_created=True):
        for row in model._default_manager.values():
            for column, value in row.items():
                if text.lower() in str(value).lower():
                    found.add(f"{model._meta.model_name}.{column}")
    return found


def references_to(user: Any) -> set[str]:
    """Every column of the package that refers to ``user``."""
    found = set()
    for model in apps.get_app_config("django_prodev").get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            names_users = field.is_relation and isinstance(user, field.related_model)
            if names_users and model._default_manager.filter(**{field.name: user.pk}).exists():
                found.add(f"{model._meta.model_name}.{field.name}")
    return found
