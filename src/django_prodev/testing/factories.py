"""One small function a model that stores a row with sensible, unique defaults.

Every function takes the model's fields as keywords and fills in what the database would refuse to go without: a
completed enrolment gets its date, a solution its challenge, an entry of an enrolment its author. They write rows, not
history: no service runs and no event is recorded. What a scenario means belongs to the test that needs it.
"""

import uuid
from collections.abc import Iterable
from itertools import count
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import EmailField
from django.utils import timezone

from django_prodev.enums import (
    DONE_PROGRESS_STATUSES,
    CurriculumStatus,
    EnrollmentStatus,
    EntryKind,
    ProgramStatus,
    ProjectStatus,
    Role,
    TopicKind,
)
from django_prodev.models import (
    Cohort,
    Curriculum,
    CurriculumItem,
    Enrollment,
    Entry,
    Event,
    Job,
    Membership,
    Program,
    Progress,
    Project,
    Provider,
    Receipt,
    Topic,
    Unit,
    UnitTopic,
)

_numbers = count(1)


def make_user(name: str = "", *, password: str | None = None, **fields: Any) -> AbstractBaseUser:
    """A user of whatever ``AUTH_USER_MODEL`` the site has.

    ``name`` fills the field that people log in with, as an address where that is an e-mail field; the model's other
    required text fields are filled from it too. Without ``password`` nobody can log in with one.
    """
    model = get_user_model()
    name = name or f"learner-{next(_numbers)}"
    for required in (model.USERNAME_FIELD, model.get_email_field_name(), *model.REQUIRED_FIELDS):
        is_address = isinstance(model._meta.get_field(required), EmailField)
        fields.setdefault(required, f"{name}@example.com" if is_address else name)
    user = model(**fields)
    user.set_password(password)
    user.save()
    return user


def make_provider(**fields: Any) -> Provider:
    number = next(_numbers)
    return Provider.objects.create(**{"slug": f"provider-{number}", "name": f"Provider {number}"} | fields)


def make_membership(**fields: Any) -> Membership:
    """A role, an editor's unless told, over the narrowest of ``cohort``, ``program`` and ``provider`` that is given."""
    if cohort := fields.get("cohort"):
        fields.setdefault("program", cohort.program)
    if program := fields.get("program"):
        fields.setdefault("provider", program.provider)
    fields.setdefault("role", Role.EDITOR)
    _default(fields, "provider", make_provider)
    _default(fields, "user", make_user)
    return Membership.objects.create(**fields)


def make_topic(**fields: Any) -> Topic:
    number = next(_numbers)
    return Topic.objects.create(
        **{"kind": TopicKind.CONCEPT, "slug": f"topic-{number}", "name": f"Topic {number}"} | fields
    )


def make_program(**fields: Any) -> Program:
    """A draft that everyone may see once it is published."""
    number = next(_numbers)
    _default(fields, "provider", make_provider)
    return Program.objects.create(**{"slug": f"program-{number}", "title": f"Program {number}"} | fields)


def make_unit(**fields: Any) -> Unit:
    number = next(_numbers)
    _default(fields, "provider", make_provider)
    return Unit.objects.create(**{"slug": f"unit-{number}", "title": f"Unit {number}"} | fields)


def make_unit_topic(**fields: Any) -> UnitTopic:
    _default(fields, "unit", make_unit)
    _default(fields, "topic", make_topic)
    return UnitTopic.objects.create(**fields)


def make_curriculum(**fields: Any) -> Curriculum:
    """A draft of the program's next version; any other status gets the date of its publication."""
    _default(fields, "program", make_program)
    if "version" not in fields:
        latest = Curriculum.objects.filter(program=fields["program"]).order_by("-version").first()
        fields["version"] = latest.version + 1 if latest else 1
    if fields.get("status", CurriculumStatus.DRAFT) != CurriculumStatus.DRAFT:
        fields.setdefault("published_at", timezone.now())
    return Curriculum.objects.create(**fields)


def make_item(**fields: Any) -> CurriculumItem:
    """A place after the others of its curriculum, for a unit of the program's provider."""
    _default(fields, "curriculum", make_curriculum)
    curriculum: Curriculum = fields["curriculum"]
    if "unit" not in fields:
        fields["unit"] = make_unit(provider=curriculum.program.provider)
    fields.setdefault("position", CurriculumItem.objects.filter(curriculum=curriculum).count())
    return CurriculumItem.objects.create(**fields)


def make_published_program(*, units: int | Iterable[Unit] = 3, **fields: Any) -> Program:
    """A published program with a published curriculum of ``units``: so many fresh ones, or the given ones in order."""
    program = make_program(**{"status": ProgramStatus.PUBLISHED} | fields)
    curriculum = make_curriculum(program=program, status=CurriculumStatus.PUBLISHED)
    if isinstance(units, int):
        units = [make_unit(provider=program.provider) for _ in range(units)]
    for position, unit in enumerate(units):
        make_item(curriculum=curriculum, unit=unit, position=position)
    return program


def make_cohort(**fields: Any) -> Cohort:
    number = next(_numbers)
    _default(fields, "program", make_program)
    return Cohort.objects.create(**{"slug": f"cohort-{number}", "title": f"Cohort {number}"} | fields)


def make_enrollment(**fields: Any) -> Enrollment:
    """An active learner; ``email`` without ``user`` stands for someone who has no account yet."""
    if cohort := fields.get("cohort"):
        fields.setdefault("program", cohort.program)
    _default(fields, "program", make_program)
    fields.setdefault("status", EnrollmentStatus.ACTIVE)
    if not fields.get("email") and not fields.get("anonymized_at"):
        _default(fields, "user", make_user)
    if fields["status"] == EnrollmentStatus.COMPLETED:
        fields.setdefault("completed_at", timezone.now())
    return Enrollment.objects.create(**fields)


def make_progress(**fields: Any) -> Progress:
    _default(fields, "enrollment", make_enrollment)
    if "unit" not in fields:
        fields["unit"] = make_unit(provider=fields["enrollment"].program.provider)
    if fields.get("status") in DONE_PROGRESS_STATUSES:
        fields.setdefault("completed_at", timezone.now())
    return Progress.objects.create(**fields)


def make_project(*, members: Iterable[Any] = (), topics: Iterable[Topic] = (), **fields: Any) -> Project:
    """A private draft of its ``owner``, the enrolled learner where there is an enrolment; ``owner=None`` curates it."""
    _from_enrollment(fields, "owner")
    fields.setdefault("title", f"Project {next(_numbers)}")
    if fields.get("status") == ProjectStatus.APPROVED:
        fields.setdefault("reviewed_at", timezone.now())
    project = Project.objects.create(**fields)
    project.members.set(members)
    project.topics.set(topics)
    return project


def make_entry(*, topics: Iterable[Topic] = (), **fields: Any) -> Entry:
    """A private draft of its ``author``, the enrolled learner where there is an enrolment; ``author=None`` curates it.

    A solution that is not told its ``parent`` gets a challenge of the same author, status and visibility.
    """
    fields.setdefault("kind", EntryKind.LEARNING)
    if parent := fields.get("parent"):
        fields.setdefault("program", parent.program)
    _from_enrollment(fields, "author")
    if fields["kind"] == EntryKind.SOLUTION and "parent" not in fields:
        shared = {"program", "author", "enrollment", "status", "visibility"} & fields.keys()
        fields["parent"] = make_entry(kind=EntryKind.CHALLENGE, **{key: fields[key] for key in shared})
    fields.setdefault("title", f"Entry {next(_numbers)}")
    entry = Entry.objects.create(**fields)
    entry.topics.set(topics)
    return entry


def make_solution(challenge: Entry, **fields: Any) -> Entry:
    """An answer to ``challenge``, from the same person and for the same people unless told otherwise."""
    shared: dict[str, Any] = {"status": challenge.status, "visibility": challenge.visibility}
    if not {"author", "enrollment"} & fields.keys():
        shared |= {"author": challenge.author, "enrollment": challenge.enrollment}
    return make_entry(kind=EntryKind.SOLUTION, parent=challenge, **(shared | fields))


def make_event(**fields: Any) -> Event:
    fields.setdefault("type", "prodev.program.published.v1")
    fields.setdefault("object_type", "program")
    fields.setdefault("object_uuid", program.uuid if (program := fields.get("program")) else uuid.uuid4())
    return Event.objects.create(**fields)


def make_job(**fields: Any) -> Job:
    fields.setdefault("kind", "import")
    return Job.objects.create(**fields)


def make_receipt(**fields: Any) -> Receipt:
    _default(fields, "user", make_user)
    return Receipt.objects.create(
        **{"key": f"key-{next(_numbers)}", "fingerprint": "0" * 64, "answer": {"status": 201}} | fields
    )


def _default(fields: dict[str, Any], name: str, make: Any) -> None:
    """Store a row for ``name`` only where the caller brought none: a default argument would store one every time."""
    if name not in fields:
        fields[name] = make()


def _from_enrollment(fields: dict[str, Any], person: str) -> None:
    if enrollment := fields.get("enrollment"):
        fields.setdefault("program", enrollment.program)
        fields.setdefault(person, enrollment.user)
    _default(fields, "program", make_program)
    _default(fields, person, make_user)
