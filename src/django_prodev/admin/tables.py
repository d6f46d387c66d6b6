"""Tables in the admin: upload CSV or XLSX, see what would become of each row, and confirm; export the chosen rows."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.table_uploads import Upload, UploadLost
from django_prodev.conf import prodev_settings
from django_prodev.exceptions import DocumentError, ProdevError

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = object

_logger = logging.getLogger("django_prodev")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_EXPORTS = {"csv": _("export the chosen rows as CSV"), "xlsx": _("export the chosen rows as XLSX")}
_LONGEST_NAME = 100


class TableForm(forms.Form):
    """Which file, and which sheet of it."""

    file = forms.FileField(
        label=_("file"),
        help_text=_("CSV or XLSX, with headings in its first row."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )
    sheet = forms.CharField(
        label=_("sheet"), required=False, max_length=100, help_text=_("Of a workbook. Without it, the first.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        most = prodev_settings.TABLE_MAX_BYTES
        if (file.size or 0) > most:
            raise forms.ValidationError(
                gettext("The file has %(size)s bytes; at most %(most)s are read.")
                % {"size": f"{file.size or 0:,}", "most": f"{most:,}"}
            )
        return file


class TableAdmin(Base):
    """Mixed into the admin of a model that has a table: ``table_name`` says which."""

    table_name: str = ""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.actions = [*(self.actions or ()), *(_export_as(kind) for kind in api.TABLE_FORMATS)]

    @property
    def table(self) -> api.Table:
        return api.TABLES[self.table_name]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("table/", wrap(self.table_view), name=self._page_name("table")),
            path("table/example/<slug:kind>/", wrap(self.example_view), name=self._page_name("table_example")),
            *super().get_urls(),
        ]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether Django lets this person add and change rows here; what of them, the services say."""
        codes = (get_permission_codename(name, self.opts) for name in ("add", "change"))
        return all(cast("Any", request.user).has_perm(f"{self.opts.app_label}.{code}") for code in codes)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        links = {"prodev_has_import": self.has_import_permission(request)}
        return super().changelist_view(request, {**links, **(extra_context or {})})

    # The pages

    def table_view(self, request: HttpRequest) -> HttpResponseBase:
        """Ask for a file, show what would become of it, and do that once it is confirmed."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        if request.method != "POST":
            return self._ask(request, TableForm())
        if "ticket" in request.POST:
            return self._confirmed(request)
        form = TableForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask(request, form)
        file = form.cleaned_data["file"]
        try:
            upload = Upload.keep(
                file.chunks(),
                user=request.user,
                table=self.table_name,
                name=str(file.name)[:_LONGEST_NAME],
                sheet=form.cleaned_data["sheet"],
            )
        except OSError as error:
            _logger.error("An uploaded table cannot be kept: %s", error)
            form.add_error("file", gettext("The file cannot be kept on the server until it is confirmed."))
            return self._ask(request, form)
        try:
            report = api.plan_table(self._request(request, upload))
        except ProdevError as error:
            upload.delete()
            form.add_error("file", error.message)
            return self._ask(request, form)
        except BaseException:
            upload.delete()
            raise
        return self._show(request, report, upload)

    def example_view(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        """A file to be filled in."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        try:
            return _download(api.example_table(self.table, format=kind), f"{self.table_name}-example", kind)
        except DocumentError as error:
            return HttpResponse(error.message, status=404, content_type="text/plain")

    def _confirmed(self, request: HttpRequest) -> HttpResponseBase:
        try:
            upload = Upload.of(request.POST["ticket"], user=request.user, table=self.table_name)
        except UploadLost:
            text = gettext(
                "This preview cannot be confirmed any more. Nothing was written; please choose the file again."
            )
            messages.error(request, text)
            return HttpResponseRedirect(self._address("table"))
        try:
            if "report" in request.POST:
                return self._full_report(request, upload)
            if "all" in request.POST or "good" in request.POST:
                return self._run(request, upload)
        except ProdevError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(self._address("table"))
        upload.delete()
        return HttpResponseRedirect(self._address("table"))

    def _run(self, request: HttpRequest, upload: Upload) -> HttpResponse:
        report = api.run_table(self._request(request, upload, good_rows_only="good" in request.POST))
        if not report.is_written:
            text = gettext("Nothing was written: things have changed since this page was made. This is how they are.")
            messages.warning(request, text)
            return self._show(request, report, upload)
        upload.delete()
        counts = api.report_as_json(report)["counts"]
        told = gettext("%(create)d created, %(update)d updated, %(unchanged)d unchanged, %(error)d left out.") % counts
        if report.changes:
            LogEntry.objects.create(
                user_id=cast("Any", request.user.pk),
                content_type_id=get_content_type_for_model(self.model).pk,
                object_repr=self.table_name,
                action_flag=CHANGE,
                change_message=gettext("imported a table: %s") % told,
            )
        messages.success(request, told)
        return self._page(request, "table_done", {"report": report})

    def _full_report(self, request: HttpRequest, upload: Upload) -> HttpResponseBase:
        file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it

        def keep(verdicts: Any) -> None:
            heading, *lines = api.verdicts_as_csv(verdicts)
            file.writelines(lines if file.tell() else [heading, *lines])

        api.plan_table(self._request(request, upload, on_verdicts=keep))
        file.seek(0)
        return FileResponse(
            file, as_attachment=True, filename=f"{self.table_name}-preview.csv", content_type=_TYPES["csv"]
        )

    def _request(self, request: HttpRequest, upload: Upload, **options: Any) -> api.TableRequest:
        return api.TableRequest(
            table=self.table,
            path=upload.path,
            name=upload.name,
            sheet=upload.sheet,
            actor=request.user,
            is_uploaded=True,
            **options,
        )

    def _ask(self, request: HttpRequest, form: TableForm) -> HttpResponse:
        examples = [(kind.upper(), self._address("table_example", kind)) for kind in api.TABLE_FORMATS]
        return self._page(request, "table_ask", {"form": form, "examples": examples, "media": self.media + form.media})

    def _show(self, request: HttpRequest, report: api.TableReport, upload: Upload) -> HttpResponse:
        seconds = prodev_settings.TABLE_UPLOAD_SECONDS
        more = {"report": report, "ticket": upload.ticket, "minutes": seconds // 60, "file_name": upload.name}
        return self._page(request, "table_preview", more)

    def _page(self, request: HttpRequest, name: str, more: dict[str, Any]) -> HttpResponse:
        report: api.TableReport | None = more.get("report")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Import a table: %s") % self.opts.verbose_name_plural,
            "opts": self.opts,
            "table": self.table,
            "counts": api.report_as_json(report)["counts"] if report else {},
            **more,
        }
        return TemplateResponse(request, f"admin/django_prodev/{name}.html", context)

    def _page_name(self, page: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _address(self, page: str, *args: Any) -> str:
        return reverse(f"{self.admin_site.name}:{self._page_name(page)}", args=args)


def _export_as(kind: str) -> Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponseBase | None]:
    """The action that exports what was chosen, of which the person sees what they may see."""

    @admin.action(permissions=["view"], description=_EXPORTS[kind])
    def export(model_admin: TableAdmin, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase | None:
        chosen = model_admin.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
        pieces = api.export_table(model_admin.table, actor=request.user, format=kind, rows=chosen)
        try:
            # What a workbook has no room for is told before anything is sent.
            first = next(pieces)
        except DocumentError as error:
            messages.error(request, error.message)
            return None
        return _download(chain((first,), pieces), model_admin.table_name, kind)

    export.__name__ = f"export_{kind}"  # by which the admin knows it
    return export


def _download(pieces: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(pieces, content_type=_TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
