"""How the admin writes: each row through a service, with the person at the screen as the actor.

A model's admin says which fields are ``given`` when a row is made and which are ``written`` at any time, and names the
services. A service's refusal is no error page: the form is shown again with what the service said, or a message is.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from django_prodev import api
from django_prodev.admin.base import RECORD_FIELDS, Names
from django_prodev.admin.forms import LinesField, ServiceForm
from django_prodev.admin.row_actions import RowActions
from django_prodev.exceptions import ProdevError

Fields = dict[str, Any]


def _writing(request: HttpRequest) -> AbstractContextManager[None]:
    """The transaction of a request that may write: Django's own views read before they do."""
    return api.one_transaction() if request.method == "POST" else nullcontext()


class ReadOnly:
    """Mixed into an admin or an inline: rows are looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class WrittenAdmin(RowActions):
    """An admin whose rows are made, changed and removed by the services that its methods call.

    One that says ``can_add``, ``can_edit`` or ``can_remove`` has the method that does it; Django calls no other.
    """

    form = ServiceForm
    can_add: ClassVar[bool] = False
    can_edit: ClassVar[bool] = False
    can_remove: ClassVar[bool] = False

    given: Sequence[str] = ()
    written: Sequence[str] = ()
    shown: Sequence[str] = ()
    lines_fields: Sequence[str] = ()

    def create(self, actor: Any, fields: Fields) -> Model:
        """Make a row by its service, where ``can_add``."""
        raise NotImplementedError

    def edit(self, record: Any, actor: Any, version: str | None, changes: Fields) -> Model:
        """Change a row by its service, where ``can_edit``."""
        raise NotImplementedError

    def remove(self, record: Any, actor: Any) -> None:
        """Remove a row by its service, where ``can_remove``."""
        raise NotImplementedError

    def may_edit(self, record: Any, actor: Any) -> bool:
        """Whether the services would let ``actor`` edit: what they would refuse is shown as text, not as a form."""
        return True

    # What is offered

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        # Without a row this asks whether actions may be offered, and those have services of their own.
        return obj is None or (self.can_edit and self.may_edit(obj, request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.can_remove and super().has_delete_permission(request, obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is None:
            return [*self.given, *self.written]
        version = ["version"] if self.has_change_permission(request, obj) else []
        return [*self.given, *self.written, *self.shown, *RECORD_FIELDS, *version]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Names:
        return [] if obj is None else [*self.given, *self.shown, *RECORD_FIELDS]

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in self.lines_fields:
            return LinesField(label=db_field.verbose_name)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    # What is written

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        if change:
            changes = {name: fields[name] for name in form.changed_data if name in fields}
            record = self.model._default_manager.get(pk=obj.pk)
            stored = self.edit(record, request.user, form.cleaned_data.get("version") or None, changes)
        else:
            stored = self.create(request.user, fields)
        obj.pk = stored.pk
        obj._state.adding = False
        obj.refresh_from_db()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        # Relations to many are fields like others to the services, and have been written with them.
        for formset in formsets:
            self.save_formset(request, form, formset, change=change)

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        self.remove(obj, request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        with api.one_transaction():
            for record in queryset:
                self.remove(record, request.user)

    # What is refused

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        refusal = getattr(request, "prodev_refusal", None)
        return type(form.__name__, (form,), {"refusal": refusal}) if refusal else form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Mapping[str, Any] | None = None,
    ) -> Any:
        context = dict(extra_context or {})
        try:
            with _writing(request):
                return super().changeform_view(request, object_id, form_url, context)
        except ProdevError as refusal:
            # Nothing was written: the view's transaction is undone. The same input makes the form that says why.
            request.prodev_refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, context)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        def view() -> HttpResponse:
            with _writing(request):
                return super(WrittenAdmin, self).delete_view(request, object_id, dict(extra_context or {}))

        return self._or_message(request, view)

    def changelist_view(self, request: HttpRequest, extra_context: Mapping[str, Any] | None = None) -> HttpResponse:
        # Each row of an action is a transaction of its own.
        return self._or_message(
            request, lambda: super(WrittenAdmin, self).changelist_view(request, dict(extra_context or {}))
        )

    def _or_message(self, request: HttpRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            return view()
        except ProdevError as refusal:
            self.message_user(request, refusal.message, messages.ERROR, extra_tags=refusal.code)
            return HttpResponseRedirect(request.get_full_path())
