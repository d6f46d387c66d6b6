"""Labels ("Challenge:", "What I did:"): found at the head of a line or inside it, whatever emphasis they wear."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.inline import bold_line, without_bullet
from django_prodev.documents.vocabulary import Vocabulary, fold, tokens

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_GAP_SEPARATOR = re.compile(r"[:：]|\s[-–—]{1,2}(?=\s|$)|—|→|->|=>|⇒|\||[.)](?=\s|$)|\?")
_EMPHASIS = re.compile(r"[*_`]+")
# "Q1" is the letter and its number.
_LETTER_AND_NUMBER = re.compile(r"^([^\W\d_])(\d{1,2})$")
# The second word of "solved by" in the languages of the shipped words.
_BY = frozenset({"by", "par", "por", "mediante", "gracas", "grace"})
_ENDS = frozenset(".;|!?)؛؟۔；。！？")
# Words of two letters that are no part of others in running text.
_SHORT_WORDS = frozenset({"حل"})
_CACHED_LENGTH = 200
_MAX_LEAD_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Label:
    """A label: its role, its own word (so that a second one of the same kind can be told), and what follows.

    ``name`` is the label as written; ``number`` its digits, if it has any; ``closed`` says that the whole line is one
    bold piece, so that what follows on the next line is no longer part of it.
    """

    role: str
    word: str
    name: str
    rest: str
    numbered: bool
    marked: bool
    closed: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Some lines under one label, or before any."""

    label: Label | None
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines as one Markdown text."""
        return "\n".join(line.text for line in self.lines).strip()


def read_label(text: str, vocabulary: Vocabulary) -> Label | None:
    """The label at the head of a text, or ``None``."""
    return _short_label(text, vocabulary) if len(text) <= _CACHED_LENGTH else _label(text, vocabulary)


def _label(text: str, vocabulary: Vocabulary) -> Label | None:
    text = without_bullet(text.strip())
    lead = _lead(text)
    if lead is None or _role(lead[0], vocabulary) is None:
        done = _done_by(text, vocabulary)
        if done is not None:
            return done
    if lead is None:
        return None
    words, end, marked, separator = lead
    found = _role(words, vocabulary)
    if found is None:
        return None
    role, word, numbered, filled = found
    if separator == "" and not marked and filled:
        return None
    if separator in {".", ")", "?"} and not (numbered or marked or separator == "?"):
        return None
    if len(word) == 1 and separator not in {":", "："}:
        # "Q:" and "A:" are labels; a letter alone, or with another sign after it, only orders.
        return None
    if not marked and separator not in {":", "：", ""} and not (numbered or text[:1] == text[:1].upper()):
        return None
    rest = _unemphasised(text[end:], marked)
    closed = bool(rest) and bold_line(text) is not None
    number = next((word for word in reversed(words) if word.isdigit()), "")
    return Label(role, word, " ".join(words), rest, numbered, marked, closed, number)


# The same short lines are looked at by several readers.
_short_label = lru_cache(maxsize=4096)(_label)


def _done_by(text: str, vocabulary: Vocabulary) -> Label | None:
    """ "Solved by caching" is its own label; all of it is the solution."""
    opening = tokens(" ".join(text[:80].strip("*_ ").split()[:2]))
    if len(opening) == 2 and opening[1] in _BY and vocabulary.labels.by_phrase.get(opening) == "solution":
        return Label("solution", opening[0], opening[0], text, numbered=False, marked=False)
    return None


def _lead(text: str) -> tuple[list[str], int, bool, str] | None:
    """The words before the first separator, where the rest begins, whether emphasis marks them, the separator."""
    words: list[str] = []
    at = 0
    marked = text[:1] in {"*", "_"}
    for match in _TOKEN.finditer(text[:160]):
        gap = text[at : match.start()]
        separator = _GAP_SEPARATOR.search(gap) if words else None
        if separator:
            return words, at + separator.end(), marked, separator[0].strip()
        if words and marked and _EMPHASIS.search(gap) and gap[-1:].isspace():
            return words, at + gap.rindex(gap.strip()[-1]) + 1, True, ""
        if gap.strip(" *_`#([\"'“”‘’/&-\\№°º") or len(words) >= _MAX_LEAD_TOKENS:
            return None
        words.append(match[0])
        at = match.end()
    if not words:
        return None
    tail = text[at:]
    separator = _GAP_SEPARATOR.search(tail)
    if separator and not tail[: separator.start()].strip(" *_`)]\"'”’"):
        return words, at + separator.end(), marked, separator[0].strip()
    if tail.strip(" *_`)]\"'”’"):
        return None
    return words, len(text), marked, ""


def _role(words: list[str], vocabulary: Vocabulary) -> tuple[str, str, bool, bool] | None:
    """The role of a lead's words, its word, whether it is numbered, and whether fillers stand around it."""
    found = vocabulary.spelling.correct(tokens(_LETTER_AND_NUMBER.sub(r"\1 \2", " ".join(words))))
    numbered = False
    filled = False
    while found:
        role = vocabulary.labels.by_phrase.get(found)
        if role is not None:
            return role, _singular(found[-1]), numbered, filled
        last = found[-1]
        if last.isdigit() or (len(last) == 1 and len(found) > 1 and last in "abcdef"):
            numbered = True
            found = found[:-1]
        elif found[0] in vocabulary.label_fillers:
            filled = True
            found = found[1:]
        elif last in vocabulary.label_fillers:
            filled = True
            numbered = numbered or last in {"one", "two", "three", "four", "five", "six"}
            found = found[:-1]
        else:
            return None
    return None


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word


def _unemphasised(rest: str, marked: bool) -> str:
    rest = rest.lstrip()
    rest = re.sub(r"^(?:[*_`]{1,3}(?=\s|$)|[*_]{1,3}[:：]?\s*$)", "", rest).lstrip()
    rest = re.sub(r"^[:：]\s*", "", rest)
    if marked:
        # The emphasis that opened before the label may close anywhere after it.
        rest = re.sub(r"^(\*{1,3}|_{1,3})(?=\s|$)", "", rest)
        for mark in ("**", "__"):
            if rest.count(mark) % 2:
                rest = rest.replace(mark, "", 1)
    if rest.startswith("**") and rest.count("**") % 2:
        rest = rest[2:].lstrip()
    return rest.strip()


def _with_article(word: str) -> str:
    """A word as it stands in text: Arabic ones may have the article, and "and", joined to them."""
    return f"(?:و?ال)?{re.escape(word)}" if "؀" <= word[0] <= "ۿ" else re.escape(word)


@lru_cache(maxsize=8)
def _inside(label_words: tuple[str, ...]) -> re.Pattern[str]:
    words = "|".join(_with_article(word) for word in label_words if len(word) > 2 or word in _SHORT_WORDS)
    marked = (
        rf"(?<=[\s.;,|(/])(?:\*\*|__|\*|_)(?:{words})(?:\s+\d{{1,2}})?\s*(?::(?:\*\*|__|\*|_)|(?:\*\*|__|\*|_)\s*:)"
    )
    bare = rf"(?<=[\s.;,|)/])(?:{words})(?:\s+\d{{1,2}})?\s*:"
    return re.compile(rf"{marked}|{bare}", re.IGNORECASE)


def split_line(line: Line, vocabulary: Vocabulary) -> list[Line]:
    """A line cut before each label that stands inside it ("Problem: a Solution: b")."""
    if ":" not in line.text:
        return [line]
    pieces: list[Line] = []
    start = 0
    opened = read_label(line.text, vocabulary) is not None
    for match in _inside(vocabulary.label_words).finditer(line.text):
        word = match[0].lstrip("*_ ")
        # A bare label is one only with a capital, where the script has capitals.
        if word[:1] != word[:1].upper() or match.start() <= start:
            continue
        # "Production Issues: …" is a title; a label follows a sentence, or stands in a line that began with one.
        if not opened and match[0][:1] not in "*_" and line.text[: match.start()].rstrip()[-1:] not in _ENDS:
            continue
        # "How I solved it. What I did:" holds a label of its own; "Key Solution:" must not be cut in two.
        before = tokens(line.text[start : match.start()])
        if not before or all(token in vocabulary.label_fillers or token.isdigit() for token in before):
            continue
        pieces.append(Line(line.number, line.text[start : match.start()].strip(" |")))
        start = match.start()
    pieces.append(Line(line.number, line.text[start:].strip() if start else line.text))
    return [piece for piece in pieces if piece.text.strip()]


def split_parts(lines: list[Line], vocabulary: Vocabulary) -> list[Part]:
    """Lines of one paragraph as parts: a part begins wherever a label does."""
    parts: list[Part] = []
    current: list[Line] = []
    label: Label | None = None
    for line in lines:
        pieces = split_line(line, vocabulary)
        for piece in pieces:
            found = read_label(piece.text, vocabulary)
            if found is not None and (found.rest or found.marked or len(pieces) == 1):
                if current or label is not None:
                    parts.append(Part(label, tuple(current)))
                label = found
                current = [Line(piece.number, found.rest)] if found.rest else [Line(piece.number, "")]
            else:
                current.append(piece)
    if current or label is not None:
        parts.append(Part(label, tuple(current)))
    return parts


def same_word(one: Label, other: Label) -> bool:
    """Whether two labels are the same word, so that the second begins another record."""
    return fold(one.word) == fold(other.word)
