"""JSON bodies, bounded in size and depth before anything is made of them."""

import json
from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser


class BodyTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is too large."
    default_code = "body_too_large"


class ObjectParser(BaseParser):
    """Reads a JSON object. Its size is capped by the site's ``DATA_UPLOAD_MAX_MEMORY_SIZE``, in bytes."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        text = stream.read() if most is None else stream.read(most + 1)
        if most is not None and len(text) > most:
            raise BodyTooLarge(f"The body has at most {most:,} bytes.")
        if not text.strip():
            return {}
        try:
            found = orjson.loads(text)
            json.loads(text, object_pairs_hook=_without_repetition)
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error.msg} (at character {error.pos}).") from None
        except (RecursionError, UnicodeError, ValueError):
            raise ParseError("The body is JSON that not every reader reads alike.") from None
        if not isinstance(found, dict):
            raise ParseError("The body is a JSON object.")
        return found


def _without_repetition(pairs: list[tuple[str, Any]]) -> None:
    """Refuse an object that names something twice: readers of JSON differ in what they make of it (RFC 8259, 4)."""
    names = {name for name, _ in pairs}
    if len(names) < len(pairs):
        raise ParseError("The body is not JSON with one value for each name.")
