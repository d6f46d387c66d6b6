"""The inputs of a service, read off its signature and the models it writes."""

import inspect
import types
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from django.db import models

from django_prodev.enums import Role, Visibility
from django_prodev.models import Topic
from django_prodev.models.base import Record
from django_prodev.writing.commands import Input, InputType

_OWN = frozenset({"actor", "author", "expected_version", "owner", "source"})
"""Parameters that are not for whoever asks to fill."""

_SIMPLE: dict[Any, InputType] = {
    str: InputType.STRING,
    int: InputType.INTEGER,
    bool: InputType.BOOLEAN,
    Decimal: InputType.NUMBER,
    datetime: InputType.DATETIME,
    date: InputType.DATE,
    Any: InputType.PERSON,  # services take users as the host has them
}

_CHOICES = {"role": tuple(Role.values), "visibility": tuple(Visibility.values)}
"""The choices of inputs that are no column of the row that is written."""

_DESCRIPTIONS = {
    "user": "The user name of the person; without it, whoever asks.",
    "members": "The user names of those who work on it with the owner.",
    "curated": "Whether it belongs to the program instead of a person.",
    "copy_from": "The curriculum whose items it begins with; without it, those of the published one.",
    "waive_missing": "Whether what is not done is waived.",
    "token": "What came with the invitation to an e-mail address. It lets its bearer in.",
    "topics": "The identifiers of the topics.",
}


def inputs_of(service: Callable[..., Any], subject: str, written: tuple[type[models.Model], ...]) -> tuple[Input, ...]:
    """What ``service`` takes beside its ``subject``; ``written`` are the models whose columns its fields are.

    A field must be given where the service makes a row and the column has no default.
    """
    hints = get_type_hints(service)
    inputs: list[Input] = []
    for name, parameter in inspect.signature(service).parameters.items():
        if name == subject or name in _OWN:
            continue
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            (fields,) = get_args(hints[name])
            assert is_typeddict(fields)
            creating = not subject or not service.__name__.startswith("edit")
            inputs.extend(
                _input(each, hint, written, required=creating and _must_be_given(written, each))
                for each, hint in get_type_hints(fields).items()
            )
        else:
            required = parameter.default is inspect.Parameter.empty
            inputs.append(_input(name, hints[name], written, required=required))
    return tuple(inputs)


def takes_version(service: Callable[..., Any]) -> bool:
    """Whether the service refuses to overwrite what it was not told of."""
    return "expected_version" in inspect.signature(service).parameters


def description_of(service: Callable[..., Any]) -> str:
    """The first paragraph of the service's docstring, on one line."""
    return " ".join((inspect.getdoc(service) or "").split("\n\n", 1)[0].split())


def _input(name: str, hint: Any, written: tuple[type[models.Model], ...], *, required: bool) -> Input:
    hint, nullable = _without_none(hint)
    column = _column(written, name)
    choices = _choices(name, column)
    kind, model = _kind(hint)
    if kind is InputType.STRING and choices:
        kind = InputType.CHOICE
    return Input(
        name=name,
        input_type=kind,
        description=_DESCRIPTIONS.get(name) or _spoken(name, column),
        required=required,
        nullable=nullable,
        choices=choices if kind is InputType.CHOICE else (),
        model=model,
    )


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType):
        others = [each for each in get_args(hint) if each is not type(None)]
        if len(others) == 1:
            return others[0], True
    return hint, False


def _kind(hint: Any) -> tuple[InputType, type[Record] | None]:
    if isinstance(hint, type) and issubclass(hint, Record):
        return InputType.ROW, hint
    if hint in _SIMPLE:
        return _SIMPLE[hint], None
    inner = get_args(hint)
    if get_origin(hint) is tuple or (inner and get_origin(inner[0]) is tuple):
        return InputType.TOPIC_ROLES, Topic
    if inner and inner[0] is str:
        return InputType.STRINGS, None
    if inner and inner[0] is Any and issubclass(get_origin(hint), Iterable):
        return InputType.PEOPLE, None
    if inner and isinstance(inner[0], type) and issubclass(inner[0], Record):
        return InputType.ROWS, inner[0]
    raise TypeError(f"No interface can ask for {hint!r}")


def _column(written: tuple[type[models.Model], ...], name: str) -> "models.Field[Any, Any] | None":
    fields = (each for model in written for each in model._meta.get_fields() if each.name == name)
    return next((each for each in fields if isinstance(each, models.Field)), None)


def _must_be_given(written: tuple[type[models.Model], ...], name: str) -> bool:
    column = _column(written, name)
    return column is not None and not column.blank and not column.null and not column.has_default()


def _choices(name: str, column: "models.Field[Any, Any] | None") -> tuple[str, ...]:
    if column is not None and column.choices:
        values = tuple(str(value) for value, _ in column.flatchoices)
        return ("", *values) if column.blank else values
    return _CHOICES.get(name, ())


def _spoken(name: str, column: "models.Field[Any, Any] | None") -> str:
    if column is not None:
        label = str(column.verbose_name).capitalize()
        return f"{label}. {column.help_text}".strip() if column.help_text else f"{label}."
    return f"{name.replace('_', ' ').capitalize()}."
