"""What a Markdown curriculum says of the program itself: its title, what it is about, what one learns by it."""

from dataclasses import dataclass, field

from django_prodev.documents.curriculum.adapters.outline.items import item_text
from django_prodev.documents.curriculum.adapters.outline.sections import Section, html_title
from django_prodev.documents.curriculum.adapters.outline.shapes import Survey, is_contents
from django_prodev.documents.overview.blocks import Block, Kind
from django_prodev.documents.overview.inline import plain
from django_prodev.documents.overview.source import Source

_PROSE = frozenset({Kind.PARAGRAPH, Kind.QUOTE, Kind.LIST})


@dataclass(slots=True)
class ProgramText:
    """The program's own words, and the sections that were read for them."""

    title: str = ""
    heading: Section | None = None
    description: str = ""
    outcomes: list[str] = field(default_factory=list)


def read_program(root: Section, surveyed: Survey, source: Source) -> ProgramText:
    """The title, description and outcomes of the program."""
    program = ProgramText()
    program.heading = _title_section(root, surveyed)
    if program.heading is not None:
        program.title = program.heading.title
    elif written := html_title(root.blocks):
        program.title = written.text
    parts = [markdown_of(root.blocks, source)]
    if program.heading is not None:
        parts.append(markdown_of(program.heading.blocks, source, leave=surveyed))
    for section in surveyed.sections:
        place = surveyed.place(section)
        if place.is_aside or place.in_module or section is program.heading:
            continue
        if place.role == "about":
            parts.extend(_whole(section, surveyed, source))
        elif place.role == "syllabus":
            parts.append(_without_lists(section, source))
        elif place.role == "objectives":
            lists = [block for block in section.blocks if block.kind is Kind.LIST]
            program.outcomes.extend(
                words for block in lists for item in block.children if (words := plain(item_text(item)))
            )
            parts.append(markdown_of([block for block in section.blocks if block.kind is Kind.PARAGRAPH], source))
    program.description = "\n\n".join(part for part in parts if part)
    return program


def _title_section(root: Section, surveyed: Survey) -> Section | None:
    """The heading that names the program: the first of the topmost ones, unless it announces a part of it."""
    levels = sorted(section.level for section in root.children)
    for section in root.children:
        place = surveyed.place(section)
        is_alone_on_top = section.level == levels[0] and section.level not in levels[1:2]
        above_others = section is root.children[0] or is_alone_on_top
        if place.is_aside or place.role in {"about", "objectives", "final"} or section.ordinal:
            if section is root.children[0]:
                return None
            continue
        return section if above_others else None
    return None


def _whole(section: Section, surveyed: Survey, source: Source) -> list[str]:
    """A section as Markdown with what stands below it, except where that speaks for itself."""
    parts = [heading_line(section), markdown_of(section.blocks, source)]
    for child in section.children:
        place = surveyed.place(child)
        if not place.is_aside and not place.role and not surveyed.has_table(child):
            parts.extend(_whole(child, surveyed, source))
    return parts if any(parts[1:]) else []


def _without_lists(section: Section, source: Source) -> str:
    return markdown_of([block for block in section.blocks if block.kind is Kind.PARAGRAPH], source)


def heading_line(section: Section) -> str:
    """A heading inside a description: all of one level, for its own level belongs to the whole document."""
    return f"### {section.title}"


def markdown_of(blocks: list[Block], source: Source, *, leave: Survey | None = None) -> str:
    """The prose among these blocks as it stands in the source; images alone, HTML and tables of contents are none.

    ``leave`` names a survey whose tables and lists are units and no prose.
    """
    parts = []
    for block in blocks:
        if block.kind not in _PROSE or (block.kind is Kind.LIST and (leave is not None or is_contents(block))):
            continue
        text = source_of(block, source)
        if plain(text):
            parts.append(text)
    return "\n\n".join(parts)


def source_of(block: Block, source: Source) -> str:
    """A block's lines as they are written, without the indentation that all of them share."""
    lines = [line.expandtabs(4) for line in source.lines[block.first - 1 : block.last]]
    margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[margin:].rstrip() for line in lines).strip("\n")
