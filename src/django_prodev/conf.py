"""The settings: one dict, ``DJANGO_PRODEV``, read when they are used, so that a test or a host may change them.

Each setting is declared once with its type, default and meaning. The system checks and the settings page of the
documentation are made from these declarations. Nothing here is obligatory.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast, overload

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

NAME = "DJANGO_PRODEV"

T = TypeVar("T")


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting: how its value is checked (``accepts`` returns what is wrong, or ``""``) and understood."""

    default: Any
    help: str
    accepts: Callable[[Any], str]
    read: Callable[[Any], T]
    name: str = ""
    _last: tuple[Any, Any] = field(default=(object(), None), init=False, repr=False, compare=False)

    def __set_name__(self, owner: type, name: str) -> None:
        object.__setattr__(self, "name", name)

    @overload
    def __get__(self, instance: None, owner: type) -> "Setting[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> "Setting[T] | T":
        if instance is None:
            return self
        value = configured().get(self.name, self.default)
        seen, read = self._last
        if value is seen:
            return cast("T", read)
        if trouble := self.accepts(value):
            raise ImproperlyConfigured(f'{NAME}["{self.name}"] {trouble}')
        read = self.read(value)
        if isinstance(value, bool | int | float):  # what is asked for several times in each request, and never changes
            object.__setattr__(self, "_last", (value, read))
        return read


def configured() -> dict[str, Any]:
    """What the host wrote, or an empty dict where it wrote nothing that can be read."""
    value = getattr(settings, NAME, None)
    return value if isinstance(value, dict) else {}


def _identity(value: Any) -> Any:
    return value


def _whole(least: int, most: int) -> Callable[[Any], str]:
    def accepts(value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return ""
        return f"is {value!r}: it takes a whole number from {least:,} to {most:,}"

    return accepts


def _share(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return ""
    return f"is {value!r}: it takes a number from 0 to 1"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else f"is {value!r}: it takes True or False"


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value else f"is {value!r}: it takes a string"


def _texts(value: Any) -> str:
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return ""
    return f"is {value!r}: it takes a list of strings"


@lru_cache(maxsize=64)
def _imported(path: str) -> Any:
    return import_string(path)


def _dotted(value: Any) -> str:
    if not isinstance(value, str):
        return f"is {value!r}: it takes the dotted path of a class"
    try:
        _imported(value)
    except ImportError as error:
        return f"names {value!r}, which cannot be imported ({error})"
    return ""


def whole(default: int, least: int, most: int, text: str) -> Setting[int]:
    return Setting(default, text, _whole(least, most), _identity)


def share(default: float, text: str) -> Setting[float]:
    return Setting(default, text, _share, float)


def flag(default: bool, text: str) -> Setting[bool]:
    return Setting(default, text, _flag, _identity)


def text(default: str, about: str) -> Setting[str]:
    return Setting(default, about, _text, _identity)


def _folder(value: Any) -> str:
    return "" if isinstance(value, str | Path) else f"is {value!r}: it takes the path of a folder, or an empty string"


def folder(default: str, about: str) -> Setting[str]:
    return Setting(default, about, _folder, str)


def _dotted_many(value: Any) -> str:
    return _texts(value) or next((trouble for item in value if (trouble := _dotted(item))), "")


def texts(default: tuple[str, ...], about: str) -> Setting[tuple[str, ...]]:
    return Setting(default, about, _texts, tuple)


def dotted(default: str, about: str) -> Setting[Any]:
    return Setting(default, about, _dotted, _imported)


def dotted_many(default: tuple[str, ...], about: str) -> Setting[tuple[Any, ...]]:
    return Setting(default, about, _dotted_many, lambda paths: tuple(map(import_string, paths)))


class ProdevSettings:
    """The settings, as typed properties. The documented order is the order here."""

    PAGE_SIZE = whole(20, 1, 1_000, "Rows on a page of a list, where the request does not say.")
    MAX_PAGE_SIZE = whole(100, 1, 1_000, "The most rows a request may ask for on one page.")
    MAX_NESTED_ROWS = whole(
        20_000, 100, 1_000_000, "The most rows of one kind (units, say) that an answer may hold under its own rows."
    )
    PREPARED_STATEMENTS = flag(
        True,
        "Whether PostgreSQL keeps the plans of the reading room's statements for each connection. It never does where "
        "DISABLE_SERVER_SIDE_CURSORS says that connections are pooled by transaction.",
    )
    VISIBILITY_POLICY = dotted(
        "django_prodev.models.visibility.VisibilityPolicy",
        "The class whose rules say who may see which rows. Subclass the default to change one.",
    )
    PERMISSION_POLICY = dotted(
        "django_prodev.services.permissions.PermissionPolicy",
        "The class whose rules say who may do what. Subclass the default to change one.",
    )
    MIN_GROUP_SIZE = whole(
        5, 1, 1_000, "The fewest people that a figure about a group is shown for, to those who may not see individuals."
    )
    GRAPHQL_MAX_BODY_BYTES = whole(100_000, 1_000, 10_000_000, "The largest GraphQL request body, in bytes.")
    GRAPHQL_MAX_TOKENS = whole(2_000, 50, 100_000, "The most lexical tokens a GraphQL document may have.")
    GRAPHQL_MAX_DEPTH = whole(12, 2, 50, "The deepest nesting of fields in a GraphQL operation.")
    GRAPHQL_MAX_ALIASES = whole(30, 0, 1_000, "The most aliases in a GraphQL operation.")
    GRAPHQL_MAX_FIELDS = whole(500, 10, 10_000, "The most fields in a GraphQL operation, with its fragments followed.")
    GRAPHQL_MAX_ROOT_FIELDS = whole(20, 1, 1_000, "The most root fields in a GraphQL operation.")
    GRAPHQL_MAX_COST = whole(
        20_000,
        100,
        10_000_000,
        "The most rows a GraphQL operation may ask for: the product of its page sizes.",
    )
    GRAPHQL_INTROSPECTION = flag(
        False,
        "Whether anyone may ask for the GraphQL schema. Without it, staff may (which GraphiQL needs), and so may "
        "everyone while DEBUG is on.",
    )
    GRAPHIQL = flag(True, "Whether the GraphQL address shows the GraphiQL page to whoever may ask for the schema.")
    CACHE = flag(True, "Whether answers are cached. Validators (`ETag`) are given either way.")
    CACHE_ALIAS = text("default", "Which of Django's `CACHES` holds what is cached.")
    CACHE_SECONDS = whole(300, 1, 86_400, "The longest time, in seconds, that something stays in the cache.")
    CACHE_MEMORY_BYTES = whole(
        8_000_000,
        0,
        10_000_000_000,
        "How much of what is cached in Redis or Memcached each process holds in its own memory too, in bytes, so that "
        "it need not ask for it again. 0 holds nothing.",
    )
    CACHE_SHARED_SECONDS = whole(
        0,
        0,
        86_400,
        "For how many seconds shared caches (a proxy, a CDN) may answer anonymous visitors without asking the site. "
        "They don't know when something changes.",
    )
    CACHE_HEADERS = flag(
        False,
        "Whether answers say how the cache was used (`Cache-Status`, `Server-Timing`). They do where DEBUG is on.",
    )
    DOCUMENT_MAX_BYTES = whole(10_000_000, 1_000, 1_000_000_000, "The largest document that is imported, in bytes.")
    IMPORT_SURE_FROM = share(
        0.35,
        "How sure a reading of a document must be, from 0 to 1, to be imported. What is less sure is proposed: it "
        "waits until somebody accepts it.",
    )
    IMPORT_REVIEW_BELOW = share(
        0.75,
        "How sure a reading must be, from 0 to 1, for a review (`prodev_import --interactive`, the admin's import) not "
        "to ask about it.",
    )
    TABLE_MAX_BYTES = whole(
        50_000_000, 1_000, 1_000_000_000, "The largest CSV or XLSX file that is imported as a table, in bytes."
    )
    TABLE_MAX_ROWS = whole(200_000, 1, 5_000_000, "The most rows of a table that are imported from one file.")
    TABLE_UPLOAD_MAX_ROWS = whole(
        20_000,
        1,
        5_000_000,
        "The most rows of a table that is uploaded to the admin, which reads it while its person waits. "
        "`prodev_import_table` takes more, up to `TABLE_MAX_ROWS`.",
    )
    TABLE_UPLOAD_FOLDER = folder(
        "",
        "Where an uploaded table waits until its preview is confirmed: a folder of its own, which all web servers of "
        "the site share. Without it, one in the system's folder for temporary files.",
    )
    TABLE_UPLOAD_SECONDS = whole(
        3_600, 60, 86_400, "How long the preview of an uploaded table can be confirmed, in seconds."
    )
    UPLOAD_MAX_BYTES = whole(
        1_000_000,
        1_000,
        1_000_000_000,
        "The most that is uploaded to the admin's import at once, in bytes: a request reads and plans it while its "
        "person waits. `prodev_import` takes larger files, up to `DOCUMENT_MAX_BYTES`.",
    )
    VOCABULARY_FILES = texts(
        (),
        "Paths of JSON files that add words of headings, columns and labels to those that documents are read by.",
    )
    CURRICULUM_ADAPTERS = dotted_many(
        (), "Classes that read curricula in forms of your own, asked before the ones that come with the package."
    )


prodev_settings = ProdevSettings()


def declared() -> dict[str, Setting[Any]]:
    """Every setting by name, in the documented order."""
    return {name: value for name, value in vars(ProdevSettings).items() if isinstance(value, Setting)}
