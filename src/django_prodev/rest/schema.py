"""The OpenAPI description of the views, for drf-spectacular.

A view set's parameters and answers are its entity's: nothing is written twice, and nothing can be forgotten.
"""

from collections.abc import Callable
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import serializers as drf

from django_prodev.conf import prodev_settings
from django_prodev.reading.arguments import LONGEST_TEXT
from django_prodev.reading.cursors import LONGEST
from django_prodev.reading.entities import Entity, Filter, ValueType
from django_prodev.reading.listing import COUNT_LIMIT
from django_prodev.rest.inputs import input_serializer, needed_to_replace
from django_prodev.rest.problems import CONTENT_TYPE
from django_prodev.rest.serializers import EntitySerializer, ProblemSerializer
from django_prodev.writing.commands import Command

_TEXT: dict[str, Any] = {"type": "string", "maxLength": LONGEST_TEXT, "pattern": r"^[^\u0000]*$"}

_QUERY_TYPES: dict[ValueType, dict[str, Any]] = {
    ValueType.STRING: _TEXT,
    ValueType.UUID: {"type": "string", "format": "uuid"},
    ValueType.BOOLEAN: {"type": "boolean"},
}


class EntitySchema(AutoSchema):
    """Describes ``EntityViewSet``."""

    view: Any

    def is_listing(self) -> bool:
        return getattr(self.view, "action", "") == "list"

    def serializer(self) -> type[EntitySerializer]:
        chosen: type[EntitySerializer] = self.view.serializer_class
        return (self.view.list_serializer_class or chosen) if self.is_listing() else chosen

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # a page is an object that holds a list

    def _postprocess_serializer_schema(self, schema: Any, serializer: Any, direction: Any) -> Any:
        schema = super()._postprocess_serializer_schema(schema, serializer, direction)  # type: ignore[no-untyped-call]
        if isinstance(serializer, self.serializer()):
            schema.pop("required", None)  # any of them can be left out by ``fields``
        return schema

    def command(self) -> Command | None:
        """The command that the method performs, if it is one."""
        found: Command | None = self.view.commands.get(getattr(self.view, "action", ""))
        return found

    def replaces(self) -> bool:
        return getattr(self.view, "action", "") == "update"

    def get_operation_id(self) -> str:
        command = self.command()
        if command is not None:
            return command.name.replace("edit_", "replace_", 1) if self.replaces() else command.name
        entity = self.view.entity
        return f"list_{entity.plural}" if self.is_listing() else f"get_{entity.name}"

    def get_summary(self) -> str:
        command = self.command()
        if command is not None:
            return self.get_operation_id().replace("_", " ").capitalize()
        entity = self.view.entity
        spoken = entity.plural if self.is_listing() else f"one {entity.name}"
        return f"Read {spoken}".replace("_", " ")

    def get_tags(self) -> list[str]:
        return [self.view.entity.plural]

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular calls it
        command = self.command()
        return command.description if command is not None else str(super().get_description())

    def get_request_serializer(self) -> Any:
        command = self.command()
        if command is None:
            return None
        making = self.view.commands.get("create")
        found = input_serializer(command, replacing=needed_to_replace(command, making) if self.replaces() else None)
        return found() if found is not None else None

    def get_override_parameters(self) -> list[Any]:
        command = self.command()
        if command is not None:
            return _command_parameters(command, posted=self.method == "POST")
        serializer = self.serializer()
        parameters = _fields_parameters(serializer)
        if self.is_listing():
            return [*_list_parameters(self.view.entity), *parameters]
        return [
            OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The identifier."),
            *parameters,
        ]

    def get_response_serializers(self) -> Any:
        serializer = self.serializer()
        command = self.command()
        if command is not None:
            answer: dict[Any, Any] = {204: OpenApiResponse(description="It is gone, or no longer yours to see.")}
            if not command.deletes:
                answer[201 if command.makes else 200] = serializer()
            return {**answer, **_problems((*_PROBLEMS, *_WRITE_PROBLEMS))}
        problem = _problems(_PROBLEMS)
        if not self.is_listing():
            return {200: serializer(), **problem}
        page = inline_serializer(
            f"{serializer.__name__.removesuffix('Serializer')}Page",
            {
                "next": drf.URLField(allow_null=True, help_text="The address of the next page."),
                "previous": drf.URLField(allow_null=True, help_text="The address of the page before."),
                "count": drf.IntegerField(
                    allow_null=True,
                    required=False,
                    help_text=f"With count=true: how many rows there are; null where more than {COUNT_LIMIT:,}.",
                ),
                "results": serializer(many=True),
            },
        )
        return {200: page, **{key: value for key, value in problem.items() if key[0] != 404}}


def _problems(found: tuple[tuple[int, str], ...]) -> dict[Any, Any]:
    return {(status, CONTENT_TYPE): OpenApiResponse(ProblemSerializer, text) for status, text in found}


def _command_parameters(command: Command, *, posted: bool) -> list[OpenApiParameter]:
    parameters = []
    if command.subject:
        parameters.append(
            OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The identifier.")
        )
    if command.versioned:
        text = "The revision that was read, in quotes: refused with 412 where the row has changed since."
        parameters.append(OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description=text))
    if posted:
        text = "A name for this request: sent again under it, the request has one effect and gets the same answer."
        parameters.append(OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, description=text))
    return parameters


_WRITE_PROBLEMS = (
    (401, "Nobody is signed in."),
    (403, "The row may be seen, but this is for others to do."),
    (409, "The state of things does not allow it, or someone else was first."),
    (412, "The row is no longer the one that If-Match names."),
    (413, "The body is too large."),
    (422, "The Idempotency-Key stands for another request."),
)

_PROBLEMS = ((400, "A parameter is unknown or has a bad value."), (404, "There is nothing here that you may see."))


def _fields_parameters(serializer: type[EntitySerializer]) -> list[OpenApiParameter]:
    names = [*serializer.shown, *serializer.relations]
    parameters = [_names("fields", names, "Answer just these fields.")]
    if serializer.relations:
        parameters.append(_names("include", list(serializer.relations), "Answer these relations too."))
    return parameters


def _names(name: str, allowed: list[str], description: str) -> OpenApiParameter:
    schema = {"type": "array", "items": {"type": "string", "enum": allowed}, "minItems": 1, "maxItems": len(allowed)}
    return OpenApiParameter(name, schema, description=description, style="form", explode=False)


def _list_parameters(entity: Entity) -> list[OpenApiParameter]:
    search = OpenApiParameter(
        "search",
        _TEXT,
        description=f"Text to look for in: {', '.join(entity.search)}.",
    )
    return [
        *(_filter_parameter(each) for each in entity.filters),
        *([search] if entity.search else []),
        OpenApiParameter(
            "ordering",
            {"type": "string", "enum": list(entity.order_by_name), "default": entity.default_order.name},
            description="How to sort.",
        ),
        OpenApiParameter(
            "page_size",
            {
                "type": "integer",
                "minimum": 1,
                "maximum": prodev_settings.MAX_PAGE_SIZE,
                "default": prodev_settings.PAGE_SIZE,
            },
            description="Rows on the page.",
        ),
        OpenApiParameter(
            "cursor",
            {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[A-Za-z0-9_-]+$"},
            description="Where to go on, as a page's next or previous address has it.",
        ),
        OpenApiParameter("count", {"type": "boolean", "default": False}, description="Whether to count the rows."),
    ]


def _filter_parameter(each: Filter) -> OpenApiParameter:
    if each.choices is not None:
        return _names(each.name, list(each.choices.values), f"{each.description} Any of these.")
    return OpenApiParameter(each.name, _QUERY_TYPES[each.value_type], description=each.description)


def only_this_api(endpoints: list[Any], **kwargs: Any) -> list[Any]:
    """Leave a host's own views, and the pages of the documentation, out of the document (a preprocessing hook)."""
    return [each for each in endpoints if isinstance(getattr(each[3].cls, "schema", None), EntitySchema)]


class ActionSchema(EntitySchema):
    """Describes an action of a view set by what ``operation`` is told of it."""

    def get_override_parameters(self) -> list[Any]:
        return []


def operation(**about: Any) -> Callable[[Any], Any]:
    """Describe an action that is no list, row or command: drf-spectacular's ``extend_schema``, whatever a host's
    ``DEFAULT_SCHEMA_CLASS`` is, which it would extend otherwise.
    """

    def describe(action: Any) -> Any:
        action.kwargs["schema"] = ActionSchema
        return extend_schema(**about)(action)

    return describe
