"""The words in which entities are described: attributes, relations, filters, orders.

The descriptions themselves are in ``catalog``; what an interface makes of them is its own affair.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Expression, Q, QuerySet

from django_prodev.models.viewer import Scope, Viewer

Build = Callable[[str], Expression]


class ValueType(Enum):
    """What a value is in an answer."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    UUID = "uuid"
    DATETIME = "datetime"
    DATE = "date"
    CHOICE = "choice"
    STRINGS = "strings"


@dataclass(frozen=True, eq=False)
class Attribute:
    """One value of an entity.

    It is a column, an expression over the entity's model (``build`` gets the path to it), or what ``derive`` makes of
    the columns ``of``.
    """

    name: str
    value_type: ValueType
    description: str
    nullable: bool = False
    choices: type[models.TextChoices] | None = None
    build: Build | None = None
    of: tuple[str, ...] = ()
    derive: Callable[..., Any] | None = None


class Reach(Enum):
    """How the row of a to-one relation is reached.

    ``JOINED``: in the same statement, where the rules of visibility imply that who sees the row sees the other.
    ``FETCHED``: by its key in a statement of its own, narrowed to what the viewer may see. ``REVERSE``: likewise, by
    the key that it holds.
    """

    JOINED = "joined"
    FETCHED = "fetched"
    REVERSE = "reverse"


@dataclass(frozen=True, eq=False)
class One:
    """A to-one relation. ``path`` is the ORM's name of it; for ``REVERSE`` the other model's link to this one.

    ``implied`` are the scopes of viewers for whom the rules imply that who sees the row sees the other.
    """

    name: str
    target: str
    path: str
    reach: Reach
    description: str
    nullable: bool = True
    where: Q | None = None
    implied: tuple[Scope, ...] = ()


@dataclass(frozen=True, eq=False)
class Many:
    """A to-many relation.

    ``model`` is the table that is read: the target's, or the one between (``path`` then leads from it to the target).
    ``link`` is its column that holds this entity's key. A ``paged`` relation may grow without bound, so it is always
    read a page at a time. Rows ``beside`` belong to any program: the address of this row opens no unlisted one.
    ``implied`` says that who sees the row sees these; ``few`` that there is a handful at most, which is read along with
    the row where one row is read.
    """

    name: str
    target: str
    model: type[models.Model]
    link: str
    description: str
    path: str = ""
    order: tuple[Any, ...] = ("id",)
    paged: bool = False
    beside: bool = False
    where: Q | None = None
    implied: bool = False
    few: bool = False


@dataclass(frozen=True, eq=False)
class Places:
    """A table that has rows of a list in the order of one column, under each of their owners.

    ``rows`` are all of it: their ``pk`` is the row's own, ``column`` holds the owner's key. ``owners(viewer, addressed,
    value)`` are the keys of those that a filter names.
    """

    rows: "QuerySet[Any, Any]"
    column: str
    order: str
    owners: "Callable[[Viewer, bool, Any], QuerySet[Any, Any]]"


@dataclass(frozen=True, eq=False)
class Filter:
    """A way to narrow a list.

    ``build(viewer, addressed, value)`` makes the condition, where ``value`` is a slot, so it must hold whatever is
    bound to it. A filter with ``choices`` takes several of them, any of which may match its ``column``. One with
    ``keys`` keeps the rows whose ``column`` is among these; where that is ``pk``, ``key_column`` is what the keys are
    called in their table. Where their ``places`` are kept, a page of them is found there on PostgreSQL.
    """

    name: str
    value_type: ValueType
    description: str
    build: Callable[[Viewer, bool, Any], Q] | None = None
    keys: "Callable[[Viewer, bool, Any], QuerySet[Any, Any]] | None" = None
    key_column: str = ""
    column: str = ""
    choices: type[models.TextChoices] | None = None
    places: Places | None = None


@dataclass(frozen=True, eq=False)
class Order:
    """A way to sort a list: by one column that is never null, then by ``uuid``, so that no two rows are equal."""

    name: str
    column: str
    descending: bool


@dataclass(frozen=True, eq=False)
class Entity:
    """What an interface can show of a model."""

    name: str
    plural: str
    model: type[models.Model]
    description: str
    attributes: tuple[Attribute, ...]
    relations: tuple[One | Many, ...] = ()
    filters: tuple[Filter, ...] = ()
    orders: tuple[Order, ...] = ()
    search: tuple[str, ...] = ()
    by_name: dict[str, Attribute | One | Many] = field(init=False)

    def __post_init__(self) -> None:
        named = {part.name: part for part in (*self.attributes, *self.relations)}
        object.__setattr__(self, "by_name", named)

    @cached_property
    def filter_by_name(self) -> dict[str, Filter]:
        return {each.name: each for each in self.filters}

    @cached_property
    def order_by_name(self) -> dict[str, Order]:
        return {each.name: each for each in self.orders}

    @property
    def default_order(self) -> Order:
        return self.orders[0]

    def rows(self) -> "QuerySet[Any, Any]":
        """Every row, in no order. A person is a row of the host's user model, which has no rule of ours."""
        return self.model._default_manager.all().order_by()


def column(
    model: type[models.Model], name: str, description: str = "", choices: type[models.TextChoices] | None = None
) -> Attribute:
    """The attribute that a model's column makes: its type, choices and nullability are the column's own."""
    found = model._meta.get_field(name)
    if not isinstance(found, models.Field):
        raise TypeError(f"{model.__name__}.{name} is not a column")
    kind, build = _type_of(found)
    return Attribute(
        name=name,
        value_type=ValueType.CHOICE if choices else kind,
        description=description or str(found.help_text) or str(found.verbose_name).capitalize() + ".",
        nullable=found.null,
        choices=choices,
        build=build and (lambda prefix: build(f"{prefix}{name}")),
    )


def _type_of(found: "models.Field[Any, Any]") -> tuple[ValueType, Build | None]:
    """The type of a column's values in an answer, and the cast that makes them plain where the database's are not."""
    match found:
        case models.UUIDField():
            return ValueType.UUID, None
        case models.BooleanField():
            return ValueType.BOOLEAN, None
        case models.IntegerField():
            return ValueType.INTEGER, None
        case models.DecimalField():
            return ValueType.NUMBER, _as_float
        case models.DateTimeField():
            return ValueType.DATETIME, None
        case models.DateField():
            return ValueType.DATE, None
        case models.JSONField():
            return ValueType.STRINGS, None
        case models.CharField() | models.TextField():
            return ValueType.STRING, None
    raise TypeError(f"No answer is made of a {type(found).__name__} ({found})")


def _as_float(path: str) -> Expression:
    return models.functions.Cast(path, models.FloatField())
