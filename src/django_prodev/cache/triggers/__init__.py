"""The triggers that move stamps, written for each database. A dialect turns declarations into SQL and runs none."""

from django_prodev.cache.triggers import postgresql, sqlite
from django_prodev.cache.triggers.dialect import Dialect

DIALECTS: dict[str, Dialect] = {"postgresql": postgresql.DIALECT, "sqlite": sqlite.DIALECT}
"""By Django's name of the database. Another one has no stamps, and nothing is cached there."""
