"""Doing what was asked: check the input, find the rows it names, call the service."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django_prodev import api
from django_prodev.exceptions import Invalid, NotFound
from django_prodev.writing.commands import Command, Input
from django_prodev.writing.naming import Names
from django_prodev.writing.values import Trouble, clean


def perform(
    command: Command,
    *,
    actor: Any,
    given: Mapping[str, Any],
    subject: uuid.UUID | None = None,
    expected_versions: Collection[str] | None = None,
) -> Any:
    """Perform ``command`` for ``actor`` (the user of the request, signed in or not).

    Args:
        command: What is asked for.
        actor: Who asks.
        given: The inputs by name; one that is left out keeps its default.
        subject: The identifier of the row that the command is addressed to.
        expected_versions: The revisions of that row, one of which it must have; ``None`` where any will do.

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
        if command.versioned and expected_versions is not None:
            present = api.version_of(row)  # the service compares it again with the row that it holds
            arguments["expected_version"] = present if present in expected_versions else ""
    arguments.update(cleaned(command.by_name, given, names, oneself=command.oneself))
    return command.service(actor=actor, **arguments)


def cleaned(
    inputs: Mapping[str, Input], given: Mapping[str, Any], names: Names, *, oneself: str = ""
) -> dict[str, Any]:
    """The values of ``inputs``, as the service takes them; whoever asks stands in for a missing ``oneself``.

    Raises:
        Invalid: with everything that is wrong.
    """
    wrong: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    known = ", ".join(inputs) or "none"
    for name in given:
        if name not in inputs:
            wrong[name[:40]] = [f"There is no such input here; there are: {known}."]
    for name, each in inputs.items():
        if name in given:
            try:
                values[name] = clean(each, given[name], names)
            except Trouble as trouble:
                wrong[name] = [str(trouble)]
        elif name == oneself:
            values[name] = names.actor
        elif each.required:
            wrong[name] = ["This is required."]
    if wrong:
        raise Invalid(fields=wrong)
    return values
