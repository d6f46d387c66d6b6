"""Challenges told by labels ("Challenge: … Solution: …"), under headings, bold titles or items, or standing alone.

One reader for every depth: a section is gone through in order, titles open a challenge, labels fill it.
"""

from collections import Counter
from dataclasses import dataclass, field

from django_prodev.documents.overview.blocks import Line
from django_prodev.documents.overview.challenges.reading import Challenge, Context, Reading, words_in
from django_prodev.documents.overview.challenges.resolutions import has_sure_cue, tells_resolution
from django_prodev.documents.overview.challenges.titles import (
    TELLING,
    Titled,
    is_over_titles,
    labels_below,
    lead_and_text,
    names_a_kind,
    title_and_text,
    titles_next,
)
from django_prodev.documents.overview.labels import Label, Part, same_word
from django_prodev.documents.overview.nodes import ITEMS, TITLES, Marker, Node, render, render_all

_PAIRED = 0.86


@dataclass(slots=True)
class _Draft(Challenge):
    opened_by: str = "label"
    marker: Marker = Marker.LINE
    starter: Label | None = None
    inner: Label | None = None
    unlabelled: list[Line] = field(default_factory=list)
    labelled: bool = False
    beside_labels: bool = False
    """Whether the titles around it have their solutions labelled, so that hardly anything else is one here."""

    @property
    def is_paired(self) -> bool:
        """Whether labels tell of both sides."""
        return self.labelled and self.is_solved

    @property
    def is_only_titled(self) -> bool:
        """Whether the label that opened it is all that was said yet."""
        return self.starter is not None and self.inner is None and not self.text and not self.unlabelled


@dataclass(slots=True)
class _State:
    context: Context
    drafts: list[_Draft] = field(default_factory=list)
    current: _Draft | None = None
    target: list[Line] | None = None
    depth: int = 0
    loose: list[Line] = field(default_factory=list)
    labels: int = 0
    missed: int = 0
    by_number: dict[str, _Draft] = field(default_factory=dict)
    titled: Counter[int] = field(default_factory=Counter)
    """How many items at a depth are titles over a labelled solution."""

    def open(self, draft: _Draft) -> None:
        self.current = draft
        self.drafts.append(draft)
        self.target = draft.unlabelled

    def close(self) -> None:
        self.current = None
        self.target = None


def read_labelled(nodes: list[Node], context: Context) -> Reading | None:
    """The challenges that labels tell of, or ``None`` where there are none."""
    state = _State(context)
    _collect(nodes, state, 0)
    drafts = [draft for draft in state.drafts if draft.opened_by != "context" or draft.is_solved]
    if not drafts or not state.labels:
        return None
    for draft in drafts:
        _settle(draft, context)
    told = sum(words_in(d.title) + words_in(d.text) + words_in(d.solution) for d in drafts)
    whole = told + state.missed
    coverage = told / whole if whole else 0
    solved = sum(1 for draft in drafts if draft.is_solved)
    confidence = 0.05 + 0.25 * solved / len(drafts) + 0.67 * coverage
    if sum(1 for draft in drafts if draft.is_paired) > 1:
        # Two pairs of labels are no accident, whatever else stands in the section.
        confidence = max(confidence, _PAIRED * solved / len(drafts))
    why = f"labels tell {solved} of {len(drafts)} with a solution, and cover {coverage:.0%} of the words"
    return Reading(_name(drafts), round(confidence, 2), list(drafts), why=why)


def _name(drafts: list[_Draft]) -> str:
    markers = {draft.marker for draft in drafts}
    if Marker.HEADING in markers:
        return "heading per challenge"
    if Marker.BOLD in markers or any(draft.opened_by == "title" for draft in drafts):
        return "titles with labels"
    return "labelled items" if markers & ITEMS else "plain-text labels"


def _collect(nodes: list[Node], state: _State, depth: int) -> None:
    titled = Titled(nodes, state.context.vocabulary)
    for at, node in enumerate(nodes):
        level = depth + (node.marker in ITEMS)
        if node.marker in {Marker.TABLE, Marker.CODE, Marker.MARKUP}:
            _text(node, state, level)
            continue
        parts = node.parts(state.context.vocabulary)
        if not parts:
            _collect(node.children, state, level)
            continue
        rest: list[Part] | None = parts
        if parts[0].label is None:
            rest = _unlabelled(nodes, at, state, depth, titled)
        if rest is None:
            continue
        for part in rest:
            _part(part, node, state, level)
        _collect(node.children, state, level)


def _names_another(node: Node, state: _State, level: int, titled: Titled) -> bool:
    """Whether an item or a title over a paragraph, without any label, names a challenge as its neighbours do."""
    if node.marker in ITEMS:
        return state.titled[level] > 1 or titled.has(ITEMS)
    is_over_text = bool(node.children) and all(child.marker is Marker.LINE for child in node.children)
    return node.marker in TITLES and is_over_text and not node.roles and titled.has(TITLES)


def _unlabelled(nodes: list[Node], at: int, state: _State, depth: int, titled: Titled) -> list[Part] | None:
    """Read what begins without a label; return the parts still to be read before what stands below.

    ``None`` says that all of it was read.
    """
    node, vocabulary = nodes[at], state.context.vocabulary
    level = depth + (node.marker in ITEMS)
    parts = node.parts(vocabulary)
    below = labels_below(parts[1:], node.children, vocabulary)
    if below & TELLING:
        if _is_group(parts, node, state):
            state.close()
            _collect(node.children, state, level)
            return None
        if not _goes_on(node, state):
            title, said = lead_and_text(list(parts[0].lines))
            state.open(_Draft(title=title, text=said, opened_by="title", marker=node.marker))
            state.titled[level] += node.marker in ITEMS and "solution" in below
            parts = parts[1:]
        state.depth = level
        return parts
    is_waiting = state.current is not None and not state.current.is_solved
    if titles_next(nodes, at, vocabulary, is_waiting=is_waiting):
        title, said = title_and_text(node)
        state.open(_Draft(title=title, text=said, opened_by="title", marker=node.marker))
        state.depth = level
    elif _names_another(node, state, level, titled):
        title, said = lead_and_text(list(parts[0].lines))
        unlabelled = [*said, *render_all(node.children)]
        draft = _Draft(title=title, unlabelled=unlabelled, opened_by="title", marker=node.marker)
        draft.beside_labels = node.marker in TITLES
        state.open(draft)
        state.depth = level
    else:
        if node.marker in TITLES:
            state.close()
        if state.target is None and node.marker not in {Marker.LINE, Marker.CODE}:
            # What could be a challenge and has no label; lines around the challenges are only talk.
            state.missed += node.words()
        _text(node, state, level)
    return None


def _goes_on(node: Node, state: _State) -> bool:
    """Whether a paragraph that begins without a label belongs to the heading above, which has no solution yet."""
    current = state.current
    return (
        node.marker is Marker.LINE
        and current is not None
        and current.marker in TITLES
        and (not current.labelled or current.is_only_titled)
        and not current.is_solved
    )


def _is_group(parts: list[Part], node: Node, state: _State) -> bool:
    if is_over_titles(parts, node, state.context.vocabulary) or names_a_kind(node, state.context.vocabulary):
        return True
    trial = _State(state.context)
    for part in parts[1:]:
        _part(part, node, trial, 0)
    _collect(node.children, trial, 0)
    if len(trial.drafts) < 2:
        return bool(trial.drafts) and trial.drafts[0].opened_by == "title" and trial.drafts[0].marker in TITLES
    solved = [draft for draft in trial.drafts if draft.is_solved]
    return len(solved) > 1 or len({draft.opened_by for draft in trial.drafts}) == 1


def _part(part: Part, node: Node, state: _State, level: int) -> None:
    label = part.label
    lines = [line for line in part.lines if line.text.strip()]
    if label is None:
        if state.target is not None:
            state.target.extend(lines)
        else:
            state.loose.extend(lines)
        return
    state.depth = level
    if label.role == "challenge":
        _challenge_part(label, lines, node, state)
    elif label.role == "solution":
        _solution_part(label, lines, state)
    elif label.role == "context":
        _context_part(label, lines, node, state)
    elif state.current is None:
        state.loose.extend(lines)
    else:
        state.target = state.current.solution if state.current.is_solved else state.current.text
        state.target.extend(_named(label, lines))


def _challenge_part(label: Label, lines: list[Line], node: Node, state: _State) -> None:
    current = state.current
    state.labels += 1
    if current is None or _begins_anew(current, label, node):
        title = lines[:1] if label.closed else lines
        draft = _Draft(title=title, starter=label, marker=node.marker, labelled=True)
        state.open(draft)
        if label.number:
            state.by_number[label.number] = draft
        draft.unlabelled.extend(lines[len(title) :])
        state.target = draft.title if not lines else draft.unlabelled
    else:
        current.starter = current.starter or label
        current.inner = label
        current.text.extend(lines)
        state.target = current.text
        current.labelled = True


def _context_part(label: Label, lines: list[Line], node: Node, state: _State) -> None:
    current = state.current
    if current is None or (current.is_solved and current.opened_by == "context"):
        draft = _Draft(title=lines, starter=label, marker=node.marker, opened_by="context", labelled=True)
        state.open(draft)
        state.target = draft.title
    else:
        state.target = current.solution if current.is_solved else current.text
        state.target.extend(_named(label, lines) if state.target else lines)
        current.labelled = True


def _solution_part(label: Label, lines: list[Line], state: _State) -> None:
    # "Solution 1" may stand after "Challenge 3".
    numbered = state.by_number.get(label.number)
    if numbered is not None and not numbered.is_solved:
        state.current = numbered
    if state.current is None:
        state.loose.extend(lines)
        return
    state.labels += 1
    state.current.solution.extend(lines)
    state.target = state.current.solution


def _named(label: Label, lines: list[Line]) -> list[Line]:
    """Lines with their label put back, where it says more than which side of the pair they are on."""
    if not lines:
        return []
    return [Line(lines[0].number, f"**{label.name}:** {lines[0].text}"), *lines[1:]]


def _begins_anew(current: _Draft, label: Label, node: Node) -> bool:
    if current.is_solved:
        return True
    if current.marker in TITLES and node.marker not in TITLES and current.inner is None:
        # "### Problem 1: Slow reports" and "Problem: …" below it are one.
        return False
    last = current.inner or current.starter
    return last is not None and same_word(last, label)


def _text(node: Node, state: _State, level: int) -> None:
    lines = render(node)
    if state.target is None or (level < state.depth and state.current is not None):
        state.loose.extend(lines)
        return
    state.target.extend(lines)


def _settle(draft: _Draft, context: Context) -> None:
    """Put text that stood under no label where it belongs."""
    loose = [line for line in draft.unlabelled if line.text.strip()]
    if loose and not draft.is_solved and not draft.text and _tells_end(draft, loose, context):
        draft.solution.extend(loose)
    else:
        draft.text[:0] = loose
    draft.unlabelled = []
    if not draft.title and draft.text:
        draft.title, draft.text = draft.text[:1], draft.text[1:]


def _tells_end(draft: _Draft, lines: list[Line], context: Context) -> bool:
    text = " ".join(line.text for line in lines)
    if draft.beside_labels:
        return has_sure_cue(text, context.vocabulary)
    return context.tells_solutions or tells_resolution(text, context.vocabulary)
