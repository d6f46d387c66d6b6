"""Text as it is kept: what the planner, the readers and the writers must agree on to call two texts equal."""

import hashlib
import re
from typing import Any

TITLE_LIMIT = 250

_BREAKS = re.compile(r"\r\n?")
_BLANK_LINES_BEFORE = re.compile(r"(?:[ \t]*\n)+")


def clean_text(text: str) -> str:
    """A body with Unix line ends, without blank lines before it and white space behind it."""
    text = _BREAKS.sub("\n", text).rstrip()
    before = _BLANK_LINES_BEFORE.match(text)
    return text[before.end() :] if before else text


def clean_title(title: str) -> str:
    """A title on one line, with single spaces."""
    words = " ".join(title.split())
    # One text in memory for a title and the row made from it, not two.
    return title if words == title else words


def fit(title: str, text: str, limit: int = TITLE_LIMIT) -> tuple[str, str]:
    """A title that fits its column. What is cut off is not lost: the whole title then opens the text."""
    title, text = clean_title(title), clean_text(text)
    if len(title) <= limit:
        return title, text
    cut = title[: limit - 1].rsplit(" ", 1)[0] or title[: limit - 1]
    return f"{cut}…", f"{title}\n\n{text}".rstrip()


def short_digest(*parts: str) -> str:
    """Twelve hexadecimal digits that name these texts."""
    return hashlib.sha256("\x1f".join(parts).encode(errors="surrogatepass")).hexdigest()[:12]


def differs(stored: Any, wanted: Any) -> bool:
    """Whether a stored value is another than the wanted one; texts are compared as they are kept."""
    return bool((clean_text(stored) if isinstance(stored, str) else stored) != wanted)
