"""Learners' Markdown overviews, read into records. The package's one door is ``read_overview``."""

from django_prodev.documents.overview.reading import OnProgress, read_overview

__all__ = ["OnProgress", "read_overview"]
