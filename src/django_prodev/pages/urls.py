"""The addresses of the pages, relative to where the site mounts them."""

from django.urls import path

from django_prodev.pages import views

urlpatterns = [
    path("", views.home, name="home"),
    path("programs/<slug:provider>/<slug:slug>/", views.program, name="program"),
    path("programs/<slug:provider>/<slug:slug>/journal/", views.journal, name="journal"),
    path("programs/<slug:provider>/<slug:slug>/challenges/<uuid:uuid>/", views.challenge, name="challenge"),
    path("topics/<slug:kind>/<slug:slug>/", views.topic, name="topic"),
]
