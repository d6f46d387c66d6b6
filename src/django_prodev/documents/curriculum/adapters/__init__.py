"""Readers of curricula in forms that are not our own: each turns one shape of source into the curriculum format.

A host adds its own with the setting ``CURRICULUM_ADAPTERS``; ``docs/curriculum-adapters.md`` shows how.
"""

from django_prodev.documents.curriculum.adapters.base import Adapted, Adapter, ParsedSource, Recognition
from django_prodev.documents.curriculum.adapters.naming import Slugs, humanized, named_topics
from django_prodev.documents.curriculum.adapters.nodes import Node, unit_value
from django_prodev.documents.curriculum.adapters.registry import adapters, best_adapter, read_with, recognized_by

__all__ = [
    "Adapted",
    "Adapter",
    "Node",
    "ParsedSource",
    "Recognition",
    "Slugs",
    "adapters",
    "best_adapter",
    "humanized",
    "named_topics",
    "read_with",
    "recognized_by",
    "unit_value",
]
