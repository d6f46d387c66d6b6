"""What every admin of the package does alike.

Staff see in lists, searches, autocompletion, filters and choices what ``visible_to`` lets them see; superusers see
everything. Rows are written through the services only, so a model without a service for a step does not offer it.
"""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.admin.exceptions import NotRegistered
from django.contrib.admin.widgets import ForeignKeyRawIdWidget, ManyToManyRawIdWidget
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey, ManyToManyField, Model, QuerySet, URLField
from django.db.models.fields.related import RelatedField
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest

from django_prodev.admin.changelist import BoundedPaginator, CountingChangeList
from django_prodev.admin.columns import CountColumn
from django_prodev.models.base import Record

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin as BaseOptions

    Options = BaseOptions[Any]
    BaseModelAdmin = admin.ModelAdmin[Any]
    BaseTabularInline = admin.TabularInline[Any, Any]
else:
    Options = object
    BaseModelAdmin = admin.ModelAdmin
    BaseTabularInline = admin.TabularInline

Names = list[str] | tuple[str, ...] | tuple[()]

RECORD_FIELDS = ("uuid", "created_at", "updated_at")


def username_lookup(relation: str) -> str:
    """The search field for the name that people log in with, over ``relation``; hosts name that column as they like."""
    return f"{relation}__{get_user_model().USERNAME_FIELD}"


def is_record(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, Record)


class VisibleRelations(Options):
    """Choices of related rows for models and inlines alike: only what the request's user may see."""

    user_fields: Sequence[str] = ()
    """Relations to users: completed as one types where the site's user admin can search, a key to fill in elsewhere."""

    def get_autocomplete_fields(self, request: HttpRequest) -> Names:
        fields = super().get_autocomplete_fields(request)
        return [*fields, *self.user_fields] if _can_search_users(self.admin_site) else fields

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelChoiceField[Any] | None":
        kwargs |= self._raw_user_widget(db_field)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> "ModelMultipleChoiceField[Any] | None":
        kwargs |= self._raw_user_widget(db_field)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_field_queryset(
        self, db: str | None, db_field: "RelatedField[Any, Any]", request: HttpRequest
    ) -> QuerySet[Any] | None:
        related: Any = db_field.related_model
        if is_record(related):
            visible: QuerySet[Any] = related._default_manager.using(db).visible_to(request.user)
            return _with_relations(visible, self.admin_site.get_model_admin(related))
        return super().get_field_queryset(db, db_field, request)

    def _raw_user_widget(self, db_field: Any) -> dict[str, Any]:
        if db_field.name not in self.user_fields or _can_search_users(self.admin_site):
            return {}
        if isinstance(db_field, ManyToManyField):
            return {"widget": ManyToManyRawIdWidget(db_field.remote_field, self.admin_site)}
        return {"widget": ForeignKeyRawIdWidget(db_field.remote_field, self.admin_site)}


def _with_relations(rows: QuerySet[Any], model_admin: Any) -> QuerySet[Any]:
    """``rows`` with what their names take in, wherever a name is shown: in lists, choices and completions."""
    relations = model_admin.list_select_related
    return rows.select_related(*relations) if relations else rows


def _can_search_users(site: AdminSite) -> bool:
    try:
        return bool(site.get_model_admin(get_user_model()).search_fields)
    except NotRegistered:
        return False


class ProdevAdmin(VisibleRelations, BaseModelAdmin):
    """The base of the admin of a model."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the whole table
    list_per_page = 50
    list_max_show_all = 200
    save_as = False
    formfield_overrides = {URLField: {"assume_scheme": "https"}}

    def __init__(self, model: type[Model], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        self.list_display = [
            column.at(admin_site) if isinstance(column, CountColumn) else column for column in self.list_display
        ]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[CountingChangeList]:
        return CountingChangeList

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        visible: QuerySet[Any] = rows.visible_to(request.user)
        return _with_relations(visible, self)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Also find a row by its UUID, which is how events, URLs and messages name it."""
        try:
            named = uuid.UUID(search_term.strip())
        except ValueError:
            return super().get_search_results(request, queryset, search_term.replace("\0", ""))
        return queryset.filter(uuid=named), False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Names:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, *RECORD_FIELDS] if obj is not None else fields
