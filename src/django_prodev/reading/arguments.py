"""What a request says of a list, checked: the listing it comes to, and the values for its slots.

Every interface hands its input over as it got it (text from an address, typed values from GraphQL) and gets either a
``ListRequest`` or one ``Invalid`` that names everything that is wrong with it.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django_prodev.conf import prodev_settings
from django_prodev.exceptions import Invalid
from django_prodev.reading import cursors
from django_prodev.reading.entities import Entity, Filter, Order, ValueType
from django_prodev.reading.listing import Listing, cursor_values

LONGEST_TEXT = 200
"""The longest text that a filter or a search takes, in characters."""

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True, slots=True)
class ListRequest:
    """A checked request for one page: ``size`` rows of what ``listing`` and ``values`` describe."""

    listing: Listing
    values: dict[str, Any]
    size: int


@dataclass(frozen=True, slots=True)
class ListInput:
    """A request for one page as an interface got it. ``None`` stands for what was not given.

    ``first`` counts from the start and ``last`` from the end; cursors are texts that a page gave.
    """

    filters: Mapping[str, Any]
    search: Any = None
    order: Any = None
    first: Any = None
    last: Any = None
    after: Any = None
    before: Any = None
    counted: bool = False
    name: str = ""


class Refusals:
    """What is wrong, by the name that the interface gives the input."""

    def __init__(self, called: Mapping[str, str]) -> None:
        self.called = called
        self.by_name: dict[str, list[str]] = {}

    def __bool__(self) -> bool:
        return bool(self.by_name)

    def name(self, name: str) -> str:
        return self.called.get(name, name)

    def note(self, name: str, text: str) -> None:
        self.by_name.setdefault(self.name(name), []).append(text)


def check_list(entity: Entity, given: ListInput, *, names: Mapping[str, str] | None = None) -> ListRequest:
    """Check everything that was given.

    Args:
        entity: Whose list it is.
        given: The input.
        names: What the interface calls an input, where that differs (``{"first": "page_size"}``).

    Raises:
        Invalid: with every trouble under the name of its input.
    """
    wrong = Refusals(names or {})
    values: dict[str, Any] = {}
    order = _order(entity, given.order, wrong)
    filters = _filters(entity, given, values, wrong)
    search = _search(entity, given, values, wrong)
    size = _size(given, wrong)
    listing = Listing(
        order=order,
        filters=filters,
        search=search,
        after=given.after is not None,
        before=given.before is not None,
        backwards=given.last is not None,
        counted=given.counted,
        name=given.name,
    )
    for side in ("after", "before"):
        text = getattr(given, side)
        if text is not None:
            try:
                values.update(cursor_values(listing, side, cursors.decode(entity, order, text)))
            except Invalid as error:
                wrong.note(side, error.message)
    if wrong:
        raise Invalid(fields=wrong.by_name)
    values[listing.slot("limit")] = size + 1
    return ListRequest(listing, values, size)


def _order(entity: Entity, raw: Any, wrong: Refusals) -> Order:
    if raw is None:
        return entity.default_order
    found = entity.order_by_name.get(raw) if isinstance(raw, str) else None
    if found is None:
        wrong.note("order", f"{_shown(raw)} is no order of this list: {', '.join(entity.order_by_name)}.")
        return entity.default_order
    return found


def _filters(entity: Entity, given: ListInput, values: dict[str, Any], wrong: Refusals) -> tuple[tuple[str, bool], ...]:
    used: list[tuple[str, bool]] = []
    for name, raw in given.filters.items():
        each = entity.filter_by_name.get(name)
        if each is None:
            known = ", ".join(entity.filter_by_name) or "none"
            wrong.note(name, f"This list has no such filter: {known}.")
            continue
        value, trouble = clean(each, raw)
        if trouble:
            wrong.note(name, trouble)
            continue
        chosen = each.choices is not None
        several = chosen and len(value) != 1
        values[f"{given.name}filter.{name}"] = value[0] if chosen and not several else value
        used.append((name, several))
    return tuple(sorted(used))


def _search(entity: Entity, given: ListInput, values: dict[str, Any], wrong: Refusals) -> bool:
    if given.search is None or given.search == "":
        return False
    trouble = _text_trouble(given.search) if entity.search else "This list cannot be searched."
    if trouble:
        wrong.note("search", trouble)
    values[f"{given.name}search"] = given.search
    return True


def _size(given: ListInput, wrong: Refusals) -> int:
    most = prodev_settings.MAX_PAGE_SIZE
    if given.first is not None and given.last is not None:
        wrong.note("last", f"Give {wrong.name('first')} or this, not both.")
    name, raw = ("last", given.last) if given.last is not None else ("first", given.first)
    if raw is None:
        return min(prodev_settings.PAGE_SIZE, most)
    size = int(raw) if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 10 else raw
    if not isinstance(size, int) or isinstance(size, bool) or not 1 <= size <= most:
        wrong.note(name, f"{_shown(raw)} is no page size: it takes a whole number from 1 to {most}.")
        return 1
    return size


def clean(each: Filter, raw: Any) -> tuple[Any, str]:
    """The value of a filter as its slot takes it, or what is wrong with it (and then no value)."""
    if each.choices is not None:
        given: Sequence[Any] = raw.split(",") if isinstance(raw, str) else raw if isinstance(raw, list) else [raw]
        allowed = each.choices.values
        unknown = [value for value in given if value not in allowed]
        if unknown or not given:
            shown = _shown(unknown[0]) if unknown else "Nothing"
            return None, f"{shown} is not one of: {', '.join(allowed)}."
        if len(given) > len(allowed):
            return None, f"It takes at most {len(allowed)} values."
        return list(dict.fromkeys(given)), ""
    if each.value_type is ValueType.BOOLEAN:
        value = raw if isinstance(raw, bool) else _BOOLEANS.get(str(raw).lower())
        return (value, "") if value is not None else (None, f"{_shown(raw)} is not true or false.")
    if each.value_type is ValueType.UUID:
        try:
            return uuid.UUID(str(raw)), ""
        except ValueError:
            return None, f"{_shown(raw)} is not a UUID."
    return raw, _text_trouble(raw)


def _text_trouble(raw: Any) -> str:
    if not isinstance(raw, str):
        return f"{_shown(raw)} is not a text."
    if len(raw) > LONGEST_TEXT:
        return f"It takes at most {LONGEST_TEXT} characters; this has {len(raw):,}."
    if "\x00" in raw:
        return "It must not hold NUL characters."
    if any("\ud800" <= character <= "\udfff" for character in raw):
        return "It must not hold halves of surrogate pairs."
    return ""


def _shown(raw: Any) -> str:
    """An input as an error shows it: quoted, and not at length."""
    text = str(raw)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"
