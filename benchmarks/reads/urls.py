"""The addresses of one worker: the package, the limits, and the peer that the environment names."""

from importlib import import_module

from django.urls import include, path

from benchmarks.reads import limits
from benchmarks.reads.settings import PEER

urlpatterns = [
    path("limit/<slug:name>/", limits.statement),
    path("limit/<slug:name>/<str:identifier>/", limits.statement),
    path("stored/", limits.stored),
]
if PEER.startswith("ours"):
    urlpatterns.append(path("learning/", include("django_prodev.urls")))
elif PEER and PEER != "limit":
    module = "rest_framework" if PEER in {"cachalot", "cacheops"} else PEER
    urlpatterns.append(path("peer/", include(import_module(f"benchmarks.reads.peers.{module}").urlpatterns)))
