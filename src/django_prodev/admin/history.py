"""The admin of what happened and what is running: events, jobs and receipts, to be read."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from django_prodev import api
from django_prodev.admin.base import ProdevAdmin, username_lookup
from django_prodev.admin.cache_page import CachePage
from django_prodev.admin.writing import ReadOnly
from django_prodev.models import Event, Job, Receipt


class DispatchedFilter(admin.SimpleListFilter):
    title = _("dispatched")
    parameter_name = "dispatched"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Yes")), ("no", _("No"))]

    def queryset(self, request: Any, queryset: Any) -> Any:
        if self.value() not in {"yes", "no"}:
            return queryset
        return queryset.filter(dispatched_at__isnull=self.value() == "no")


@admin.register(Event)
class EventAdmin(ReadOnly, ProdevAdmin):
    list_display = ("type", "occurred_at", "actor", "subject", "program", "object_type", "object_uuid", "dispatched_at")
    list_filter = (DispatchedFilter, ("occurred_at", admin.DateFieldListFilter), "object_type")
    list_select_related = ("actor", "subject", "program")
    search_fields = ("type__startswith", username_lookup("actor"), username_lookup("subject"))


@admin.register(Job)
class JobAdmin(CachePage, ReadOnly, ProdevAdmin):
    list_display = ("kind", "status", "share", "requested_by", "created_at", "started_at", "finished_at", "attempts")
    list_filter = ("status", "kind")
    list_select_related = ("requested_by",)
    date_hierarchy = "created_at"
    search_fields = ("kind", "message", username_lookup("requested_by"))

    def get_exclude(self, request: Any, obj: Any = None) -> Any:
        """What was uploaded for an import is its uploader's to look at, on the page of the review."""
        return ["result"] if obj is not None and obj.kind == api.IMPORT_UPLOAD else None

    @admin.display(description=_("steps done"), ordering=F("done"))
    def share(self, row: Job) -> str:
        return f"{row.done} / {row.total}" if row.total is not None else str(row.done)


@admin.register(Receipt)
class ReceiptAdmin(ReadOnly, ProdevAdmin):
    """Which requests were answered once and for all. What the answers held is no business of the admin."""

    exclude = ("answer", "fingerprint")
    list_display = ("key", "user", "created_at")
    list_filter = (("created_at", admin.DateFieldListFilter),)
    list_select_related = ("user",)
    search_fields = ("=key", username_lookup("user"))
