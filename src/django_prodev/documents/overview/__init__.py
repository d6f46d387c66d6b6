"""Learners' Markdown overviews, read into records. The package's one door is ``read_overview``."""

from django_prodev.documents.overview.reading import read_overview

__all__ = ["read_overview"]
