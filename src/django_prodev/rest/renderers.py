"""JSON as the reading room's values are written: orjson takes UUIDs and dates as they are."""

from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def to_json(data: Any, *, indented: bool = False) -> bytes:
    """The bytes of an answer; ``indented`` for people."""
    return orjson.dumps(data, default=str, option=OPTIONS | orjson.OPT_INDENT_2 if indented else OPTIONS)


class Answer(HttpResponse):
    """An answer of written JSON: REST framework's own waits for its renderer until the view is left."""

    def __init__(self, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(body, content_type=JSONRenderer.media_type, headers=headers)


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        return to_json(data, indented=bool((renderer_context or {}).get("indent")))
