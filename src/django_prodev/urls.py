"""Everything this package serves, for a site to include: ``path("learning/", include("django_prodev.urls"))``.

A site that wants only a part includes ``django_prodev.rest.urls`` or ``django_prodev.graphql.urls`` alone.
"""

from collections.abc import Sequence

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.urls.resolvers import RoutePattern

app_name = "django_prodev"


class NotInstalled(URLPattern):
    """Stands for all addresses where the app is not installed. Django asks every pattern what is wrong with it."""

    def check(self) -> list[CheckMessage]:
        return [
            Error(
                "The addresses of django_prodev are mounted, but django_prodev is not in INSTALLED_APPS.",
                hint='Add "django_prodev" to INSTALLED_APPS.',
                id="django_prodev.E001",
            )
        ]


def _nothing(request: HttpRequest) -> HttpResponse:
    raise Http404("django_prodev is not in INSTALLED_APPS.")


def _patterns() -> Sequence[URLPattern | URLResolver]:
    if not apps.is_installed("django_prodev"):
        return [NotInstalled(RoutePattern("", is_endpoint=True), _nothing)]
    from django_prodev.graphql import urls as graphql
    from django_prodev.rest import urls as rest

    return [
        path("api/v1/", include(rest.urlpatterns)),
        path("graphql/", include(graphql.urlpatterns)),
        path("", include("django_prodev.pages.urls")),
    ]


urlpatterns = _patterns()
