"""Pages from the cache, as long as they are made of this package's own templates and by its own rules.

A template of the host's may show anything: a basket, a banner, who is signed in. Such pages are rendered each time.
What carries a form's token is not kept either, so it is mostly those who are not signed in who are answered from the
cache.
"""

from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.core.signals import setting_changed
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import get_template
from django.templatetags.static import static

from django_prodev.cache import cache_answer
from django_prodev.reading.scopes import every_scope, has_own_rules

View = Callable[..., HttpResponseBase]

TEMPLATES = Path(__file__).parents[1] / "templates"


def kept(view: View) -> View:
    """The page, from the cache where it is there and still true."""
    from_cache = cache_answer(
        scope=lambda *args, **kwargs: every_scope(),
        vary=lambda *args, **kwargs: static("django_prodev/pages/pages.css"),
        headers=(),
        name=f"pages.{view.__name__}",
        public=True,
    )(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return (from_cache if has_own_rules() and are_templates_ours() else view)(request, *args, **kwargs)

    return answer


@cache
def are_templates_ours() -> bool:
    """Whether no template of the pages is the host's."""
    found = (TEMPLATES / "django_prodev").rglob("*.html")
    return all(_origin(str(path.relative_to(TEMPLATES))) == path for path in found)


def _origin(name: str) -> Path | None:
    origin = getattr(get_template(name), "origin", None)
    return Path(origin.name) if origin is not None else None


def _look_again(*, setting: str, **kwargs: Any) -> None:
    if setting in {"TEMPLATES", "INSTALLED_APPS"}:
        are_templates_ours.cache_clear()


setting_changed.connect(_look_again, dispatch_uid="django_prodev.pages.caching")
