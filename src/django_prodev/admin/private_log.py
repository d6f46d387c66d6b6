"""Django's log of the admin without the words of learners: its rows outlive what they are about, and the person."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.http import HttpRequest

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = object


class _Unnamed:
    """A row as the log names it: by what it is and by its key."""

    def __init__(self, row: Any) -> None:
        self.pk, self._meta = row.pk, row._meta

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} #{self.pk}"


class PrivateLog(Base):
    """Mixed into the admin of what people write."""

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_addition(request, _Unnamed(obj), message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        return super().log_change(request, _Unnamed(obj), message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return super().log_deletions(request, cast("Any", [_Unnamed(row) for row in queryset]))
