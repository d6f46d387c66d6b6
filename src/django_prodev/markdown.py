"""Markdown that people wrote, as HTML that is safe to show: the one renderer of the pages and the admin.

Raw HTML in the source is text. What the renderer makes is cleaned again by an allow-list, so that a mistake in one of
the two is no hole. No model, request or template comes in here.
"""

from collections.abc import Sequence
from typing import Any, Final

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

MAX_CHARACTERS: Final = 50_000
"""The most that is rendered of one text, in characters. What comes after is left out, and the reader is told."""

_TEXT_TAGS: Final = ("a", "br", "code", "del", "em", "s", "strong")
_BLOCK_TAGS: Final = ("blockquote", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul")
_TABLE_TAGS: Final = ("table", "tbody", "td", "th", "thead", "tr")
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_REL: Final = "nofollow noopener"

# A text stands inside a page that has its own title and section headings.
_HEADINGS_ABOVE: Final = 2


def render_markdown(text: str) -> SafeString:
    """The HTML of ``text``, CommonMark with tables and strikethrough.

    Headings begin at ``h3``. An image becomes a link to it: loading it would tell its server who reads. Links carry
    ``rel="nofollow noopener"`` and lead to the web, to mail, or inside the site. Lists and quotations are followed 20
    levels deep, and no text further than ``MAX_CHARACTERS``: hostile input costs about a second, prose milliseconds.
    """
    shown = _first_lines(text)
    html = nh3.clean(
        _PARSER.render(shown),
        tags={*_TEXT_TAGS, *_BLOCK_TAGS, *_TABLE_TAGS},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes=set(_SCHEMES),
        link_rel=_REL,
    )
    if len(shown) < len(text):
        html += format_html("<p><em>{}</em></p>\n", gettext("The text goes on, but is too long to be shown here."))
    return mark_safe(html)


def plain_text(text: str) -> str:
    """The words of ``text`` on one line, without marks, for where no markup can stand; no more than is rendered."""
    words: list[str] = []
    for block in _PARSER.parse(_first_lines(text)):
        inner = block.children or () if block.type == "inline" else (block,)
        words.extend(token.content or " " for token in inner if token.content or token.type.endswith("break"))
        words.append(" ")
    return " ".join("".join(words).split())


def _first_lines(text: str) -> str:
    """As much of ``text`` as is rendered, up to the end of a line where there is one."""
    if len(text) <= MAX_CHARACTERS:
        return text
    end = text.rfind("\n", 0, MAX_CHARACTERS)
    return text[: end if end > 0 else MAX_CHARACTERS]


def _image(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    address = str(token.attrs.get("src", ""))
    return format_html('<a href="{}">{}</a>', address, token.content or address)


def _heading(self: RendererHTML, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    token.tag = f"h{min(6, int(token.tag[1]) + _HEADINGS_ABOVE)}"
    return self.renderToken(tokens, index, options, env)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    for name, rule in {"image": _image, "heading_open": _heading, "heading_close": _heading}.items():
        parser.add_render_rule(name, rule)
    return parser


_PARSER: Final = _parser()
