"""Rows of every listed entity, with every relation filled: what reads are counted on.

``Library(1).grow(10)`` brings each list to at least ten rows. Everyone may see them, but for what is between a program
and its people (enrolments, progress, roles): that is the ``reader``'s own.
"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from django_prodev.enums import CohortStatus, EntryKind, EntryStatus, ProgramStatus, ProjectStatus, Role, Visibility
from django_prodev.models import CurriculumItem
from django_prodev.testing import (
    make_cohort,
    make_curriculum,
    make_enrollment,
    make_entry,
    make_item,
    make_membership,
    make_program,
    make_progress,
    make_project,
    make_provider,
    make_solution,
    make_topic,
    make_unit,
    make_unit_topic,
    make_user,
)

PERSONAL = ("enrollment", "progress", "membership")
"""The entities of which only the ``reader`` sees rows."""


class Library:
    """So many shelves: a provider with a program and everything that can hang on one."""

    def __init__(self, shelves: int = 0) -> None:
        self.shelves: list[dict[str, Any]] = []
        self.people: list[AbstractBaseUser] = [make_user(f"reader-{number}") for number in range(3)]
        self.reader = self.people[0]
        self.grow(shelves)

    def grow(self, shelves: int) -> None:
        for number in range(len(self.shelves), shelves):
            self.shelves.append(self._shelf(number))

    def _shelf(self, number: int) -> dict[str, Any]:
        author, other, third = self.people
        wide = make_topic(slug=f"wide-{number}")
        topic = make_topic(slug=f"narrow-{number}", parent=wide)
        provider = make_provider(slug=f"provider-{number}")
        program = make_program(provider=provider, slug=f"program-{number}", status=ProgramStatus.PUBLISHED)
        curriculum = make_curriculum(program=program, status="published")
        unit = make_unit(provider=provider, slug=f"unit-{number}")
        part = make_unit(provider=provider, slug=f"part-{number}")
        item = make_item(curriculum=curriculum, unit=unit)
        child: CurriculumItem = make_item(curriculum=curriculum, unit=part, parent=item)
        make_unit_topic(unit=unit, topic=topic)
        make_unit_topic(unit=part, topic=wide, role="requires")
        shared = {"program": program, "unit": unit, "visibility": Visibility.PUBLIC, "topics": [topic, wide]}
        project = make_project(owner=author, members=[other, third], status=ProjectStatus.SUBMITTED, **shared)
        challenge = make_entry(
            kind=EntryKind.CHALLENGE, author=author, project=project, status=EntryStatus.PUBLISHED, **shared
        )
        cohort = make_cohort(program=program, slug=f"cohort-{number}", status=CohortStatus.PUBLISHED)
        enrollment = make_enrollment(user=author, cohort=cohort, curriculum=curriculum)
        make_membership(user=author, cohort=cohort, role=Role.OBSERVER)
        make_progress(enrollment=enrollment, unit=unit)
        return {
            "provider": provider,
            "program": program,
            "curriculum": curriculum,
            "item": item,
            "child": child,
            "unit": unit,
            "topic": topic,
            "cohort": cohort,
            "enrollment": enrollment,
            "project": project,
            "challenge": challenge,
            "solution": make_solution(challenge, author=other, topics=[topic]),
        }
