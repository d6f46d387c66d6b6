"""The entities that can be read: what they show, how they hang together, how they are narrowed and sorted.

Both APIs are made from these descriptions, so neither can show what the other hides. A filter that looks into another
table looks only at rows that the viewer may see: otherwise the length of a list would tell what is hidden.
"""

from django_prodev.reading.catalog.learning import ENROLLMENT, MEMBERSHIP, PROGRESS
from django_prodev.reading.catalog.people import PERSON
from django_prodev.reading.catalog.record import ENTRY, PROJECT
from django_prodev.reading.catalog.teaching import (
    COHORT,
    CURRICULUM,
    CURRICULUM_ITEM,
    PROGRAM,
    PROVIDER,
    TOPIC,
    UNIT,
    UNIT_TOPIC,
)
from django_prodev.reading.entities import Entity

__all__ = [
    "COHORT",
    "CURRICULUM",
    "CURRICULUM_ITEM",
    "ENROLLMENT",
    "ENTITIES",
    "ENTRY",
    "LISTED",
    "MEMBERSHIP",
    "PERSON",
    "PROGRAM",
    "PROGRESS",
    "PROJECT",
    "PROVIDER",
    "TOPIC",
    "UNIT",
    "UNIT_TOPIC",
]

ENTITIES: dict[str, Entity] = {
    entity.name: entity
    for entity in (
        PROVIDER,
        PROGRAM,
        CURRICULUM,
        CURRICULUM_ITEM,
        COHORT,
        UNIT,
        UNIT_TOPIC,
        TOPIC,
        ENTRY,
        PROJECT,
        PERSON,
        ENROLLMENT,
        PROGRESS,
        MEMBERSHIP,
    )
}
"""Every entity by its name."""


LISTED = (
    PROVIDER,
    PROGRAM,
    CURRICULUM,
    CURRICULUM_ITEM,
    COHORT,
    UNIT,
    TOPIC,
    ENTRY,
    PROJECT,
    ENROLLMENT,
    PROGRESS,
    MEMBERSHIP,
)
"""The entities that have a list and an address of their own."""
