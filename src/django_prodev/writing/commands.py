"""The words in which commands are described."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django_prodev.models.base import Record
from django_prodev.reading.entities import Entity


class InputType(Enum):
    """What a command takes. A person is given by user name, any other row by its identifier."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    DATE = "date"
    CHOICE = "choice"
    STRINGS = "strings"
    ROW = "row"
    ROWS = "rows"
    PERSON = "person"
    PEOPLE = "people"
    TOPIC_ROLES = "topic_roles"
    PERSON_ROWS = "person_rows"


@dataclass(frozen=True, eq=False)
class Input:
    """One input of a command. ``model`` is that of the row or rows it names."""

    name: str
    input_type: InputType
    description: str
    required: bool = False
    nullable: bool = False
    choices: tuple[str, ...] = ()
    model: type[Record] | None = None


@dataclass(frozen=True, eq=False)
class Command:
    """Something that can be asked for.

    ``subject`` is the service's parameter for the row that the command is addressed to, or empty for one that makes a
    row. The answer is what the service returns, a row of ``entity``. ``action`` is the command's name among those of
    its entity: ``create``, ``edit``, ``delete`` or a verb of its own. ``oneself`` is an input for a person that stands
    for whoever asks where it is not given.
    """

    name: str
    action: str
    entity: Entity
    service: Callable[..., Any]
    description: str
    inputs: tuple[Input, ...]
    subject: str = ""
    subject_model: type[Record] | None = None
    versioned: bool = False
    oneself: str = ""
    by_name: dict[str, Input] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {each.name: each for each in self.inputs})

    @property
    def makes(self) -> bool:
        """Whether its answer is a row that was not there before."""
        return self.action in _MAKING

    @property
    def deletes(self) -> bool:
        return self.action == "delete"


_MAKING = frozenset({"create", "create_with_unit", "request", "invite", "answer", "re_enroll"})
