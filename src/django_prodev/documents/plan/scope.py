"""Whose rows an import matches: those of one person in one program, or the program's own."""

from typing import Any

from django_prodev.documents.plan.topic_index import TopicIndex
from django_prodev.enums import OPEN_ENROLLMENT_STATUSES, EnrollmentSource, EnrollmentStatus
from django_prodev.models import Enrollment, Entry, Program, Project, Topic
from django_prodev.services.catalogue_import import CatalogueChanges


class Scope:
    """What one person, or nobody, has in a program, and the enrolment that new rows belong to.

    ``entry_topics`` and ``project_topics`` have the topics of each stored row by its ``id()``.
    """

    def __init__(self, learner: Any, program: Program, topics: TopicIndex, changes: CatalogueChanges) -> None:
        self.learner = learner
        self.program = program
        self.topics = topics
        self.changes = changes
        self.held: Enrollment | None = None
        self.entry_topics: dict[int, dict[int, Topic]] = {}
        self.project_topics: dict[int, dict[int, Topic]] = {}

    def entries(self) -> list[Entry]:
        """The entries of this scope in their order, each with its parent in place."""
        if self.program._state.adding:
            return []
        rows = list(
            Entry.objects.filter(program=self.program, author=self.learner)
            .select_related("unit")
            .order_by("position", "id")
        )
        by_pk = {row.pk: row for row in rows}
        for row in rows:
            row.program = self.program
            row.parent = by_pk.get(row.parent_id) if row.parent_id else None
        links = Entry.topics.through._default_manager.filter(
            entry__program=self.program, entry__author=self.learner
        ).values_list("entry_id", "topic_id")
        for entry_id, topic_id in links:
            self.entry_topics.setdefault(id(by_pk[entry_id]), {})[topic_id] = self.topics.by_key[topic_id]
        # A solution that answers somebody else's challenge is not this document's to match.
        return [row for row in rows if not row.parent_id or row.parent is not None]

    def projects(self) -> list[Project]:
        """The projects of this scope in their order."""
        if self.program._state.adding:
            return []
        rows = list(
            Project.objects.filter(program=self.program, owner=self.learner)
            .select_related("unit")
            .order_by("position", "id")
        )
        by_pk = {row.pk: row for row in rows}
        links = Project.topics.through._default_manager.filter(
            project__program=self.program, project__owner=self.learner
        ).values_list("project_id", "topic_id")
        for project_id, topic_id in links:
            self.project_topics.setdefault(id(by_pk[project_id]), {})[topic_id] = self.topics.by_key[topic_id]
        return rows

    def enrollment(self) -> Enrollment | None:
        """The learner's enrolment: an open one, a completed one, or an active one that is made."""
        if self.learner is None:
            return None
        if self.held is None:
            self.held = self.stored_enrollment() or self.made_enrollment()
        return self.held

    def stored_enrollment(self) -> Enrollment | None:
        if self.program._state.adding:
            return None
        held = Enrollment.objects.filter(program=self.program, user=self.learner)
        for statuses in (OPEN_ENROLLMENT_STATUSES, (EnrollmentStatus.COMPLETED,)):
            if found := held.filter(status__in=statuses).order_by("-enrolled_at", "-id").first():
                return found
        return None

    def made_enrollment(self) -> Enrollment:
        enrollment = Enrollment(
            program=self.program,
            user=self.learner,
            status=EnrollmentStatus.ACTIVE,
            source=EnrollmentSource.IMPORT,
        )
        self.changes.enrollments.created.append(enrollment)
        return enrollment
