"""Names of topics as people write them, with a version or an abbreviation behind: "Vue 3", "Node.js v20", "Object
relational mapping (ORM)"."""

import re
from collections.abc import Iterator

_SURE_VERSION = re.compile(
    r"\s+(?:v(?:ersion)?\.?\s?\d{1,4}(?:\.\d{1,4}){0,3}|\d{1,4}(?:\.\d{1,4}){1,3}|\d{1,4}(?:\.\d{1,4}){0,2}(?:\.x|\+))"
    r"(?:\s+(?:lts|or higher|or later))?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s+\d{1,4}(?:\s+(?:lts|or higher|or later))?$", re.IGNORECASE)
_ROUND = re.compile(r"\s+\d{1,2}\.0$")
_BRACKETS = re.compile(r"^(.{2,150}?)\s*\(([^()]{1,60})\)$")
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z0-9/&+.-]{1,11}")


def bare_names(name: str) -> Iterator[tuple[str, bool]]:
    """A name without what stands behind it, and whether that is surely no part of it.

    "Web 2.0" and "Calculus 1" are names of their own, so a round version or a bare number is not sure.
    """
    if brackets := _BRACKETS.match(name):
        is_abbreviated = _ABBREVIATION.fullmatch(brackets[2]) is not None and _stands_for(brackets)
        yield brackets[1], is_abbreviated
        if is_abbreviated:
            yield brackets[2], True
    if match := _SURE_VERSION.search(name):
        yield name[: match.start()], not _ROUND.search(name)
    elif match := _NUMBER.search(name):
        yield name[: match.start()], False


def written_out(name: str) -> tuple[str, list[str]]:
    """The name and the aliases of a topic that is made: an abbreviation in brackets is an alias, a version none."""
    if (brackets := _BRACKETS.match(name)) and _ABBREVIATION.fullmatch(brackets[2]) and _stands_for(brackets):
        return brackets[1], [brackets[2]]
    match = _SURE_VERSION.search(name)
    if match and not _ROUND.search(name):
        return name[: match.start()], []
    return name, []


def _stands_for(brackets: re.Match[str]) -> bool:
    """Whether what stands in brackets is made of the first letters of what stands before them."""
    initials = "".join(word[:1] for word in re.split(r"[\s/-]+", brackets[1])).casefold()
    letters = re.sub(r"[^a-z0-9]", "", brackets[2].casefold())
    return bool(letters) and (initials.startswith(letters) or letters in initials)
