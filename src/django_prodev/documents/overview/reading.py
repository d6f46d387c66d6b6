"""A Markdown overview from text to document: the order of the steps, and the records at their end.

How sections are read is in ``sections`` and in the readers it calls.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django_prodev.documents.overview.areas import give_areas_to_overview
from django_prodev.documents.overview.blocks import Kind, Line, parse_lines
from django_prodev.documents.overview.drafts import Draft, joined, span
from django_prodev.documents.overview.entries import Teaching
from django_prodev.documents.overview.glued import set_apart
from django_prodev.documents.overview.headings import NOTHING
from django_prodev.documents.overview.inline import plain, short_title
from django_prodev.documents.overview.judging import judge
from django_prodev.documents.overview.ledger import Ledger
from django_prodev.documents.overview.nodes import block_nodes
from django_prodev.documents.overview.outline import Section, build_outline
from django_prodev.documents.overview.sections import (
    Progress,
    blocks_that_nothing_announces,
    keep_waiting,
    prose,
    read_unannounced,
    visit,
)
from django_prodev.documents.overview.source import prepare
from django_prodev.documents.records import Choice, Document, Record, RecordKind
from django_prodev.documents.topics import TopicMatcher
from django_prodev.documents.vocabulary import Vocabulary, fold, tokens
from django_prodev.exceptions import DocumentError, DocumentTooLarge

OnProgress = Callable[[int, int], None]

MAX_LINES = 200_000

_SAID_ONCE = frozenset({RecordKind.CHALLENGE, RecordKind.PRACTICE, RecordKind.TAKEAWAY})
_PLACEHOLDER_REASON = "a place of a template that was never filled in"
_NAMED_REASON = "names a challenge that is told elsewhere"
_DUPLICATE_REASON = "says the same as an earlier piece, word for word"


def read_overview(
    text: str,
    *,
    vocabulary: Vocabulary | None = None,
    topics: TopicMatcher | None = None,
    chosen: Mapping[int, str] | None = None,
    on_progress: OnProgress | None = None,
) -> Document:
    """Read a learner's Markdown overview.

    ``text`` is the decoded source; ``vocabulary`` the words of headings and labels (the shipped ones by default);
    ``topics`` the topics to recognise (the shipped seed by default); ``chosen`` the shape readers that a person chose,
    by the line that a section begins at (``Choice.section``); ``on_progress`` is told how much of how much is done. The
    same text always gives the same document.

    Raises ``DocumentTooLarge`` over ``MAX_LINES`` lines, ``DocumentError`` where a section cannot be read as it was
    chosen, and ``NotAnOverview`` or one of its kinds (``UnfilledTemplate``, ``EmptySkeleton``) where there is nothing
    to import; its ``document`` then holds the whole source as left out.
    """
    source = prepare(text)
    if len(source.lines) > MAX_LINES:
        raise DocumentTooLarge(f"The document has {len(source.lines):,} lines; at most {MAX_LINES:,} are read.")
    words = vocabulary or Vocabulary.load()
    steps = _Steps(len(source.lines), on_progress)
    progress = Progress(
        Teaching(words, topics or TopicMatcher.shipped()),
        Ledger(source.original),
        on_line=steps.following(1),
        chosen=chosen or {},
    )
    parted, apart = set_apart(source.lines, words)
    outline = build_outline(parse_lines(parted, apart, steps.following(0)), words)
    give_areas_to_overview(outline, words)
    title = _take_title(outline, progress)
    progress.evidence.titled_otherwise = title is not None and _is_titled_otherwise(title, words)
    unannounced = blocks_that_nothing_announces(outline)
    visit(outline, progress, inherited=None)
    keep_waiting(progress)
    if not progress.drafts and not progress.evidence.titled_otherwise:
        read_unannounced(unannounced, progress)
    _check_chosen(progress)
    for lines, reason in source.set_aside:
        progress.ledger.give_reason(lines.first, lines.last, reason)
    for line in progress.teaching.placeholders:
        progress.ledger.give_reason(line.number, line.number, _PLACEHOLDER_REASON)
    progress.evidence.placeholders += len(progress.teaching.placeholders)
    _without_duplicates(progress)
    refusal = judge(progress.evidence, [(draft.kind, bool(draft.text)) for draft in progress.drafts])
    if refusal is not None:
        refusal.document = Document("markdown", (), tuple(Ledger(source.original).left_out()))
        raise refusal
    document = _finish(title, progress, steps.following(2))
    steps.done()
    return document


@dataclass(frozen=True, slots=True)
class _Steps:
    """Parsing, reading and the making of records, each told as a third of the work."""

    lines: int
    on_progress: OnProgress | None

    def following(self, step: int) -> Callable[[int], None]:
        """What is to be told the number of the line that a step has come to."""
        tell = self.on_progress
        if tell is None:
            return lambda line: None
        return lambda line: tell(step * self.lines + min(line, self.lines), 3 * self.lines)

    def done(self) -> None:
        if self.on_progress is not None:
            self.on_progress(3 * self.lines, 3 * self.lines)


def _take_title(outline: Section, progress: Progress) -> Line | None:
    """The line that names the program, and which section of the outline it was."""
    first = outline.children[0] if outline.children else None
    opening = [block for block in outline.blocks if block.kind is Kind.PARAGRAPH]
    alone = first is not None and sum(1 for child in outline.children if child.level == first.level) == 1
    if first is not None and first.marker == "heading" and first.heading is not None:
        only_top = first.level == 1 and alone
        if only_top or not (first.roles and first.announcement.whole):
            first.announcement = NOTHING
            progress.overview.extend(prose(block_nodes(first.blocks)))
            return first.heading
    if opening:
        line = opening[0].lines[0]
        words = plain(line.text)
        if words and len(words.split()) <= 16 and not words.endswith((".", ":")):
            return line
    return None


def _check_chosen(progress: Progress) -> None:
    taken = {choice.section: choice.considered for choice in progress.choices}
    for section, reader in progress.chosen.items():
        if section not in taken:
            raise DocumentError(f"Line {section}: no section that holds challenges in this reading begins there.")
        if taken[section][0].reader != reader:
            known = ", ".join(one.reader for one in taken[section])
            raise DocumentError(f"Line {section}: {reader} does not read this section; it is read by {known}.")


def _is_titled_otherwise(title: Line, vocabulary: Vocabulary) -> bool:
    """Whether a title says that the document is a list of exercises, a guide, a change log and so on."""
    found = vocabulary.other_titles.find(tokens(plain(title.text)))
    return any(at == 0 or length > 1 for at, length, _ in found)


def _without_duplicates(progress: Progress) -> None:
    """Drop what a document pasted twice says again, word for word."""
    seen: set[tuple[str, ...]] = set()
    kept: list[Draft] = []
    told = {fold(draft.title) for draft in progress.drafts if draft.kind is RecordKind.CHALLENGE and _is_told(draft)}
    for draft in progress.drafts:
        if draft.kind is RecordKind.CHALLENGE and not _is_told(draft) and fold(draft.title) in told:
            progress.ledger.give_reason(draft.lines.first, draft.lines.last, _NAMED_REASON)
            continue
        said = (draft.kind, draft.title, draft.text, draft.solution.text if draft.solution else "")
        # What is only named may be named twice on purpose, but not a challenge, a practice or a takeaway.
        is_told = _is_told(draft) or draft.kind in _SAID_ONCE
        if said in seen and is_told and len(" ".join(said[1:]).split()) > 1:
            last = draft.solution.lines.last if draft.solution else draft.lines.last
            progress.ledger.give_reason(draft.lines.first, max(last, draft.lines.last), _DUPLICATE_REASON)
            continue
        seen.add(said)
        kept.append(draft)
    progress.drafts = kept


def _is_told(draft: Draft) -> bool:
    return bool(draft.text or draft.solution)


def _finish(title: Line | None, progress: Progress, on_line: Callable[[int], None]) -> Document:
    drafts = sorted(progress.drafts, key=lambda draft: (draft.lines.first, draft.lines.last))
    program = _program(title, progress)
    records: list[Record] = []
    counts: dict[RecordKind, int] = {}

    def add(draft: Draft, parent: str | None) -> str:
        counts[draft.kind] = counts.get(draft.kind, 0) + 1
        key = f"{draft.kind}-{counts[draft.kind]}"
        topics = tuple(topic.name for topic in progress.teaching.topics.find(f"{draft.title}\n{draft.text}"))
        exact = progress.teaching.topics.exact(draft.title)
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
                draft.why,
            )
        )
        return key

    for draft in ([program] if program else []) + drafts:
        on_line(draft.lines.first)
        key = add(draft, None)
        if draft.solution is not None:
            add(draft.solution, key)
    for record in records:
        progress.ledger.claim(record.text, record.lines.first, record.lines.last)
        progress.ledger.claim(record.title, record.lines.first, record.lines.last)
    return Document(
        "markdown", tuple(records), tuple(progress.ledger.left_out()), tuple(sorted(progress.choices, key=_first_line))
    )


def _first_line(choice: Choice) -> int:
    return choice.lines.first


def _program(title: Line | None, progress: Progress) -> Draft | None:
    text = joined(progress.overview)
    if title is None and not text:
        return None
    lines = [*([title] if title else []), *progress.overview]
    name = (short_title(title.text) if title else "") or short_title(text)
    if not name:
        return None
    return Draft(RecordKind.PROGRAM, name, text, span(lines), 0.9 if title else 0.6, "title and overview")
