"""The address of the GraphQL API. ``django_prodev.urls`` mounts it at ``graphql/``."""

from django.urls import path

from django_prodev.graphql.view import GraphQLView

app_name = "django_prodev"

urlpatterns = [path("", GraphQLView.as_view(), name="graphql")]
