"""What the pages' templates need: Markdown, and the name a person is shown by."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from django_prodev.markdown import render_markdown

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """``text`` as safe HTML."""
    return render_markdown(text)


@register.filter
def unless_repeated(title: str, body: str) -> str:
    """``title``, or nothing where it only says how ``body`` begins: importers name a text after its first sentence."""
    return "" if _letters(body).startswith(_letters(title)) else title


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


@register.filter
def shown_name(person: Any) -> str:
    """The name that a page shows for a user. Never the login name, which may be an e-mail address."""
    full_name = person.get_full_name() if hasattr(person, "get_full_name") else ""
    return full_name or _("a learner")
