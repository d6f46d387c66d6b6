"""What is tried to write in each of two twins, over both interfaces.

``absent`` has rows by model that are nothing to the viewer: in the one twin they do not exist, in the other they are
hidden. Commands are addressed to them, and name them in every input that takes rows.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.test import Client

from django_prodev.enums import TopicRole
from django_prodev.graphql.types import global_id
from django_prodev.reading.catalog import COHORT, PROGRAM
from django_prodev.writing.catalog import COMMANDS
from django_prodev.writing.commands import Command, Input, InputType
from tests.graphql.asking import everything
from tests.models.world import World
from tests.rest.twins import MARKER
from tests.writing.asking import GRAPHQL, REST, in_rest, mutation_of, rest_address

SUBJECT_ROWS = {
    "Provider": ("home", "elsewhere"),
    "Topic": ("used",),
    "Program": ("main", "private", "draft"),
    "Curriculum": ("published", "draft"),
    "CurriculumItem": ("published", "draft"),
    "Unit": ("published", "draft"),
    "Cohort": ("first", "draft"),
    "Enrollment": ("learner", "programmate", "learner_draft"),
    "Membership": ("mentor", "owner"),
    "Entry": ("learner_cohort", "learner_private", "challenge", "solution_private"),
    "Project": ("learner_mentors", "learner_draft"),
}
"""Rows that some of the viewers see and others don't, which commands are addressed to."""

GIVEN: dict[str, dict[str, Any]] = {
    "title": {"title": "Other"},
    "name": {"name": "Other"},
    "notes": {"notes": "Other"},
    "due_at": {"due_at": "2031-05-01T09:00:00Z"},
    "visibility": {"visibility": "program"},
}

PLAIN: dict[InputType, Any] = {
    InputType.STRING: "other",
    InputType.INTEGER: 1,
    InputType.NUMBER: 1.0,
    InputType.BOOLEAN: True,
    InputType.DATETIME: "2031-05-01T09:00:00Z",
    InputType.DATE: "2031-05-01",
    InputType.STRINGS: [],
    InputType.ROWS: [],
    InputType.PERSON: "classmate",
    InputType.PEOPLE: [],
    InputType.TOPIC_ROLES: [],
}
"""Something that an input of the type takes."""

NAMING: dict[InputType, Callable[[Any], Any]] = {
    InputType.ROW: lambda row: row,
    InputType.ROWS: lambda row: [row],
    InputType.TOPIC_ROLES: lambda row: [{"topic": row, "role": TopicRole.TEACHES.value}],
}
"""How an input names a row."""

BULK = (
    "mutation B($input: BulkEnrollInput!) { bulkEnroll(input: $input)"
    " { rows { row status code message enrollmentId } errors { field messages } } }"
)

Absent = Mapping[str, Sequence[Any]]


def writes(client: Client, world: World, absent: Absent) -> Iterator[tuple[str, Any]]:
    """What is tried, by name, and the answer to it."""
    for name, subject, given, more in attempts(world, absent):
        command = COMMANDS[name]
        method, address = rest_address(command, subject)
        headers = {"If-Match": '"other"'} if more else {}
        yield f"REST {name}", client.generic(method, address, *body_of(in_rest(given)), headers=headers)
        body = mutation_of(command, subject, given, everything(command.entity, 0), **more)
        yield f"GraphQL {name}", client.generic("POST", GRAPHQL, *body_of(body))
    for program, cohort, rows in many_at_once(world, absent):
        given = {"program": program, "cohort": cohort, "rows": rows}
        yield "REST bulk", client.generic("POST", f"{REST}enrollments/bulk/", *body_of(in_rest(given)))
        identified = [
            {**row, "cohort": global_id(COHORT, row["cohort"].uuid)} if "cohort" in row else row for row in rows
        ]
        given = {
            "program": global_id(PROGRAM, program.uuid),
            "cohort": cohort and global_id(COHORT, cohort.uuid),
            "rows": identified,
        }
        yield "GraphQL bulk", client.generic("POST", GRAPHQL, *body_of({"query": BULK, "variables": {"input": given}}))


def body_of(given: Any) -> tuple[bytes, str]:
    return json.dumps(given).encode(), "application/json"


Attempt = tuple[str, Any, dict[str, Any], dict[str, Any]]
"""A command, the row it is addressed to, what is given, and what GraphQL takes besides."""


def attempts(world: World, absent: Absent) -> Iterator[Attempt]:
    for command in COMMANDS.values():
        if command.subject:
            assert command.subject_model is not None
            model = command.subject_model.__name__
            for subject in (*(world.rows[model][name] for name in SUBJECT_ROWS[model]), *absent[model]):
                yield command.name, subject, fitting(command, world), {}
            if command.versioned:
                yield command.name, absent[model][0], fitting(command, world), {"expectedVersion": "other"}
        yield from naming_absent(command, world, absent)
    for name, given in creations(world):
        yield name, None, given, {}


def fitting(command: Command, world: World) -> dict[str, Any]:
    """What the command must be given, and where it edits something that it takes."""
    edit = next((given for name, given in GIVEN.items() if name in command.by_name), {})
    return required(command, world) | (edit if command.action in {"edit", "share"} else {})


def required(command: Command, world: World) -> dict[str, Any]:
    return {each.name: plain(each, world) for each in command.inputs if each.required}


def plain(each: Input, world: World) -> Any:
    if each.input_type is InputType.ROW:
        assert each.model is not None
        model = each.model.__name__
        return world.rows[model][SUBJECT_ROWS[model][0]]
    return each.choices[0] if each.choices else PLAIN[each.input_type]


def naming_absent(command: Command, world: World, absent: Absent) -> Iterator[Attempt]:
    """The command addressed to a row that is there, with a row in each of its inputs that is not."""
    subject: Any = None
    if command.subject:
        assert command.subject_model is not None
        model = command.subject_model.__name__
        subject = world.rows[model][SUBJECT_ROWS[model][0]]
    for each in command.inputs:
        if each.input_type in NAMING and each.model is not None and each.model.__name__ in absent:
            for row in absent[each.model.__name__]:
                given = required(command, world) | {each.name: NAMING[each.input_type](row)}
                yield command.name, subject, given, {}


def creations(world: World) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows that are made of others, some of which are hidden, and names that hidden rows have."""
    rows: Any = world.rows
    for name in SUBJECT_ROWS["Program"]:
        program = rows["Program"][name]
        yield "enroll", {"program": program}
        yield "write_entry", {"program": program, "kind": "learning", "title": "A day"}
        yield "create_project", {"program": program, "title": "A boat"}
        yield "create_cohort", {"program": program, "slug": "first", "title": "First"}
        yield "draft_curriculum", {"program": program}
    for name in SUBJECT_ROWS["Unit"]:
        unit = rows["Unit"][name]
        yield "start_unit", {"unit": unit, "enrollment": rows["Enrollment"]["learner"]}
        yield "add_item", {"unit": unit, "curriculum": rows["Curriculum"]["draft"]}
        yield "create_program", {"provider": rows["Provider"]["home"], "slug": name, "title": "P"}
    for person in ("learner", "classmate", "stranger", MARKER):
        yield "invite", {"program": rows["Program"]["main"], "user": person}


def many_at_once(world: World, absent: Absent) -> Iterator[tuple[Any, Any, list[dict[str, Any]]]]:
    """Programs, cohorts and rows of ``bulk_enroll``."""
    rows: Any = world.rows
    main, first = rows["Program"]["main"], rows["Cohort"]["first"]
    people = [{"user": "classmate"}, {"user": "stranger"}, {"user": MARKER}, {"email": "other@example.org"}]
    for name in SUBJECT_ROWS["Program"]:
        yield rows["Program"][name], None, people
    for program in absent["Program"]:
        yield program, None, people
    yield main, first, people
    cohorts = [*(rows["Cohort"][name] for name in SUBJECT_ROWS["Cohort"]), *absent["Cohort"]]
    named = [{"email": f"{number}@example.org", "cohort": row} for number, row in enumerate(cohorts)]
    yield main, first, named
    yield main, None, named
    for cohort in absent["Cohort"]:
        yield main, cohort, people
