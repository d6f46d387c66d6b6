"""The table of progress: what somebody has done of the units of a program, when, and how well."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, QuerySet

from django_prodev.documents.tables.columns import (
    Column,
    choice,
    fraction,
    identifier,
    moment,
    slug,
    write_fraction,
    write_moment,
)
from django_prodev.documents.tables.enrollments import EMAIL, PROGRAM, PROVIDER, USERNAME
from django_prodev.documents.tables.table import Table
from django_prodev.enums import ProgressStatus
from django_prodev.models import Progress
from django_prodev.services.progress_rows import ProgressRows

_COLUMNS = (
    PROVIDER,
    PROGRAM,
    USERNAME,
    EMAIL,
    Column(
        "unit",
        "Slug of the unit.",
        slug,
        is_required=True,
        aliases=("unit slug", "lesson", "module", "unité", "unidad"),
        example="html-basics",
    ),
    Column(
        "status",
        "How far they are with it.",
        choice(ProgressStatus),
        is_required=True,
        aliases=("state", "statut", "estado"),
        example="completed",
    ),
    Column(
        "score",
        "From 0 to 1, for what is completed. Empty leaves it as it is.",
        fraction,
        write_fraction,
        aliases=("grade", "mark", "result"),
        example="0.85",
    ),
    Column(
        "completed_at",
        "When it was done, not in the future. A day means its beginning. Empty means the moment of the import.",
        moment(at=time()),
        write_moment,
        aliases=("completed", "completed on", "done at", "date"),
        example="2026-01-31",
    ),
    Column(
        "enrollment",
        "Identifier of the enrolment, as exported: tells several of one person apart. May be empty or left out.",
        identifier,
        aliases=("enrolment", "enrollment id"),
    ),
)


def exported(rows: QuerySet[Any]) -> Iterator[Mapping[str, Any]]:
    """The progress of everyone who has an account."""
    names = {
        "provider": F("enrollment__program__provider__slug"),
        "program": F("enrollment__program__slug"),
        "username": F(f"enrollment__user__{get_user_model().USERNAME_FIELD}"),
        "unit_slug": F("unit__slug"),
        "enrollment_uuid": F("enrollment__uuid"),
    }
    fields = (*names, "status", "score", "completed_at")
    columns = ("provider", "program", "username", "unit", "enrollment", "status", "score", "completed_at")
    kept = rows.filter(enrollment__user__isnull=False).order_by("enrollment_id", "pk")
    for values in kept.annotate(**names).values_list(*fields).iterator(chunk_size=2_000):
        yield dict(zip(columns, values, strict=True))


PROGRESS = Table(
    name="progress",
    help="How far people are with the units of a program, when they were done, and how well.",
    model=Progress,
    columns=_COLUMNS,
    service=ProgressRows,
    export=exported,
    one_of=(("username", "email"),),
    program="enrollment__program",
    about=("username", "email", "program", "unit"),
)
