"""Changing the fields of one record: version tokens against lost updates, and every field's error at once."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare

from django_prodev.exceptions import Conflict, Invalid
from django_prodev.models.base import Record, version_token

TAKEN = "This is taken already."


def version_of(record: Record) -> str:
    """The token for the record's present state."""
    return version_token(record.uuid, record.updated_at)


def check_version(record: Record, expected: str | None) -> None:
    """Raise ``Conflict`` where the locked ``record`` is no longer the one that ``expected`` was taken from."""
    if expected is None:
        return
    if not expected.isascii() or not constant_time_compare(expected, version_of(record)):
        raise Conflict


class Problems:
    """Errors of fields, gathered until all are known."""

    def __init__(self) -> None:
        self.fields: dict[str, list[str]] = {}
        self.taken: set[str] = set()

    def add(self, name: str, *texts: str) -> None:
        self.fields.setdefault(name, []).extend(texts)

    def add_taken(self, name: str) -> None:
        """The value is well formed, but another row has it."""
        self.taken.add(name)
        self.add(name, TAKEN)

    def raise_any(self) -> None:
        """Raise ``Invalid`` with everything found; or ``Conflict`` where all of it is names that are taken."""
        if not self.fields:
            return
        if set(self.fields) == self.taken:
            raise Conflict("A record with this name exists already.", code="already_exists", fields=self.fields)
        raise Invalid(fields=self.fields)


def assign(record: Record, changes: Mapping[str, Any], editable: Collection[str]) -> list[str]:
    """Set ``changes`` on ``record`` and return the names of the fields that differ now.

    Naming a field that is not ``editable`` is a mistake of the caller, and a ``TypeError``.
    """
    if unknown := sorted(set(changes) - set(editable)):
        raise TypeError(f"{type(record).__name__} has no editable fields named {', '.join(unknown)}.")
    changed = [name for name, value in changes.items() if getattr(record, name) != value]
    for name in changed:
        setattr(record, name, changes[name])
    return changed


def examine(record: Record, problems: Problems, *, unique_with: Mapping[str, Any] | None = None) -> None:
    """Add to ``problems`` what is wrong with the fields of ``record``, other than its relations.

    ``unique_with`` holds a field that must be unique, and the filter within which: ``{"slug": {"provider": p}}``.
    """
    problems_before = set(problems.fields)
    for field in record._meta.concrete_fields:
        if not field.is_relation:
            _examine_field(record, field, problems)
    for name, scope in (unique_with or {}).items():
        if name in problems.fields or name in problems_before:
            continue
        others = type(record)._default_manager.filter(**scope, **{name: getattr(record, name)})
        if others.exclude(pk=record.pk).exists():
            problems.add_taken(name)


def _examine_field(record: Record, field: Any, problems: Problems) -> None:
    value = getattr(record, field.attname)
    if isinstance(value, str) and not _is_storable(value):
        problems.add(field.name, "This holds characters that cannot be stored.")
    if field.blank and value in field.empty_values:
        return
    try:
        setattr(record, field.attname, field.clean(value, record))
    except ValidationError as error:
        problems.add(field.name, *error.messages)
    except (TypeError, ValueError, OverflowError):
        problems.add(field.name, "This is not a value of the right kind.")


def examine_texts(problems: Problems, name: str, value: Any, *, longest: int = 1_000) -> None:
    """Add a problem where ``value`` is not a list of strings, each of at most ``longest`` characters."""
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        problems.add(name, "This takes a list of strings.")
    elif len(value) > 200 or any(len(text) > longest or not _is_storable(text) for text in value):
        problems.add(name, f"This takes at most 200 strings of at most {longest:,} characters.")


def save(record: Record, changed: Collection[str]) -> None:
    """Store the changed fields of ``record``, and that it changed."""
    record.save(update_fields=[*changed, "updated_at"])


def _is_storable(text: str) -> bool:
    """Whether every database takes the text: PostgreSQL refuses NUL, and UTF-8 has no half of a surrogate pair."""
    if "\x00" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
