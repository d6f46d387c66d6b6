"""A Markdown overview from text to document: sections are given to their readers, entries become records.

The order of the steps is here; what a shape means is in the readers.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Kind, Line, parse
from django_prodev.documents.overview.challenges import Challenge, Context, Reading, read_challenges
from django_prodev.documents.overview.challenges.choosing import SURE, says_challenge
from django_prodev.documents.overview.entries import (
    Entry,
    Teaching,
    read_concepts,
    read_learnings,
    read_statements,
    read_technologies,
    read_units,
)
from django_prodev.documents.overview.headings import PAIRED, TAUGHT, Announcement, Role
from django_prodev.documents.overview.inline import is_placeholder, plain, short_title, unstopped
from django_prodev.documents.overview.judging import Evidence, judge
from django_prodev.documents.overview.ledger import Ledger
from django_prodev.documents.overview.nodes import Marker, Node, block_nodes, render_all, section_nodes
from django_prodev.documents.overview.outline import Section, build_outline
from django_prodev.documents.overview.source import Source, prepare
from django_prodev.documents.records import Document, Lines, Record, RecordKind
from django_prodev.documents.topics import TopicMatcher
from django_prodev.documents.vocabulary import Vocabulary, tokens
from django_prodev.exceptions import DocumentTooLarge

MAX_LINES = 200_000

LEFT_OUT_REASONS = {
    Role.OBJECTIVE: "says what the document is for",
    Role.FEATURE: "describes a project's features, not what was learnt",
    Role.SETUP: "tells how to set a project up",
    Role.STRUCTURE: "is a table of contents or a map of files",
    Role.META: "is about licence, people or further reading",
    Role.COLLABORATION: "is about working together in the program",
    Role.FUTURE: "is about plans",
}
_SILENT = frozenset({Role.SETUP, Role.STRUCTURE, Role.META})
_OWN_UNDER_PRACTICES = PAIRED | TAUGHT | {Role.CONCLUSION, Role.INTRODUCTION, Role.OVERVIEW, Role.PROJECT}
_SECTION_REASON = "stands in a section of records and is none itself"
_UNKNOWN_REASON = "stands under a heading that does not speak of learning"
_PLACEHOLDER_REASON = "a place of a template that was never filled in"
_DUPLICATE_REASON = "says the same as an earlier piece, word for word"


@dataclass(slots=True)
class _Draft:
    """A record before keys and topics are given."""

    kind: RecordKind
    title: str
    text: str
    lines: Lines
    confidence: float
    reader: str
    group: str = ""
    solution: "_Draft | None" = None


@dataclass(slots=True)
class _Reader:
    source: Source
    teaching: Teaching
    ledger: Ledger
    drafts: list[_Draft] = field(default_factory=list)
    overview: list[Line] = field(default_factory=list)
    evidence: Evidence = field(default_factory=Evidence)


def read_overview(text: str, *, vocabulary: Vocabulary | None = None, topics: TopicMatcher | None = None) -> Document:
    """Read a learner's Markdown overview.

    ``text`` is the decoded source; ``vocabulary`` the words of headings and labels (the shipped ones by default);
    ``topics`` the topics to recognise (the shipped seed by default). The same text always gives the same document.

    Raises ``DocumentTooLarge`` over ``MAX_LINES`` lines, and ``NotAnOverview`` or one of its kinds
    (``UnfilledTemplate``, ``EmptySkeleton``) where there is nothing to import; its ``document`` then holds the whole
    source as left out.
    """
    source = prepare(text)
    if len(source.lines) > MAX_LINES:
        raise DocumentTooLarge(f"The document has {len(source.lines):,} lines; at most {MAX_LINES:,} are read.")
    words = vocabulary or Vocabulary.load()
    reader = _Reader(source, Teaching(words, topics or TopicMatcher.shipped()), Ledger(source.original))
    outline = build_outline(parse(source.text), words)
    title = _take_title(outline, reader)
    _visit(outline, reader, inherited=None)
    for lines, reason in source.set_aside:
        reader.ledger.give_reason(lines.first, lines.last, reason)
    for line in reader.teaching.placeholders:
        reader.ledger.give_reason(line.number, line.number, _PLACEHOLDER_REASON)
    reader.evidence.placeholders += len(reader.teaching.placeholders)
    _without_duplicates(reader)
    refusal = judge(reader.evidence, [draft.kind for draft in reader.drafts], [bool(d.text) for d in reader.drafts])
    if refusal is not None:
        refusal.document = Document("markdown", (), tuple(Ledger(source.original).left_out()))
        raise refusal
    return _finish(title, reader)


def _take_title(outline: Section, reader: _Reader) -> Line | None:
    """The line that names the program, and which section of the outline it was."""
    first = outline.children[0] if outline.children else None
    opening = [block for block in outline.blocks if block.kind is Kind.PARAGRAPH]
    alone = first is not None and sum(1 for child in outline.children if child.level == first.level) == 1
    if first is not None and first.marker == "heading" and first.heading is not None:
        if not (first.roles and first.announcement.whole and not (first.level == 1 and alone)) or (
            first.level == 1 and alone
        ):
            first.announcement = type(first.announcement)()
            reader.overview.extend(_prose(block_nodes(first.blocks)))
            return first.heading
    if opening:
        line = opening[0].lines[0]
        words = plain(line.text)
        if words and len(words.split()) <= 16 and not words.endswith((".", ":")):
            return line
    return None


def _prose(nodes: list[Node]) -> list[Line]:
    """The running text and lists of an overview, without images, code and raw HTML."""
    kept = [node for node in nodes if node.marker not in {Marker.CODE, Marker.MARKUP} and not _is_badge(node)]
    return render_all(kept)


def _is_badge(node: Node) -> bool:
    return node.marker is Marker.LINE and "![" in node.text and not plain(node.text)


def _visit(section: Section, reader: _Reader, *, inherited: Role | None) -> None:
    """Read a section by its roles, then the sections under it that announce something of their own."""
    roles = section.roles or ((inherited,) if inherited else ())
    main = roles[0] if roles else None
    if main not in PAIRED:
        section.children = _coupled(section.children)
        _orphans(section, reader)
    own, foreign = _divide(section, main)
    first, last = section.first, section.last
    if main is None:
        reader.ledger.give_reason(first, last, _UNKNOWN_REASON if section.heading else "stands before any section")
        if section.heading is None or section.level <= 2:
            _root_prose(section, reader)
        _scan(block_nodes(section.blocks), reader)
        for child in section.children:
            _visit(child, reader, inherited=None)
        return
    reader.ledger.give_reason(first, last, LEFT_OUT_REASONS.get(main, _SECTION_REASON))
    if main in PAIRED:
        _challenges(section, own, reader)
    elif main in LEFT_OUT_REASONS:
        if main not in _SILENT:
            _scan(own, reader)
    else:
        _entries(section, roles, _scan(own, reader), reader)
    for child in foreign:
        _visit(child, reader, inherited=main if main in _SILENT else None)


def _coupled(children: list[Section]) -> list[Section]:
    """A section of challenges and the one of solutions after it, put into one."""
    out: list[Section] = []
    for child in children:
        if out and out[-1].roles == (Role.CHALLENGE,) and child.roles == (Role.SOLUTION,):
            before = out.pop()
            announcement = Announcement((Role.CHALLENGE, Role.SOLUTION), whole=True)
            child = Section(before.level, before.heading, announcement, before.marker, [], [before, child])
        out.append(child)
    return out


def _orphans(section: Section, reader: _Reader) -> None:
    """Read headings like "Challenge 1: …" that stand under no announcement of challenges."""
    orphans = [child for child in section.children if child.announcement.labelled]
    if not orphans:
        return
    section.children = [child for child in section.children if child not in orphans]
    parent = Section(section.level, section.heading, Announcement((Role.CHALLENGE, Role.SOLUTION)), children=orphans)
    reading = read_challenges(section_nodes(parent), Context(reader.teaching.vocabulary, tells_solutions=True))
    if reading is not None:
        reader.teaching.placeholders.extend(reading.placeholders)
        _keep(reading, reader)
    for orphan in orphans:
        reader.ledger.give_reason(orphan.first, orphan.last, _SECTION_REASON)


def _divide(section: Section, main: Role | None) -> tuple[list[Node], list[Section]]:
    """A section's own nodes, and the sub-sections that are about something else."""
    foreign = [child for child in section.children if _is_foreign(child, main)]
    kept = Section(section.level, section.heading, section.announcement, section.marker, section.blocks)
    kept.children = [child for child in section.children if child not in foreign]
    return section_nodes(kept), foreign


def _is_foreign(child: Section, main: Role | None) -> bool:
    if main in PAIRED:
        return child.announcement.whole and bool(child.roles) and child.roles[0] not in PAIRED
    if main in _SILENT:
        return child.announcement.whole and any(role is Role.CHALLENGE for role in child.roles)
    if not child.roles:
        return any(inner.announcement.whole and Role.CHALLENGE in inner.roles for inner in child.walk())
    role, whole = child.roles[0], child.announcement.whole
    if main in {Role.PRACTICE, Role.TAKEAWAY}:
        # "Collaboration" under best practices groups some of them.
        return whole and role is not main and role in _OWN_UNDER_PRACTICES
    if main in TAUGHT:
        return whole and role is not main
    return whole or role in PAIRED | TAUGHT


def _root_prose(section: Section, reader: _Reader) -> None:
    nodes = [node for node in block_nodes(section.blocks) if node.marker is Marker.LINE and not node.children]
    if section.heading is None and not reader.overview:
        reader.overview.extend(_prose(nodes))


def _challenges(section: Section, nodes: list[Node], reader: _Reader) -> None:
    if Role.CHALLENGE not in section.roles:
        return
    reader.evidence.challenge_sections += 1
    context = Context(reader.teaching.vocabulary, Role.SOLUTION in section.roles)
    reading = read_challenges(nodes, context)
    if reading is None or not reading.challenges:
        reader.evidence.empty_challenge_sections += 1
    if reading is not None:
        reader.teaching.placeholders.extend(reading.placeholders)
        _keep(reading, reader)


def _scan(nodes: list[Node], reader: _Reader) -> list[Node]:
    """Read challenges that are labelled as such outside every section of them; return the nodes that hold none."""
    telling = [node for node in nodes if says_challenge(node, reader.teaching.vocabulary)]
    if not telling:
        return nodes
    context = Context(reader.teaching.vocabulary, tells_solutions=False)
    # Solutions may stand beside their challenges, so everything from the first to the last is read together.
    first, last = nodes.index(telling[0]), nodes.index(telling[-1])
    reading = read_challenges(nodes[first : last + 2], context)
    if reading is None or reading.confidence < SURE:
        return nodes
    solved = [challenge for challenge in reading.challenges if challenge.is_solved]
    if not solved:
        return nodes
    _keep(Reading(reading.reader, reading.confidence, solved), reader)
    return [node for node in nodes if node not in telling]


def _keep(reading: Reading, reader: _Reader) -> None:
    for challenge in reading.challenges:
        reader.drafts.append(_drafted(challenge, reading))


def _drafted(challenge: Challenge, reading: Reading) -> _Draft:
    whole = [*challenge.title, *challenge.text, *challenge.solution]
    title_text = " ".join(line.text.strip() for line in challenge.title) or _joined(challenge.text)
    title = short_title(title_text)
    body = challenge.text if title == unstopped(plain(title_text)) else [*challenge.title, *challenge.text]
    solution = None
    if challenge.is_solved:
        text = _joined(challenge.solution)
        solution = _Draft(
            RecordKind.SOLUTION, short_title(text), text, _span(challenge.solution), reading.confidence, reading.reader
        )
    lines = _span([*challenge.title, *challenge.text] or whole)
    return _Draft(
        RecordKind.CHALLENGE, title, _joined(body), lines, reading.confidence, reading.reader, solution=solution
    )


def _entries(section: Section, roles: tuple[Role, ...], nodes: list[Node], reader: _Reader) -> None:
    teaching = reader.teaching
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
        reader.evidence.empty_statement_sections += not entries
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
        reader.overview.extend(_prose(nodes))
    else:
        entries = [_whole(section, nodes, RecordKind.REFLECTION)]
    for entry in entries:
        text = _joined(entry.text)
        draft = _Draft(entry.kind, entry.title, text, _span(entry.sources), entry.confidence, entry.reader, entry.group)
        if plain(entry.title) and (text or entry.reader != "section"):
            reader.drafts.append(draft)
    if any(is_placeholder(node.text, teaching.vocabulary) for node in nodes if node.lines):
        reader.evidence.placeholder_sections += 1


def _whole(section: Section, nodes: list[Node], kind: RecordKind) -> Entry:
    """A section as one entry under its own heading."""
    heading = section.heading or Line(section.first, "")
    body = _prose(nodes)
    return Entry(kind, plain(heading.text).rstrip(":"), body, [heading, *body], 0.9, "section")


def _by_topic(entry: Entry, teaching: Teaching) -> Entry:
    known = teaching.topics.exact(entry.title)
    if known is not None and known.kind == "concept":
        entry.kind = RecordKind.CONCEPT
    return entry


def _joined(lines: Iterable[Line]) -> str:
    out: list[str] = []
    for line in lines:
        text = line.text.rstrip()
        if text or (out and out[-1]):
            out.append(text)
    return "\n".join(out).strip("\n").strip()


def _span(lines: Iterable[Line]) -> Lines:
    numbers = [line.number for line in lines if line.number] or [1]
    return Lines(min(numbers), max(numbers))


def _without_duplicates(reader: _Reader) -> None:
    """Drop what a document pasted twice says again, word for word."""
    seen: set[tuple[str, ...]] = set()
    kept: list[_Draft] = []
    for draft in reader.drafts:
        said = (draft.kind, draft.title, draft.text, draft.solution.text if draft.solution else "")
        if said in seen and len(draft.title.split()) > 1 and (draft.text or draft.solution):
            last = draft.solution.lines.last if draft.solution else draft.lines.last
            reader.ledger.give_reason(draft.lines.first, max(last, draft.lines.last), _DUPLICATE_REASON)
            continue
        seen.add(said)
        kept.append(draft)
    reader.drafts = kept


def _finish(title: Line | None, reader: _Reader) -> Document:
    drafts = sorted(reader.drafts, key=lambda draft: (draft.lines.first, draft.lines.last))
    program = _program(title, reader)
    records: list[Record] = []
    counts: dict[RecordKind, int] = {}

    def add(draft: _Draft, parent: str | None) -> str:
        counts[draft.kind] = counts.get(draft.kind, 0) + 1
        key = f"{draft.kind}-{counts[draft.kind]}"
        topics = tuple(topic.name for topic in reader.teaching.topics.find(f"{draft.title}\n{draft.text}"))
        exact = reader.teaching.topics.exact(draft.title)
        if exact is not None and exact.name not in topics:
            topics = (exact.name, *topics)
        extra = {"group": draft.group} if draft.group else {}
        records.append(
            Record(
                key,
                draft.kind,
                draft.title,
                draft.text,
                draft.lines,
                parent,
                topics,
                draft.confidence,
                draft.reader,
                extra,
            )
        )
        return key

    for draft in ([program] if program else []) + drafts:
        key = add(draft, None)
        if draft.solution is not None:
            add(draft.solution, key)
    for record in records:
        reader.ledger.claim(record.text, record.lines.first, record.lines.last)
        reader.ledger.claim(record.title, record.lines.first, record.lines.last)
    return Document("markdown", tuple(records), tuple(reader.ledger.left_out()))


def _program(title: Line | None, reader: _Reader) -> _Draft | None:
    text = _joined(reader.overview)
    if title is None and not text:
        return None
    lines = [*([title] if title else []), *reader.overview]
    name = short_title(title.text) if title else short_title(text)
    return _Draft(RecordKind.PROGRAM, name, text, _span(lines), 0.9 if title else 0.6, "title and overview")
