"""Everything about a person, for them to take away: as plain values for JSON, and as a portfolio in Markdown."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q
from django.utils import timezone

from django_prodev.enums import ProgressStatus
from django_prodev.models import Enrollment, Entry, Event, Job, Membership, Progress, Project, Receipt
from django_prodev.models.base import Record
from django_prodev.reading.progress import progress_of
from django_prodev.services.actors import Actor, User, email_of
from django_prodev.services.erasure import authorize_person
from django_prodev.services.import_uploads import waiting_upload
from django_prodev.services.permission_table import Action
from django_prodev.services.personal_columns import personal_columns

FORMAT = "django-prodev/learner/1"
"""Names the shape of the export; another shape gets another number."""


def export_learner(*, user: User, actor: Actor) -> dict[str, Any]:
    """Everything that is stored about a person, as values that JSON knows.

    Each row has its identifier, its times, and every column that the register of personal columns names. Other rows
    are named by their identifiers and titles; of other people nothing is told.
    """
    authorize_person(actor, Action.EXPORT_LEARNER, user)
    own = Q(user_id=user.pk)
    if address := email_of(user):
        own |= Q(user__isnull=True, email__iexact=address)
    enrollments = Enrollment.objects.filter(own).select_related("program", "curriculum", "cohort")
    progress = progress_of(list(enrollments.values_list("pk", flat=True)))
    entries = Entry.objects.filter(author_id=user.pk).select_related("program", "unit", "parent", "project")
    projects = Project.objects.filter(Q(owner_id=user.pk) | Q(members=user.pk)).distinct()
    marks = Progress.objects.filter(enrollment__in=enrollments).select_related("unit", "enrollment")
    return {
        "format": FORMAT,
        "exported_at": timezone.now().isoformat(),
        "person": {"username": str(user.get_username()), "email": email_of(user)},
        "enrollments": [
            _row(row, user) | {"percent": progress[row.pk].percent} for row in enrollments.order_by("enrolled_at", "pk")
        ],
        "progress": _rows(marks.order_by("pk"), user),
        "entries": _rows(entries.prefetch_related("topics").order_by("created_at", "pk"), user),
        "projects": _rows(
            projects.select_related("program", "unit").prefetch_related("topics").order_by("created_at", "pk"), user
        ),
        "roles": _rows(Membership.objects.filter(user_id=user.pk).order_by("pk"), user),
        "events": _rows(
            Event.objects.filter(Q(actor_id=user.pk) | Q(subject_id=user.pk)).select_related("program").order_by("pk"),
            user,
        ),
        # What waits to be imported may be about others, and says of this person only that they uploaded it.
        "jobs": _rows(Job.objects.filter(requested_by_id=user.pk).exclude(waiting_upload()).order_by("pk"), user),
        "receipts": _rows(Receipt.objects.filter(user_id=user.pk).order_by("pk"), user),
    }


def _rows(rows: Iterable[Record], user: User) -> list[dict[str, Any]]:
    return [_row(row, user) for row in rows]


def _row(record: Record, user: User) -> dict[str, Any]:
    row: dict[str, Any] = {"uuid": str(record.uuid)}
    for name in ("created_at", "updated_at", *personal_columns(str(record._meta.model_name))):
        field: Any = record._meta.get_field(name)
        if field.many_to_many:
            row[name] = [] if name == "members" else [_named(topic) for topic in getattr(record, name).all()]
        elif field.is_relation and issubclass(field.related_model, Record):
            row[name] = _named(getattr(record, name))
        elif field.is_relation:
            row[name] = "self" if getattr(record, field.attname) == user.pk else None
        else:
            row[name] = _plain(getattr(record, name))
    return row


def _named(target: Model | None) -> dict[str, str] | None:
    return None if target is None else {"uuid": str(getattr(target, "uuid", "")), "name": _title(target)}


def _title(target: Model) -> str:
    for name in ("title", "name"):
        if title := getattr(target, name, ""):
            return str(title)
    return str(target)


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case Decimal():
            return str(value)
    return str(value)


def portfolio(exported: dict[str, Any]) -> str:
    """An export as a Markdown document for people: programs with what was done, entries and projects."""
    lines = [f"# Portfolio of {_inline(exported['person']['username'])}", ""]
    for enrollment in exported["enrollments"]:
        lines += _program(enrollment, exported)
    lines += _section("Entries", exported["entries"], _entry)
    lines += _section("Projects", exported["projects"], _project)
    return "\n".join(lines).rstrip() + "\n"


def _program(enrollment: dict[str, Any], exported: dict[str, Any]) -> list[str]:
    done = [
        f"- {_inline(mark['unit']['name'])}"
        for mark in exported["progress"]
        if mark["enrollment"]["uuid"] == enrollment["uuid"] and mark["status"] == ProgressStatus.COMPLETED
    ]
    status = enrollment["status"].replace("_", " ")
    since = enrollment["enrolled_at"][:10]
    head = [
        f"## {_inline(enrollment['program']['name'])}",
        "",
        f"{status}, {enrollment['percent']} %, since {since}",
        "",
    ]
    return head + ([*done, ""] if done else [])


def _section(title: str, rows: list[dict[str, Any]], write: Any) -> list[str]:
    if not rows:
        return []
    lines = [f"## {title}", ""]
    for row in rows:
        lines += write(row)
    return lines


def _entry(row: dict[str, Any]) -> list[str]:
    title = _inline(row["title"]) or row["kind"].capitalize()
    about = f"{row['kind']} in {_inline(row['program']['name'])}, {(row['occurred_on'] or row['created_at'])[:10]}"
    return [f"### {title}", "", f"*{about}*", "", *([row["body"].strip(), ""] if row["body"].strip() else [])]


def _project(row: dict[str, Any]) -> list[str]:
    about = f"{row['status'].replace('_', ' ')}, {_inline(row['program']['name'])}"
    texts = [row["summary"], row["body"], row["repository_url"], row["demo_url"]]
    return [f"### {_inline(row['title'])}", "", f"*{about}*", "", *_paragraphs(texts)]


def _paragraphs(texts: list[str]) -> list[str]:
    return [line for text in texts if text.strip() for line in (text.strip(), "")]


def _inline(text: str) -> str:
    """A title on one line, with what Markdown would read as more than text taken as text."""
    escaped = "".join(f"\\{sign}" if sign in "\\`*_[]<>#" else sign for sign in text)
    return " ".join(escaped.split())
