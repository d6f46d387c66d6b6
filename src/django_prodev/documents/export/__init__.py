"""Programs and learners' records out: one structure, and a writer for each format."""

from django_prodev.documents.export.formats import FORMATS, READ_BACK, export_program
from django_prodev.documents.export.linked_data import embedded_linked_data, linked_data
from django_prodev.documents.export.snapshot import snapshot

__all__ = ["FORMATS", "READ_BACK", "embedded_linked_data", "export_program", "linked_data", "snapshot"]
