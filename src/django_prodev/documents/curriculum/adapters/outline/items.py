"""What an item of a list, or a cell of a table, says: a title, an address, and the rest."""

import re
from dataclasses import dataclass

from django_prodev.documents.curriculum.schema import curriculum_schema
from django_prodev.documents.overview.blocks import Block, Kind
from django_prodev.documents.overview.inline import plain, short_title, split_lead

_LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]|!\[[^\[\]]{0,300}\]\([^()\n]{0,1000}\)){1,300})\]\(\s{0,3}<?([^()\s<>]{0,1000}(?:\([^()\s]{0,200}\)[^()\s<>]{0,500})?)>?(?:\s[^()\n]{0,300})?\)"
)
_ANCHOR = re.compile(r"<a\b[^<>]{0,300}?href=[\"']([^\"'<>\s]{1,1000})[\"'][^<>]{0,300}>(.{1,500}?)</a>", re.IGNORECASE)
_CHECKBOX = re.compile(r"^\s{0,3}\[[ xX]\]\s")
_LEAD_MARKS = "*_~` "
LONG_TITLE = 100


@dataclass(frozen=True, slots=True)
class Said:
    """A title, the web address of its first link, and what stands behind the title, as Markdown."""

    title: str
    url: str
    rest: str
    is_link: bool


def links_in(text: str) -> list[tuple[str, str]]:
    """The words and addresses of the links in a text, in their order; images that are no links are none."""
    found = [(match.start(), match[1], match[2]) for match in _LINK.finditer(text)]
    found += [(match.start(), match[2], match[1]) for match in _ANCHOR.finditer(text)]
    return [(plain(words), address) for _, words, address in sorted(found)]


def web_address(address: str) -> str:
    """An address that a unit can have, or an empty string: relative ones lead nowhere from here."""
    allowed = curriculum_schema()["$defs"]["url"]
    fits = len(address) <= allowed["maxLength"] and re.match(allowed["pattern"], address)
    return address if fits else ""


def first_address(text: str) -> str:
    """The first web address that a text links to."""
    return next((web for _, address in links_in(text) if (web := web_address(address))), "")


def has_checkbox(text: str) -> bool:
    """Whether an item can be ticked."""
    return _CHECKBOX.match(text) is not None


def item_text(item: Block) -> str:
    """An item's own words, without what is nested in it; only the first paragraph names it."""
    for block in item.children:
        if block.kind in {Kind.PARAGRAPH, Kind.HEADING}:
            return "\n".join(line.text.strip() for line in block.lines)
        if block.kind is not Kind.HTML:
            break
    return ""


def said_in(text: str) -> Said:
    """The title, address and rest of an item or a cell."""
    bare = _CHECKBOX.sub("", text.strip()).strip()
    match = _LINK.match(bare.lstrip(_LEAD_MARKS))
    if match and plain(match[1]):
        start = len(bare) - len(bare.lstrip(_LEAD_MARKS)) + match.end()
        rest = bare[start:].lstrip(_LEAD_MARKS).strip()
        address = web_address(match[2])
        lost = "" if address or match[2].startswith("#") else match[0]
        return Said(plain(match[1]), address, _joined(lost, _without_separator(rest)), True)
    words = plain(bare)
    lead = split_lead(bare) if len(words) > LONG_TITLE or bare.startswith(("**", "__")) else None
    if lead and plain(lead.name) and lead.rest:
        return Said(plain(lead.name), first_address(bare), lead.rest, False)
    title = words.rstrip(" :") or words if len(words) <= LONG_TITLE else short_title(bare)
    has_more = len(words) > LONG_TITLE or bool(links_in(bare))
    return Said(title, first_address(bare), bare if has_more else "", False)


def _without_separator(rest: str) -> str:
    return re.sub(r"^(?:[-–—:|]\s{1,3}|[-–—:]$)", "", rest).strip()


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
