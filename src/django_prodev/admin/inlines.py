"""Rows shown on another row's page: what the person may see of them, so many at most, without a query for each."""

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from django_prodev.admin.base import BaseTabularInline, VisibleRelations
from django_prodev.admin.forms import InputForm
from django_prodev.models import CurriculumItem

if TYPE_CHECKING:
    BaseFormSet = BaseInlineFormSet[Any, Any, Any]
else:
    BaseFormSet = BaseInlineFormSet


class BoundedFormSet(BaseFormSet):
    """At most ``max_rows`` rows, in the inline's order.

    What a row is about (``fixed``) is chosen when the row is made. On rows that exist it stands as it is: a widget that
    completes as one types would ask the database for its present choice, row by row.
    """

    max_rows: ClassVar[int] = 100
    fixed: ClassVar[tuple[str, ...]] = ()

    def get_queryset(self) -> QuerySet[Any]:
        if not hasattr(self, "_queryset"):
            self._queryset = super().get_queryset()[: self.max_rows]
        return self._queryset

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for name in self.fixed:
            if form.instance.pk and name in form.fields:
                chosen = getattr(form.instance, name)
                form.fields[name].disabled = True
                form.fields[name].widget = forms.Select(choices=[(chosen.pk, str(chosen))])


class LongSelect(forms.Select):
    """A select among many choices, many times on a page: Django renders a template for each choice of each."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            (
                (key, mark_safe(" selected") if str(key) == str(value or "") else "", label)
                for key, label in self.choices
            ),
        )
        attributes = {"name": name, **self.build_attrs(self.attrs, attrs)}
        return format_html("<select{}>{}</select>", flatatt(attributes), options)


class PlaceFormSet(BoundedFormSet):
    """The places of units in one curriculum; a parent is another of them."""

    fixed = ("unit",)

    @cached_property
    def _parents(self) -> list[tuple[Any, str]]:
        return [("", "—"), *((row.pk, str(row)) for row in self.get_queryset())]

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "parent" in form.fields:
            field = form.fields["parent"]
            field.queryset = CurriculumItem.objects.filter(curriculum=self.instance)
            # One list for all rows: a queryset of choices would be read again for each.
            field.widget = LongSelect(choices=self._parents)


class VisibleInline(VisibleRelations, BaseTabularInline):
    """The base of the inlines."""

    form = InputForm
    formset = BoundedFormSet
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        visible: QuerySet[Any] = rows.visible_to(request.user)
        return visible
