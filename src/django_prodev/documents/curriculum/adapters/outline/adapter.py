"""The adapter of Markdown curricula: what is recognised, and the order of the steps."""

from django_prodev.documents.curriculum.adapters.base import Adapted, ParsedSource, Recognition
from django_prodev.documents.curriculum.adapters.naming import humanized, program_slug
from django_prodev.documents.curriculum.adapters.outline.building import Builder
from django_prodev.documents.curriculum.adapters.outline.program import read_program
from django_prodev.documents.curriculum.adapters.outline.sections import build_sections
from django_prodev.documents.curriculum.adapters.outline.shapes import best_shape, survey
from django_prodev.documents.curriculum.adapters.outline.slugs import give_slugs
from django_prodev.documents.curriculum.adapters.outline.topics import link_prerequisites
from django_prodev.documents.curriculum.adapters.outline.words import one_set_of_words
from django_prodev.documents.curriculum.tree import Table
from django_prodev.documents.overview.ledger import Ledger
from django_prodev.documents.overview.source import Source, prepare
from django_prodev.documents.records import Lines
from django_prodev.documents.wording import fit
from django_prodev.exceptions import DocumentError, DocumentTooLarge

MAX_LINES = 200_000


class MarkdownOutline:
    """Reads READMEs of courses, study plans and lists of courses."""

    name = "outline"
    formats = frozenset({"markdown"})

    @one_set_of_words()
    def recognize(self, source: ParsedSource) -> Recognition | None:
        """By tables with columns of curricula, numbered headings with lists, lists to tick, or lists of links."""
        prepared = prepare(str(source.value))
        if len(prepared.lines) > MAX_LINES:
            return None
        shape = best_shape(survey(build_sections(prepared.text)))
        return Recognition(shape.confidence, shape.because) if shape else None

    @one_set_of_words()
    def read(self, source: ParsedSource) -> Adapted:
        """The outline as a program; what is about something else is left out."""
        prepared = prepare(str(source.value))
        if len(prepared.lines) > MAX_LINES:
            raise DocumentTooLarge(f"The document has {len(prepared.lines):,} lines; at most {MAX_LINES:,} are read.")
        root = build_sections(prepared.text)
        surveyed = survey(root)
        shape = best_shape(surveyed, least=0)
        if shape is None:
            raise DocumentError("nothing in this document looks like units: no table, no list and no numbered heading.")
        program = read_program(root, surveyed, prepared)
        title = program.title or humanized(source.name)
        if not title:
            raise DocumentError("the document has no title, and neither has its file.")
        builder = Builder(surveyed, shape.name, prepared, program)
        units = builder.units(root)
        slug = program_slug(title)
        give_slugs(units, slug)
        link_prerequisites(units, builder.prerequisites)
        short, text = fit(title, program.description)
        fields = Table(title=short, slug=slug, description=text, outcomes=program.outcomes)
        fields.lines = Lines(1, len(prepared.lines))
        value = Table(prodev=1, program=fields, units=units)
        value.lines = fields.lines
        ledger = _ledger(prepared, fields, units)
        for table in surveyed.tables.values():
            ledger.give_reason(table.first, table.first, "the header of a table")
        return Adapted(value, tuple(ledger.left_out()))


def _ledger(prepared: Source, program: Table, units: list[Table]) -> Ledger:
    """The words of the source, with those claimed that the records hold."""
    ledger = Ledger(prepared.original)
    for lines, reason in prepared.set_aside:
        ledger.give_reason(lines.first, lines.last, reason)
    stack = list(reversed(units))
    while stack:
        unit = stack.pop()
        for text in (unit["title"], unit.get("description", ""), unit.get("url", "")):
            ledger.claim(text, unit.lines.first, unit.lines.last)
        stack.extend(reversed(unit.get("units", [])))
    for text in (program["title"], program["description"], *program["outcomes"]):
        ledger.claim(text, program.lines.first, program.lines.last)
    return ledger
