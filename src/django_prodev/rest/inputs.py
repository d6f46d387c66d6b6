"""Serializers that describe what a command takes. They are for the schema: the writing room checks the input itself."""

from functools import cache
from typing import Any

from rest_framework import serializers

from django_prodev.enums import TopicRole
from django_prodev.rest.fields import Field
from django_prodev.writing.commands import Command, Input, InputType


class UnitTopicInputSerializer(serializers.Serializer[Any]):
    topic = serializers.UUIDField(help_text="The identifier of the topic.")
    role = serializers.ChoiceField(choices=TopicRole.choices, help_text="What the unit does with it.")


def needed_to_replace(command: Command, making: Command | None) -> frozenset[str]:
    """What a ``PUT`` must give: what has no default where the row is made."""
    needed = {each.name for each in making.inputs if each.required} if making is not None else set()
    return frozenset(needed & command.by_name.keys())


@cache
def input_serializer(
    command: Command, *, replacing: frozenset[str] | None = None
) -> type[serializers.Serializer[Any]] | None:
    """The serializer of a command's input; ``None`` where it takes none.

    ``replacing`` names what is required where the command replaces a row; otherwise an edit requires nothing.
    """
    if not command.inputs:
        return None
    if replacing is not None:
        name, required = command.name.replace("edit_", "replace_", 1), replacing
    else:
        name, edits = command.name, command.action == "edit"
        required = frozenset(each.name for each in command.inputs if each.required and not edits)
    fields = {each.name: _field(each, required=each.name in required) for each in command.inputs}
    name = "".join(part.capitalize() for part in name.split("_"))
    return type(f"{name}Serializer", (serializers.Serializer,), {"__doc__": command.description, **fields})


def _field(each: Input, *, required: bool) -> Field:
    about: dict[str, Any] = {"help_text": each.description, "required": required}
    if each.nullable:
        about["allow_null"] = True
    match each.input_type:
        case InputType.CHOICE:
            return serializers.ChoiceField(
                choices=[choice for choice in each.choices if choice], allow_blank="" in each.choices, **about
            )
        case InputType.STRINGS | InputType.PEOPLE:
            return serializers.ListField(child=serializers.CharField(), **about)
        case InputType.ROWS:
            return serializers.ListField(child=serializers.UUIDField(), **about)
        case InputType.TOPIC_ROLES:
            return UnitTopicInputSerializer(many=True, **about)
        case other:
            if other is InputType.STRING:
                about["allow_blank"] = True
            return _FIELDS[other](**about)


_FIELDS: dict[InputType, type[Field]] = {
    InputType.STRING: serializers.CharField,
    InputType.PERSON: serializers.CharField,
    InputType.INTEGER: serializers.IntegerField,
    InputType.NUMBER: serializers.FloatField,
    InputType.BOOLEAN: serializers.BooleanField,
    InputType.DATETIME: serializers.DateTimeField,
    InputType.DATE: serializers.DateField,
    InputType.ROW: serializers.UUIDField,
}
