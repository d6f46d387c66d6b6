"""The conditions of constraints and indexes in words, for the documentation."""

from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Lower

_COMPARED = {"gt": ">", "gte": "≥", "lt": "<", "lte": "≤"}


def sentence(condition: Any) -> str:
    """``condition``, a ``Q`` or an expression over columns, as people would say it.

    Raises:
        NotImplementedError: for a lookup or an expression that no model of the package uses.
    """
    match condition:
        case Q():
            return _joined(condition)
        case F():
            return _column(condition)
        case Lower():
            return f"{sentence(condition.get_source_expressions()[0])} in lower case"
    raise NotImplementedError(repr(condition))


def _joined(condition: Q) -> str:
    if condition.negated and len(condition.children) == 1 and not isinstance(condition.children[0], Q):
        return _part(condition.children[0], negated=True)
    said = f" {condition.connector.lower()} ".join(_part(child) for child in condition.children)
    return f"not ({said})" if condition.negated else said


def _part(child: Any, *, negated: bool = False) -> str:
    if isinstance(child, Q):
        said = _joined(child)
        return f"({said})" if len(child.children) > 1 and not child.negated else said
    path, value = child
    name, _, lookup = path.partition("__")
    match lookup:
        case "isnull":
            return f"{name} is {'empty' if bool(value) is not negated else 'set'}"
        case "in":
            return f"{name} is {'none' if negated else 'one'} of {', '.join(str(item) for item in value)}"
        case "" | "exact":
            return f"{name} is {'not ' if negated else ''}{_value(value)}"
        case "gt" | "gte" | "lt" | "lte" if not negated:
            return f"{name} {_COMPARED[lookup]} {_value(value)}"
    raise NotImplementedError(path)


def _column(reference: Any) -> str:
    return str(reference.name)


def _value(value: Any) -> str:
    if isinstance(value, F):
        return _column(value)
    return "the empty text" if value == "" else str(value)
