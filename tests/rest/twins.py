"""Rows that a viewer may not see, planted beside a world: the twin that must answer that viewer no differently.

``plant`` puts a row of every kind, state and circle wherever one can stand, all of other people, and takes away again
what the viewer would see. ``disguise`` rewrites the hidden rows that were there before. Every text of both holds
``MARKER``.
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count, product
from typing import Any

from django.db.models import CharField, Model, QuerySet, TextField
from django.utils import timezone

from django_prodev.enums import (
    CohortStatus,
    CurriculumStatus,
    EnrollmentStatus,
    EntryKind,
    EntryStatus,
    ProgramStatus,
    ProgramVisibility,
    ProjectStatus,
    Role,
    Visibility,
)
from django_prodev.models import (
    Cohort,
    Curriculum,
    CurriculumItem,
    Enrollment,
    Entry,
    Membership,
    Program,
    Progress,
    Project,
    Provider,
    Topic,
    Unit,
    UnitTopic,
)
from django_prodev.testing import (
    make_cohort,
    make_curriculum,
    make_enrollment,
    make_entry,
    make_item,
    make_membership,
    make_program,
    make_progress,
    make_project,
    make_provider,
    make_solution,
    make_unit,
    make_unit_topic,
    make_user,
)

MARKER = "zyzzyva"

MODELS: tuple[type[Model], ...] = (
    Progress,
    Entry,
    Project,
    Membership,
    Enrollment,
    Cohort,
    UnitTopic,
    CurriculumItem,
    Curriculum,
    Unit,
    Program,
    Provider,
)
"""Every model that has rows to hide; what refers to another stands before it."""

_numbers = count(1)


def seen(viewer: Any) -> dict[str, set[Any]]:
    """The keys of the rows that the viewer sees, by model: by their own address, which shows the most."""
    return {model.__name__: set(_visible(model, viewer).values_list("pk", flat=True)) for model in MODELS}


def _visible(model: type[Model], viewer: Any) -> QuerySet[Any]:
    manager: Any = model._default_manager
    rows: QuerySet[Any] = manager.visible_to(viewer, addressed=True)
    return rows


def plant(viewer: Any) -> list[Any]:
    """Plant, and return what stays: nothing that the viewer sees, by whatever address."""
    before = seen(viewer)
    rows = list(_rows())
    while shown := _shown(rows, viewer):  # what is taken away may uncover another: a program without its provider, say
        for row in shown:
            _remove(row)
        rows = _still_there(rows)
    assert seen(viewer) == before
    _spread(rows)
    return rows


def _shown(rows: list[Any], viewer: Any) -> list[Any]:
    visible = seen(viewer)
    return [row for row in rows if row.pk in visible[type(row).__name__]]


def _still_there(rows: list[Any]) -> list[Any]:
    there = {model.__name__: set(model._default_manager.values_list("pk", flat=True)) for model in MODELS}
    return [row for row in rows if row.pk in there[type(row).__name__]]


def _remove(row: Any) -> None:
    if row.pk is None:  # it went with another
        return
    for relation in row._meta.related_objects:
        if relation.related_model in MODELS and not relation.many_to_many:
            for child in relation.related_model._default_manager.filter(**{relation.field.name: row}):
                _remove(child)
    row.delete()


def _spread(rows: list[Any]) -> None:
    """Let the planted rows stand among the others in every order by time."""
    newest = timezone.now()
    for number, row in enumerate(rows):
        moment = newest - timedelta(milliseconds=7 * (number % 50))
        type(row)._default_manager.filter(pk=row.pk).update(created_at=moment, updated_at=moment)


def disguise(viewer: Any) -> None:
    """Rewrite the texts of the rows that are hidden from the viewer."""
    for model in MODELS:
        texts = [
            field.name
            for field in model._meta.concrete_fields
            if isinstance(field, CharField | TextField) and not field.choices and field.name not in {"email", "url"}
        ]
        for row in model._default_manager.exclude(pk__in=_visible(model, viewer).values("pk")):
            named = {name: f"{MARKER}-{next(_numbers)}" for name in texts if name not in {"language", "timezone"}}
            if named:
                model._default_manager.filter(pk=row.pk).update(**named)


def _text(letters: str = "") -> str:
    return f"{letters}{MARKER}-{next(_numbers)}"


def _rows() -> Iterator[Any]:
    """What is planted; children before their parents, so that they can be taken away in this order."""
    rows = list(_catalogue())
    rows += _learning([row for row in rows if isinstance(row, Program)])
    return iter(sorted(rows, key=lambda row: MODELS.index(type(row))))


def _catalogue() -> Iterator[Any]:
    topic = Topic.objects.order_by("pk").first()
    providers = [make_provider(slug=_text(), name=_text(letter)) for letter in ("",)]
    yield from providers
    for provider in (*providers, *Provider.objects.filter(slug="home")):
        for status, visibility in product(ProgramStatus, ProgramVisibility):
            yield make_program(
                provider=provider, status=status, visibility=visibility, slug=_text(), title=_text("P"), summary=_text()
            )
    old, planted = Program.objects.exclude(slug__contains=MARKER), Program.objects.filter(slug__contains=MARKER)
    for program in (*old, *planted[::8]):
        for status in CurriculumStatus:
            one_only = status != CurriculumStatus.SUPERSEDED
            if one_only and program.curricula.filter(status=status).exists():
                continue
            curriculum = make_curriculum(program=program, status=status, notes=_text())
            yield curriculum
            fresh = make_unit(provider=program.provider, slug=_text(), title=_text("U"), description=_text())
            yield fresh
            yield make_unit_topic(unit=fresh, topic=topic)
            yield make_item(curriculum=curriculum, unit=fresh)
            for unit in Unit.objects.exclude(title__contains=MARKER)[:2]:
                yield make_item(curriculum=curriculum, unit=unit)
        for cohort_status in CohortStatus:
            yield make_cohort(program=program, status=cohort_status, slug=_text(), title=_text("C"))


def _learning(planted: list[Program]) -> Iterator[Any]:
    person = make_user(_text())
    topic = Topic.objects.order_by("pk").first()
    old = Program.objects.exclude(slug__contains=MARKER)
    for program in (*old, *planted[:9:8]):
        cohort = program.cohorts.order_by("pk").first()
        yield make_membership(user=person, program=program, role=Role.EDITOR)
        place = make_enrollment(user=person, program=program, cohort=cohort)
        yield place
        yield make_enrollment(user=make_user(_text()), program=program, status=EnrollmentStatus.COMPLETED)
        unit = program.provider.units.order_by("pk").first()
        yield make_progress(enrollment=place, unit=unit)
        is_main = program.slug == "main"
        shared: dict[str, Any] = {"topics": [topic] if is_main else [], "unit": unit, "body": _text()}
        circles = Visibility if is_main else (Visibility.PROGRAM, Visibility.PUBLIC)
        for visibility, curated in product(circles, (False, True)):
            by: dict[str, Any] = {"program": program, "author": None} if curated else {"enrollment": place}
            for status in EntryStatus:
                kind = EntryKind.CHALLENGE if curated else EntryKind.LEARNING
                yield make_entry(title=_text("E"), kind=kind, status=status, visibility=visibility, **by, **shared)
            whose: dict[str, Any] = {"program": program, "owner": None} if curated else {"enrollment": place}
            for project_status in (ProjectStatus.DRAFT, ProjectStatus.APPROVED):
                once = shared | {"unit": None}
                yield make_project(title=_text("J"), status=project_status, visibility=visibility, **whose, **once)
    for challenge in Entry.objects.filter(kind=EntryKind.CHALLENGE).exclude(title__contains=MARKER):
        for visibility, status in product(Visibility, EntryStatus):
            yield make_solution(
                challenge, author=person, title=_text(), body=_text(), visibility=visibility, status=status
            )
