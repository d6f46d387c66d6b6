"""The order of planning: find the programs, then what they teach, then what was met in them, document by document."""

from collections import defaultdict
from typing import Any

from django_prodev.documents.plan.learning import Learning, is_kept_here, keys_of
from django_prodev.documents.plan.outcome import Action, Plan, PlannedRecord, ProgramOutcome, Request, SourceDocument
from django_prodev.documents.plan.programs import Programs, program_record
from django_prodev.documents.plan.same_units import stored_slugs
from django_prodev.documents.plan.structure import (
    Structure,
    is_from,
    role_of,
    same_words,
    stated_place,
    stated_unit_fields,
    unit_fields,
)
from django_prodev.documents.plan.taught import taught_slug, taught_topics
from django_prodev.documents.plan.topic_index import TopicIndex
from django_prodev.documents.records import Lines, Record, RecordKind
from django_prodev.documents.wording import clean_text, clean_title, differs, fit
from django_prodev.enums import CurriculumStatus, ProgramStatus, TopicRole, UnitKind
from django_prodev.exceptions import DocumentError
from django_prodev.models import Program, Topic
from django_prodev.services.catalogue_import import CatalogueChanges

_TAUGHT = (RecordKind.TECHNOLOGY, RecordKind.CONCEPT)
_PROGRAM_FIELDS = ("summary", "outcomes", "level", "language", "effort_hours", "visibility", "admission")


def make_plan(request: Request) -> Plan:
    """What an import would change, as the database is now. Call it in a transaction: it locks what it will write.

    Raises ``DocumentError`` where a document does not say which program it is about.
    """
    changes = CatalogueChanges(learner=request.learner)
    plan = Plan(request, [], [], changes)
    topics = TopicIndex(Topic.objects.order_by("id"), changes.topics.created)
    programs = Programs(request, changes)
    documents: dict[int, list[SourceDocument]] = defaultdict(list)
    found: dict[int, Program] = {}
    for source in request.documents:
        program = programs.program_of(source)
        found[id(program)] = program
        documents[id(program)].append(source)
    planned: dict[tuple[str, str], PlannedRecord] = {}
    for key, program in found.items():
        one = _ProgramPlanner(request, program, topics, changes, planned)
        plan.programs.append(one.run(documents[key]))
    plan.records.extend(
        planned[source.name, record.key] for source in request.documents for record in source.document.records
    )
    return plan


class _ProgramPlanner:
    """Plans the documents about one program."""

    def __init__(
        self,
        request: Request,
        program: Program,
        topics: TopicIndex,
        changes: CatalogueChanges,
        planned: dict[tuple[str, str], PlannedRecord],
    ) -> None:
        self.request = request
        self.program = program
        self.topics = topics
        self.changes = changes
        self.planned = planned
        self.is_new = program._state.adding
        self.action = Action.CREATE if self.is_new else Action.UNCHANGED
        self.structure = Structure(program, topics, changes)
        self.learning = Learning(request, self.structure, topics, changes)
        # A learner's document adds to that learner's record; only where there is no structure yet does it give one.
        self.may_arrange = request.learner is None or self.structure.is_new
        self.spoken = False

    def run(self, documents: list[SourceDocument]) -> ProgramOutcome:
        before = len(self.changes)
        stating = [source for source in documents if source.document.is_structured]
        if not (stating and self.may_arrange):
            self.structure.keep_stored()
        self.structure.prepare(
            record.extra["slug"] for source in documents for record in source.document.of(RecordKind.UNIT)
        )
        self.structure.prepare(slug for source in documents for slug, _ in self.named(source))
        for source in documents:
            self.document(source)
        outcome = self.finish(documents)
        if len(self.changes) > before or self.is_new:
            self.changes.imported.append(self.program)
        return outcome

    def note(self, source: SourceDocument, record: Record, action: Action, reason: str = "") -> None:
        self.planned[source.name, record.key] = PlannedRecord(source.name, record, action, reason)

    def document(self, source: SourceDocument) -> None:
        stated = source.document.is_structured
        for definition in (program_record(source) or _NO_RECORD).extra.get("topics", []):
            self.topics.define(definition)
        kept: list[Record] = []
        self.units(source)
        self.taught(source, kept)
        kept.extend(record for record in source.document.records if is_kept_here(record))
        self.program_itself(source, stated, kept)
        actions = self.learning.read(kept, source.source, exactly=stated, document=keys_of(source.document.records))
        for record in kept:
            self.note(source, record, actions[record.key])

    # The program itself

    def program_itself(self, source: SourceDocument, stated: bool, kept: list[Record]) -> None:
        record = program_record(source)
        if record is None:
            return
        title, text = fit(record.title, record.text)
        same = (title, text) == (clean_title(self.program.title), clean_text(self.program.description))
        speaks = self.speaks(source, record, stated, same)
        self.spoken = self.spoken or speaks
        if speaks:
            self.note(source, record, self.write_program(source, record, stated))
        elif same:
            self.note(source, record, Action.UNCHANGED)
        elif stated:
            reason = "The program is described already; this document does not change it."
            self.note(source, record, Action.LEFT_OUT, reason)
        elif text:
            kept.insert(0, record)
        else:
            self.note(source, record, Action.LEFT_OUT, "The program has a title of its own already.")

    def speaks(self, source: SourceDocument, record: Record, stated: bool, same: bool) -> bool:
        """Whether a document may say what the program is called and what it is about."""
        if self.spoken:
            return False
        if self.is_new:
            return True
        if self.request.learner is not None:
            return False
        return stated or same or self.program.external_id == source.source

    def write_program(self, source: SourceDocument, record: Record, stated: bool) -> Action:
        title, text = fit(record.title, record.text)
        fields: dict[str, Any] = {"title": title or self.program.title, "description": text}
        extra = record.extra
        fields |= {name: extra[name] for name in (*_PROGRAM_FIELDS, "enforce_order") if name in extra}
        if extra.get("id"):
            fields["external_id"] = extra["id"]
        elif self.is_new and not stated:
            fields["external_id"] = source.source
        if "outcomes" in fields:
            fields["outcomes"] = [clean_text(outcome) for outcome in fields["outcomes"]]
        if "summary" in fields:
            fields["summary"] = clean_title(fields["summary"])
        changed = [name for name, value in fields.items() if differs(getattr(self.program, name), value)]
        for name in changed:
            setattr(self.program, name, fields[name])
        if changed and not self.is_new:
            self.changes.programs.edited.append(self.program)
            self.action = Action.UPDATE
        return self.action

    # What it teaches

    def units(self, source: SourceDocument) -> None:
        records = source.document.of(RecordKind.UNIT)
        slugs = stored_slugs(records, self.structure)
        self.structure.called |= {record.extra["slug"]: slugs[record.key] for record in records}
        for record in records:
            slug = slugs[record.key]
            if not self.may_arrange:
                unit = self.structure.units.get(slug)
                held = unit is not None and slug in self.structure.stored.places and same_words(unit, record)
                reason = "" if held else "A learner's document does not change the program's curriculum."
                self.note(source, record, Action.UNCHANGED if held else Action.LEFT_OUT, reason)
                continue
            wanted = [
                (self.topics.resolve(reference["name"], kind=reference.get("kind", "")), role_of(reference))
                for reference in record.extra["topics"]
            ]
            action = self.structure.put(slug, stated_unit_fields(record), wanted, exactly=True)
            self.structure.place(slug, slugs.get(record.parent or "", ""), stated_place(record))
            if action is Action.UNCHANGED and self.structure.moved(slug):
                action = Action.UPDATE
            self.note(source, record, action)

    def taught(self, source: SourceDocument, kept: list[Record]) -> None:
        """Technologies and concepts: units where the program has none of that name, otherwise learnings."""
        named = self.named(source)
        units, arranged = self.structure.units, self.structure.wanted
        same = {slug for slug, record in named if slug in units and same_words(units[slug], record)}
        is_edition = source.source not in self.structure.sources and len(same) * 3 >= len(named) * 2
        for slug, record in named:
            if slug in same and slug in arranged:
                self.note(source, record, Action.UNCHANGED)
            elif self.learning.has_learning(record):
                kept.append(record)
            elif self.may_arrange and (slug not in units or slug in same or self.may_edit(slug, source, is_edition)):
                fields = unit_fields(record, UnitKind.LESSON, source.source)
                topics = [(topic, TopicRole.TEACHES.value) for topic in taught_topics(record, self.topics)]
                action = self.structure.put(slug, fields, topics, exactly=False)
                self.structure.place(slug)
                self.note(source, record, action)
            else:
                kept.append(record)
            self.structure.claimed.setdefault(slug, source.source)

    def may_edit(self, slug: str, source: SourceDocument, is_edition: bool) -> bool:
        """Whether a document may change a unit's words: it made them, and no other document of this import has them."""
        unit = self.structure.units[slug]
        if self.structure.claimed.get(slug, source.source) != source.source or unit._state.adding:
            return False
        return is_edition or is_from(unit, source.source)

    def named(self, source: SourceDocument) -> list[tuple[str, Record]]:
        """Each technology and concept with the slug of its unit; of two alike, the second has a slug of its own."""
        met: dict[str, int] = defaultdict(int)
        named = []
        for record in source.document.of(*_TAUGHT):
            base = taught_slug(self.program.slug, record.title)
            met[base] += 1
            named.append((taught_slug(self.program.slug, record.title, met[base]), record))
        return named

    # The end

    def finish(self, documents: list[SourceDocument]) -> ProgramOutcome:
        program, structure = self.program, self.structure
        removed = structure.removed() if self.may_arrange else []
        curriculum, action = structure.write()
        outcome = ProgramOutcome(
            slug=program.slug,
            title=program.title,
            provider=program.provider.slug,
            action=self.action,
            status=program.status,
            curriculum_version=curriculum.version,
            curriculum_action=action,
            curriculum_status=curriculum.status,
            removed=removed,
        )
        if self.request.publish:
            if program.status == ProgramStatus.RETIRED:
                raise DocumentError(f"The program {program.slug} is retired and cannot be published.")
            if program.status != ProgramStatus.PUBLISHED or curriculum.status != CurriculumStatus.PUBLISHED:
                self.changes.published.append(program)
            outcome.status = ProgramStatus.PUBLISHED
            outcome.curriculum_status = CurriculumStatus.PUBLISHED
        return outcome


_NO_RECORD = Record("", RecordKind.PROGRAM, "", "", Lines(1, 1))
