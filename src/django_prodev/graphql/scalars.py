"""Scalars whose text is the same as what the reading room's answers are written with."""

import uuid
from datetime import date, datetime
from typing import Any

import graphene
import orjson
from graphql import GraphQLError, ValueNode
from graphql.language.ast import StringValueNode

JSON_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def to_json(value: Any) -> bytes:
    """The bytes of an answer."""
    return orjson.dumps(value, default=str, option=JSON_OPTIONS)


def _as_written(value: Any) -> str:
    return to_json(value).decode().strip('"')


class DateTime(graphene.DateTime):
    """A moment, by ISO 8601 with its offset from UTC."""

    @staticmethod
    def serialize(value: Any) -> str:
        if not isinstance(value, datetime):
            raise GraphQLError("DateTime cannot represent this value.")
        return _as_written(value)


class Date(graphene.Date):
    """A day, by ISO 8601."""

    @staticmethod
    def serialize(value: Any) -> str:
        if not isinstance(value, date):
            raise GraphQLError("Date cannot represent this value.")
        return _as_written(value)


class UUID(graphene.Scalar):
    """A UUID (RFC 9562)."""

    @staticmethod
    def serialize(value: Any) -> str:
        return str(value)

    @staticmethod
    def parse_value(value: Any) -> uuid.UUID:
        try:
            return uuid.UUID(value)
        except (ValueError, TypeError, AttributeError):
            raise GraphQLError("This is not a UUID.") from None

    @staticmethod
    def parse_literal(node: ValueNode, _variables: Any = None) -> uuid.UUID:
        if not isinstance(node, StringValueNode):
            raise GraphQLError("A UUID is written as a string.", node)
        return UUID.parse_value(node.value)
