"""A review of an import in a terminal: each record that is asked about is shown, and one letter decides.

Only questions and answers stand here. What may be decided, and what a decision does, is known to the documents.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from django_prodev.api import (
    ImportChoice,
    ImportDecision,
    ImportRecord,
    ImportSource,
    ImportVerdict,
    RecordKind,
    allowed_kinds,
    corrected_record,
    may_have_topics,
    read_otherwise,
)
from django_prodev.conf import prodev_settings
from django_prodev.exceptions import DocumentError

_TEXT_LINES = 6
_WIDTH = 100
_CORRECTIONS = "[y]es, [n]o, edit [t]itle, change [k]ind, [p]air with, "
_OTHERWISE = "[r]ead otherwise, "
_ENDS = "[a]ll remaining yes, [q]uit without writing"


class Scope(StrEnum):
    """Which records are asked about: those that are only proposed, also those that are doubtful, or every one."""

    PROPOSALS = "proposals"
    DOUBTFUL = "doubtful"
    ALL = "all"

    def below(self) -> float:
        """How sure a record must be not to be asked about."""
        if self is Scope.ALL:
            return 2.0
        return prodev_settings.IMPORT_SURE_FROM if self is Scope.PROPOSALS else prodev_settings.IMPORT_REVIEW_BELOW


class Quit(Exception):
    """The person does not want anything written."""


@dataclass(slots=True)
class _Left:
    """What is left of a review: ``all_yes`` once the person said so."""

    number: int = 0
    total: int = 0
    all_yes: bool = False


class Review:
    """Goes through the records of documents. ``ask`` shows a prompt and returns the answer, ``tell`` shows a line."""

    def __init__(self, ask: Callable[[str], str], tell: Callable[[str], object], scope: Scope) -> None:
        self.ask = ask
        self.tell = tell
        self.scope = scope

    def run(self, sources: tuple[ImportSource, ...]) -> tuple[ImportSource, ...]:
        """The documents with what was decided about their records. Raises ``Quit``."""
        reviews = [_SourceReview(source, self) for source in sources]
        left = _Left(total=sum(len(review.to_ask()) for review in reviews))
        if not left.total:
            self.tell("Every reading is sure: there is nothing to ask about. (--review all asks about every record.)")
        return tuple(review.run(left) for review in reviews)


class _SourceReview:
    """The review of one document. What was decided before, by a file of decisions, is not asked about again."""

    def __init__(self, source: ImportSource, review: Review) -> None:
        self.ask = review.ask
        self.tell = review.tell
        self.below = review.scope.below()
        self.stated = source.document.is_structured
        self.read(source)

    def read(self, source: ImportSource) -> None:
        """Go on with a document as it was read."""
        self.source = source
        self.decided = {decision.key: decision for decision in source.decisions}
        self.passed: list[str] = []
        self.originals = {record.key: record for record in source.document.records}

    def to_ask(self) -> list[ImportRecord]:
        return [
            record
            for record in self.source.document.records
            if record.confidence < self.below and record.key not in self.decided
        ]

    def run(self, left: _Left) -> ImportSource:
        reading = None
        while reading is not self.source.document:  # one that is chosen on the way is gone through from its start
            reading = self.source.document
            self.go_through(left)
        return replace(self.source, decisions=tuple(self.decided.values()))

    def go_through(self, left: _Left) -> None:
        reading = self.source.document
        asked = {record.key for record in self.to_ask()}
        self.passed = []
        for record in reading.records:
            if record.key in asked:
                left.number += 1
                self.passed.append(record.key)
            loses_place = self.loses_place(record)
            if record.key in self.decided and not (loses_place and self.is_kept(record.key)):
                continue
            if record.key in asked or loses_place:
                self.one(record, left)
            if self.source.document is not reading:
                return

    def is_kept(self, key: str) -> bool:
        decision = self.decided.get(key)
        return decision is None or decision.verdict is ImportVerdict.KEEP

    def present(self, record: ImportRecord) -> ImportRecord:
        return corrected_record(record, self.decided.get(record.key))

    def loses_place(self, record: ImportRecord) -> bool:
        """Whether a record is a solution whose challenge became something else."""
        present = self.present(record)
        above = self.originals.get(present.parent or "")
        if present.kind is not RecordKind.SOLUTION or above is None:
            return False
        return self.is_kept(above.key) and self.present(above).kind is not RecordKind.CHALLENGE

    def goes_with_parent(self, record: ImportRecord) -> bool:
        parent = self.present(record).parent
        return bool(parent) and not self.is_kept(parent or "")

    # One record

    def one(self, record: ImportRecord, left: _Left) -> None:
        if self.goes_with_parent(record):
            return
        if left.all_yes and not self.loses_place(record):
            self.keep(record)
            return
        corrections = {"t": self.change_title, "k": self.change_kind, "p": self.pair}
        choice = self.choice_about(record)
        self.show(record, left)
        while True:
            prompt = f"{_CORRECTIONS}{_OTHERWISE if choice else ''}{_ENDS}? "
            answer = self.ask(prompt).strip().lower()[:1]
            if answer == "q":
                raise Quit
            if answer == "n":
                self.decided[record.key] = ImportDecision(record.key, ImportVerdict.DROP)
                return
            if answer == "r" and choice:
                if self.read_otherwise(choice, left):
                    return
            elif answer in corrections:
                corrections[answer](record)
                self.show(record, left)
            elif answer in {"y", "a"}:
                left.all_yes = left.all_yes or answer == "a"
                if self.may_keep(record):
                    self.keep(record)
                    return
            else:
                self.tell("Answer with one of the letters in brackets.")

    def keep(self, record: ImportRecord) -> None:
        self.decided.setdefault(record.key, ImportDecision(record.key))

    def may_keep(self, record: ImportRecord) -> bool:
        if not self.loses_place(record):
            return True
        self.tell("Its challenge became something else: pair it with another one, change its kind, or answer no.")
        return False

    def correct(self, record: ImportRecord, **fields: object) -> None:
        decision = self.decided.get(record.key) or ImportDecision(record.key)
        self.decided[record.key] = replace(decision, **fields)  # type: ignore[arg-type]

    def change_title(self, record: ImportRecord) -> None:
        title = self.ask(f"Title (Enter leaves “{shown(self.present(record).title)}”): ").strip()
        if title:
            self.correct(record, title=title)

    def change_kind(self, record: ImportRecord) -> None:
        kinds = allowed_kinds(record, stated=self.stated)
        if len(kinds) == 1:
            self.tell(f"A {record.kind} stays a {record.kind}.")
            return
        self.tell("  ".join(f"{number} {kind}" for number, kind in enumerate(kinds, start=1)))
        answer = self.ask("Kind (number or name; Enter leaves it): ").strip().lower()
        kind = next((kind for number, kind in enumerate(kinds, start=1) if answer in {str(number), kind.value}), None)
        if kind is None:
            if answer:
                self.tell(f"{shown(answer)} is none of these.")
            return
        if kind is RecordKind.SOLUTION:
            if self.present(record).kind is not RecordKind.SOLUTION:
                self.pair(record)
            return
        keeps_topics = self.decided.get(record.key)
        topics = keeps_topics.topics if keeps_topics and may_have_topics(kind) else None
        self.correct(record, kind=kind, parent=None, topics=topics)

    def pair(self, record: ImportRecord) -> None:
        """Make a record the solution of a challenge that the person names."""
        if RecordKind.SOLUTION not in allowed_kinds(record, stated=self.stated):
            self.tell(f"A {record.kind} cannot answer a challenge.")
            return
        challenges = [
            other
            for other in map(self.present, self.originals.values())
            if other.kind is RecordKind.CHALLENGE and other.key != record.key and self.is_kept(other.key)
        ]
        if not challenges:
            self.tell("There is no other challenge to pair it with.")
            return
        for number, challenge in enumerate(challenges, start=1):
            self.tell(f"  {number:3} {shown(challenge.title or challenge.text)} ({challenge.key})")
        answer = self.ask("Which challenge does it answer (number or key; Enter leaves it)? ").strip()
        chosen = next((one for number, one in enumerate(challenges, start=1) if answer in {str(number), one.key}), None)
        if chosen is not None:
            self.correct(record, kind=RecordKind.SOLUTION, parent=chosen.key)
        elif answer:
            self.tell(f"{shown(answer)} is none of these.")

    def choice_about(self, record: ImportRecord) -> ImportChoice | None:
        """The choice between readings that a record comes from, where there is another one to choose."""
        for choice in self.source.document.choices:
            is_read_so = record.reader == choice.considered[0].reader
            if is_read_so and choice.rivals and choice.lines.first <= record.lines.first <= choice.lines.last:
                return choice
        return None

    def read_otherwise(self, choice: ImportChoice, left: _Left) -> bool:
        """Have a section read by another reader, whom the person names; whether it was."""
        for number, one in enumerate(choice.rivals, start=1):
            seen = f"{one.reader}, {one.confidence:.0%} sure: {one.challenges} challenges, {one.solutions} solved"
            self.tell(f"  {number:3} {shown(seen)}")
        asked = f"How are lines {choice.lines.first}-{choice.lines.last} to be read (number; Enter leaves it)? "
        answer = self.ask(asked).strip()
        rival = next((one for number, one in enumerate(choice.rivals, start=1) if answer == str(number)), None)
        if rival is None:
            if answer:
                self.tell(f"{shown(answer)} is none of these.")
            return False
        decided = replace(self.source, decisions=tuple(self.decided.values()))
        try:
            source = read_otherwise(decided, section=choice.section, reader=rival.reader)
        except DocumentError as error:
            self.tell(shown(str(error)))
            return False
        left.number -= sum(key not in self.decided for key in self.passed)
        left.total -= len(self.to_ask())
        self.read(source)
        left.total += len(self.to_ask())
        self.tell(f"Lines {choice.lines.first}-{choice.lines.last} are read as {rival.reader}.")
        return True

    def show(self, record: ImportRecord, left: _Left) -> None:
        for line in self.lines(record, left):
            self.tell(line)

    def lines(self, record: ImportRecord, left: _Left) -> Iterator[str]:
        present = self.present(record)
        because = f": {record.why}" if record.why else ""
        yield ""
        yield f"{shown(self.source.name)}, {left.number} of {left.total}{_doubt(record)}"
        yield f"  {present.kind}, lines {record.lines.first}-{record.lines.last}"
        yield f"  read by    {shown(f'{record.reader}, {record.confidence:.0%} sure{because}')}"
        yield f"  title      {shown(present.title)}"
        said = [line for line in present.text.splitlines() if line.strip()]
        for number, line in enumerate(said[:_TEXT_LINES]):
            yield f"  {'text' if not number else '':10} {shown(line)}"
        if len(said) > _TEXT_LINES:
            yield f"  {'':10} … {len(said) - _TEXT_LINES} more lines"
        if present.topics:
            yield f"  topics     {shown(', '.join(present.topics))}"
        if present.kind is RecordKind.SOLUTION and (above := self.originals.get(present.parent or "")):
            yield f"  answers    {shown(self.present(above).title)} ({above.key})"
        for below in self.originals.values():
            if below.parent == record.key:
                yield f"  {below.kind:10} {shown(below.title or below.text)}"


def _doubt(record: ImportRecord) -> str:
    if record.confidence < prodev_settings.IMPORT_SURE_FROM:
        return ": proposed, and written only if you say so"
    return ": doubtful" if record.confidence < prodev_settings.IMPORT_REVIEW_BELOW else ""


def shown(text: str) -> str:
    """A text on one line of a terminal, without what would steer it."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
