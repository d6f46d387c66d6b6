"""What was given for an input, as the service takes it: of the right type, or a sentence about the trouble."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from django_prodev.enums import TopicRole
from django_prodev.models.base import Record
from django_prodev.writing.commands import Input, InputType
from django_prodev.writing.naming import Names

Reader = Callable[[Input, Any, Names], Any]

_MOST = 200
"""The most rows or people that one input names."""

_GREATEST = 2**31 - 1


class Trouble(Exception):
    """What is wrong with a value, as a sentence for whoever gave it."""


def clean(each: Input, given: Any, names: Names) -> Any:
    """The value of an input.

    Raises:
        Trouble: where it is of another type, or names a row that does not exist for the actor.
    """
    if given is None:
        if each.nullable:
            return None
        raise Trouble("This may not be null.")
    return _READERS[each.input_type](each, given, names)


def _text(each: Input, given: Any, names: Names) -> str:
    if not isinstance(given, str):
        raise Trouble("This takes a text.")
    if each.choices and given not in each.choices:
        raise Trouble(f"This takes one of: {', '.join(each.choices).lstrip(', ')}.")
    if "\x00" in given:
        raise Trouble("This must not hold NUL characters.")
    return given


def _integer(each: Input, given: Any, names: Names) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or abs(given) > _GREATEST:
        raise Trouble(f"This takes a whole number up to {_GREATEST:,}.")
    return given


def _number(each: Input, given: Any, names: Names) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float | str | Decimal) or len(str(given)) > 40:
        raise Trouble("This takes a number.")
    try:
        number = Decimal(str(given))
    except InvalidOperation:
        raise Trouble("This takes a number.") from None
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise Trouble("This takes a number.")
    return number


def _flag(each: Input, given: Any, names: Names) -> bool:
    if not isinstance(given, bool):
        raise Trouble("This takes true or false.")
    return given


def _moment(each: Input, given: Any, names: Names) -> datetime:
    try:
        moment = given if isinstance(given, datetime) else parse_datetime(given)
    except (TypeError, ValueError):
        moment = None
    if moment is None or not 1 < moment.year < 9999:  # so that it is one in every time zone
        raise Trouble("This takes a moment by ISO 8601, such as 2030-01-31T09:00:00Z.")
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _day(each: Input, given: Any, names: Names) -> date:
    try:
        day = given if isinstance(given, date) else parse_date(given)
    except (TypeError, ValueError):
        day = None
    if day is None:
        raise Trouble("This takes a day by ISO 8601, such as 2030-01-31.")
    return day


def _listed(given: Any) -> Sequence[Any]:
    if not isinstance(given, list | tuple):
        raise Trouble("This takes a list.")
    if len(given) > _MOST:
        raise Trouble(f"This takes at most {_MOST}.")
    return given


def identifier_of(model: type[Record], given: Any) -> uuid.UUID:
    """The identifier of a row of ``model``, whether or not there is one. Raises ``Trouble`` for what is none."""
    try:
        return given if isinstance(given, uuid.UUID) else uuid.UUID(given)
    except (TypeError, ValueError, AttributeError):
        raise Trouble(f"This takes a UUID: the identifier of the {model._meta.verbose_name}.") from None


def no_such(model: type[Record]) -> str:
    """What is said of a row that does not exist for the actor: the same whether it is hidden or not there."""
    return f"There is no such {model._meta.verbose_name}, or none that you may see."


def _row(each: Input, given: Any, names: Names) -> Any:
    assert each.model is not None
    row = names.row(each.model, identifier_of(each.model, given))
    if row is None:
        raise Trouble(no_such(each.model))
    return row


def _person(each: Input, given: Any, names: Names) -> Any:
    if not isinstance(given, str):
        raise Trouble("This takes a user name.")
    person = names.person(given)
    if person is None:
        raise Trouble("There is no such person, or none that you may name.")
    return person


def _topic_role(each: Input, given: Any, names: Names) -> tuple[Any, str]:
    if not isinstance(given, dict) or set(given) != {"topic", "role"}:
        raise Trouble("This takes pairs of a topic and a role.")
    if given["role"] not in TopicRole.values:
        raise Trouble(f"A role is one of: {', '.join(TopicRole.values)}.")
    return _row(each, given["topic"], names), str(given["role"])


def _person_row(each: Input, given: Any, names: Names) -> dict[str, Any]:
    if not isinstance(given, dict) or not set(given) <= {"user", "email", "cohort", "due_at"}:
        raise Trouble("This takes objects with a user or an email, and perhaps a cohort and a due_at.")
    found = {name: value for name, value in given.items() if value is not None}
    if not all(isinstance(found.get(name, ""), str) for name in ("user", "email")):
        raise Trouble("A user and an email are texts.")
    return found


def _person_rows(each: Input, given: Any, names: Names) -> list[dict[str, Any]]:
    if not isinstance(given, list | tuple):
        raise Trouble("This takes a list.")
    return [_person_row(each, item, names) for item in given]


def _each(read: Reader) -> Reader:
    return lambda each, given, names: [read(each, item, names) for item in _listed(given)]


_READERS: dict[InputType, Reader] = {
    InputType.STRING: _text,
    InputType.CHOICE: _text,
    InputType.INTEGER: _integer,
    InputType.NUMBER: _number,
    InputType.BOOLEAN: _flag,
    InputType.DATETIME: _moment,
    InputType.DATE: _day,
    InputType.STRINGS: _each(_text),
    InputType.ROW: _row,
    InputType.ROWS: _each(_row),
    InputType.PERSON: _person,
    InputType.PEOPLE: _each(_person),
    InputType.TOPIC_ROLES: _each(_topic_role),
    InputType.PERSON_ROWS: _person_rows,
}
