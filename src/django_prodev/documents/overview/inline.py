"""Runs of inline Markdown: their plain words, their leads ("**Django:** the rest"), and places never filled in.

Every expression here has bounded repeats, so that a line of any length costs time in proportion to its length.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django_prodev.documents.vocabulary import Vocabulary, tokens

_IMAGE = re.compile(r"!\[[^\[\]]{0,300}\]\([^()\n]{0,1000}\)")
_LINKED_IMAGE = re.compile(r"\[\s*" + _IMAGE.pattern + r"\s*\]\([^()\n]{0,1000}\)")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\([^()\n]{0,1000}\)")
_TAG = re.compile(r"</?[a-zA-Z][^<>\n]{0,300}>")
_COMMENT = re.compile(r"<!--.{0,400}?-->", re.DOTALL)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_STRONG = re.compile(r"\*+|`+|~~")
_UNDERSCORE = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_CHECKBOX = re.compile(r"^\s*\[[ xX]\]\s+")
_NUMBER = re.compile(
    r"^\s*(?:[(\[]?\d{1,3}(?:\.\d{1,3}){0,3}\\?[.)\]:]+(?:\s+|(?=[^\W\d]))|\d{1,2}(?:\.\d{1,2}){1,2}\s+(?=[^\W\d])|[a-zA-Z]\)\s+|\d\ufe0f?\u20e3\s*)+"
)
_WORD = re.compile(r"[^\W_]")
_KEPT_OPENERS = "(\"'“‘«¿¡`*_[<#@/.$"
_SEPARATOR = re.compile(r"\s*[:：](?=\s|\*|_|$)\s*|\s+(?:[-–—―]{1,3}|->|=>|→|➜|➡\ufe0f?|⇒|⟶|\||=)\s+|\s*(?:—|→|⇒)\s*")
_BOLD_LEAD = re.compile(r"^(\*{1,3}|_{1,3})(?=\S)(.{1,160}?)(?<=\S)\1(?![^\W_])")
_CODE_LEAD = re.compile(r"^(`{1,3})([^`]{1,120})\1")
_LINK_LEAD = re.compile(r"^\[([^\[\]]{1,200})\]\([^()\n]{0,1000}\)")
_BOLD_LINE = re.compile(r"^(?:\*\*\*|\*\*|__)(?=\S)([^*\n]{1,160}?)(?:\*\*\*|\*\*|__)\s*[:.]?\s*$")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z]|`)")
_ITALIC = re.compile(r"^([*_])(?=[^\s*_])[^*_\n]{1,300}\1$")
_BRACKETED = re.compile(r"^[*_\s\"'`(]*(?:\[[^\[\]()]{2,400}\]|<[^<>/][^<>]{2,400}>|\{[^{}]{2,400}\})[*_\s\"'`.):]*$")

SHORT = 120

_CACHED_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Lead:
    """The beginning of an item that names it, and the rest. ``marked`` says that emphasis sets it apart."""

    name: str
    rest: str
    marked: bool
    separator: str


def plain(text: str) -> str:
    """The words of a piece of Markdown without its marks, emoji bullets and numbering, on one line."""
    return _short_plain(text) if len(text) <= _CACHED_LENGTH else _plain(text)


def _plain(text: str) -> str:
    if "<" in text:
        text = _COMMENT.sub(" ", text)
        text = _TAG.sub(" ", text)
    if "](" in text:
        text = _LINKED_IMAGE.sub(" ", text)
        text = _IMAGE.sub(" ", text)
        text = _LINK.sub(r"\1", text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = _STRONG.sub("", text)
    if "_" in text:
        text = _UNDERSCORE.sub("", text)
    if "\\" in text:
        text = _ESCAPE.sub(r"\1", text)
    return _without_tail(without_bullet(" ".join(text.split())))


# The same short lines are looked at by several readers.
_short_plain = lru_cache(maxsize=8192)(_plain)


def _without_tail(text: str) -> str:
    while text and (_is_symbol(text[-1]) or text[-1].isspace() or text[-1] == "\\"):
        text = text[:-1]
    return text


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) in {"So", "Sk", "Cf", "Mn", "Me", "Cs", "Co", "Cn"} and char not in "`°©®™^´"


def without_bullet(text: str) -> str:
    """A line without checkbox, emoji, typed bullet or number in front."""
    if text[:1].isalpha() and text[1:2] != ")":
        return text
    for _ in range(3):
        before = text
        text = _CHECKBOX.sub("", text)
        text = _NUMBER.sub("", text)
        text = _without_symbols(text)
        if text == before:
            break
    return text


def _without_symbols(text: str) -> str:
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace() or _is_symbol(char) or char in "•·▪◦‣⁃○●■□✓✔✗✘➤➔→►▶»-–—|":
            at += 1
        else:
            break
    rest = text[at:]
    if rest and not _WORD.match(rest[0]) and rest[0] not in _KEPT_OPENERS and rest[0] not in "\\!?{%&~+=^":
        return rest.lstrip(":;,. ")
    return rest


def bold_line(text: str) -> str | None:
    """The words of a line that is bold from end to end, or ``None``."""
    stripped = without_bullet(text.strip())
    match = _BOLD_LINE.match(stripped)
    if match and _WORD.search(match[1]):
        return match[1].strip()
    return None


def split_lead(text: str, *, longest: int = 70) -> Lead | None:
    """The lead of an item's text, if it has one.

    ``longest`` is how many characters an unmarked lead may have: past that a colon or a dash is punctuation.
    """
    text = without_bullet(text.strip())
    for pattern, group in ((_BOLD_LEAD, 2), (_CODE_LEAD, 2), (_LINK_LEAD, 1)):
        match = pattern.match(text)
        if match:
            return _marked_lead(match[group], text[match.end() :])
    match = _SEPARATOR.search(_masked(text), 1)
    if not match or match.start() > longest:
        return None
    name = text[: match.start()]
    if _SENTENCE.search(name) or name.count(",") > 3:
        return None
    return Lead(name.strip(), text[match.end() :].strip(), marked=False, separator=_sign(match[0]))


def _marked_lead(name: str, tail: str) -> Lead:
    name = name.strip()
    separator = ""
    inner = re.match(r"^([^:]{1,80}):\s+(\S.*)$", name)
    if inner and not tail.strip():
        return Lead(inner[1], inner[2], marked=True, separator=":")
    if name.endswith((":", "：")):
        name, separator = name[:-1].rstrip(), ":"
    match = _SEPARATOR.match(tail) if tail else None
    if match:
        separator = separator or _sign(match[0])
        tail = tail[match.end() :]
    elif tail.lstrip()[:1] in {",", "."}:
        tail = tail.lstrip(",. ")
    return Lead(name, tail.strip(), marked=True, separator=separator)


def _sign(separator: str) -> str:
    return separator.strip() or " "


def _masked(text: str) -> str:
    """The text with what stands in code, links and brackets blanked, so that no separator is found there."""
    blank = lambda match: "x" * len(match[0])  # noqa: E731
    text = re.sub(r"`[^`\n]{1,200}`", blank, text[:400])
    text = re.sub(r"\[[^\[\]]{1,200}\]\([^()\n]{0,500}\)", blank, text)
    text = re.sub(r"\([^()\n]{1,200}\)", blank, text)
    return re.sub(r"https?://\S{1,500}", blank, text)


def short_title(text: str, limit: int = SHORT) -> str:
    """A title for a piece of text: its plain words, cut at a sentence or a word."""
    words = plain(text[: limit * 8])
    if len(words) <= limit:
        return unstopped(words)
    first = _SENTENCE.split(words, maxsplit=1)[0]
    if len(first) <= limit:
        return unstopped(first)
    cut = words[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-")
    return f"{cut}…"


def unstopped(words: str) -> str:
    """A title without the full stop or colon that closed it as a sentence."""
    stripped = words.rstrip(" .:")
    return words if words.endswith(("...", "etc.")) or not stripped else stripped


def sentences(text: str) -> list[str]:
    """The sentences of a running text."""
    return [part for part in _SENTENCE.split(text) if part.strip()]


def is_placeholder(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a text is a place that the writer was asked to fill in and did not."""
    text = without_bullet(text.strip())
    if not text:
        return False
    bare = text.strip("*_ `\"'")
    if not _WORD.search(bare):
        return set(bare) <= set("….-_[] ") and bool(bare)
    words = tokens(bare[:300])
    opening = next((True for start, _, _ in vocabulary.placeholder_openings.find(words[:6]) if start == 0), False)
    if any(start == 0 for start, _, _ in vocabulary.sure_placeholders.find(words[:6])):
        return True
    if _BRACKETED.match(text):
        return opening or len(words) > 1 or text.strip("*_ ").startswith("[")
    framed = bare[:1] in "([<{" and bare[-1:] in ")]>}"
    # "Describe the challenges you faced" asks; nobody tells of a challenge in those words.
    if opening and (framed or _ITALIC.match(text) or not vocabulary.second_person.isdisjoint(words)):
        return True
    whole = vocabulary.placeholder_openings.by_phrase.get(words)
    return whole is not None or bare.rstrip(".").lower() in {"…", "xxx", "..."}
