"""The actions of a list on a row's own page: a link for each that fits the row, to the page that asks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.admin.utils import quote, unquote
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from django_prodev.admin.actions import ServiceAction
from django_prodev.admin.base import ProdevAdmin


class RowActions(ProdevAdmin):
    """Mixed into the admin of a model whose actions are ``ServiceAction``."""

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        view = self.admin_site.admin_view(self.act_view)
        return [path("<path:object_id>/act/<slug:action>/", view, name=name), *super().get_urls()]

    def act_view(self, request: HttpRequest, object_id: str, action: str) -> HttpResponse:
        """Ask whether to carry an action out on one row, and do so once that is confirmed."""
        request.current_app = self.admin_site.name
        row = self.get_object(request, unquote(object_id))
        offered = {each.name: each for each in self.actions_for(request)}
        if row is None or action not in offered:
            raise Http404
        chosen = replace(offered[action], label=offered[action].one)
        asked = chosen(self, request, self.get_queryset(request).filter(pk=row.pk))
        if asked is not None:
            return asked
        if self.get_object(request, unquote(object_id)) is None:
            return HttpResponseRedirect(self._address("changelist"))
        return HttpResponseRedirect(self._address("change", object_id))

    def actions_for(self, request: HttpRequest) -> list[ServiceAction]:
        """The actions that Django lets this person carry out and that make sense for one row."""
        actions: Any = self.get_actions(request)
        # Django 6.1 has an object for an action, before that it is a tuple.
        functions = [getattr(action, "func", None) or action[0] for action in actions.values()]
        return [each for each in functions if isinstance(each, ServiceAction) and each.one]

    def links_for(self, request: HttpRequest, row: Any) -> Sequence[tuple[str, str]]:
        """The label and the address of each link above the row's page."""
        return [
            (capfirst(str(each.one)), self._address("act", quote(row.pk), each.name))
            for each in self.actions_for(request)
            if each.fits(row)
        ]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if (row := context["original"]) is not None:
            context["prodev_links"] = self.links_for(request, row)
        return super().render_change_form(request, context, *args, **kwargs)

    def _address(self, page: str, *args: Any) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}"
        return reverse(name, args=args)
