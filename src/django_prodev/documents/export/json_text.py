"""The curriculum format as JSON."""

from typing import Any

import orjson


def write(curriculum: dict[str, Any]) -> str:
    """The JSON text of a curriculum, indented, with a line end at its end."""
    return orjson.dumps(curriculum, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
