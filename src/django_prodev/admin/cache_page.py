"""The page of the cache: what has stamps, what is kept, how often it was used, and making it out of date by scope.

For superusers: it shows how the site runs, and a click on it costs the site time.
"""

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.cache import caches
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from django_prodev.cache import purge, read_stamps, stores, touch
from django_prodev.cache.counting import counted
from django_prodev.cache.tables import EVERYTHING, declared
from django_prodev.conf import prodev_settings

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:
    Base = object

MOST_KEYS = 10_000


class CachePage(Base):
    """Mixed into the admin of a model, below whose list the page stands."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.cache_view)
        return [path("cache/", view, name=f"{self.opts.app_label}_cache"), *super().get_urls()]

    def cache_view(self, request: HttpRequest) -> HttpResponse:
        """Show how the cache does; a ``POST`` with a scope makes what depends on it out of date."""
        if not getattr(request.user, "is_superuser", False):
            raise PermissionDenied
        request.current_app = self.admin_site.name
        if request.method == "POST":
            self._purge(request, request.POST.get("scope", ""))
            return HttpResponseRedirect(request.path)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Cache"), **_state()}
        return render(request, "admin/django_prodev/cache.html", context)

    def _purge(self, request: HttpRequest, scope: str) -> None:
        if scope == EVERYTHING:
            touch(EVERYTHING)
            taken = purge()
            said = (
                _("Everything is out of date.") if taken is None else _("Everything was taken out: %d answers.") % taken
            )
            self.message_user(request, said)
        elif scope in _tables():
            touch(scope)
            self.message_user(request, _("What depends on “%s” is out of date.") % scope)
        else:
            self.message_user(request, _("There is no such scope."), messages.ERROR)


def _tables() -> dict[str, list[str]]:
    """The tables of each scope."""
    found: dict[str, list[str]] = {}
    for stamped in declared():
        found.setdefault(stamped.scope, []).append(stamped.table)
    return dict(sorted(found.items()))


def _state() -> dict[str, Any]:
    tables = _tables()
    stamps = read_stamps(tables)
    alias = prodev_settings.CACHE_ALIAS
    keys = stores.store().keys(MOST_KEYS)
    kept = Counter(key.removeprefix(stores.PREFIX).rpartition(":")[0] for key in keys or ())
    return {
        "is_on": prodev_settings.CACHE and bool(stamps),
        "is_installed": bool(stamps),
        "is_left_alone": stores.store().breaker.is_open,
        "alias": alias,
        "backend": type(caches[alias]).__name__,
        "seconds": prodev_settings.CACHE_SECONDS,
        "scopes": [(scope, stamps.get(scope, ""), sorted(names)) for scope, names in tables.items()],
        "keys": None if keys is None else sorted(kept.items()),
        "most_keys": MOST_KEYS,
        "uses": [(label, _shares(outcomes)) for label, outcomes in counted().items()],
        "everything": EVERYTHING,
    }


def _shares(outcomes: dict[str, int]) -> dict[str, Any]:
    asked = sum(outcomes.values()) - outcomes.get("bypass", 0)
    saved = outcomes.get("hit", 0) + outcomes.get("unchanged", 0)
    return {
        **{name: outcomes.get(name, 0) for name in ("hit", "unchanged", "miss", "bypass")},
        "share": f"{100 * saved // asked} %" if asked else "–",
    }
