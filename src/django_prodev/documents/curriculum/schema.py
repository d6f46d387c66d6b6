"""The JSON Schemas of the files that are read, and what they say about one in a line that a person can act on."""

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

from django_prodev.documents.curriculum.tree import shown
from django_prodev.exceptions import DocumentError

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}

_PATTERNS = {
    "slug": "letters, digits, hyphens and underscores",
    "unitSlug": "letters, digits, hyphens and underscores",
    "title": "text that is not blank",
    "name": "text that is not blank",
    "url": "a web address that begins with http:// or https://",
    "id": 'printable ASCII without spaces, not beginning with "file:"',
}


@cache
def curriculum_schema() -> dict[str, Any]:
    """The schema of curricula (JSON Schema, draft 2020-12), as it ships in the package."""
    return _shipped("curriculum")


def _shipped(name: str) -> dict[str, Any]:
    source = files("django_prodev.documents") / "schemas" / f"{name}.schema.json"
    loaded: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return loaded


def check_schema(value: Any, name: str = "curriculum") -> None:
    """Raise ``DocumentError`` with the JSON path and what is allowed there, unless ``value`` follows the schema."""
    errors = _validator(name).iter_errors(value)
    first = next(iter(errors), None)
    if first is None:
        return
    # A choice between alternatives fails as a whole; the deepest failure inside it is the one to tell.
    error = best_match([first]) or first
    raise DocumentError(f"{_path(error)}: {_explain(error)}.")


@cache
def _validator(name: str) -> Draft202012Validator:
    formats = FormatChecker(formats=())
    formats.checkers = {"date": (_is_date, ValueError), "date-time": (_is_moment, ValueError)}
    return Draft202012Validator(_shipped(name), format_checker=formats)


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or (len(value) == 10 and bool(date.fromisoformat(value)))


def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def _path(error: Any) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)


def _explain(error: Any) -> str:
    keyword = str(error.validator)
    explain = _EXPLANATIONS.get(keyword)
    return explain(error) if explain else " ".join(error.message.split())[:200]


def _unknown(error: Any) -> str:
    schema: Any = error.schema
    known = schema["properties"]
    unknown = [key for key in error.instance if key not in known]
    return f"{shown(unknown[0])} is not a known key; allowed are {', '.join(known)}"


def _missing(error: Any) -> str:
    wanted: Any = error.validator_value
    missing = [key for key in wanted if key not in error.instance]
    return f"{' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"


def _type(error: Any) -> str:
    wanted: Any = error.validator_value
    names = [wanted] if isinstance(wanted, str) else wanted
    return f"{shown(error.instance)} is not {' or '.join(_TYPES[name] for name in names)}"


def _choice(error: Any) -> str:
    choices: Any = error.validator_value
    return f"{shown(error.instance)} is not allowed; it takes {', '.join(repr(choice) for choice in choices)}"


def _pattern(error: Any) -> str:
    defined = curriculum_schema()["$defs"]
    wanted = next(
        (text for name, text in _PATTERNS.items() if defined[name].get("pattern") == error.validator_value),
        "a BCP 47 language tag" if "a-zA-Z]{2,8}" in str(error.validator_value) else "an address or a name",
    )
    return f"{shown(error.instance)} is not allowed; it takes {wanted}"


_EXPLANATIONS: dict[str, Callable[[Any], str]] = {
    "additionalProperties": _unknown,
    "required": _missing,
    "type": _type,
    "enum": _choice,
    "pattern": _pattern,
    "const": lambda error: f"{shown(error.instance)} is not a version that is read; it takes {error.validator_value}",
    "minimum": lambda error: f"{shown(error.instance)} is too small; the least is {error.validator_value}",
    "maximum": lambda error: f"{shown(error.instance)} is too large; the most is {error.validator_value}",
    "maxLength": lambda error: f"the text has {len(error.instance):,} characters; at most {error.validator_value:,}",
    "maxItems": lambda error: f"the list has {len(error.instance):,} items; at most {error.validator_value:,}",
    "format": lambda error: (
        f"{shown(error.instance)} is not a "
        + ("date, as in 2026-01-31" if error.validator_value == "date" else "time with its offset from UTC")
    ),
    "anyOf": lambda _error: "title or body is missing",
}
