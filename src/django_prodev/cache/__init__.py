"""Stamps, keys, cached values and HTTP validators: what is cached is never served once a finished write changed it.

This room knows no model: tables are declared to it (``tables``), and what to keep is passed as functions. What is
imported here is for host sites too; ``docs/caching.md`` shows how.
"""

from django_prodev.cache.answers import cache_answer
from django_prodev.cache.keys import viewer_scope
from django_prodev.cache.stamps import fold_stamps, read_stamps, touch
from django_prodev.cache.stores import purge
from django_prodev.cache.tables import stamp_model
from django_prodev.cache.validators import etag_of
from django_prodev.cache.values import cached

__all__ = [
    "cache_answer",
    "cached",
    "etag_of",
    "fold_stamps",
    "purge",
    "read_stamps",
    "stamp_model",
    "touch",
    "viewer_scope",
]
