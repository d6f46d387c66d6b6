"""Areas of a program ("Focus areas") that belong to what is said about it, not to what was learnt in it.

Under a heading of their own, areas are concepts. Where they go on with the overview of a program that has its
technologies or concepts elsewhere, they describe the program.
"""

from django_prodev.documents.overview.headings import Announcement, Role
from django_prodev.documents.overview.inline import plain
from django_prodev.documents.overview.outline import Section
from django_prodev.documents.vocabulary import Vocabulary, tokens

_DESCRIBED = Announcement((Role.OVERVIEW,), whole=True, strong=True)
_TAUGHT = frozenset({Role.TECHNOLOGY, Role.CONCEPT})


def give_areas_to_overview(outline: Section, vocabulary: Vocabulary) -> None:
    """Let sections of areas that stand in an overview, or right after one, announce an overview as well."""
    sections = list(outline.walk())
    areas = [section for section in sections if _is_of_areas(section, vocabulary)]
    if not areas or not any(
        section.roles and section.roles[0] in _TAUGHT and section not in areas and not section.is_empty
        for section in sections
    ):
        return
    for parent in sections:
        before: Section | None = None
        for child in parent.children:
            if child in areas and (_is_overview(parent) or (before is not None and _is_overview(before))):
                child.announcement = _DESCRIBED
            before = child


def _is_overview(section: Section) -> bool:
    return section.roles[:1] == (Role.OVERVIEW,)


def _is_of_areas(section: Section, vocabulary: Vocabulary) -> bool:
    if section.heading is None or section.roles[:1] != (Role.CONCEPT,) or not section.announcement.whole:
        return False
    return vocabulary.program_areas.has(tokens(plain(section.heading.text)))
