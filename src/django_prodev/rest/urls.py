"""The addresses of the REST API.

``django_prodev.urls`` mounts them at ``api/v1/``. A site that wants the REST API alone includes this module, and never
imports Graphene.
"""

from typing import Any

from django.urls import include, path
from rest_framework.routers import APIRootView as BaseRootView
from rest_framework.routers import DefaultRouter, SimpleRouter

from django_prodev.rest import views
from django_prodev.rest.documentation import RedocView, SchemaView, SwaggerView


class APIRootView(views.PlainView, BaseRootView):
    """Where everything is."""

    _ignore_model_permissions = True


class PrefixRouter(DefaultRouter):
    """Keeps the addresses of an entity behind its prefix: Django tries patterns in turn, and there are some eighty."""

    include_format_suffixes = False
    APIRootView = APIRootView

    def get_urls(self) -> list[Any]:
        found: list[Any] = [path("", self.get_api_root_view(), name=self.root_view_name)]
        for prefix, viewset, basename in self.registry:
            single = SimpleRouter()
            single.register("", viewset, basename)
            found.append(path(f"{prefix}/", include(single.urls)))
        return found


app_name = "django_prodev"

# Django tries these in turn: what is asked most stands first.
router = PrefixRouter()
router.register("entries", views.EntryViewSet, "entry")
router.register("programs", views.ProgramViewSet, "program")
router.register("topics", views.TopicViewSet, "topic")
router.register("progress", views.ProgressViewSet, "progress")
router.register("enrollments", views.EnrollmentViewSet, "enrollment")
router.register("projects", views.ProjectViewSet, "project")
router.register("units", views.UnitViewSet, "unit")
router.register("curricula", views.CurriculumViewSet, "curriculum")
router.register("curriculum-items", views.CurriculumItemViewSet, "curriculum-item")
router.register("cohorts", views.CohortViewSet, "cohort")
router.register("providers", views.ProviderViewSet, "provider")
router.register("memberships", views.MembershipViewSet, "membership")

urlpatterns = [
    *router.urls,
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", SwaggerView.as_view(), name="swagger"),
    path("redoc/", RedocView.as_view(), name="redoc"),
]
