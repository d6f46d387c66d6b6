"""Admin actions: one service over the chosen rows, after a page that asks, with a message for each outcome.

The same actions are offered on a row's own page (``row_actions``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from django_prodev.exceptions import ProdevError

MAX_ROWS = 500
"""The most rows that one request acts upon: each is a transaction of its own."""

MAX_DESCRIBED = 20
"""The most rows of an action that works out for each of them what would follow."""

_MAX_REASONS = 20


def always(row: Any) -> bool:
    return True


def in_status(*statuses: str) -> Callable[[Any], bool]:
    """Whether a row is in one of ``statuses``: what an action is offered for on the row's page."""
    return lambda row: row.status in statuses


@dataclass(frozen=True)
class ServiceAction:
    """``run`` for each chosen row and the person at the screen. ``label`` is what it does, ``warning`` what follows.

    ``one`` is the label on a single row's page, where ``fits`` says whether it is offered. ``describe`` works out for a
    row and a person what would follow, line by line; what was confirmed must still hold when it is done.
    """

    name: str
    label: Any
    run: Callable[[Any, Any], object]
    warning: Any = ""
    one: Any = ""
    fits: Callable[[Any], bool] = always
    describe: Callable[[Any, Any], Sequence[str]] | None = None

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
        most = MAX_DESCRIBED if self.describe else MAX_ROWS
        chosen = list(rows[: most + 1])
        if len(chosen) > most:
            admin.message_user(request, gettext("This takes at most %d rows at once.") % most, messages.ERROR)
            return None
        described = [(row, self._described(row, request.user)) for row in chosen]
        if "confirmed" not in request.POST:
            return self._ask(admin, request, described)
        if self.describe and not constant_time_compare(request.POST.get("seal", ""), _seal(described)):
            text = gettext("Nothing was done: things have changed since this page was made. This is how they are.")
            admin.message_user(request, text, messages.WARNING)
            return self._ask(admin, request, described)
        self._carry_out(admin, request, chosen)
        return None

    def _described(self, row: Any, actor: Any) -> list[str]:
        if self.describe is None:
            return []
        try:
            return [str(line) for line in self.describe(row, actor)]
        except ProdevError as refusal:
            return [refusal.message]

    def _ask(self, admin: Any, request: HttpRequest, described: list[tuple[Any, list[str]]]) -> HttpResponse:
        context = {
            **admin.admin_site.each_context(request),
            "title": capfirst(str(self.label)),
            "opts": admin.opts,
            "media": admin.media,
            "action": self,
            "rows": described,
            "seal": _seal(described),
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/django_prodev/confirm_action.html", context)

    def _carry_out(self, admin: Any, request: HttpRequest, chosen: list[Any]) -> None:
        done = 0
        refused: list[tuple[str, str]] = []
        for row in chosen:
            try:
                self.run(row, request.user)
            except ProdevError as refusal:
                refused.append((f"{row}: {refusal.message}", refusal.code))
            else:
                done += 1
                admin.log_change(request, row, str(self.label))
        if done:
            text = ngettext("%(label)s: %(count)d row.", "%(label)s: %(count)d rows.", done)
            admin.message_user(request, text % {"label": capfirst(str(self.label)), "count": done}, messages.SUCCESS)
        for reason, code in refused[:_MAX_REASONS]:
            admin.message_user(request, reason, messages.ERROR, extra_tags=code)
        if len(refused) > _MAX_REASONS:
            more = len(refused) - _MAX_REASONS
            admin.message_user(request, gettext("%d more were refused.") % more, messages.ERROR)


def _seal(described: list[tuple[Any, list[str]]]) -> str:
    """What a page said would follow, so that it can be told whether it still does."""
    said = repr([(str(row.pk), lines) for row, lines in described])
    return salted_hmac("django_prodev.admin.actions", said, algorithm="sha256").hexdigest()
