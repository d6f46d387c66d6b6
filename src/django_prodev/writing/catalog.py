"""The commands: every write that an interface offers."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django_prodev import api
from django_prodev.models import (
    Cohort,
    Curriculum,
    CurriculumItem,
    Enrollment,
    Entry,
    Membership,
    Program,
    Project,
    Provider,
    Topic,
    Unit,
)
from django_prodev.reading import catalog as reading
from django_prodev.reading.entities import Entity
from django_prodev.writing import adapters
from django_prodev.writing.commands import Command
from django_prodev.writing.signatures import description_of, inputs_of, takes_version


def _command(
    action: str,
    entity: Entity,
    service: Callable[..., Any],
    subject: str = "",
    model: Any = None,
    *,
    oneself: str = "",
    also: tuple[Any, ...] = (),
) -> Command:
    inputs = inputs_of(service, subject, (entity.model, *also))
    return Command(
        name=service.__name__,
        action=action,
        entity=entity,
        service=service,
        description=description_of(service),
        inputs=tuple(replace(each, required=False) if each.name == oneself else each for each in inputs),
        subject=subject,
        subject_model=model,
        versioned=takes_version(service),
        oneself=oneself,
    )


def _of(entity: Entity, subject: str, model: Any, **services: Callable[..., Any]) -> tuple[Command, ...]:
    """Commands on a row of ``entity``, by their actions."""
    return tuple(_command(action, entity, service, subject, model) for action, service in services.items())


_CATALOGUE = (
    _command("create", reading.PROVIDER, api.create_provider),
    *_of(reading.PROVIDER, "provider", Provider, edit=api.edit_provider),
    _command("create", reading.TOPIC, api.create_topic),
    *_of(reading.TOPIC, "topic", Topic, edit=api.edit_topic),
    _command("create", reading.PROGRAM, api.create_program),
    *_of(
        reading.PROGRAM,
        "program",
        Program,
        edit=api.edit_program,
        publish=api.publish_program,
        retire=api.retire_program,
    ),
    _command("create", reading.CURRICULUM, api.draft_curriculum),
    *_of(
        reading.CURRICULUM,
        "curriculum",
        Curriculum,
        edit=api.edit_curriculum,
        delete=api.discard_draft,
        publish=api.publish_curriculum,
    ),
    _command("create", reading.CURRICULUM_ITEM, api.add_item),
    _command("create_with_unit", reading.CURRICULUM_ITEM, adapters.add_unit, also=(Unit,)),
    *_of(reading.CURRICULUM_ITEM, "item", CurriculumItem, edit=api.edit_item, delete=api.remove_item),
    _command("create", reading.UNIT, api.create_unit),
    *_of(reading.UNIT, "unit", Unit, edit=api.edit_unit, set_topics=api.set_unit_topics),
    _command("create", reading.COHORT, api.create_cohort),
    *_of(
        reading.COHORT,
        "cohort",
        Cohort,
        edit=api.edit_cohort,
        publish=api.publish_cohort,
        cancel=api.cancel_cohort,
        archive=api.archive_cohort,
        move_up=adapters.move_up_waiting,
    ),
)

_LEARNING = (
    _command("create", reading.ENROLLMENT, api.enroll, oneself="user"),
    _command("request", reading.ENROLLMENT, api.request_enrollment, oneself="user"),
    _command("invite", reading.ENROLLMENT, api.invite),
    _command("claim_invitation", reading.ENROLLMENT, api.claim_invitation),
    *_of(
        reading.ENROLLMENT,
        "enrollment",
        Enrollment,
        edit=api.edit_enrollment,
        accept_invitation=api.accept_invitation,
        decline_invitation=api.decline_invitation,
        approve=api.approve_request,
        reject=api.reject_request,
        pause=api.pause_enrollment,
        resume=api.resume_enrollment,
        withdraw=api.withdraw_enrollment,
        expire=api.expire_enrollment,
        complete=api.complete_enrollment,
        reopen=api.reopen_enrollment,
        re_enroll=api.re_enroll,
    ),
    *(
        _command(action, reading.PROGRESS, service)
        for action, service in (
            ("start", api.start_unit),
            ("submit", api.submit_unit),
            ("complete", api.complete_unit),
            ("skip", api.skip_unit),
            ("waive", api.waive_unit),
            ("reopen", api.reopen_unit),
        )
    ),
    _command("create", reading.MEMBERSHIP, adapters.grant_role),
    *_of(reading.MEMBERSHIP, "membership", Membership, delete=api.revoke_role),
)

_RECORD = (
    _command("create", reading.ENTRY, api.write_entry),
    _command("answer", reading.ENTRY, api.answer_challenge, "challenge", Entry),
    _command("accept", reading.ENTRY, api.accept_solution, "solution", Entry),
    _command("unaccept", reading.ENTRY, api.unaccept_solution, "solution", Entry),
    *_of(
        reading.ENTRY,
        "entry",
        Entry,
        edit=api.edit_entry,
        delete=api.delete_entry,
        publish=api.publish_entry,
        unpublish=api.unpublish_entry,
        share=api.share_entry,
    ),
    _command("create", reading.PROJECT, api.create_project),
    *_of(
        reading.PROJECT,
        "project",
        Project,
        edit=api.edit_project,
        submit=api.submit_project,
        withdraw=api.withdraw_project,
        share=api.share_project,
        set_members=api.set_project_members,
        approve=api.approve_project,
        request_changes=api.request_project_changes,
    ),
)

COMMANDS: dict[str, Command] = {command.name: command for command in (*_CATALOGUE, *_LEARNING, *_RECORD)}
"""Every command by its name, which is its service's."""


def commands_of(entity: Entity) -> tuple[Command, ...]:
    """The commands whose answer is a row of ``entity``."""
    return tuple(command for command in COMMANDS.values() if command.entity is entity)
