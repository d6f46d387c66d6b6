"""A small world with everyone and everything in it, drafts and private rows planted: what visibility is tried on.

Rows have names, so that a test can say who sees which. All of it hangs on one program, ``main``, unless its name says
otherwise; ``elsewhere`` is another provider's, of which nothing is published.
"""

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from django_prodev.enums import (
    CohortStatus,
    CurriculumStatus,
    EnrollmentStatus,
    EntryKind,
    EntryStatus,
    ProgramStatus,
    ProgramVisibility,
    ProjectStatus,
    Role,
    Visibility,
)
from django_prodev.testing import (
    make_cohort,
    make_curriculum,
    make_enrollment,
    make_entry,
    make_event,
    make_item,
    make_job,
    make_membership,
    make_program,
    make_progress,
    make_project,
    make_provider,
    make_receipt,
    make_solution,
    make_topic,
    make_unit,
    make_unit_topic,
    make_user,
)

PEOPLE = (
    "stranger",
    "learner",
    "classmate",
    "programmate",
    "former",
    "invited",
    "mentor",
    "other_mentor",
    "reviewer",
    "editor",
    "observer",
    "owner",
    "foreign_owner",
    "superuser",
)


@dataclass
class World:
    """People by name (``anonymous`` is nobody), and rows by model and name."""

    people: dict[str, Any]
    rows: dict[str, dict[str, models.Model]] = field(default_factory=dict)

    def plant(self, name: str, row: models.Model) -> Any:
        self.rows.setdefault(type(row).__name__, {})[name] = row
        return row


def make_world() -> World:
    world = World({name: make_user(name, is_superuser=name == "superuser") for name in PEOPLE} | {"anonymous": None})
    _catalogue(world)
    _team(world)
    _learners(world)
    _work(world)
    _history(world)
    return world


def _catalogue(world: World) -> None:
    home = world.plant("home", make_provider(slug="home"))
    elsewhere = world.plant("elsewhere", make_provider(slug="elsewhere"))
    world.plant("main", make_program(provider=home, status=ProgramStatus.PUBLISHED, slug="main"))
    for name, fields in {
        "unlisted": {"status": ProgramStatus.PUBLISHED, "visibility": ProgramVisibility.UNLISTED},
        "private": {"status": ProgramStatus.PUBLISHED, "visibility": ProgramVisibility.PRIVATE},
        "draft": {"status": ProgramStatus.DRAFT},
        "retired": {"status": ProgramStatus.RETIRED},
    }.items():
        world.plant(name, make_program(provider=home, slug=name, **fields))
    world.plant("elsewhere", make_program(provider=elsewhere, slug="elsewhere"))

    topic = world.plant("used", make_topic(slug="used"))
    world.plant("unused", make_topic(slug="unused"))
    structure = {
        "superseded": ("main", CurriculumStatus.SUPERSEDED),
        "published": ("main", CurriculumStatus.PUBLISHED),
        "draft": ("main", CurriculumStatus.DRAFT),
        "unlisted": ("unlisted", CurriculumStatus.PUBLISHED),
        "private": ("private", CurriculumStatus.PUBLISHED),
        "draft_program": ("draft", CurriculumStatus.PUBLISHED),
        "elsewhere": ("elsewhere", CurriculumStatus.DRAFT),
    }
    for name, (program, status) in structure.items():
        row: Any = world.rows["Program"][program]
        curriculum = world.plant(name, make_curriculum(program=row, status=status))
        unit = world.plant(name, make_unit(provider=row.provider, slug=name))
        world.plant(name, make_item(curriculum=curriculum, unit=unit))
        world.plant(name, make_unit_topic(unit=unit, topic=topic))
    unplaced = world.plant("unplaced", make_unit(provider=home, slug="unplaced"))
    world.plant("unplaced", make_unit_topic(unit=unplaced, topic=topic))

    for name, (program, status) in {
        "first": ("main", CohortStatus.PUBLISHED),
        "second": ("main", CohortStatus.PUBLISHED),
        "draft": ("main", CohortStatus.DRAFT),
        "cancelled": ("main", CohortStatus.CANCELLED),
        "unlisted": ("unlisted", CohortStatus.PUBLISHED),
        "private": ("private", CohortStatus.PUBLISHED),
        "draft_program": ("draft", CohortStatus.PUBLISHED),
    }.items():
        world.plant(name, make_cohort(program=world.rows["Program"][program], slug=name, status=status))


def _team(world: World) -> None:
    main, cohorts = world.rows["Program"]["main"], world.rows["Cohort"]
    scopes: dict[str, dict[str, Any]] = {
        "mentor": {"role": Role.MENTOR, "cohort": cohorts["first"]},
        "other_mentor": {"role": Role.MENTOR, "cohort": cohorts["second"]},
        "reviewer": {"role": Role.REVIEWER, "program": main},
        "editor": {"role": Role.EDITOR, "program": main},
        "observer": {"role": Role.OBSERVER, "program": main},
        "owner": {"role": Role.OWNER, "provider": world.rows["Provider"]["home"]},
        "foreign_owner": {"role": Role.OWNER, "provider": world.rows["Provider"]["elsewhere"]},
    }
    for name, scope in scopes.items():
        world.plant(name, make_membership(user=world.people[name], **scope))


def _learners(world: World) -> None:
    programs, cohorts = world.rows["Program"], world.rows["Cohort"]
    places: dict[str, dict[str, Any]] = {
        "learner": {"cohort": cohorts["first"]},
        "classmate": {"cohort": cohorts["first"]},
        "programmate": {"cohort": cohorts["second"], "status": EnrollmentStatus.COMPLETED},
        "former": {"cohort": cohorts["first"], "status": EnrollmentStatus.WITHDRAWN},
        "invited": {"program": programs["private"], "status": EnrollmentStatus.INVITED},
    }
    for name, place in places.items():
        world.plant(name, make_enrollment(user=world.people[name], **place))
    learner = world.people["learner"]
    for name in ("private", "draft"):
        world.plant(f"learner_{name}", make_enrollment(user=learner, program=programs[name]))
    world.plant(
        "learner_retired",
        make_enrollment(user=learner, program=programs["retired"], status=EnrollmentStatus.COMPLETED),
    )
    world.plant("by_email", make_enrollment(program=programs["main"], email="x@example.com", status="invited"))
    enrollments = world.rows["Enrollment"]
    for name in ("learner", "programmate", "learner_private"):
        world.plant(name, make_progress(enrollment=enrollments[name], unit=world.rows["Unit"]["published"]))


def _work(world: World) -> None:
    """An entry and a project for each circle, of the learner and of the program itself; and what is not out yet."""
    programs, enrolled = world.rows["Program"], world.rows["Enrollment"]
    for visibility in Visibility:
        shared: dict[str, Any] = {"visibility": visibility}
        learners = shared | {"enrollment": enrolled["learner"]}
        curated = shared | {"program": programs["main"]}
        world.plant(f"learner_{visibility}", make_entry(status=EntryStatus.PUBLISHED, **learners))
        world.plant(f"curated_{visibility}", make_entry(status=EntryStatus.PUBLISHED, author=None, **curated))
        world.plant(f"learner_{visibility}", make_project(status=ProjectStatus.SUBMITTED, **learners))
        world.plant(f"curated_{visibility}", make_project(status=ProjectStatus.APPROVED, owner=None, **curated))
    public: dict[str, Any] = {"visibility": Visibility.PUBLIC}
    for name, status in (("draft", EntryStatus.DRAFT), ("hidden_program", EntryStatus.PUBLISHED)):
        place = enrolled["learner" if name == "draft" else "learner_draft"]
        world.plant(f"learner_{name}", make_entry(status=status, enrollment=place, **public))
        world.plant(f"learner_{name}", make_project(status=f"{_project(status)}", enrollment=place, **public))
    world.plant("learner_withdrawn", make_project(status="withdrawn", enrollment=enrolled["learner"], **public))
    world.plant("curated_draft", make_entry(author=None, program=programs["main"], **public))
    world.plant("curated_draft", make_project(owner=None, program=programs["main"], **public))
    world.plant("unlisted", make_entry(author=None, program=programs["unlisted"], status="published", **public))
    world.plant("unlisted", make_project(owner=None, program=programs["unlisted"], status="approved", **public))
    world.plant(
        "team_draft", make_project(enrollment=enrolled["learner"], members=[world.people["programmate"]], **public)
    )
    challenge = world.plant(
        "challenge",
        make_entry(kind=EntryKind.CHALLENGE, enrollment=enrolled["learner"], status="published", **public),
    )
    world.plant("solution_public", make_solution(challenge, author=world.people["stranger"]))
    world.plant("solution_private", make_solution(challenge, visibility=Visibility.PRIVATE))


def _project(status: EntryStatus) -> ProjectStatus:
    return ProjectStatus.DRAFT if status == EntryStatus.DRAFT else ProjectStatus.SUBMITTED


def _history(world: World) -> None:
    people = world.people
    main = world.rows["Program"]["main"]
    world.plant("about_learner", make_event(actor=people["mentor"], subject=people["learner"], program=main))
    world.plant("of_program", make_event(program=main))
    world.plant("without_program", make_event(actor=people["stranger"]))
    world.plant("learners", make_job(requested_by=people["learner"]))
    world.plant("nobodys", make_job())
    world.plant("learners", make_receipt(user=people["learner"]))
