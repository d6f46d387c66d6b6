"""Who learns: enrolments, progress, and the roles of those who help."""

from django_prodev import enums
from django_prodev.models import Cohort, Enrollment, Membership, Program, Progress, Provider
from django_prodev.reading.catalog.parts import (
    by_choice,
    by_slug_of,
    by_uuid_of,
    identity,
    newest_first,
)
from django_prodev.reading.entities import Entity, Many, One, Reach, column

PROGRESS = Entity(
    "progress",
    "progress_marks",
    Progress,
    "How far a learner is with a unit; none: not started.",
    (
        *identity(Progress),
        column(Progress, "status", "How far it is.", enums.ProgressStatus),
        column(Progress, "score", "The score, from 0 to 1."),
        column(Progress, "source", "Who marked it.", enums.ProgressSource),
        column(Progress, "started_at", "When it was begun."),
        column(Progress, "completed_at", "When it was done."),
    ),
    (
        One("enrollment", "enrollment", "enrollment", Reach.JOINED, "The enrolment.", nullable=False),
        One("unit", "unit", "unit", Reach.FETCHED, "The unit."),
    ),
    (
        by_choice("status", enums.ProgressStatus, "How far it is."),
        by_uuid_of("enrollment", Enrollment, "enrollment", "The identifier of the enrolment."),
    ),
    newest_first(),
)

ENROLLMENT = Entity(
    "enrollment",
    "enrollments",
    Enrollment,
    "A person in a program.",
    (
        *identity(Enrollment),
        column(Enrollment, "status", "Its state.", enums.EnrollmentStatus),
        column(Enrollment, "source", "How it came to be.", enums.EnrollmentSource),
        column(Enrollment, "enrolled_at", "When it began."),
        column(Enrollment, "completed_at", "When the program was completed."),
        column(Enrollment, "ended_at", "When it ended."),
        column(Enrollment, "due_at", "When it is due."),
    ),
    (
        One("user", "person", "user", Reach.JOINED, "The learner; none: invited by e-mail, or erased."),
        One("program", "program", "program", Reach.FETCHED, "The program."),
        One("cohort", "cohort", "cohort", Reach.FETCHED, "The cohort."),
        One("curriculum", "curriculum", "curriculum", Reach.FETCHED, "The curriculum that it is held to, if any."),
        Many("progress", "progress", Progress, "enrollment", "How far the learner is with each unit.", paged=True),
    ),
    (
        by_choice("status", enums.EnrollmentStatus, "The state."),
        by_slug_of("program", Program, "program", "The slug of the program."),
        by_uuid_of("cohort", Cohort, "cohort", "The identifier of the cohort."),
    ),
    newest_first(),
)

MEMBERSHIP = Entity(
    "membership",
    "memberships",
    Membership,
    "A person's role for a provider, one program, or one cohort.",
    (*identity(Membership), column(Membership, "role", "The role.", enums.Role)),
    (
        One("user", "person", "user", Reach.JOINED, "The person.", nullable=False),
        One("provider", "provider", "provider", Reach.FETCHED, "The provider."),
        One("program", "program", "program", Reach.FETCHED, "The program, where it is for one."),
        One("cohort", "cohort", "cohort", Reach.FETCHED, "The cohort, where it is for one."),
    ),
    (
        by_choice("role", enums.Role, "The role."),
        by_slug_of("provider", Provider, "provider", "The slug of the provider."),
        by_slug_of("program", Program, "program", "The slug of the program."),
    ),
    newest_first(),
)
