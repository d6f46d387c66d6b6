"""What a document shows of a curriculum: tables of units, numbered headings, lists to tick, lists of links."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django_prodev.documents.curriculum.adapters.outline.items import Said, has_checkbox, item_text, links_in, said_in
from django_prodev.documents.curriculum.adapters.outline.sections import Section
from django_prodev.documents.curriculum.adapters.outline.tables import UnitTable, read_table
from django_prodev.documents.curriculum.adapters.outline.words import heading_role, names_a_plan
from django_prodev.documents.overview.blocks import Block, Kind

LEAST_CONFIDENCE = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section stands: what its heading announces, and whether it is inside a syllabus or a numbered module."""

    role: str
    in_syllabus: bool
    in_module: bool
    is_aside: bool

    @property
    def may_hold_lists(self) -> bool:
        """Whether the items of its lists are units, where lists hold the units."""
        return (self.in_syllabus or self.in_module or self.role == "final") and self.role not in {"objectives", "about"}


@dataclass(slots=True)
class Survey:
    """The sections of a document with their places, and the tables of units by the block they stand in."""

    places: dict[int, Place] = field(default_factory=dict)
    tables: dict[int, UnitTable] = field(default_factory=dict)
    sections: list[Section] = field(default_factory=list)
    by_title: bool = False

    def place(self, section: Section) -> Place:
        """Where a section stands."""
        return self.places[id(section)]

    def tables_of(self, section: Section) -> list[UnitTable]:
        """The tables of units right under a heading."""
        return [table for block in section.blocks if (table := self.tables.get(id(block)))]

    def has_table(self, section: Section) -> bool:
        """Whether a table of units stands under a heading or under one below it."""
        return any(self.tables_of(one) for one in section.walk())


@dataclass(frozen=True, slots=True)
class Shape:
    """How the units of a document are set apart, how sure that is, and by what."""

    name: str
    confidence: float
    because: str


def survey(root: Section) -> Survey:
    """Note where every section of a document stands.

    Where no heading announces a syllabus and none numbers its parts, the title of the whole may say what it is: a
    roadmap, a study plan. ``by_title`` tells that only this was to go by.
    """
    found = Survey()
    _visit(root, Place("", False, False, False), found)
    says_itself = any(found.place(one).in_syllabus or one.ordinal == "strong" for one in found.sections)
    if not says_itself and root.children and names_a_plan(root.children[0].title):
        found = Survey(by_title=True)
        _visit(root, Place("", True, False, False), found)
    return found


def _visit(section: Section, above: Place, found: Survey) -> None:
    role = heading_role(section.title) if section.raw else ""
    is_numbered = section.ordinal == "strong" or (section.ordinal == "weak" and above.in_syllabus)
    # A module about a language, say, is called as an aside would be: what stands in a syllabus is asked less.
    is_aside = above.is_aside or (role == "aside" and not is_numbered)
    place = Place(
        "" if role == "aside" and not is_aside else role,
        above.in_syllabus or role == "syllabus",
        above.in_module or is_numbered,
        is_aside,
    )
    found.places[id(section)] = place
    found.sections.append(section)
    if not is_aside:
        for block in section.blocks:
            if block.kind is Kind.TABLE and (table := read_table(block)):
                found.tables[id(block)] = table
    for child in section.children:
        _visit(child, place, found)


def items_of(section: Section) -> Iterator[Block]:
    """The items of the lists right under a heading, except those of tables of contents."""
    for block in section.blocks:
        if block.kind is Kind.LIST and not is_contents(block):
            yield from block.children


def is_contents(block: Block) -> bool:
    """Whether the items of a list lead to places of the same page."""
    links = [links_in(item_text(item)) for item in block.children]
    inside = sum(1 for found in links if found and found[0][1].startswith("#"))
    return inside * 2 > len(links)


def best_shape(found: Survey, *, least: float = LEAST_CONFIDENCE) -> Shape | None:
    """The shape there is most to say for."""
    shapes = [shape for shape in (_tables(found), _lists(found), _boxes(found), _links(found)) if shape]
    best = max(shapes, key=lambda shape: shape.confidence, default=None)
    return best if best and best.confidence >= least else None


def _tables(found: Survey) -> Shape | None:
    tables = list(found.tables.values())
    rows = sum(len(table.rows) for table in tables)
    telling = sum(len(table.rows) for table in tables if table.telling >= 2)
    if not rows:
        return None
    numbered = sum(1 for section in found.sections if section.ordinal == "strong" and found.has_table(section))
    sure = telling * 2 >= rows and telling >= 3
    is_plain = all(table.telling >= 3 for table in tables)
    confidence = (
        0.95
        if sure or numbered >= 2
        else 0.85
        if is_plain and rows >= 2
        else 0.75
        if telling >= 3
        else 0.55
        if rows >= 3
        else 0.3
    )
    return Shape("tables", confidence, f"{rows} rows of tables whose columns are those of curricula")


def _lists(found: Survey) -> Shape | None:
    numbered = 0
    items = 0
    sections = 0
    direct = 0
    for section in found.sections:
        place = found.place(section)
        if place.is_aside:
            continue
        if section.ordinal == "strong":
            numbered += 1
        if place.may_hold_lists:
            here = sum(1 for _ in items_of(section))
            items += here
            sections += 1 if here else 0
            direct += here if place.role == "syllabus" else 0
    if not items and numbered < 3:
        return None
    if found.by_title:
        return Shape("lists", 0.55 if items >= 5 else 0.3, f"{items} items under a title that says what they are")
    if numbered >= 2 and (items >= 3 or numbered >= 3):
        return Shape("lists", 0.9, f"{numbered} numbered headings with {items} items under them")
    if sections >= 2 and items >= 5 and direct < items:
        return Shape("lists", 0.8, f"{items} items under {sections} headings of a syllabus")
    return Shape("lists", 0.6 if items >= 5 else 0.3, f"{items} items under the heading of a syllabus")


def _boxes(found: Survey) -> Shape | None:
    boxes = linked = sections = 0
    for section in found.sections:
        if found.place(section).is_aside:
            continue
        texts = [item_text(item) for item in _deep_items(section)]
        here = [text for text in texts if has_checkbox(text)]
        boxes += len(here)
        linked += sum(1 for text in here if links_in(text))
        sections += 1 if here else 0
    if boxes < 3:
        return None
    is_plan = sections >= 2 and boxes >= 8 and (linked * 3 >= boxes or boxes >= 30)
    return Shape("boxes", 0.85 if is_plan else 0.3, f"{boxes} items to tick under {sections} headings")


def _deep_items(section: Section) -> Iterator[Block]:
    for block in section.blocks:
        if block.kind is Kind.LIST:
            yield from (inner for inner in block.walk() if inner.kind is Kind.ITEM)


def _links(found: Survey) -> Shape | None:
    led = sections = 0
    for section in found.sections:
        if found.place(section).is_aside:
            continue
        items = list(items_of(section))
        here = sum(1 for item in items if _is_led(said_in(item_text(item))))
        if items and here * 5 >= len(items) * 3:
            led += here
            sections += 1
    if led < 3:
        return None
    is_list = sections >= 3 and led >= 10
    return Shape("links", 0.65 if is_list else 0.3, f"{led} items that begin with a link, under {sections} headings")


def _is_led(said: Said) -> bool:
    """Whether an item begins with a link to somewhere, in words: "#123" is none."""
    return said.is_link and bool(said.url) and any(char.isalpha() for char in said.title)
