"""The tables there are, by name."""

from django_prodev.documents.tables.enrollments import ENROLLMENTS
from django_prodev.documents.tables.progress import PROGRESS
from django_prodev.documents.tables.table import Table
from django_prodev.documents.tables.topics import TOPICS
from django_prodev.exceptions import DocumentError

TABLES: dict[str, Table] = {table.name: table for table in (ENROLLMENTS, PROGRESS, TOPICS)}


def table_named(name: str) -> Table:
    """Raises ``DocumentError`` where there is no such table."""
    if name not in TABLES:
        raise DocumentError(f"{name!r} is not a table; the tables are {', '.join(TABLES)}.")
    return TABLES[name]
