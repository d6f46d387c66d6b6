"""Programs and learners' records out: one structure, and a writer for each format."""

from django_prodev.documents.export.formats import FORMATS, export_program
from django_prodev.documents.export.snapshot import snapshot

__all__ = ["FORMATS", "export_program", "snapshot"]
