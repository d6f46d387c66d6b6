"""The addresses of the pages, relative to where the site mounts them."""

from django.urls import path

from django_prodev.pages import views
from django_prodev.pages.installation import told_if_not_migrated

urlpatterns = [
    path("", told_if_not_migrated(views.home), name="home"),
    path("programs/<slug:provider>/<slug:slug>/", told_if_not_migrated(views.program), name="program"),
    path("programs/<slug:provider>/<slug:slug>/journal/", told_if_not_migrated(views.journal), name="journal"),
    path(
        "programs/<slug:provider>/<slug:slug>/challenges/<uuid:uuid>/",
        told_if_not_migrated(views.challenge),
        name="challenge",
    ),
    path("topics/<slug:kind>/<slug:slug>/", told_if_not_migrated(views.topic), name="topic"),
]
