"""Pages of a long list by keyset: the next page begins after a row, whatever was added or removed meanwhile.

Unlike an offset, this costs the same on the thousandth page as on the first.
"""

import uuid
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from django_prodev.conf import prodev_settings

ModelT = TypeVar("ModelT", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[ModelT]):
    """The rows of a page. ``next`` begins the following page and is empty on the last; ``is_first`` tells the first."""

    rows: list[ModelT]
    next: str
    is_first: bool


def page_of(rows: QuerySet[ModelT], *, by: str, after: str) -> Page[ModelT]:
    """The page of ``rows`` that begins after the row with the UUID ``after``; the first one where that is empty.

    ``by`` is the column of the order, with a minus for the greatest first; the UUID breaks ties. A page has
    ``PAGE_SIZE`` rows.

    Raises:
        Http404: where ``after`` is not the UUID of one of ``rows``.
    """
    size = prodev_settings.PAGE_SIZE
    column, sign = by.removeprefix("-"), "-" if by.startswith("-") else ""
    ordered = rows.order_by(by, f"{sign}uuid")
    if after:
        ordered = ordered.filter(_beyond(rows, column, "lt" if sign else "gt", after))
    found = list(ordered[: size + 1])
    more = len(found) > size
    return Page(found[:size], str(found[size - 1].uuid) if more else "", not after)  # type: ignore[attr-defined]


def _beyond(rows: QuerySet[ModelT], column: str, beyond: str, after: str) -> Q:
    """What stands past the row ``after``. The first condition lets the database start at that place of its index."""
    try:
        last = rows.filter(uuid=uuid.UUID(after)).values(column, "uuid").first()
    except ValueError as error:
        raise Http404("malformed page") from error
    if last is None:
        raise Http404("unknown page")
    return Q(**{f"{column}__{beyond}e": last[column]}) & (
        Q(**{f"{column}__{beyond}": last[column]}) | Q(**{f"uuid__{beyond}": last["uuid"]})
    )
