"""The sections of a Markdown curriculum as units: headings become modules, rows and items what stands in them."""

from collections.abc import Iterator

from django_prodev.documents.curriculum.adapters.nodes import unit_value
from django_prodev.documents.curriculum.adapters.outline.effort import effort_minutes
from django_prodev.documents.curriculum.adapters.outline.items import first_address, has_checkbox, item_text, said_in
from django_prodev.documents.curriculum.adapters.outline.program import (
    ProgramText,
    heading_line,
    markdown_of,
    source_of,
)
from django_prodev.documents.curriculum.adapters.outline.sections import Section
from django_prodev.documents.curriculum.adapters.outline.shapes import Survey, is_contents
from django_prodev.documents.curriculum.adapters.outline.tables import Row, UnitTable
from django_prodev.documents.curriculum.adapters.outline.topics import column_topics, labelled_topics, teaches
from django_prodev.documents.curriculum.adapters.outline.words import (
    has_word,
    heading_role,
    kind_of,
    number_of,
    phrases,
)
from django_prodev.documents.curriculum.tree import Table
from django_prodev.documents.overview.blocks import Block, Kind
from django_prodev.documents.overview.inline import plain, short_title
from django_prodev.documents.overview.source import Source
from django_prodev.documents.records import Lines
from django_prodev.documents.vocabulary import tokens

MOST_LEVELS = 16


class Builder:
    """Builds the units of a document. ``prerequisites`` has the cells of prerequisites by the ``id()`` of the unit."""

    def __init__(self, surveyed: Survey, shape: str, source: Source, program: ProgramText) -> None:
        self.surveyed = surveyed
        self.shape = shape
        self.source = source
        self.program = program
        self.prerequisites: dict[int, str] = {}

    def units(self, section: Section, level: int = 0) -> list[Table]:
        """What a section and all below it come to: a module, or, of a heading that only holds others, its parts."""
        place = self.surveyed.place(section)
        if place.is_aside:
            return []
        own = list(self.own_units(section, level))
        below: list[Table] = []
        beside: list[Section] = []
        for child in section.children:
            found = self.units(child, min(level + 1, MOST_LEVELS))
            below.extend(found)
            if not found and not self.surveyed.place(child).is_aside:
                beside.append(child)
        if section.level == 0 or section is self.program.heading or place.role == "syllabus":
            return own + below
        is_numbered = section.ordinal == "strong" or (section.ordinal == "weak" and place.in_syllabus)
        is_work = place.in_syllabus and bool(section.blocks) and kind_of(section.title) in {"project", "milestone"}
        is_unit = own or below or is_numbered or is_work or place.role == "final"
        if place.role in {"objectives", "about"} or not is_unit:
            return own + below
        return [self.module(section, own + below, beside)]

    def module(self, section: Section, units: list[Table], beside: list[Section]) -> Table:
        title = section.title
        texts = [markdown_of(self.prose(section), self.source)]
        for child in beside:
            for one in child.walk():
                if text := markdown_of(one.blocks, self.source):
                    texts.extend((heading_line(one), text))
        is_final = self.surveyed.place(section).role == "final"
        kind = "module" if units else kind_of(title) or ("project" if is_final else "lesson")
        return unit_value(
            Lines(section.line, section.last),
            title,
            *texts,
            kind=kind,
            url=first_address(section.raw),
            effort_minutes=effort_minutes(title) if not units else None,
            required=False if has_word("optional", title) else None,
            topics=teaches(title, *labelled_topics(section.blocks)),
            units=units,
        )

    def prose(self, section: Section) -> list[Block]:
        """The blocks of a section that hold no units."""
        held = {id(block) for block, _ in self.unit_blocks(section)}
        return [block for block in section.blocks if id(block) not in held]

    def unit_blocks(self, section: Section) -> Iterator[tuple[Block, Block | None]]:
        """The tables and lists whose rows and items are units, each with the paragraph right before it."""
        place = self.surveyed.place(section)
        tables = bool(self.surveyed.tables_of(section))
        before: Block | None = None
        for block in section.blocks:
            if id(block) in self.surveyed.tables or (
                block.kind is Kind.LIST
                and not (tables or is_contents(block) or _is_labelled(before))
                and self.may_hold(section, place.may_hold_lists)
            ):
                yield block, before
            before = block if block.kind is Kind.PARAGRAPH else None

    def may_hold(self, section: Section, may_hold_lists: bool) -> bool:
        if self.shape == "tables":
            return section.ordinal == "strong" and may_hold_lists and not self.surveyed.has_table(section)
        if self.shape == "lists":
            return may_hold_lists
        return self.surveyed.place(section).role not in {"about", "objectives"}

    def own_units(self, section: Section, level: int) -> Iterator[Table]:
        heading = section.title if section.raw else ""
        for block, before in self.unit_blocks(section):
            table = self.surveyed.tables.get(id(block))
            units = self.rows(table, heading) if table else list(self.items(block, heading, level))
            if units and (needed := _needed(before)) and len(units) >= needed:
                yield self.group(before, block, units, needed)
            else:
                yield from units

    def group(self, before: Block | None, block: Block, units: list[Table], needed: int) -> Table:
        """A part of which a few are enough, called as the line before it says."""
        text = " ".join(line.text.strip() for line in before.lines) if before else ""
        first = before.first if before else block.first
        return unit_value(Lines(first, block.last), short_title(text), kind="module", min_children=needed, units=units)

    # Tables

    def rows(self, table: UnitTable, heading: str) -> list[Table]:
        if not table.is_grouped:
            return [self.row(row, table, heading) for row in table.rows]
        groups: list[tuple[str, list[Row]]] = []
        for row in table.rows:
            if not groups or (row.group and row.group != groups[-1][0]):
                groups.append((row.group, []))
            groups[-1][1].append(row)
        units: list[Table] = []
        for name, rows in groups:
            inside = [self.row(row, table, heading) for row in rows]
            if not name:
                units.extend(inside)
                continue
            lines = Lines(rows[0].line, rows[-1].line)
            title = name if not name.isdigit() else f"{table.group_header or ''} {name}".strip()
            units.append(unit_value(lines, title, kind="module", topics=teaches(title), units=inside))
        return units

    def row(self, row: Row, table: UnitTable, heading: str) -> Table:
        facts = "\n".join(f"- {header}: {text}" if header else f"- {text}" for header, text in row.told)
        kind = kind_of(row.said.title) if table.kind in {"", "lesson"} else table.kind
        unit = unit_value(
            Lines(row.line, row.line),
            row.said.title,
            row.said.rest,
            facts,
            kind=kind or _kind_under(heading),
            url=row.said.url,
            effort_minutes=effort_minutes(row.duration, row.effort),
            required=False if has_word("optional", row.said.title) else None,
            topics=teaches(row.said.title, *column_topics(row.topics, is_title=table.has_topics)),
        )
        if row.prerequisites:
            self.prerequisites[id(unit)] = row.prerequisites
        return unit

    # Lists

    def items(self, block: Block, heading: str, level: int) -> Iterator[Table]:
        for item in block.children:
            text = item_text(item)
            said = said_in(text)
            is_ticked = has_checkbox(text)
            nested = [inner for inner in item.children if inner.kind is Kind.LIST]
            if self.shape == "boxes" and not is_ticked and not _has_boxes(item):
                continue
            if self.shape == "links" and not (said.is_link and said.url):
                continue
            if not said.title:
                continue
            parts = not said.is_link and nested and level < MOST_LEVELS and self.shape != "links"
            parts = parts or (is_ticked and any(_has_boxes(inner) for inner in nested) and level < MOST_LEVELS)
            units = [unit for inner in nested for unit in self.items(inner, heading, level + 1)] if parts else []
            more = [inner for inner in item.children[1:] if not (units and inner.kind is Kind.LIST)]
            kind = "module" if units else kind_of(said.title) or _kind_under(heading)
            yield unit_value(
                Lines(item.first, item.last),
                said.title,
                said.rest,
                *(source_of(inner, self.source) for inner in more),
                kind=kind,
                url=said.url,
                effort_minutes=effort_minutes(_bracketed(text)) if not units else None,
                required=False if has_word("optional", said.title) else None,
                topics=teaches(said.title),
                units=units,
            )


def _kind_under(heading: str) -> str:
    """The kind of what stands under a heading, where nothing else says it: a part of a project is no project."""
    kind = kind_of(heading)
    return kind if kind in {"course", "resource"} else "lesson"


def _has_boxes(block: Block) -> bool:
    return any(has_checkbox(item_text(inner)) for inner in block.walk() if inner.kind is Kind.ITEM)


def _is_labelled(before: Block | None) -> bool:
    """Whether the line before a list says that it lists topics or objectives."""
    if before is None:
        return False
    words = plain(before.lines[-1].text).strip(" :")
    return tokens(words) in phrases("topic_labels") or heading_role(words) in {"objectives", "about"}


def _needed(before: Block | None) -> int | None:
    """How many of what follows are enough, by the line before it ("Choose one of the following")."""
    if before is None or len(before.lines) > 1:
        return None
    words = tokens(plain(before.lines[0].text))
    if not words or len(words) > _LONGEST_CHOICE or not any(words[: len(one)] == one for one in phrases("choices")):
        return None
    return next((number for word in words[1:4] if (number := number_of(word))), None)


_LONGEST_CHOICE = 12


def _bracketed(text: str) -> str:
    """What stands in the last brackets of a line, or behind its last dash: where people write how long it takes."""
    tail = text.rstrip()
    if tail.endswith(")") and "(" in tail[-40:]:
        return tail[tail.rindex("(") :]
    for dash in (" - ", " – ", " — "):
        if dash in tail[-40:]:
            return tail[tail.rindex(dash) :]
    return ""
