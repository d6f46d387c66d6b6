"""The addresses of the pages, relative to where the site mounts them."""

from typing import Any

from django.urls import path

from django_prodev.pages import views
from django_prodev.pages.caching import kept
from django_prodev.pages.installation import told_if_not_migrated


def served(view: Any) -> Any:
    return told_if_not_migrated(kept(view))


urlpatterns = [
    path("", served(views.home), name="home"),
    path("programs/<slug:provider>/<slug:slug>/", served(views.program), name="program"),
    path("programs/<slug:provider>/<slug:slug>/journal/", served(views.journal), name="journal"),
    path(
        "programs/<slug:provider>/<slug:slug>/challenges/<uuid:uuid>/",
        served(views.challenge),
        name="challenge",
    ),
    path("topics/<slug:kind>/<slug:slug>/", served(views.topic), name="topic"),
]
