"""Mutations: one for each command of the writing room, by Relay's conventions (one ``input``, a payload of its own).

What is wrong with the input is in the payload's ``errors``, for a form to show; what is refused is an error of the
answer with its code in ``extensions``. The row in a payload is read by a plan, like everything else.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

import graphene
from django.db.models import TextChoices
from graphene.utils.str_converters import to_camel_case
from graphql import GraphQLResolveInfo

from django_prodev import enums
from django_prodev.exceptions import Invalid, PermissionDenied
from django_prodev.graphql.lowering import Lowering
from django_prodev.graphql.resolving import viewer_of
from django_prodev.graphql.roots import read_row
from django_prodev.graphql.scalars import Date, DateTime
from django_prodev.graphql.types import TYPES, enum_of, from_global_id, global_id
from django_prodev.writing.catalog import COMMANDS
from django_prodev.writing.commands import Command, Input, InputType
from django_prodev.writing.performing import perform


class UserError(graphene.ObjectType):
    """What is wrong with one input."""

    field = graphene.String(required=True, description="The input, by its name in the mutation's input.")
    messages = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="What is wrong, a sentence each."
    )


class UnitTopicInput(graphene.InputObjectType):
    """A topic, and what a unit does with it."""

    topic = graphene.ID(required=True, description="The identifier of the topic.")
    role = graphene.Field(enum_of(enums.TopicRole), required=True, description="What the unit does with it.")


@dataclass(slots=True)
class Outcome:
    """What a mutation came to: the row to show, or what is wrong with the input."""

    client_mutation_id: str | None
    identifier: uuid.UUID | None = None
    deleted_id: str | None = None
    errors: list[UserError] = field(default_factory=list)


def _resolve_row(outcome: Outcome, info: GraphQLResolveInfo) -> Any:
    if outcome.identifier is None:
        return None
    lowering = Lowering(info.schema, info.fragments, info.variable_values, exact=False)
    entity = _ENTITY_OF_FIELD[info.field_name]
    return read_row(lowering, entity, list(info.field_nodes), info.variable_values, viewer_of(info), outcome.identifier)


def _resolver(command: Command) -> Any:
    def resolve(root: Any, info: GraphQLResolveInfo, input: dict[str, Any]) -> Outcome:
        given = dict(input)
        outcome = Outcome(given.pop("client_mutation_id", None))
        subject = given.pop("id", None)
        expected = given.pop("expected_version", None)
        actor = require_actor(info)
        try:
            result = perform(
                command,
                actor=actor,
                given={name: _plain(command.by_name[name], value) for name, value in given.items()},
                subject=None if subject is None else _subject(subject),
                expected_versions=None if expected is None else (expected,),
            )
        except Invalid as error:
            if not error.fields:
                raise
            outcome.errors = [
                UserError(field=to_camel_case(name), messages=texts) for name, texts in error.fields.items()
            ]
            return outcome
        if result is None:
            outcome.deleted_id = global_id(command.entity, _subject(subject))
        else:
            outcome.identifier = result.uuid
        return outcome

    return resolve


def require_actor(info: GraphQLResolveInfo) -> Any:
    """Whoever is signed in; raises ``PermissionDenied`` (``not_authenticated``) where nobody is."""
    actor = getattr(info.context, "user", None)
    if actor is None or not actor.is_authenticated:
        raise PermissionDenied("Nobody is signed in.", code="not_authenticated")
    return actor


def _plain(each: Input, value: Any) -> Any:
    """A value as the writing room takes it: identifiers without their type, enums by their stored values."""
    if value is None:
        return None
    match each.input_type:
        case InputType.ROW:
            return named(value)
        case InputType.ROWS:
            return [named(item) for item in value]
        case InputType.CHOICE:
            return getattr(value, "value", value)
        case InputType.TOPIC_ROLES:
            return [{"topic": named(item["topic"]), "role": item["role"].value} for item in value]
    return value


def named(text: str) -> uuid.UUID | str:
    """The UUID in an identifier; what is none is left for the writing room to complain of, with all else."""
    named = from_global_id(text)
    return text if named is None else named[1]


def _subject(text: str) -> uuid.UUID:
    """The UUID in the identifier of the row that a mutation is about, or the UUID that it is."""
    try:
        return uuid.UUID(str(named(text)))
    except ValueError:
        raise Invalid(fields={"id": ["This is no identifier: use one that an answer gave."]}) from None


_SCALARS: dict[InputType, Any] = {
    InputType.STRING: graphene.String,
    InputType.INTEGER: graphene.Int,
    InputType.NUMBER: graphene.Float,
    InputType.BOOLEAN: graphene.Boolean,
    InputType.DATETIME: DateTime,
    InputType.DATE: Date,
    InputType.ROW: graphene.ID,
    InputType.PERSON: graphene.String,
}

_LISTS: dict[InputType, Any] = {
    InputType.STRINGS: graphene.String,
    InputType.PEOPLE: graphene.String,
    InputType.ROWS: graphene.ID,
    InputType.TOPIC_ROLES: UnitTopicInput,
}

_ENUM_OF_VALUES: dict[tuple[str, ...], type[TextChoices]] = {
    tuple(each.values): each
    for each in vars(enums).values()
    if isinstance(each, type) and issubclass(each, TextChoices) and each is not TextChoices
}


def _input_field(each: Input) -> Any:
    about = {"required": each.required, "description": each.description}
    if each.input_type in _LISTS:
        return graphene.List(graphene.NonNull(_LISTS[each.input_type]), **about)
    if each.input_type is InputType.CHOICE:
        choices = _ENUM_OF_VALUES.get(each.choices)
        return graphene.InputField(enum_of(choices) if choices is not None else graphene.String, **about)
    return graphene.InputField(_SCALARS[each.input_type], **about)


def _input_type(command: Command, name: str) -> Any:
    fields: dict[str, Any] = {"client_mutation_id": graphene.String(description="Given back with the payload.")}
    if command.subject:
        fields["id"] = graphene.ID(required=True, description=f"The identifier of the {command.subject}.")
    if command.versioned:
        fields["expected_version"] = graphene.String(
            description="The revision that was read: refused as CONFLICT where the row has changed since."
        )
    fields.update({each.name: _input_field(each) for each in command.inputs})
    return type(f"{name}Input", (graphene.InputObjectType,), {"__doc__": f"The input of {name}.", **fields})


def _payload_type(command: Command, name: str) -> Any:
    fields: dict[str, Any] = {
        "client_mutation_id": graphene.String(description="As the input had it."),
        "errors": graphene.List(
            graphene.NonNull(UserError),
            required=True,
            description="What is wrong with the input; empty where it was done.",
        ),
    }
    if command.deletes:
        fields["deleted_id"] = graphene.ID(description="The identifier of what was deleted.")
    else:
        fields[command.entity.name] = graphene.Field(
            TYPES[command.entity.name], description="The row.", resolver=_resolve_row
        )
    return type(f"{name}Payload", (graphene.ObjectType,), {"__doc__": f"What {name} came to.", **fields})


def _mutation_field(command: Command) -> graphene.Field:
    name = "".join(part.capitalize() for part in command.name.split("_"))
    return graphene.Field(
        _payload_type(command, name),
        input=graphene.Argument(_input_type(command, name), required=True),
        description=command.description,
        resolver=_resolver(command),
    )


_ENTITY_OF_FIELD = {to_camel_case(command.entity.name): command.entity for command in COMMANDS.values()}

CommandMutation: Any = type(
    "CommandMutation",
    (graphene.ObjectType,),
    {
        "__doc__": "A mutation for each command.",
        **{name: _mutation_field(command) for name, command in COMMANDS.items()},
    },
)
