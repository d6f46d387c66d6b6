"""Whether the tables are there: a site that was not migrated is told so, and gets no traceback."""

from django.db import DatabaseError, OperationalError, ProgrammingError, connections, router

from django_prodev.models.program import Program


def has_tables(alias: str) -> bool:
    """Whether the database of this alias holds the tables; one that cannot be asked is taken to."""
    try:
        return Program._meta.db_table in connections[alias].introspection.table_names()
    except DatabaseError:
        return True


def means_not_migrated(error: BaseException | None) -> bool:
    """Whether a read failed with this error because ``migrate`` was never run."""
    return isinstance(error, OperationalError | ProgrammingError) and not has_tables(router.db_for_read(Program))
