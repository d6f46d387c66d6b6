"""What the database itself says when it refuses a row: the name of the constraint, on every supported database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction


def named_constraints() -> dict[str, models.BaseConstraint]:
    """Every constraint that a model of the package declares, by name."""
    return {
        constraint.name: constraint
        for model in apps.get_app_config("django_prodev").get_models()
        for constraint in model._meta.constraints
    }


@contextmanager
def refused_by(name: str) -> Iterator[None]:
    """Hold that the block ends with the database refusing it, by the constraint ``name`` and no other."""
    constraint = named_constraints()[name]
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    if connection.vendor == "postgresql":
        cause: Any = caught.value.__cause__
        assert cause.diag.constraint_name == name
        return
    complaint = str(caught.value)
    if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
        # SQLite names the columns of a plain unique index, and the index itself only where it is over expressions.
        refused = re.findall(r"\w+\.(\w+)", complaint)
        model = next(m for m in apps.get_app_config("django_prodev").get_models() if constraint in m._meta.constraints)
        assert refused == [model._meta.get_field(field).column for field in constraint.fields], complaint
    else:
        assert re.search(rf"\b{name}\b", complaint), complaint
