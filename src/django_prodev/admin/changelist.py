"""Changelists over tables of any size: counts as annotations, and never a count of all the rows."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from django_prodev.admin.columns import annotated

MAX_COUNTED = 10_000
"""The most rows that are counted, and so the most that can be paged through: a search or a filter finds the rest."""

if TYPE_CHECKING:
    BasePaginator = Paginator[Any]
else:
    BasePaginator = Paginator


class BoundedPaginator(BasePaginator):
    """Pages over at most ``MAX_COUNTED`` rows: counting millions takes longer than showing a page of them."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by().values("pk")[: MAX_COUNTED + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._counted, MAX_COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are rows beyond those that are counted."""
        return self._counted > MAX_COUNTED


class CountingChangeList(ChangeList):
    """A changelist whose rows carry the counts that its columns show."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        plain = self.root_queryset
        self.root_queryset = annotated(plain, self.list_display, request.user)
        try:
            return super().get_queryset(request, exclude_parameters)
        finally:
            self.root_queryset = plain
