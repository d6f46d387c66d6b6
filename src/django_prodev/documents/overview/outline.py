"""Blocks to sections: what serves as a heading, nested by level. What the sections hold is read elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from django_prodev.documents.overview.blocks import Block, Kind, Line
from django_prodev.documents.overview.flattening import Flattener, Flow
from django_prodev.documents.overview.headings import NOTHING, PAIRED, RECORDED, TAUGHT, Announcement, Role
from django_prodev.documents.overview.labels import read_label
from django_prodev.documents.overview.line_heads import Head
from django_prodev.documents.vocabulary import Vocabulary

# So much of what follows a heading tells whether it is the title of a challenge.
_LOOKED_AT = 8
_SECTIONS_OF_DOCUMENT = 3
_OPENING = frozenset({"challenge", "context"})


@dataclass(slots=True, eq=False)
class Section:
    """A heading with the blocks and sections under it. The root has level 0 and no heading."""

    level: int
    heading: Line | None
    announcement: Announcement = NOTHING
    marker: str = "heading"
    blocks: list[Block] = field(default_factory=list)
    children: list["Section"] = field(default_factory=list)

    @property
    def roles(self) -> tuple[Role, ...]:
        """What the heading announces."""
        return self.announcement.roles

    @property
    def first(self) -> int:
        """The first source line."""
        return self.heading.number if self.heading else 1

    @property
    def last(self) -> int:
        """The last source line of what stands under the heading."""
        ends = [block.last for block in self.blocks] + [child.last for child in self.children]
        return max([self.first, *ends])

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands under the heading."""
        return not self.children and all(block.kind is Kind.RULE for block in self.blocks)

    def walk(self) -> Iterator["Section"]:
        """This section and all below it, in the order of the document."""
        yield self
        for child in self.children:
            yield from child.walk()


def build_outline(blocks: list[Block], vocabulary: Vocabulary) -> Section:
    """The sections of a document, under one root."""
    flow = Flattener(blocks, vocabulary).flow(blocks)
    root = _nest(_relevelled(_without_titles_of_challenges(flow, vocabulary)))
    for section in root.children:
        if section.level == 1 and section.marker == "heading" and _is_title_of_document(section):
            section.announcement = NOTHING
    return root


def _is_title_of_document(section: Section) -> bool:
    """Whether a top heading with a word like "project" in it is over sections of so many kinds that it is a title."""
    if section.roles[:1] != (Role.PROJECT,):
        return False
    told = {child.roles[0] for child in section.children if child.announcement.whole and child.roles}
    return len(told & RECORDED) >= _SECTIONS_OF_DOCUMENT


def _without_titles_of_challenges(flow: Flow, vocabulary: Vocabulary) -> Flow:
    """Among challenges, a heading like "Project setup" over labels is the title of one and announces no section."""
    out: Flow = []
    among = 0
    for at, element in enumerate(flow):
        kept = element
        if isinstance(element, Head):
            roles = element.announcement.roles
            if Role.CHALLENGE in roles:
                among = element.level
            elif roles and among and Role.SOLUTION not in roles and element.level >= among:
                if _is_title(flow[at + 1 : at + 1 + _LOOKED_AT], element, vocabulary):
                    kept = replace(element, announcement=NOTHING)
                elif element.level == among:
                    among = 0
            elif element.level < among:
                among = 0
        out.append(kept)
    return out


def _is_title(following: Flow, head: Head, vocabulary: Vocabulary) -> bool:
    """Whether what stands under a heading begins with a label of a challenge, or has one of a solution soon."""
    found: list[str] = []
    for element in following:
        if isinstance(element, Head):
            if element.level <= head.level and not element.announcement.labelled:
                break
            found.append(_role_of(element.line, vocabulary))
        else:
            first = element.children[0] if element.kind is Kind.LIST else element
            lines = [line for block in first.walk() for line in block.lines][:_LOOKED_AT]
            lines += [line for item in element.children[1:3] for block in item.walk() for line in block.lines][
                :_LOOKED_AT
            ]
            found.extend(_role_of(line, vocabulary) for line in lines)
    told = [role for role in found if role]
    return "solution" in told and (told[0] in _OPENING or found[0] == "solution")


def _role_of(line: Line, vocabulary: Vocabulary) -> str:
    label = read_label(line.text, vocabulary)
    return label.role if label is not None else ""


def _relevelled(flow: Flow) -> Flow:
    """Headings that belong under an announcement above them, though their level does not say so, go under it."""
    out: Flow = []
    above: Head | None = None
    shift_from: int | None = None
    shift = 0
    unshifted = 0
    only_heads = False
    for element in flow:
        if isinstance(element, Block):
            if element.kind is not Kind.RULE:
                only_heads = False
            out.append(element)
            continue
        head = element
        inside = above is not None and shift_from is not None and head.level >= shift_from
        if head.announcement.roles and not (inside and (head.level > unshifted or not head.announcement.whole)):
            takes = head.announcement.roles[0] in PAIRED | TAUGHT
            above, shift_from, only_heads = (head if takes else None), None, takes
            unshifted = head.level
        elif above is not None and shift_from is None and head.level <= above.level:
            item = Role.CHALLENGE in above.announcement.roles and head.announcement.labelled
            if (only_heads and not head.announcement.roles) or item:
                shift_from, shift = head.level, above.level + 1 - head.level
            else:
                above = None
        if shift_from is not None and above is not head:
            if head.level < shift_from:
                above, shift_from = None, None
            else:
                head = replace(head, level=head.level + shift)
        out.append(head)
        only_heads = only_heads and head is above
    return out


def _nest(flow: Flow) -> Section:
    root = Section(0, None)
    stack = [root]
    for element in flow:
        if isinstance(element, Block):
            stack[-1].blocks.append(element)
            continue
        while stack[-1].level >= element.level:
            stack.pop()
        section = Section(element.level, element.line, element.announcement, element.marker)
        stack[-1].children.append(section)
        stack.append(section)
    return root
