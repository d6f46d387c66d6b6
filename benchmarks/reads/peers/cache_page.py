"""REST framework's views under Django's ``cache_page``, in Redis by django-redis: whole answers, kept for a time."""

from django.urls import path
from django.views.decorators.cache import cache_page

from benchmarks.reads.peers.rest_framework import Entries, OneEntry, Programs

kept = cache_page(300, cache="redis")

urlpatterns = [
    path("programs/", kept(Programs.as_view())),
    path("entries/", kept(Entries.as_view())),
    path("entries/<uuid:uuid>/", kept(OneEntry.as_view())),
]
