"""Markdown in the admin: a preview under the field while it is written, and the rendered text where it is only read."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.forms import Field as FormField
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from django_prodev.markdown import render_markdown

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = object


class MarkdownWidget(AdminTextareaWidget):
    """A text area that the script adds a preview to; without the script it is a text area."""

    def __init__(self, address: str) -> None:
        super().__init__(
            attrs={"class": "vLargeTextField prodev-markdown", "rows": 16, "data-preview-address": address}
            | {"data-preview-label": gettext("Preview"), "data-preview-failed": gettext("The preview failed.")}
        )

    @property
    def media(self) -> Media:
        return Media(js=["django_prodev/admin/preview.js"], css={"all": ["django_prodev/admin/preview.css"]})


class MarkdownPreview(Base):
    """Mixed into a ``ModelAdmin``: the fields named in ``markdown_fields`` hold Markdown."""

    markdown_fields: tuple[str, ...] = ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("preview/", view, name=self._preview_name()), *super().get_urls()]

    @method_decorator([require_POST, csrf_protect, sensitive_post_parameters()])
    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """The HTML of the posted ``text``, for whoever may write or read rows of this model."""
        if not (self.has_add_permission(request) or self.has_view_or_change_permission(request)):
            raise PermissionDenied
        answer = HttpResponse(render_markdown(request.POST.get("text", "")))
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        if db_field.name in self.markdown_fields:
            kwargs["widget"] = MarkdownWidget(reverse(f"{self.admin_site.name}:{self._preview_name()}"))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def _preview_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_preview"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Where the text is only read it is shown as it will be on the pages."""
        fields = super().get_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fields
        return [f"rendered_{name}" if name in self.markdown_fields else name for name in fields]

    @admin.display(description=_("text"))
    def rendered_body(self, row: Any) -> SafeString:
        return _framed(row.body)

    @admin.display(description=_("description"))
    def rendered_description(self, row: Any) -> SafeString:
        return _framed(row.description)


def _framed(text: str) -> SafeString:
    return format_html('<div class="prodev-rendered">{}</div>', render_markdown(text))
