"""The table of enrolments: who is in which program, how far their enrolment is, and until when."""

from collections.abc import Iterator, Mapping
from datetime import time
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, QuerySet

from django_prodev.documents.tables.columns import (
    Column,
    as_text,
    choice,
    identifier,
    moment,
    slug,
    text,
    write_moment,
)
from django_prodev.documents.tables.table import Table
from django_prodev.enums import EnrollmentStatus
from django_prodev.models import Enrollment
from django_prodev.services.enrollment_rows import EnrollmentRows

PROVIDER = Column(
    "provider",
    "Slug of the provider. Only where several have a program of this slug.",
    slug,
    aliases=("provider slug", "organisation", "organization", "school"),
    example="school",
)
PROGRAM = Column(
    "program",
    "Slug of the program.",
    slug,
    is_required=True,
    aliases=("program slug", "programme", "programa", "programm", "course"),
    example="web-development",
)
USERNAME = Column(
    "username",
    "The name that the person logs in with. This, or an address.",
    lambda cell: text(as_text(cell)),
    aliases=("user", "user name", "login", "learner", "utilisateur", "usuario", "benutzername"),
    example="ada",
)
EMAIL = Column(
    "email",
    "Address of the person: the account that has it, or whoever is to be invited.",
    text,
    aliases=("e-mail", "mail", "email address", "e-mail address", "courriel", "correo", "e-mail-adresse"),
)

_COLUMNS = (
    PROVIDER,
    PROGRAM,
    Column(
        "cohort",
        "Slug of the cohort.",
        slug,
        aliases=("cohort slug", "group", "class", "cohorte", "turma"),
        example="spring",
    ),
    USERNAME,
    EMAIL,
    Column(
        "status",
        "Empty leaves it as it is: who is not there yet becomes active, or invited where they have no account.",
        choice(EnrollmentStatus),
        aliases=("state", "statut", "estado"),
        example="active",
    ),
    Column(
        "due_at",
        "Until when. A day means its last second.",
        moment(at=time(23, 59, 59)),
        write_moment,
        aliases=("due", "due date", "deadline"),
        example="2030-06-30",
    ),
    Column(
        "id",
        "Identifier of the enrolment, as exported: tells several of one person apart. May be empty or left out.",
        identifier,
        aliases=("enrollment", "enrolment", "uuid"),
    ),
)


def exported(rows: QuerySet[Any]) -> Iterator[Mapping[str, Any]]:
    """In the order in which people came, so that seats and waiting lists come out alike. Erased people are left out."""
    login = f"user__{get_user_model().USERNAME_FIELD}"
    kept = rows.exclude(user__isnull=True, email="").order_by("enrolled_at", "pk")
    names = {
        "provider": F("program__provider__slug"),
        "program_slug": F("program__slug"),
        "cohort_slug": F("cohort__slug"),
        "login": F(login),
    }
    fields = (*names, "email", "status", "due_at", "uuid")
    columns = ("provider", "program", "cohort", "username", "email", "status", "due_at", "id")
    for values in kept.annotate(**names).values_list(*fields).iterator(chunk_size=2_000):
        told = dict(zip(columns, values, strict=True))
        if told["username"] is not None:
            told["email"] = ""
        yield told


ENROLLMENTS = Table(
    name="enrollments",
    help="Who is in which program: enrol, invite, pause, withdraw, set due dates.",
    model=Enrollment,
    columns=_COLUMNS,
    service=EnrollmentRows,
    export=exported,
    one_of=(("username", "email"),),
    program="program",
    about=("username", "email", "program", "cohort"),
)
