"""Doing what was asked: check the input, find the rows it names, call the service."""

import uuid
from collections.abc import Mapping
from typing import Any

from django_prodev.exceptions import Invalid, NotFound
from django_prodev.writing.commands import Command
from django_prodev.writing.naming import Names
from django_prodev.writing.values import Trouble, clean


def perform(
    command: Command,
    *,
    actor: Any,
    given: Mapping[str, Any],
    subject: uuid.UUID | None = None,
    expected_version: str | None = None,
) -> Any:
    """Perform ``command`` for ``actor`` (the user of the request, signed in or not).

    Args:
        command: What is asked for.
        actor: Who asks.
        given: The inputs by name; one that is left out keeps its default.
        subject: The identifier of the row that the command is addressed to.
        expected_version: The revision of that row which the actor has seen.

    Returns:
        The row that the command answers with; ``None`` where it deletes.

    Raises:
        NotFound: where there is no such row for the actor.
        Invalid: with everything that is wrong with the input.
        ProdevError: whatever the service refuses.
    """
    names = Names(actor)
    arguments: dict[str, Any] = {}
    if command.subject:
        assert subject is not None
        assert command.subject_model is not None
        row = names.row(command.subject_model, subject)
        if row is None:
            raise NotFound
        arguments[command.subject] = row
    arguments.update(_cleaned(command, given, names, actor))
    if command.versioned and expected_version is not None:
        arguments["expected_version"] = expected_version
    return command.service(actor=actor, **arguments)


def _cleaned(command: Command, given: Mapping[str, Any], names: Names, actor: Any) -> dict[str, Any]:
    wrong: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    known = ", ".join(command.by_name) or "none"
    for name in given:
        if name not in command.by_name:
            wrong[name[:40]] = [f"There is no such input here; there are: {known}."]
    for name, each in command.by_name.items():
        if name in given:
            try:
                values[name] = clean(each, given[name], names)
            except Trouble as trouble:
                wrong[name] = [str(trouble)]
        elif name == command.oneself:
            values[name] = actor
        elif each.required:
            wrong[name] = ["This is required."]
    if wrong:
        raise Invalid(fields=wrong)
    return values
