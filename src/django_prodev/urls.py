"""Everything this package serves, for a site to include: ``path("learning/", include("django_prodev.urls"))``.

A site that wants only a part includes ``django_prodev.rest.urls`` or ``django_prodev.graphql.urls`` alone.
"""

from django.urls import include, path

from django_prodev.graphql import urls as graphql
from django_prodev.rest import urls as rest

app_name = "django_prodev"

urlpatterns = [
    path("", include("django_prodev.pages.urls")),
    path("api/v1/", include(rest.urlpatterns)),
    path("graphql/", include(graphql.urlpatterns)),
]
