"""Slugs for the units of an outline, given when all are known: what stands once is called by its title alone."""

from collections import Counter

from django.utils.text import slugify

from django_prodev.documents.curriculum.adapters.naming import Slugs
from django_prodev.documents.curriculum.adapters.outline.sections import unnumbered
from django_prodev.documents.curriculum.tree import Table

_PREFIX_LIMIT = 40


def give_slugs(units: list[Table], program: str) -> None:
    """Write a slug into each unit. Units that share a title get their module's name in front."""
    flat = list(_walk(units, ""))
    met = Counter(slugify(unnumbered(unit["title"])) for unit, _ in flat)
    slugs = Slugs(_prefix(program))
    for unit, parent in flat:
        name = unnumbered(unit["title"])
        shared = met[slugify(name)] > 1 and parent
        unit["slug"] = slugs.unit(f"{parent} {name}") if shared else slugs.unit(name, parent)


def _walk(units: list[Table], parent: str) -> list[tuple[Table, str]]:
    found = []
    for unit in units:
        found.append((unit, parent))
        found.extend(_walk(unit.get("units", []), unnumbered(unit["title"])))
    return found


def _prefix(program: str) -> str:
    """The beginning of the program's slug, whole words of it where that can be."""
    if len(program) <= _PREFIX_LIMIT:
        return program
    return program[: _PREFIX_LIMIT + 1].rpartition("-")[0] or program[:_PREFIX_LIMIT]
