"""Serializer fields made from the catalogue, so that what the schema says is what is read."""

from typing import Any

from rest_framework import serializers

from django_prodev.reading.entities import Attribute, ValueType

Field = serializers.Field[Any, Any, Any, Any]


def field_for(attribute: Attribute) -> Field:
    """The field that describes an attribute's values."""
    about: dict[str, Any] = {"help_text": attribute.description, "read_only": True}
    if attribute.nullable:
        about["allow_null"] = True
    match attribute.value_type:
        case ValueType.CHOICE:
            assert attribute.choices is not None
            return serializers.ChoiceField(attribute.choices.choices, **about)
        case ValueType.STRINGS:
            return serializers.ListField(child=serializers.CharField(), **about)
        case other:
            return _FIELDS[other](**about)


_FIELDS: dict[ValueType, type[Field]] = {
    ValueType.STRING: serializers.CharField,
    ValueType.INTEGER: serializers.IntegerField,
    ValueType.NUMBER: serializers.FloatField,
    ValueType.BOOLEAN: serializers.BooleanField,
    ValueType.UUID: serializers.UUIDField,
    ValueType.DATETIME: serializers.DateTimeField,
    ValueType.DATE: serializers.DateField,
}
