"""The sections of an outline given to their readers, each by what its heading announces.

What a shape means is in the readers; what becomes of the drafts is in ``reading``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from django_prodev.documents.overview.blocks import Block, Kind, Line
from django_prodev.documents.overview.challenges import Context, Reading, read_challenges
from django_prodev.documents.overview.challenges.choosing import SURE, in_pairs, says_challenge
from django_prodev.documents.overview.challenges.prose import read_stories
from django_prodev.documents.overview.concepts import read_concepts
from django_prodev.documents.overview.drafts import Draft, draft_of, draft_of_entry, span
from django_prodev.documents.overview.entries import Entry, Teaching
from django_prodev.documents.overview.headings import PAIRED, TAUGHT, Announcement, Role
from django_prodev.documents.overview.inline import is_placeholder, plain
from django_prodev.documents.overview.judging import Evidence
from django_prodev.documents.overview.ledger import Ledger
from django_prodev.documents.overview.nodes import Marker, Node, block_nodes, render_all, section_nodes
from django_prodev.documents.overview.outline import Section
from django_prodev.documents.overview.statements import read_statements
from django_prodev.documents.overview.technologies import read_technologies
from django_prodev.documents.overview.units import read_learnings, read_units
from django_prodev.documents.records import Choice, RecordKind
from django_prodev.documents.vocabulary import Vocabulary, tokens

LEFT_OUT_REASONS = {
    Role.OBJECTIVE: "says what the document is for",
    Role.FEATURE: "describes a project's features, not what was learnt",
    Role.SETUP: "tells how to set a project up",
    Role.STRUCTURE: "is a table of contents or a map of files",
    Role.META: "is about licence, people or further reading",
    Role.EXERCISE: "lists exercises, not what was hard",
    Role.COLLABORATION: "is about working together in the program",
    Role.FUTURE: "is about plans",
}
_SILENT = frozenset({Role.SETUP, Role.STRUCTURE, Role.META})
_OWN_UNDER_PRACTICES = PAIRED | TAUGHT | {Role.CONCLUSION, Role.INTRODUCTION, Role.OVERVIEW, Role.PROJECT}
_SECTION_REASON = "stands in a section of records and is none itself"
_LONGEST_HARDSHIP = 8
_UNKNOWN_REASON = "stands under a heading that does not speak of learning"


@dataclass(slots=True)
class Progress:
    teaching: Teaching
    ledger: Ledger
    drafts: list[Draft] = field(default_factory=list)
    overview: list[Line] = field(default_factory=list)
    evidence: Evidence = field(default_factory=Evidence)
    choices: list[Choice] = field(default_factory=list)
    on_line: Callable[[int], None] = lambda line: None
    chosen: Mapping[int, str] = field(default_factory=dict)
    waiting: list[Reading] = field(default_factory=list)
    """Challenges without a solution, labelled as such outside of all sections of them: kept beside solved ones."""

    solved_outside: int = 0

    def context(self, *, tells_solutions: bool) -> Context:
        """The surroundings of a section for the readers of challenges."""
        return Context(self.teaching.vocabulary, tells_solutions, self.chosen)


def visit(section: Section, progress: Progress, *, inherited: Role | None) -> None:
    """Read a section by its roles, then the sections under it that announce something of their own.

    What is read is let go: of a large document, the blocks and the records are not held together.
    """
    _visit(section, progress, inherited)
    section.blocks, section.children = [], []


def _visit(section: Section, progress: Progress, inherited: Role | None) -> None:
    progress.on_line(section.first)
    roles = section.roles or ((inherited,) if inherited else ())
    main = roles[0] if roles else None
    if main not in PAIRED:
        section.children = _coupled(section.children)
        _orphans(section, progress, is_about_nothing=main is None)
    own, foreign = _divide(section, main)
    first, last = section.first, section.last
    if main is None:
        progress.ledger.give_reason(first, last, _UNKNOWN_REASON if section.heading else "stands before any section")
        if section.heading is None or section.level <= 2:
            _root_prose(section, progress)
        if _tells_of_hardship(section, progress):
            return
        _scan(block_nodes(section.blocks), progress, pairs=True)
        for child in section.children:
            visit(child, progress, inherited=None)
        return
    progress.ledger.give_reason(first, last, LEFT_OUT_REASONS.get(main, _SECTION_REASON))
    if main in PAIRED:
        _challenges(section, own, progress)
    elif main in LEFT_OUT_REASONS:
        if main not in _SILENT:
            # "Challenges: …" and "Solutions: …" among the features of a site are two of them.
            _scan(own, progress, least=2 if main is Role.FEATURE else 1)
    else:
        _entries(section, roles, _scan(own, progress), progress)
    for child in foreign:
        visit(child, progress, inherited=main if main in _SILENT else None)


def blocks_that_nothing_announces(outline: Section) -> list[Block]:
    """What stands under no announcement; nothing in a document that announces challenges, which may be large."""
    sections = list(outline.walk())
    if any(Role.CHALLENGE in section.roles for section in sections):
        return []
    return [block for section in sections if not section.roles for block in section.blocks]


def read_unannounced(blocks: list[Block], progress: Progress) -> None:
    """Read the challenges that running text tells of in a document where nothing announces what it holds."""
    nodes = block_nodes(blocks)
    reading = read_stories(nodes, progress.context(tells_solutions=False))
    if reading is None:
        return
    _keep(reading, progress)
    told = {line.number for one in reading.challenges for line in (*one.title, *one.text, *one.solution)}
    progress.overview = [line for line in progress.overview if line.number not in told]


def _coupled(children: list[Section]) -> list[Section]:
    """A section of challenges and the one of solutions after it, put into one.

    Where other sections stand between the two, they are coupled only if there is no other such section.
    """
    out: list[Section] = []
    told = [child for child in children if child.roles[:1] == (Role.CHALLENGE,)]
    solving = [child for child in children if child.roles == (Role.SOLUTION,)]
    only = told[0] if len(told) == len(solving) == 1 and told[0].roles == (Role.CHALLENGE,) else None
    for child in children:
        before = out[-1] if out and out[-1].roles[:1] == (Role.CHALLENGE,) else only
        if child.roles == (Role.SOLUTION,) and before is not None and before in out:
            announcement = Announcement((Role.CHALLENGE, Role.SOLUTION), whole=True)
            pair = Section(before.level, before.heading, announcement, before.marker, [], [before, child])
            out[out.index(before)] = pair
        else:
            out.append(child)
    return out


def _orphans(section: Section, progress: Progress, *, is_about_nothing: bool) -> None:
    """Read headings like "Challenge 1: …" that stand under no announcement of challenges.

    In a section that is about nothing in particular, also those over "Problem: … Fix: …".
    """
    orphans = [child for child in section.children if child.announcement.labelled]
    if is_about_nothing and not orphans:
        orphans = _over_labels(section.children, progress.teaching.vocabulary)
    if not orphans:
        return
    section.children = [child for child in section.children if child not in orphans]
    parent = Section(section.level, section.heading, Announcement((Role.CHALLENGE, Role.SOLUTION)), children=orphans)
    reading = read_challenges(section_nodes(parent), progress.context(tells_solutions=True))
    if reading is not None:
        progress.teaching.placeholders.extend(reading.placeholders)
        _keep(reading, progress)
    for orphan in orphans:
        progress.ledger.give_reason(orphan.first, orphan.last, _SECTION_REASON)


def _over_labels(children: list[Section], vocabulary: Vocabulary) -> list[Section]:
    """Headings that announce nothing, each over labels of a challenge and its solution, if there are several.

    Beside them, also those over a challenge alone.
    """
    found, solved = [], 0
    for child in children:
        if child.roles or child.children or child.heading is None or child.marker != "heading":
            continue
        told = [part.label.role for node in block_nodes(child.blocks) for part in node.parts(vocabulary) if part.label]
        if told[:1] == ["challenge"] and told.count("challenge") == 1 and told.count("solution") < 2:
            found.append(child)
            solved += "solution" in told
    return found if solved > 1 else []


def _divide(section: Section, main: Role | None) -> tuple[list[Node], list[Section]]:
    """A section's own nodes, and the sub-sections that are about something else."""
    foreign = [child for child in section.children if _is_foreign(child, main)]
    kept = Section(section.level, section.heading, section.announcement, section.marker, section.blocks)
    kept.children = [child for child in section.children if child not in foreign]
    return section_nodes(kept), foreign


def _is_foreign(child: Section, main: Role | None) -> bool:
    if main in PAIRED:
        # "Teamwork" among the challenges says of what kind those under it are.
        return child.announcement.whole and bool(child.roles) and child.roles[0] not in PAIRED | {Role.COLLABORATION}
    if main in _SILENT:
        # "Common problems" under a set-up section are those of whoever sets it up.
        return child.announcement.whole and child.announcement.strong and Role.CHALLENGE in child.roles
    if not child.roles:
        return any(inner.announcement.whole and Role.CHALLENGE in inner.roles for inner in child.walk())
    role, whole = child.roles[0], child.announcement.whole
    if main in {Role.PRACTICE, Role.TAKEAWAY}:
        # "Collaboration" under best practices groups some of them, and so does "Personal growth" over a list.
        if role is Role.CONCLUSION and any(block.kind is Kind.LIST for block in child.blocks):
            return False
        return whole and role is not main and role in _OWN_UNDER_PRACTICES
    if main in TAUGHT:
        return whole and role is not main
    return whole or role in PAIRED | TAUGHT


def _root_prose(section: Section, progress: Progress) -> None:
    nodes = [node for node in block_nodes(section.blocks) if node.marker is Marker.LINE and not node.children]
    if section.heading is None and not progress.overview:
        progress.overview.extend(prose(nodes))


def _challenges(section: Section, nodes: list[Node], progress: Progress) -> None:
    if Role.CHALLENGE not in section.roles:
        return
    progress.evidence.challenge_sections += 1
    reading = read_challenges(nodes, progress.context(tells_solutions=Role.SOLUTION in section.roles))
    if reading is None or not reading.challenges:
        progress.evidence.empty_challenge_sections += 1
    if reading is not None:
        progress.teaching.placeholders.extend(reading.placeholders)
        _keep(reading, progress)


def _tells_of_hardship(section: Section, progress: Progress) -> bool:
    """Read a section whose heading is the writer's own and speaks of hardship, if most of what it holds is solved."""
    words = tokens(plain(section.heading.text)) if section.heading else ()
    if len(words) > _LONGEST_HARDSHIP or not progress.teaching.vocabulary.hardships.has(words):
        return False
    if any(inner.roles or inner.announcement.labelled for child in section.children for inner in child.walk()):
        return False
    reading = read_challenges(section_nodes(section), progress.context(tells_solutions=False))
    if reading is None:
        return False
    if not reading.is_chosen and (len(reading.challenges) < 2 or reading.solved * 2 <= len(reading.challenges)):
        return False
    progress.ledger.give_reason(section.first, section.last, _SECTION_REASON)
    progress.teaching.placeholders.extend(reading.placeholders)
    _keep(reading, progress)
    return True


def _scan(nodes: list[Node], progress: Progress, *, least: int = 1, pairs: bool = False) -> list[Node]:
    """Read challenges that are labelled as such outside every section of them; return the nodes that hold none.

    Fewer than ``least`` with a solution are taken for something else. With ``pairs``, several labels like "Problem:",
    each with its "Fix:", are enough.
    """
    telling = [node for node in nodes if says_challenge(node, progress.teaching.vocabulary)]
    if not telling and pairs:
        telling = in_pairs(nodes, progress.teaching.vocabulary)
    if not telling:
        return nodes
    # Solutions may stand beside their challenges, so everything from the first to the last is read together.
    first, last = nodes.index(telling[0]), nodes.index(telling[-1])
    reading = read_challenges(nodes[first : last + 2], progress.context(tells_solutions=False))
    if reading is None:
        return nodes
    solved = [challenge for challenge in reading.challenges if challenge.is_solved]
    unsolved = [challenge for challenge in reading.challenges if not challenge.is_solved]
    told = set(telling)
    if reading.is_chosen:
        _keep(reading, progress)
        return [node for node in nodes if node not in told]
    is_sure = reading.confidence >= SURE
    if unsolved and len(unsolved) <= 1 + len(solved) and (is_sure or not solved):
        progress.waiting.append(replace(reading, challenges=unsolved, considered=()))
    if len(solved) < least or not is_sure:
        return nodes
    progress.solved_outside += len(solved)
    _keep(replace(reading, challenges=solved), progress)
    return [node for node in nodes if node not in told]


def keep_waiting(progress: Progress) -> None:
    """Keep the challenges without a solution that stand outside of sections, where several others there have one."""
    if progress.solved_outside > 1:
        for reading in progress.waiting:
            _keep(reading, progress)


def _keep(reading: Reading, progress: Progress) -> None:
    for challenge in reading.challenges:
        progress.drafts.append(draft_of(challenge, reading))
    if reading.challenges and reading.considered:
        told = [line for one in reading.challenges for line in (*one.title, *one.text, *one.solution)]
        progress.choices.append(Choice(reading.section, span(told), reading.considered))


def _entries(section: Section, roles: tuple[Role, ...], nodes: list[Node], progress: Progress) -> None:
    teaching = progress.teaching
    main = roles[0]
    entries: list[Entry] = []
    if main is Role.TECHNOLOGY:
        entries = read_technologies(nodes, teaching)
        if Role.CONCEPT in roles:
            entries = [_by_topic(entry, teaching) for entry in entries]
    elif main is Role.CONCEPT:
        entries = read_concepts(nodes, teaching)
    elif main in {Role.PRACTICE, Role.TAKEAWAY}:
        kind = RecordKind.PRACTICE if main is Role.PRACTICE or Role.PRACTICE in roles else RecordKind.TAKEAWAY
        entries = read_statements(nodes, teaching, kind)
        progress.evidence.empty_statement_sections += not entries
    elif main is Role.LEARNING:
        if section.children:
            nodes = [node for node in nodes if node.marker is not Marker.LINE]
        entries = read_learnings(nodes, teaching)
    elif main is Role.PROJECT:
        one = section.heading is not None and not any(word.endswith("s") for word in tokens(section.heading.text))
        entries = (
            [_whole(section, nodes, RecordKind.PROJECT)] if one else read_units(nodes, teaching, RecordKind.PROJECT)
        )
    elif main is Role.OVERVIEW:
        progress.overview.extend(prose(nodes))
    else:
        entries = [_whole(section, nodes, RecordKind.REFLECTION)]
    why = f"stands under “{plain(section.heading.text)}”" if section.heading else ""
    for entry in entries:
        draft = draft_of_entry(entry)
        draft.why = why
        if plain(draft.title) and (draft.text or entry.reader != "section"):
            progress.drafts.append(draft)
    if any(is_placeholder(node.text, teaching.vocabulary) for node in nodes if node.lines):
        progress.evidence.placeholder_sections += 1


def _whole(section: Section, nodes: list[Node], kind: RecordKind) -> Entry:
    """A section as one entry under its own heading."""
    heading = section.heading or Line(section.first, "")
    body = prose(nodes)
    return Entry(kind, plain(heading.text).rstrip(":"), body, [heading, *body], 0.9, "section")


def _by_topic(entry: Entry, teaching: Teaching) -> Entry:
    known = teaching.topics.exact(entry.title)
    if known is not None and known.kind == "concept":
        entry.kind = RecordKind.CONCEPT
    return entry


def prose(nodes: list[Node]) -> list[Line]:
    """The running text and lists of an overview, without images, code and raw HTML."""
    kept = [node for node in nodes if node.marker not in {Marker.CODE, Marker.MARKUP} and not _is_badge(node)]
    return render_all(kept)


def _is_badge(node: Node) -> bool:
    return node.marker is Marker.LINE and "![" in node.text and not plain(node.text)
