"""Query parameters: each is known, or the request is refused with the name of the one that is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from rest_framework.request import Request
from rest_framework.settings import api_settings

from django_prodev.exceptions import Invalid
from django_prodev.reading.arguments import ListInput, ListRequest, check_list
from django_prodev.reading.entities import Entity
from django_prodev.rest.selections import single_names
from django_prodev.rest.serializers import EntitySerializer

BACKWARDS = "-"
"""Stands before a cursor that is read from its end: the one that ``previous`` links to. No cursor begins with it."""

_NAMES = {"order": "ordering", "first": "page_size", "last": "page_size", "after": "cursor", "before": "cursor"}

_NONE = QueryDict("")

_ONE = frozenset({"include", "fields"})
_LIST = frozenset({"search", "ordering", "page_size", "cursor", "count"})


@dataclass(frozen=True, slots=True)
class Shown:
    """Which fields are answered; ``None`` stands for the usual ones."""

    names: tuple[str, ...] | None


def query_of(request: Request) -> QueryDict:
    """The query parameters. Most requests for one row have none, and Django takes its time to find nothing."""
    sent = request._request
    return request.query_params if sent.META.get("QUERY_STRING") or "GET" in vars(sent) else _NONE


def read_list(query: QueryDict, entity: Entity, serializer: type[EntitySerializer]) -> tuple[ListRequest, Shown]:
    """The page that a query string asks for.

    Raises:
        Invalid: with every unknown parameter and every bad value.
    """
    searched = _LIST if entity.search else _LIST - {"search"}
    wrong = _unknown(query, _ONE | searched | entity.filter_by_name.keys())
    shown = _shown(query, serializer, wrong)
    cursor = query.get("cursor")
    backwards = cursor is not None and cursor.startswith(BACKWARDS)
    size = query.get("page_size")
    given = ListInput(
        filters={name: _values(query, name, entity) for name in entity.filter_by_name if name in query},
        search=query.get("search"),
        order=query.get("ordering"),
        first=None if backwards else size,
        last=(size if size is not None else _usual_size()) if backwards else None,
        after=None if backwards else cursor,
        before=cursor.removeprefix(BACKWARDS) if cursor is not None and backwards else None,
        counted=_flag(query, "count", wrong),
    )
    try:
        request = check_list(entity, given, names=_NAMES)
    except Invalid as error:
        wrong.update(error.fields)
    if wrong:
        raise Invalid(fields=wrong)
    return request, shown


def read_one(query: QueryDict, serializer: type[EntitySerializer]) -> Shown:
    """The fields that a query string asks for of one row.

    Raises:
        Invalid: with every unknown parameter and every bad value.
    """
    if not query:
        return Shown(single_names(serializer))
    wrong = _unknown(query, _ONE)
    shown = _shown(query, serializer, wrong, single=True)
    if wrong:
        raise Invalid(fields=wrong)
    return shown


def read_nothing(query: QueryDict) -> None:
    """Refuse whatever an address that takes no parameters is given.

    Raises:
        Invalid: with every unknown parameter.
    """
    if wrong := _unknown(query, frozenset()):
        raise Invalid(fields=wrong)


def _usual_size() -> int:
    from django_prodev.conf import prodev_settings

    return min(prodev_settings.PAGE_SIZE, prodev_settings.MAX_PAGE_SIZE)


def _unknown(query: QueryDict, known: frozenset[str]) -> dict[str, list[str]]:
    allowed = known | {api_settings.URL_FORMAT_OVERRIDE}
    wrong = {
        name[:40]: [f"There is no such parameter here; there are: {', '.join(sorted(known)) or 'none'}."]
        for name in query
        if name not in allowed
    }
    several = {"search", "ordering", "page_size", "cursor", "count", "include", "fields"}
    for name in sorted(several & query.keys()):
        if len(query.getlist(name)) > 1:
            wrong[name] = ["It may be given once."]
    return wrong


def _values(query: QueryDict, name: str, entity: Entity) -> Any:
    """The value of a filter: repeated and comma-separated values of a choice come to the same."""
    given = query.getlist(name)
    if entity.filter_by_name[name].choices is not None:
        return [part for value in given for part in value.split(",")]
    return given[-1] if len(given) == 1 else given


def _flag(query: Mapping[str, str], name: str, wrong: dict[str, list[str]]) -> bool:
    value = query.get(name, "false")
    if value not in {"true", "false"}:
        wrong[name] = ["It takes true or false."]
    return value == "true"


def _shown(
    query: Mapping[str, str], serializer: type[EntitySerializer], wrong: dict[str, list[str]], *, single: bool = False
) -> Shown:
    """``fields`` names what is answered; ``include`` adds optional relations to the usual fields."""
    known = (*serializer.shown, *serializer.relations)
    chosen = _names(query, "fields", known, wrong)
    added = _names(query, "include", tuple(serializer.relations), wrong)
    if chosen is None and added is None and not single:
        return Shown(None)
    if chosen is None:
        chosen = list(single_names(serializer)) if single else [n for n in known if n not in serializer.optional]
    wanted = {*chosen, *(added or ())}
    return Shown(tuple(name for name in known if name in wanted))


def _names(
    query: Mapping[str, str], name: str, known: tuple[str, ...], wrong: dict[str, list[str]]
) -> list[str] | None:
    if name not in query:
        return None
    names = query[name].split(",")
    unknown = [each for each in names if each not in known]
    if unknown:
        wrong[name] = [f"“{unknown[0][:40]}” is not one of: {', '.join(known) or 'none'}."]
    elif len(names) > len(known):
        wrong[name] = [f"It takes at most {len(known)} names."]
    return names
