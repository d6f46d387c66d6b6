"""The pages. Each view reads what its viewer may see and renders one template."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from django_prodev import api
from django_prodev.conf import prodev_settings
from django_prodev.enums import CurriculumStatus, EntryKind, ProgramStatus, ProgramVisibility
from django_prodev.models import CurriculumItem, Entry, Program, Project, Topic, UnitTopic
from django_prodev.pages import entries
from django_prodev.pages.curriculum import Outline, outline_of
from django_prodev.pages.paging import page_of

NEWEST = 5
"""Learners' entries that a program's own page shows before it points to the journal."""


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    viewer = _viewer(request)
    programs = Program.objects.visible_to(viewer).select_related("provider")
    page = page_of(programs, by="title", after=request.GET.get("after", ""))
    return _page(request, "home", page=page, is_staff=getattr(viewer, "is_staff", False))


@require_safe
def program(request: HttpRequest, provider: str, slug: str) -> HttpResponse:
    viewer = _viewer(request)
    found = _program(viewer, provider, slug)
    newest = list(entries.of_learners(found, viewer).order_by("-created_at", "-uuid")[: NEWEST + 1])
    projects = Project.objects.visible_to(viewer, addressed=True).filter(program=found).select_related("owner")
    outline = outline_of(found, viewer)
    return _page(
        request,
        "program",
        program=found,
        outline=outline,
        linked_data=_linked_data(request, found, outline),
        curated=entries.curated(found, viewer),
        journal=newest[:NEWEST],
        has_more_journal=len(newest) > NEWEST,
        projects=projects.prefetch_related("topics").order_by("position", "created_at", "uuid")[
            : prodev_settings.MAX_NESTED_ROWS
        ],
    )


def _linked_data(request: HttpRequest, program: Program, outline: Outline | None) -> str:
    """What search engines read of a program that everybody may see; the modules of it, for the API gives the whole."""
    is_public = program.status == ProgramStatus.PUBLISHED and program.visibility == ProgramVisibility.PUBLIC
    if not is_public:
        return ""
    is_published = outline is not None and outline.curriculum.status == CurriculumStatus.PUBLISHED
    items = [branch.item for branch in outline.branches] if outline is not None and is_published else []
    url = request.build_absolute_uri(reverse("django_prodev:program", args=[program.provider.slug, program.slug]))
    # Nothing in it can end the element that it stands in.
    return mark_safe(api.embedded_linked_data(program, items, url=url))


@require_safe
def journal(request: HttpRequest, provider: str, slug: str) -> HttpResponse:
    viewer = _viewer(request)
    found = _program(viewer, provider, slug)
    page = page_of(entries.of_learners(found, viewer), by="-created_at", after=request.GET.get("after", ""))
    return _page(request, "journal", program=found, page=page)


@require_safe
def challenge(request: HttpRequest, provider: str, slug: str, uuid: uuid.UUID) -> HttpResponse:
    viewer = _viewer(request)
    found = _program(viewer, provider, slug)
    challenges = entries.of_program(found, viewer).of_kind(EntryKind.CHALLENGE)
    return _page(
        request,
        "challenge",
        program=found,
        entry=get_object_or_404(entries.with_relations(challenges, viewer), uuid=uuid),
    )


@require_safe
def topic(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    viewer = _viewer(request)
    found = get_object_or_404(Topic.objects.visible_to(viewer).select_related("parent"), kind=kind, slug=slug)
    most = prodev_settings.MAX_NESTED_ROWS
    roles = UnitTopic.objects.visible_to(viewer).filter(topic=found)
    places = (
        CurriculumItem.objects.visible_to(viewer)
        .filter(unit__unit_topics__in=roles, curriculum__status=CurriculumStatus.PUBLISHED)
        .select_related("unit", "curriculum__program__provider")
        .distinct()
        .order_by("curriculum__program__title", "curriculum_id", "position", "id")
    )
    challenges = (
        Entry.objects.visible_to(viewer)
        .of_kind(EntryKind.CHALLENGE)
        .filter(topics=found)
        .select_related("program__provider", "author")
    )
    page = page_of(challenges, by="-created_at", after=request.GET.get("after", ""))
    return _page(request, "topic", topic=found, places=places[:most], page=page)


def _viewer(request: HttpRequest) -> Any:
    """The user, or ``None`` where the site does not know users."""
    return getattr(request, "user", None)


def _program(viewer: Any, provider: str, slug: str) -> Program:
    programs = Program.objects.visible_to(viewer, addressed=True).select_related("provider")
    return get_object_or_404(programs, provider__slug=provider, slug=slug)


def _page(request: HttpRequest, name: str, **context: Any) -> HttpResponse:
    return render(request, f"django_prodev/{name}.html", {"viewer": _viewer(request), "request": request, **context})
