"""A provider with one published program and everybody who can stand in some relation to it."""

from dataclasses import dataclass, field
from typing import Any

from django_prodev.enums import Admission, CohortStatus, EnrollmentStatus, ProgramStatus, Role
from django_prodev.models import Cohort, Curriculum, Enrollment, Program, Provider, Unit
from django_prodev.testing.factories import (
    make_cohort,
    make_enrollment,
    make_membership,
    make_provider,
    make_published_program,
    make_user,
)


@dataclass
class School:
    """``owner`` and ``editor`` hold their roles for the provider, ``mentor`` and ``observer`` for the cohort."""

    provider: Provider = field(default_factory=make_provider)
    owner: Any = field(default_factory=make_user)
    editor: Any = field(default_factory=make_user)
    mentor: Any = field(default_factory=make_user)
    reviewer: Any = field(default_factory=make_user)
    observer: Any = field(default_factory=make_user)
    learner: Any = field(default_factory=make_user)
    stranger: Any = field(default_factory=make_user)
    admission: Admission = Admission.OPEN
    units: int = 3
    capacity: int | None = None
    program: Program = field(init=False)
    curriculum: Curriculum = field(init=False)
    cohort: Cohort = field(init=False)
    enrollment: Enrollment = field(init=False)

    def __post_init__(self) -> None:
        self.program = make_published_program(provider=self.provider, units=self.units, admission=self.admission)
        self.curriculum = self.program.curricula.get()
        self.cohort = make_cohort(program=self.program, status=CohortStatus.PUBLISHED, capacity=self.capacity)
        make_membership(user=self.owner, provider=self.provider, role=Role.OWNER)
        make_membership(user=self.editor, provider=self.provider, role=Role.EDITOR)
        make_membership(user=self.mentor, cohort=self.cohort, role=Role.MENTOR)
        make_membership(user=self.reviewer, cohort=self.cohort, role=Role.REVIEWER)
        make_membership(user=self.observer, cohort=self.cohort, role=Role.OBSERVER)
        self.enrollment = make_enrollment(cohort=self.cohort, user=self.learner, status=EnrollmentStatus.ACTIVE)

    @property
    def all_units(self) -> list[Unit]:
        return [item.unit for item in self.curriculum.items.select_related("unit").order_by("position")]

    def become_draft(self) -> None:
        Program.objects.filter(pk=self.program.pk).update(status=ProgramStatus.DRAFT)
        self.program.refresh_from_db()
