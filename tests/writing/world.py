"""A provider with everybody of the permission table, made once for a module and rolled back around each attempt."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.test import Client

from django_prodev.enums import (
    Admission,
    CohortStatus,
    EnrollmentStatus,
    EntryKind,
    EntryStatus,
    ProjectStatus,
    Role,
    Visibility,
)
from django_prodev.models import Enrollment, Program, Project
from django_prodev.services.permission_table import Who
from django_prodev.testing.factories import (
    make_cohort,
    make_curriculum,
    make_enrollment,
    make_entry,
    make_item,
    make_membership,
    make_progress,
    make_project,
    make_provider,
    make_published_program,
    make_solution,
    make_topic,
    make_unit,
    make_user,
)

PASSWORD = "a password of the tests"


class World:
    """Roles are held for the whole provider; *the learner* and *another learner* sit in two of its cohorts."""

    def __init__(self) -> None:
        self.provider = make_provider(slug="academy")
        self.people: dict[Who, Any] = {
            Who.ANOTHER_LEARNER: make_user(),
            Who.THE_LEARNER: make_user("the-learner", password=PASSWORD),
            Who.SUPERUSER: make_user(is_superuser=True),
        }
        for role in Role:
            self.people[Who(role.value)] = make_membership(provider=self.provider, role=role).user
        self.learner = self.people[Who.THE_LEARNER]
        self.clients = {who: Client() for who in Who}
        for who, person in self.people.items():
            self.clients[who].force_login(person)
        self._teach()
        self._learn()
        self._hide()

    def _teach(self) -> None:
        provider = self.provider
        self.topic = make_topic()
        self.program = make_published_program(provider=provider, admission=Admission.OPEN)
        self.curriculum = self.program.curricula.get()
        self.items = list(self.curriculum.items.select_related("unit").order_by("position"))
        self.unit = self.items[0].unit
        self.free_unit = make_unit(provider=provider)
        self.draft = make_curriculum(program=self.program)
        self.draft_item = make_item(curriculum=self.draft, unit=self.unit)
        self.draft_program = make_published_program(provider=provider, status="draft")
        self.other_program = make_published_program(provider=provider, admission=Admission.OPEN)
        self.cohort = make_cohort(program=self.program, status=CohortStatus.PUBLISHED)
        self.draft_cohort = make_cohort(program=self.program)
        self.granted = make_membership(provider=provider, role=Role.OBSERVER)

    def _learn(self) -> None:
        another = make_cohort(program=self.program, status=CohortStatus.PUBLISHED)
        self.enrollment = make_enrollment(cohort=self.cohort, user=self.learner)
        make_enrollment(cohort=another, user=self.people[Who.ANOTHER_LEARNER])
        self.invited = make_enrollment(
            program=self.other_program, user=None, email="a@b.org", status=EnrollmentStatus.INVITED
        )
        shown: dict[str, Any] = {"visibility": Visibility.PUBLIC, "enrollment": self.enrollment}
        self.challenge = make_entry(kind=EntryKind.CHALLENGE, status=EntryStatus.PUBLISHED, **shown)
        self.entry = make_entry(status=EntryStatus.PUBLISHED, **shown)
        self.solution = make_solution(self.challenge)
        self.project = make_project(**shown)

    def _hide(self) -> None:
        """Another provider, of which nobody here may see anything."""
        other = make_published_program(status="draft")
        learner = make_enrollment(program=other, cohort=make_cohort(program=other))
        curriculum = make_curriculum(program=other)
        self.hidden: dict[str, Any] = {
            "program": other,
            "curriculum": curriculum,
            "item": make_item(curriculum=curriculum),
            "unit": make_unit(provider=other.provider),
            "cohort": learner.cohort,
            "enrollment": learner,
            "membership": make_membership(provider=other.provider, role=Role.OWNER),
            "entry": make_entry(enrollment=learner),
            "challenge": make_entry(enrollment=learner, kind=EntryKind.CHALLENGE),
            "solution": make_solution(make_entry(enrollment=learner, kind=EntryKind.CHALLENGE)),
            "project": make_project(enrollment=learner),
            "parent": make_item(curriculum=curriculum),
            "provider": other.provider,
        }

    # What the attempts need to have happened before

    def admit(self, admission: Admission) -> None:
        Program.objects.filter(pk=self.program.pk).update(admission=admission)

    def become(self, status: EnrollmentStatus, **fields: Any) -> None:
        """Put the learner's enrolment in ``status``."""
        Enrollment.objects.filter(pk=self.enrollment.pk).update(status=status, **fields)

    def finish(self, *, units: int = 3, status: str = "completed") -> None:
        """Mark the learner's first units."""
        for item in self.items[:units]:
            make_progress(enrollment=self.enrollment, unit=item.unit, status=status)

    def hand_in(self) -> None:
        Project.objects.filter(pk=self.project.pk).update(status=ProjectStatus.SUBMITTED)

    def other_unit(self) -> Any:
        """A unit that everyone may see, in another program."""
        return self.other_program.curricula.get().items.first().unit

    def only_owner(self) -> Any:
        return self.provider.memberships.get(role=Role.OWNER)


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
