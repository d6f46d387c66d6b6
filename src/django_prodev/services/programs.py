"""Programs: create, edit, publish, retire."""

import re
from typing import Any, TypedDict, Unpack

from django_prodev.enums import CurriculumStatus, ProgramStatus
from django_prodev.exceptions import Conflict, Refused
from django_prodev.models import Program, Provider
from django_prodev.services.actors import Actor
from django_prodev.services.edits import Problems, assign, check_version, examine, examine_texts, save
from django_prodev.services.events import record_event
from django_prodev.services.life_cycles import PROGRAM, check_step
from django_prodev.services.permission_table import Action
from django_prodev.services.permissions import authorize
from django_prodev.services.transactions import locked, service

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
"""The shape of a BCP 47 tag; whether its parts are registered is not checked."""


class ProgramFields(TypedDict, total=False):
    """What of a program may be written. Its status has services of its own."""

    slug: str
    title: str
    summary: str
    description: str
    outcomes: list[str]
    level: str
    language: str
    effort_hours: int | None
    visibility: str
    admission: str
    enforce_order: bool
    external_id: str


@service
def create_program(*, provider: Provider, actor: Actor, **fields: Unpack[ProgramFields]) -> Program:
    """Store a program as a draft.

    Raises ``Invalid`` with all that is wrong, or ``Conflict`` (``already_exists``) where the slug is taken.
    """
    authorize(actor, Action.CREATE_PROGRAM, provider)
    program = Program(provider=provider)
    _write(program, fields)
    program.save()
    record_event(name="created", instance=program, actor=actor, program_id=program.pk)
    return program


@service
def edit_program(
    *, program: Program, actor: Actor, expected_version: str | None = None, **changes: Unpack[ProgramFields]
) -> Program:
    """Change a program's fields. Raises ``Conflict`` where ``expected_version`` is not the present one.

    The slug is for the provider's own people to change: it is unique among programs that others may not see.
    """
    authorize(actor, Action.EDIT_PROGRAM, program)
    program = locked(Program, program.pk)
    check_version(program, expected_version)
    if changes.get("slug", program.slug) != program.slug:
        authorize(actor, Action.CREATE_PROGRAM, program.provider)
    if changed := _write(program, changes):
        save(program, changed)
        record_event(name="edited", instance=program, actor=actor, program_id=program.pk, data={"fields": changed})
    return program


@service
def publish_program(*, program: Program, actor: Actor, expected_version: str | None = None) -> Program:
    """Show a draft to those it is for.

    Raises ``Refused`` (``curriculum_missing``) where no curriculum of it is published, and ``Conflict``
    (``already_published``) where somebody was first.
    """
    authorize(actor, Action.PUBLISH_PROGRAM, program)
    program = locked(Program, program.pk)
    check_version(program, expected_version)
    if program.status == ProgramStatus.PUBLISHED:
        raise Conflict("This program is published already.", code="already_published")
    check_step(PROGRAM, program.status, ProgramStatus.PUBLISHED)
    if not program.curricula.filter(status=CurriculumStatus.PUBLISHED).exists():
        raise Refused("A program needs a published curriculum before it can be published.", code="curriculum_missing")
    return _become(program, ProgramStatus.PUBLISHED, actor)


@service
def retire_program(*, program: Program, actor: Actor, expected_version: str | None = None) -> Program:
    """Take a published program off the catalogue. Its learners keep it; nobody else gets in."""
    authorize(actor, Action.RETIRE_PROGRAM, program)
    program = locked(Program, program.pk)
    check_version(program, expected_version)
    check_step(PROGRAM, program.status, ProgramStatus.RETIRED)
    return _become(program, ProgramStatus.RETIRED, actor)


def _become(program: Program, status: ProgramStatus, actor: Actor) -> Program:
    before = program.status
    program.status = status
    save(program, ["status"])
    record_event(
        name=status.value,
        instance=program,
        actor=actor,
        program_id=program.pk,
        data={"from": before, "to": status.value},
    )
    return program


def _write(program: Program, changes: Any) -> list[str]:
    changed = assign(program, changes, ProgramFields.__annotations__)
    problems = Problems()
    examine(program, problems, unique_with={"slug": {"provider": program.provider_id}})
    examine_texts(problems, "outcomes", program.outcomes)
    if not isinstance(program.language, str) or not _LANGUAGE.fullmatch(program.language):
        problems.add("language", "This takes a BCP 47 language tag, such as en or pt-BR.")
    problems.raise_any()
    return changed
