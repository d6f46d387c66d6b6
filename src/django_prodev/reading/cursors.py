"""Cursors: a row's place in a sorted list, as text that can stand in an address.

A cursor holds the row's sort value and its UUID, never an internal key: a key would tell how many rows lie hidden
between two visible ones.
"""

import base64
import binascii
import uuid
from datetime import UTC, datetime
from typing import Any

import orjson
from django.db import models
from django.utils.dateparse import parse_datetime

from django_prodev.exceptions import Invalid
from django_prodev.reading.entities import Entity, Order

LONGEST = 3_000
"""The longest cursor that is read, in characters: a title of 250 characters that JSON escapes comes to 2,100."""


class InvalidCursor(Invalid):
    """The text is no cursor of this list."""

    default_code = "invalid_cursor"
    default_message = "This is no cursor of this list in this order: use one that a page of it gave."


def encode(order: Order, value: Any, identifier: uuid.UUID) -> str:
    """The cursor of the row with this sort value and UUID."""
    text = orjson.dumps([order.name, value, identifier])
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode("ascii")


def decode(entity: Entity, order: Order, text: str) -> tuple[Any, uuid.UUID]:
    """The sort value and UUID in a cursor.

    Raises:
        InvalidCursor: where it is not one, or of a list in another order.
    """
    if len(text) > LONGEST:
        raise InvalidCursor
    try:
        name, value, identifier = orjson.loads(
            base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        )
        if name != order.name:
            raise InvalidCursor
        return _value(entity, order, value), uuid.UUID(identifier)
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error):
        raise InvalidCursor from None


def _value(entity: Entity, order: Order, value: Any) -> Any:
    column = entity.model._meta.get_field(order.column)
    if isinstance(column, models.DateTimeField):
        moment = parse_datetime(value)
        if isinstance(moment, datetime) and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    elif isinstance(column, models.IntegerField):
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**31:
            return value
    elif isinstance(value, str) and "\x00" not in value:
        return value
    raise InvalidCursor
