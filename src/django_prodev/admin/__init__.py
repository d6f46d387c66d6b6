"""The admin of every model: what staff see is narrowed by visibility, what they write goes through the services."""

from django_prodev.admin import (  # noqa: F401  each registers its models
    curricula,
    entries,
    history,
    learners,
    programs,
    projects,
    providers,
    units,
)
