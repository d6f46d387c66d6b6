"""What the world may read of a program as JSON-LD: its published curriculum, and nothing of any person."""

from collections.abc import Iterable
from typing import Any

from django_prodev.documents.export.jsonld import embedded, program_value
from django_prodev.documents.export.snapshot import outlined, published_structure
from django_prodev.models import CurriculumItem, Program


def linked_data(program: Program, *, url: str = "") -> dict[str, Any]:
    """A program and its whole published curriculum as JSON-LD of schema.org.

    ``url`` is the absolute address of the program's page. The caller has checked that the program may be seen.
    """
    return program_value(published_structure(program), url=url)


def embedded_linked_data(program: Program, items: Iterable[CurriculumItem], *, url: str) -> str:
    """JSON-LD to stand in a ``script`` element of the program's page, which has the topmost ``items`` at hand.

    Nothing is read if the items come with their units, and those with their topics.
    """
    return embedded(program_value(outlined(program, items), url=url))
