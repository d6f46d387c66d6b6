"""Admin actions: one service over the chosen rows, after a page that asks, with a message for each outcome."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from django_prodev.exceptions import ProdevError

MAX_ROWS = 500
"""The most rows that one request acts upon: each is a transaction of its own."""

_MAX_REASONS = 20


@dataclass(frozen=True)
class ServiceAction:
    """``run`` for each chosen row and the person at the screen. ``label`` is what it does, ``warning`` what follows."""

    name: str
    label: Any
    run: Callable[[Any, Any], object]
    warning: Any = ""

    allowed_permissions = ("change",)
    do_not_call_in_templates = True

    # What the admin looks for on a callable in ``actions``.
    @property
    def __name__(self) -> str:
        return self.name

    @property
    def short_description(self) -> Any:
        return self.label

    def __call__(self, admin: Any, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse | None:
        chosen = list(rows[: MAX_ROWS + 1])
        if len(chosen) > MAX_ROWS:
            admin.message_user(request, gettext("This takes at most %d rows at once.") % MAX_ROWS, messages.ERROR)
            return None
        if "confirmed" not in request.POST:
            return self._ask(admin, request, chosen)
        self._carry_out(admin, request, chosen)
        return None

    def _ask(self, admin: Any, request: HttpRequest, chosen: list[Any]) -> HttpResponse:
        context = {
            **admin.admin_site.each_context(request),
            "title": capfirst(str(self.label)),
            "opts": admin.opts,
            "media": admin.media,
            "action": self,
            "rows": chosen,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/django_prodev/confirm_action.html", context)

    def _carry_out(self, admin: Any, request: HttpRequest, chosen: list[Any]) -> None:
        done = 0
        refused: Counter[str] = Counter()
        for row in chosen:
            try:
                self.run(row, request.user)
            except ProdevError as refusal:
                refused[f"{row}: {refusal.message}"] += 1
            else:
                done += 1
                admin.log_change(request, row, str(self.label))
        if done:
            text = ngettext("%(label)s: %(count)d row.", "%(label)s: %(count)d rows.", done)
            admin.message_user(request, text % {"label": capfirst(str(self.label)), "count": done}, messages.SUCCESS)
        for reason in list(refused)[:_MAX_REASONS]:
            admin.message_user(request, reason, messages.ERROR)
        if len(refused) > _MAX_REASONS:
            more = len(refused) - _MAX_REASONS
            admin.message_user(request, gettext("%d more were refused.") % more, messages.ERROR)
