"""Everything this package serves, for a site to include: ``path("learning/", include("django_prodev.urls"))``.

A site that wants only a part includes ``django_prodev.rest.urls`` or ``django_prodev.graphql.urls`` alone.
"""

from django.urls import include, path

app_name = "django_prodev"

urlpatterns = [
    path("", include("django_prodev.pages.urls")),
]
