"""The OpenAPI document and the two pages that show it, with scripts and styles served by the site itself."""

from typing import Any

from django.templatetags.static import static
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from rest_framework.renderers import TemplateHTMLRenderer

from django_prodev import __version__
from django_prodev.rest.views import PlainView

TITLE = "Program learning"


class SchemaView(PlainView, SpectacularAPIView):
    """The OpenAPI document, of these addresses alone."""

    permission_classes = ()
    renderer_classes: Any = SpectacularAPIView.renderer_classes
    custom_settings: dict[str, Any] = {
        "TITLE": TITLE,
        "DESCRIPTION": "What learning programs teach, and what was met in them and made of it.",
        "VERSION": __version__,
        "OAS_VERSION": "3.1.0",
        "PREPROCESSING_HOOKS": ["django_prodev.rest.schema.only_this_api"],
        "POSTPROCESSING_HOOKS": [],
    }


class PageView(PlainView):
    """A page that loads from the site alone: what a bundled script would fetch elsewhere, a browser refuses."""

    permission_classes = ()
    renderer_classes: Any = (TemplateHTMLRenderer,)
    policy = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'"
    )

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(*args, **kwargs)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        return response


class SwaggerView(PageView, SpectacularSwaggerView):
    """The API in Swagger UI."""

    title = TITLE
    url_name = "django_prodev:schema"

    @staticmethod
    def _swagger_ui_resource(filename: str) -> str:
        return static(f"drf_spectacular_sidecar/swagger-ui-dist/{filename}")

    @staticmethod
    def _swagger_ui_favicon() -> str:
        return static("drf_spectacular_sidecar/swagger-ui-dist/favicon-32x32.png")


class RedocView(PageView, SpectacularRedocView):
    """The API in Redoc."""

    title = TITLE
    url_name = "django_prodev:schema"
    template_name = "django_prodev/rest/redoc.html"

    @staticmethod
    def _redoc_standalone() -> str:
        return static("drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js")
